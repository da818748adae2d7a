// Shapes cover the area they should, text has ink where it should, colours are even.
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "plot/canvas.hpp"
#include "plot/text.hpp"

using namespace pushforward;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr Colour black = {0, 0, 0};

// How much black is on the canvas, in pixels.
double area(const Canvas& canvas) {
  double sum = 0;
  for (int y = 0; y < canvas.height(); ++y)
    for (int x = 0; x < canvas.width(); ++x) sum += 1 - static_cast<double>(canvas.at(x, y).red);
  return sum;
}

// CIELAB lightness of an sRGB colour.
double lightness(Colour c) {
  const auto linear = [](float part) {
    const double v = static_cast<double>(part);
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  const double y = 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
  return 116 * std::cbrt(y) - 16;
}

Canvas with_text(const std::string& text, bool upwards = false) {
  Canvas canvas(60, 60);
  draw_text(&canvas, text, {20.5, 40.5}, 18, Align::left, upwards, black);
  return canvas;
}

std::vector<int> picture(const Canvas& canvas) {
  std::vector<int> pixels;
  for (int y = 0; y < canvas.height(); ++y)
    for (int x = 0; x < canvas.width(); ++x)
      pixels.push_back(static_cast<int>(canvas.at(x, y).red * 255));
  return pixels;
}

}  // namespace

TEST_CASE("the ramp's lightness rises evenly") {
  CHECK(lightness(ramp(0)) == Approx(14).margin(1));
  CHECK(lightness(ramp(1)) == Approx(92).margin(1));
  for (int i = 0; i < 48; ++i) {
    const double step = lightness(ramp((i + 1) / 48.0)) - lightness(ramp(i / 48.0));
    CHECK(step == Approx(78 / 48.0).margin(0.5));
  }
  CHECK(ramp(-3).red == ramp(0).red);
  CHECK(ramp(7).red == ramp(1).red);
  CHECK(ramp(std::nan("")).red == ramp(0).red);
  CHECK(series_colour(3).green == series_colour(3 + series_colours).green);
  CHECK(series_colour(-1).green == series_colour(series_colours - 1).green);
}

TEST_CASE("a disc and a rectangle cover their area, wherever they lie") {
  const double shift = GENERATE(0.0, 0.21, 0.5, 0.83);
  for (const double radius : {1.0, 2.3, 9.0}) {
    Canvas canvas(40, 40);
    canvas.disc({20 + shift, 19 - shift}, radius, black, 0.5);
    // The edge is a slope one pixel wide, which adds 1/12 to the squared radius.
    CHECK(area(canvas) == Approx(0.5 * pi * (radius * radius + 1 / 12.0)).epsilon(0.08 / radius));
  }
  Canvas canvas(40, 40);
  canvas.rectangle({3 + shift, 4, 10.5, 9 + shift}, black);
  CHECK(area(canvas) == Approx((7.5 - shift) * (5 + shift)));
}

TEST_CASE("lines are one shape: crossings and joints are not darker") {
  Canvas canvas(50, 50);
  canvas.lines({{{10, 10}, {40, 40}}, {{10, 40}, {40, 10}}, {{10, 10}, {25, 25}, {40, 40}}}, 3,
               black, 0.5);
  const double length = 2 * std::sqrt(2 * 30.0 * 30.0);
  const double caps = 4 * pi * 1.5 * 1.5 / 2, crossing = 3 * 3;
  CHECK(area(canvas) == Approx(0.5 * (3 * length + caps - crossing)).epsilon(0.02));
  for (int y = 0; y < 50; ++y)
    for (int x = 0; x < 50; ++x) CHECK(canvas.at(x, y).red >= 0.5f - 1e-6f);
}

TEST_CASE("a line from far outside is where it should be") {
  Canvas canvas(20, 20);
  canvas.lines({{{-1e12, -1e12}, {1e12, 1e12}}}, 1, black);
  for (int i = 0; i < 20; ++i) CHECK(canvas.at(i, i).red < 0.02f);
  CHECK(canvas.at(3, 12).red == 1.0f);
  canvas.lines({{{-1e300, 5}, {-1e290, 5}}, {{1e300, 1e300}, {1e300, -1e300}}}, 1, black);
  CHECK(canvas.at(3, 12).red == 1.0f);
}

