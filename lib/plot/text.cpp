#include "plot/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {
namespace {

// A glyph is strokes separated by commas, a stroke is points of two hexadecimal digits, x and y.
// Upwards, y is 0 at the foot of descenders, 3 at the baseline, 9 at the height of an x, 12 at that
// of capitals. As in TrueType outlines, a point after * is the control point of a quadratic curve,
// and between two of them a point on the curve lies halfway. @ closes a stroke.
constexpr const char* glyphs[95] = {
    /*   */ "",
    /* ! */ "0c06,0304",
    /* " */ "0c0a,2c2a",
    /* # */ "2c13,5c43,0969,0666",
    /* $ */ "6a*6c*0c*08*67*63*0305,3d32",
    /* % */ "6c03,*0c*2c*29*09@,*46*66*63*43@",
    /* & */ "6319*0c*4c*49*06*03*5366",
    /* ' */ "0c0a",
    /* ( */ "2d*0b*0422",
    /* ) */ "0d*2b*2402",
    /* * */ "2b26,0a47,4a07",
    /* + */ "3a34,0767",
    /* , */ "141301",
    /* - */ "0757",
    /* . */ "03131404@",
    /* / */ "015d",
    /* 0 */ "*0c*6c*63*03@",
    /* 1 */ "1a3c33",
    /* 2 */ "0a*0c*6c*680363",
    /* 3 */ "0a*0c*5c*5828,28*68*63*0305",
    /* 4 */ "434c0666",
    /* 5 */ "5c0c08*19*69*63*0305",
    /* 6 */ "5b*4c*0c*03*63*69*0906",
    /* 7 */ "0c6c23",
    /* 8 */ "*1c*5c*58*18@,*08*68*63*03@",
    /* 9 */ "14*23*63*6c*0c*06*6669",
    /* : */ "03131404@,08181909@",
    /* ; */ "141301,08181909@",
    /* < */ "6b0763",
    /* = */ "0969,0666",
    /* > */ "0b6703",
    /* ? */ "0a*0c*5c*59*2826,2324",
    /* @ */ "84*73*03*0c*9c*95*6569,*39*69*65*35@",
    /* A */ "033c63,1656",
    /* B */ "080c2c*5c*582808,28*68*63230308",
    /* C */ "6a*6c*0c*03*6365",
    /* D */ "030c2c*6c*632303",
    /* E */ "5c0c0353,0848",
    /* F */ "5c0c03,0848",
    /* G */ "6a*6c*0c*03*636737",
    /* H */ "0c03,6c63,0868",
    /* I */ "0c03",
    /* J */ "4c45*43*0305",
    /* K */ "0c03,6c07,2963",
    /* L */ "0c0353",
    /* M */ "030c468c83",
    /* N */ "030c636c",
    /* O */ "*0c*7c*73*03@",
    /* P */ "030c3c*6c*673707",
    /* Q */ "*0c*7c*73*03@,4672",
    /* R */ "030c3c*6c*673707,3763",
    /* S */ "6a*6c*0c*08*67*63*0305",
    /* T */ "0c6c,3c33",
    /* U */ "0c06*03*63666c",
    /* V */ "0c336c",
    /* W */ "0c234a638c",
    /* X */ "0c63,6c03",
    /* Y */ "0c376c,3733",
    /* Z */ "0c6c0363",
    /* [ */ "2d0d0222",
    /* \ */ "0d51",
    /* ] */ "0d2d2202",
    /* ^ */ "093c69",
    /* _ */ "0262",
    /* ` */ "0d2b",
    /* a */ "*09*59*53*03@,5953",
    /* b */ "*09*59*53*03@,0c03",
    /* c */ "58*49*09*03*4354",
    /* d */ "*09*59*53*03@,5c53",
    /* e */ "0656*59*09*03*4354",
    /* f */ "4c*2c2a23,0949",
    /* g */ "*09*59*53*03@,5952*50*0001",
    /* h */ "0c03,06*09*595653",
    /* i */ "0903,0b0c",
    /* j */ "2922*2000,2b2c",
    /* k */ "0c03,4905,2753",
    /* l */ "0c04*0313",
    /* m */ "0903,07*09*494743,47*49*898783",
    /* n */ "0903,06*09*595653",
    /* o */ "*09*59*53*03@",
    /* p */ "*09*59*53*03@,0900",
    /* q */ "*09*59*53*03@,5950",
    /* r */ "0903,06*0939",
    /* s */ "48*49*09*06*46*43*0304",
    /* t */ "2c25*2343,0949",
    /* u */ "0906*03*5356,5953",
    /* v */ "092349",
    /* w */ "0923496389",
    /* x */ "0953,5903",
    /* y */ "0924,4900",
    /* z */ "09590353",
    /* { */ "3d*1d1a*1808,08*1715*1232",
    /* | */ "0d01",
    /* } */ "0d*2d2a*2838,38*2725*2202",
    /* ~ */ "06*19*5568"};
constexpr const char* unknown = "030c6c63@";

constexpr double baseline = 3, capital_height = 9, gap = 2.6, space_width = 3;
constexpr int pieces_of_curve = 8;

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

struct Node {
  Point at;
  bool control;
};

Point halfway(Point a, Point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

Polyline outline(const std::vector<Node>& nodes, bool closed) {
  Polyline line;
  const std::size_t count = nodes.size();
  Point here = closed && nodes[0].control ? halfway(nodes[count - 1].at, nodes[0].at) : nodes[0].at;
  line.push_back(here);
  const std::size_t first = nodes[0].control ? 0 : 1;
  for (std::size_t i = first; i < count + (closed && first == 1 ? 1 : 0); ++i) {
    const Node& node = nodes[i % count];
    if (!node.control) {
      line.push_back(here = node.at);
      continue;
    }
    const Node& next = nodes[(i + 1) % count];
    const Point end = next.control ? halfway(node.at, next.at) : next.at;
    for (int k = 1; k <= pieces_of_curve; ++k) {
      const double t = k / static_cast<double>(pieces_of_curve), s = 1 - t;
      line.push_back({s * s * here.x + 2 * s * t * node.at.x + t * t * end.x,
                      s * s * here.y + 2 * s * t * node.at.y + t * t * end.y});
    }
    here = end;
    if (!next.control) ++i;
  }
  return line;
}

struct Glyph {
  std::vector<Polyline> strokes;
  double width = 0;
};

Glyph parsed(const char* text) {
  Glyph glyph;
  std::vector<Node> nodes;
  const auto finish = [&](bool closed) {
    if (!nodes.empty()) glyph.strokes.push_back(outline(nodes, closed));
    nodes.clear();
  };
  bool control = false;
  for (const char* c = text; *c != 0; ++c) {
    if (*c == '*') {
      control = true;
    } else if (*c == '@' || *c == ',') {
      finish(*c == '@');
    } else {
      const double x = digit(c[0]), y = digit(c[1]);
      nodes.push_back({{x, y}, control});
      glyph.width = std::max(glyph.width, x);
      control = false;
      ++c;
    }
  }
  finish(false);
  return glyph;
}

// One number a character: its ASCII code, or -1.
std::vector<int> characters(const std::string& text) {
  std::vector<int> codes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x80) {
      codes.push_back(byte >= ' ' && byte < 0x7f ? byte : -1);
      continue;
    }
    codes.push_back(-1);
    const std::size_t following = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    for (std::size_t k = 0; k < following && i + 1 < text.size() &&
                            (static_cast<std::uint8_t>(text[i + 1]) & 0xc0) == 0x80;
         ++k)
      ++i;
  }
  return codes;
}

