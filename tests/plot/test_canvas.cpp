// Shapes cover the area they should in PNG; SVG and PDF hold the same shapes, and images as such.
#include <catch2/catch.hpp>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "drawn_picture.hpp"
#include "plot/canvas.hpp"

using namespace pushforward;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr Colour black = {0, 0, 0};
constexpr PictureFormat formats[] = {PictureFormat::png, PictureFormat::svg, PictureFormat::pdf};

template <class Draw>
DrawnPicture drawn(int size, const Draw& draw) {
  Canvas canvas(size, size, PictureFormat::png);
  draw(&canvas);
  return DrawnPicture(std::move(canvas));
}

template <class Draw>
std::string file_of(PictureFormat format, int size, const Draw& draw) {
  Canvas canvas(size, size, format);
  draw(&canvas);
  const std::vector<std::byte> bytes = canvas.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

int count_of(const std::string& part, const std::string& text) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
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

void draw_everything(Canvas* canvas) {
  canvas->clip({3, 3, 60, 60});
  canvas->rectangle({1, 2, 30, 40}, series_colour(0), 0.5);
  canvas->disc({40, 40}, 9, series_colour(1), 0.7);
  canvas->lines({{{-1e9, -1e9}, {50, 7}, {1e9, 1e9}}, {{20, 20}}}, 3, series_colour(2), 0.4);
  canvas->polygon({{5, 5}, {25, 8}, {12, 30}}, series_colour(3));
  canvas->clip_nothing();
  Raster raster(2, 2);
  raster.set(0, 0, series_colour(4));
  canvas->image({50, 50, 62, 62}, raster);
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
    const DrawnPicture picture = drawn(40, [&](Canvas* canvas) {
      canvas->disc({20 + shift, 19 - shift}, radius, black, 0.5);
    });
    CHECK(picture.darkness() == Approx(0.5 * pi * radius * radius).epsilon(0.08 / radius));
  }
  const DrawnPicture picture = drawn(40, [&](Canvas* canvas) {
    canvas->rectangle({3 + shift, 4, 10.5, 9 + shift}, black);
  });
  CHECK(picture.darkness() == Approx((7.5 - shift) * (5 + shift)).epsilon(0.01));
}

TEST_CASE("lines are one shape: crossings and joints are not darker") {
  const DrawnPicture picture = drawn(50, [](Canvas* canvas) {
    canvas->lines({{{10, 10}, {40, 40}}, {{10, 40}, {40, 10}}, {{10, 10}, {25, 25}, {40, 40}}}, 3,
                  black, 0.5);
  });
  const double length = 2 * std::sqrt(2 * 30.0 * 30.0);
  const double caps = 4 * pi * 1.5 * 1.5 / 2, crossing = 3 * 3;
  CHECK(picture.darkness() == Approx(0.5 * (3 * length + caps - crossing)).epsilon(0.02));
  for (int y = 0; y < 50; ++y)
    for (int x = 0; x < 50; ++x) CHECK(picture.at(x, y).red >= 0.49f);
}

TEST_CASE("a point alone is a line too, a round one") {
  const DrawnPicture picture = drawn(20, [](Canvas* canvas) {
    canvas->lines({{{10, 10}}}, 8, black);
  });
  CHECK(picture.darkness() == Approx(pi * 16).epsilon(0.02));
}

TEST_CASE("a line from far outside is where it should be") {
  const DrawnPicture picture = drawn(20, [](Canvas* canvas) {
    canvas->lines({{{-1e12, -1e12}, {1e12, 1e12}}}, 2, black);
    canvas->lines({{{-1e300, 5}, {-1e290, 5}}, {{1e300, 1e300}, {1e300, -1e300}}}, 1, black);
    canvas->disc({1e300, -1e300}, 3, black);
    canvas->rectangle({-1e300, 30, 1e300, 1e300}, black);
  });
  for (int i = 0; i < 20; ++i) CHECK(picture.at(i, i).red < 0.02f);
  CHECK(picture.at(3, 12).red == 1.0f);
}

TEST_CASE("a line that leaves the clip box and comes back is cut at its sides only") {
  const Polyline zigzag = {{5, 10}, {60, 10}, {60, 30}, {5, 30}};
  const DrawnPicture clipped = drawn(40, [&](Canvas* canvas) {
    canvas->clip({0, 0, 20, 40});
    canvas->lines({zigzag}, 4, black, 0.5);
  });
  const DrawnPicture whole =
      drawn(40, [&](Canvas* canvas) { canvas->lines({zigzag}, 4, black, 0.5); });
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x)
      CHECK(clipped.at(x, y).red == (x < 20 ? whole.at(x, y).red : 1.0f));
}

TEST_CASE("a polygon covers its area in either direction") {
  for (const Polyline& corners :
       {Polyline{{5, 5}, {25, 8}, {12, 30}}, {{5, 5}, {12, 30}, {25, 8}}}) {
    const DrawnPicture picture =
        drawn(40, [&](Canvas* canvas) { canvas->polygon(corners, black); });
    CHECK(picture.darkness() == Approx((20.0 * 25 - 3 * 7) / 2).epsilon(0.02));
  }
}

TEST_CASE("nothing is drawn outside the clip box") {
  const auto draw = [](Canvas* canvas) {
    canvas->clip({10, 12, 20, 22});
    canvas->rectangle({-5, -5, 100, 100}, black);
    canvas->disc({10, 12}, 6, black);
    canvas->lines({{{0, 0}, {30, 30}}}, 4, black);
    canvas->clip({40, 40, 50, 50});
    canvas->rectangle({-5, -5, 100, 100}, black);
  };
  CHECK(drawn(30, draw).darkness() == Approx(100));
  CHECK(drawn(30, [&](Canvas* canvas) {
          draw(canvas);
          canvas->clip_nothing();
          canvas->rectangle({0, 0, 1, 1}, black);
        }).darkness() == Approx(101));
}