TEST_CASE("a polygon covers its area in either direction") {
  for (const Polyline& corners :
       {Polyline{{5, 5}, {25, 8}, {12, 30}}, {{5, 5}, {12, 30}, {25, 8}}}) {
    Canvas canvas(40, 40);
    canvas.polygon(corners, black);
    CHECK(area(canvas) == Approx((20.0 * 25 - 3 * 7) / 2).epsilon(0.02));
  }
}

TEST_CASE("nothing is drawn outside the clip box") {
  Canvas canvas(30, 30);
  canvas.clip({10, 12, 20, 22});
  canvas.rectangle({-5, -5, 100, 100}, black);
  canvas.disc({10, 12}, 6, black);
  canvas.lines({{{0, 0}, {30, 30}}}, 4, black);
  CHECK(area(canvas) == Approx(100));
  canvas.clip({40, 40, 50, 50});
  canvas.rectangle({-5, -5, 100, 100}, black);
  CHECK(area(canvas) == Approx(100));
  canvas.clip_nothing();
  canvas.pixel(0, 0, black);
  CHECK(area(canvas) == Approx(101));
}

TEST_CASE("every character of ASCII has a glyph of its own") {
  std::set<std::vector<int>> glyphs;
  for (char c = '!'; c <= '~'; ++c) {
    const Canvas canvas = with_text(std::string(1, c));
    INFO("character " << c);
    CHECK(area(canvas) > 8);
    CHECK(glyphs.insert(picture(canvas)).second);
  }
  CHECK(area(with_text(" ")) == 0);
  // A character of several bytes is one box.
  CHECK(glyphs.insert(picture(with_text("\xc3\xa9"))).second);
  CHECK(picture(with_text("\xc3\xa9")) == picture(with_text("\xe2\x82\xac")));
  CHECK(text_width("\xe2\x82\xac\xc3\xa9", 9) == Approx(text_width("\x80\x81", 9)));
}

TEST_CASE("text lies between its anchor and its width, below its height") {
  const std::string text = "Hxn 01";
  const double size = 10, width = text_width(text, size);
  for (const Align align : {Align::left, Align::centre, Align::right}) {
    Canvas canvas(200, 60);
    draw_text(&canvas, text, {100, 40}, size, align, false, black);
    const double left = align == Align::left     ? 100
                        : align == Align::centre ? 100 - width / 2
                                                 : 100 - width;
    for (int y = 0; y < 60; ++y)
      for (int x = 0; x < 200; ++x)
        if (canvas.at(x, y).red < 0.99f) {
          CHECK(x > left - 2.5);
          CHECK(x < left + width + 1.5);
          CHECK(y > 40 - size - 2.5);
          CHECK(y < 41.5);
        }
    CHECK(area(canvas) > 60);
  }
  CHECK(text_width("ab", 20) == Approx(2 * text_width("ab", 10)));
  CHECK(text_width("", 10) == 0);
}

TEST_CASE("text upwards is the same turned by a quarter") {
  const Canvas level = with_text("Fg"), upright = with_text("Fg", true);
  // (x, y) beside the anchor (20, 40) goes to (y, -x).
  for (int dy = -19; dy < 15; ++dy)
    for (int dx = -5; dx < 35; ++dx)
      CHECK(upright.at(20 + dy, 40 - dx).red ==
            Approx(level.at(20 + dx, 40 + dy).red).margin(1e-4));
}

TEST_CASE("a text that is too long is cut off") {
  CHECK(shortened("density", 9, 200) == "density");
  const std::string cut = shortened("a rather long title, \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 9, 60);
  CHECK(cut.substr(cut.size() - 3) == "...");
  CHECK(text_width(cut, 9) <= 60);
  CHECK(shortened("density", 9, 0) == "...");
}