Glyph glyph_of(int code) { return parsed(code < 0 ? unknown : glyphs[code - ' ']); }

double advance(int code, const Glyph& glyph) {
  return (code == ' ' ? space_width : glyph.width) + gap;
}

}  // namespace

double text_width(const std::string& text, double size) {
  double width = 0;
  for (const int code : characters(text)) width += advance(code, glyph_of(code));
  return std::max(0.0, width - gap) * size / capital_height;
}

void draw_text(Canvas* canvas, const std::string& text, Point anchor, double size, Align align,
               bool upwards, Colour colour) {
  const double unit = size / capital_height, width = text_width(text, size);
  double along = align == Align::left ? 0 : align == Align::centre ? -width / 2 : -width;
  std::vector<Polyline> strokes;
  for (const int code : characters(text)) {
    const Glyph glyph = glyph_of(code);
    for (const Polyline& stroke : glyph.strokes) {
      strokes.emplace_back();
      for (const Point& p : stroke) {
        const double x = along + p.x * unit, y = (p.y - baseline) * unit;
        strokes.back().push_back(upwards ? Point{anchor.x - y, anchor.y - x}
                                         : Point{anchor.x + x, anchor.y - y});
      }
    }
    along += advance(code, glyph) * unit;
  }
  canvas->lines(strokes, std::max(1.0, 0.125 * size), colour);
}

std::string shortened(const std::string& text, double size, double room) {
  if (text_width(text, size) <= room) return text;
  std::string kept = text;
  while (!kept.empty() && text_width(kept + "...", size) > room) {
    while (kept.size() > 1 && (static_cast<std::uint8_t>(kept.back()) & 0xc0) == 0x80)
      kept.pop_back();
    kept.pop_back();
  }
  return kept + "...";
}

}  // namespace pushforward