TEST_CASE("an image fills its box, pixel for pixel and with its opacity") {
  Raster raster(3, 2);
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x) raster.set(x, y, ramp((x + 3 * y) / 5.0));
  raster.set(1, 1, {0, 0, 0}, 0.5f);
  const DrawnPicture picture = drawn(20, [&](Canvas* canvas) {
    canvas->image({4, 6, 16, 10}, raster);
  });
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 20; ++x) {
      const bool inside = x >= 4 && x < 16 && y >= 6 && y < 10;
      const int i = (x - 4) / 4, j = (y - 6) / 2;
      const Colour expected = !inside            ? white
                              : i == 1 && j == 1 ? Colour{0.5f, 0.5f, 0.5f}
                                                 : ramp((i + 3 * j) / 5.0);
      CHECK(picture.at(x, y).red == Approx(expected.red).margin(0.005));
      CHECK(picture.at(x, y).blue == Approx(expected.blue).margin(0.005));
    }
}

TEST_CASE("a thousand pale discs have the colour of one dark one") {
  DiscLayer layer(20, 20);
  const Colour colour = series_colour(0);
  for (int i = 0; i < 1000; ++i) layer.add({10, 10}, 4, colour, 0.02);
  layer.add({-1e300, 3}, 5, colour, 1);
  layer.add({3, INFINITY}, 5, colour, 1);
  DiscLayer one(20, 20);
  one.add({10, 10}, 4, colour, 0.5);
  const DrawnPicture many = drawn(20, [&](Canvas* canvas) {
    canvas->image({0, 0, 20, 20}, layer.raster());
  });
  CHECK(many.at(10, 10).red == Approx(colour.red).margin(0.005));
  CHECK(many.at(10, 10).green == Approx(colour.green).margin(0.005));
  CHECK(many.at(10, 10).blue == Approx(colour.blue).margin(0.005));
  CHECK(many.at(1, 3).red == 1.0f);
  // As a disc of Cairo's, but for the edge, whose slope adds 1/12 to the squared radius.
  const DrawnPicture half = drawn(20, [&](Canvas* canvas) {
    canvas->image({0, 0, 20, 20}, one.raster());
  });
  const DrawnPicture disc = drawn(20, [&](Canvas* canvas) {
    canvas->disc({10, 10}, 4, colour, 0.5);
  });
  CHECK(half.darkness() == Approx(disc.darkness()).epsilon(0.02));
  CHECK(half.at(10, 10).green == Approx(disc.at(10, 10).green).margin(0.005));
}

TEST_CASE("each format begins as it should, has the size and one page") {
  const std::string png = file_of(PictureFormat::png, 64, draw_everything);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  const std::string svg = file_of(PictureFormat::svg, 64, draw_everything);
  CHECK(svg.substr(0, 5) == "<?xml");
  CHECK(svg.find("width=\"64px\" height=\"64px\" viewBox=\"0 0 64 64\"") != std::string::npos);
  CHECK(svg.substr(svg.size() - 7) == "</svg>\n");
  const std::string pdf = file_of(PictureFormat::pdf, 64, draw_everything);
  CHECK(pdf.substr(0, 5) == "%PDF-");
  CHECK(count_of("/MediaBox [ 0 0 48 48 ]", pdf) == 1);
  CHECK(pdf.substr(pdf.size() - 6) == "%%EOF\n");
}

TEST_CASE("a canvas that Cairo cannot make is an error") {
  CHECK_THROWS_AS(Canvas(100000, 10, PictureFormat::png), Error);
}

TEST_CASE("SVG and PDF hold shapes as shapes and a raster as one image") {
  const std::string svg = file_of(PictureFormat::svg, 64, draw_everything);
  CHECK(count_of("<image ", svg) == 1);
  CHECK(count_of("stroke-opacity:0.4;", svg) == 1);  // all lines together
  CHECK(count_of("fill-opacity:0.5;", svg) == 1);
  CHECK(count_of("fill-opacity:0.7;", svg) == 1);
  const std::string pdf = file_of(PictureFormat::pdf, 64, draw_everything);
  CHECK(count_of("/Subtype /Image", pdf) == 2);  // colours and opacity
  // What lies out of sight is not in the file.
  const auto beside = [](Canvas* canvas) {
    canvas->clip({10, 10, 20, 20});
    for (int i = 0; i < 100; ++i) canvas->disc({30.0 + i, 5}, 3, black);
    canvas->rectangle({30, 30, 40, 40}, black);
  };
  CHECK(count_of("<path", file_of(PictureFormat::svg, 64, beside)) == 0);
}

TEST_CASE("equal drawings are equal bytes, but for the number of the canvas in SVG") {
  const std::regex numbers("(surface|image)[0-9]+");
  for (const PictureFormat format : formats) {
    const std::string first = file_of(format, 64, draw_everything);
    const std::string second = file_of(format, 64, draw_everything);
    const bool equal = format == PictureFormat::svg ? std::regex_replace(first, numbers, "$1") ==
                                                          std::regex_replace(second, numbers, "$1")
                                                    : first == second;
    CHECK(equal);
    for (const char* clock : {"CreationDate", "ModDate", "tIME"})
      CHECK(first.find(clock) == std::string::npos);
  }
}
