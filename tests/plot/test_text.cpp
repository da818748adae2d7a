// Text has ink where it should, any bytes are text, and nothing of the libraries is heard.
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "drawn_picture.hpp"
#include "plot/text.hpp"

using namespace pushforward;

namespace {

DrawnPicture with_text(const std::string& text, const TextStyle& style = {18},
                       Point anchor = {20, 40}, int width = 60) {
  Canvas canvas(width, 60, PictureFormat::png);
  draw_text(&canvas, text, anchor, style);
  return DrawnPicture(std::move(canvas));
}

std::vector<float> pixels(const DrawnPicture& picture) {
  std::vector<float> result;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) result.push_back(picture.at(x, y).red);
  return result;
}

std::string file_of(PictureFormat format, const std::string& text) {
  Canvas canvas(100, 60, format);
  draw_text(&canvas, text, {10, 40}, {12});
  const std::vector<std::byte> bytes = canvas.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("letters of many scripts have glyphs of their own") {
  std::set<std::vector<float>> glyphs;
  for (char c = '!'; c <= '~'; ++c) {
    INFO("character " << c);
    CHECK(glyphs.insert(pixels(with_text(std::string(1, c)))).second);
  }
  for (const char* letter : {"ß", "ö", "é", "ω", "σ", "Ж", "∂", "√", "≤", "…", "\xef\xbf\xbd"})
    CHECK(glyphs.insert(pixels(with_text(letter))).second);
  CHECK(with_text(" ").darkness() == 0);
  CHECK(with_text("").darkness() == 0);
}

TEST_CASE("what is not UTF-8 is a replacement character, a control character a blank") {
  const auto same = [](const std::string& a, const std::string& b) {
    return pixels(with_text(a)) == pixels(with_text(b)) && text_width(a, 9) == text_width(b, 9);
  };
  CHECK(same("a\xff", "a\xef\xbf\xbd"));
  CHECK(same("\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"));
  CHECK(same(std::string("a\0b", 3),
             "a\xef\xbf\xbd"
             "b"));
  CHECK(same("a\nb", "a b"));
  CHECK(same("a\tb\x7f", "a b "));
  // A surrogate, a number beyond Unicode, an overlong slash: none is UTF-8.
  for (const char* wrong : {"\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf"})
    CHECK(with_text(wrong).darkness() > 0);
}

TEST_CASE("markup is text") {
  CHECK(text_width("<b>x</b>", 9) > text_width("x", 9) + 20);
  CHECK(text_width("&lt;", 9) > text_width("<", 9) + 10);
}

TEST_CASE("text lies between its anchor and its width, below its height") {
  const std::string text = "Hxn 01";
  const double size = 10, width = text_width(text, size);
  for (const Align align : {Align::left, Align::centre, Align::right}) {
    const DrawnPicture picture = with_text(text, {size, align}, {100, 40}, 200);
    const double left = align == Align::left     ? 100
                        : align == Align::centre ? 100 - width / 2
                                                 : 100 - width;
    for (int y = 0; y < 60; ++y)
      for (int x = 0; x < 200; ++x)
        if (picture.at(x, y).red < 0.9f) {
          CHECK(x > left - 2);
          CHECK(x < left + width + 1);
          CHECK(y >= 40 - size - 1);
          CHECK(y <= 40);
        }
    CHECK(picture.darkness() > 60);
  }
  CHECK(text_width("ab", 20) == Approx(2 * text_width("ab", 10)).epsilon(0.01));
  CHECK(text_width("", 10) == 0);
}

TEST_CASE("capitals are as high as they should be") {
  const DrawnPicture picture = with_text("H", {20}, {20, 45});
  int top = 60, bottom = 0;
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 60; ++x)
      if (picture.at(x, y).red < 0.6f) {
        top = std::min(top, y);
        bottom = std::max(bottom, y);
      }
  CHECK(bottom == 44);
  CHECK(top == 25);
}

TEST_CASE("text upwards is the same turned by a quarter") {
  const DrawnPicture level = with_text("Fg");
  const DrawnPicture upright = with_text("Fg", {18, Align::left, true});
  // Pixel (x, y) beside the anchor (20, 40) goes to (y, -x - 1).
  double difference = 0;
  for (int dy = -19; dy < 15; ++dy)
    for (int dx = 0; dx < 35; ++dx)
      difference += std::abs(static_cast<double>(upright.at(20 + dy, 40 - dx - 1).red -
                                                 level.at(20 + dx, 40 + dy).red));
  CHECK(difference < 0.02 * level.darkness());
}

TEST_CASE("a text that is too long is cut off with an ellipsis") {
  const std::string text = "a rather long title, \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
  const auto reach = [](const DrawnPicture& picture) {
    int last = 0;
    for (int y = 0; y < 60; ++y)
      for (int x = 0; x < 200; ++x)
        if (picture.at(x, y).red < 0.9f) last = std::max(last, x);
    return last;
  };
  const auto shown = [](const std::string& line, double room) {
    return with_text(line, {9, Align::left, false, room}, {10, 40}, 200);
  };
  CHECK(text_width(text, 9) > 120);
  CHECK(reach(shown(text, 60)) <= 70);
  CHECK(reach(shown(text, 60)) > 50);
  CHECK(pixels(shown(text, 60)) != pixels(shown("a rather", 60)));
  CHECK(pixels(shown("density", 100)) == pixels(with_text("density", {9}, {10, 40}, 200)));
  CHECK(pixels(shown("density", 0)) == pixels(shown("…", 100)));
  // Of an endless one only the beginning is looked at, whole characters of it.
  std::string endless;
  for (int i = 0; i < 1000000; ++i) endless += "é€";
  CHECK(pixels(shown(endless, 60)) == pixels(shown(endless.substr(0, 500), 60)));
  CHECK(text_width(endless, 9) == text_width(endless.substr(0, 4095) + "…", 9));
}

TEST_CASE("text in PDF is text, in SVG outlines that need no font") {
  const std::string pdf = file_of(PictureFormat::pdf, "größe");
  CHECK(pdf.find("+DejaVuSans") != std::string::npos);
  CHECK(pdf.find("/ToUnicode") != std::string::npos);
  const std::string svg = file_of(PictureFormat::svg, "größe");
  CHECK(svg.find("<symbol overflow=\"visible\" id=\"glyph0-5\">") != std::string::npos);
  CHECK(svg.find("font-family") == std::string::npos);
}
