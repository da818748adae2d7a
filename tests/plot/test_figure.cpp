// Axes have round numbers, ranges leave outliers out, panels lie where they should.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/random.hpp"
#include "drawn_picture.hpp"
#include "plot/figure.hpp"
#include "plot/text.hpp"

using namespace pushforward;

namespace {

std::vector<std::string> labels(double low, double high, int most, bool logarithmic = false) {
  std::vector<std::string> result;
  for (const Tick& tick : ticks({{low, high}, logarithmic}, most))
    if (!tick.label.empty()) result.push_back(tick.label);
  return result;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("ticks are round numbers with as many decimals as they need") {
  CHECK(labels(0, 10, 5) == Labels{"0", "2", "4", "6", "8", "10"});
  CHECK(labels(-1.2, 2.3, 8) == Labels{"-1.0", "-0.5", "0.0", "0.5", "1.0", "1.5", "2.0"});
  CHECK(labels(0.111, 0.1195, 4) == Labels{"0.112", "0.114", "0.116", "0.118"});
  CHECK(labels(-3e-7, 6e-7, 5) == Labels{"-2e-7", "0", "2e-7", "4e-7", "6e-7"});
  CHECK(labels(0, 4e12, 4) == Labels{"0", "1e12", "2e12", "3e12", "4e12"});
  CHECK(labels(1e9 + 1, 1e9 + 5.5, 3) == Labels{"1.000000002e9", "1.000000004e9"});
  CHECK(labels(0.5, 2000, 6, true) == Labels{"1", "10", "100", "1000"});
  CHECK(labels(1e-12, 1, 4, true) == Labels{"1e-12", "1e-9", "1e-6", "0.001", "1"});
  CHECK(labels(2, 9, 4, true) == Labels{"2", "4", "6", "8"});
}

TEST_CASE("ticks of any range lie inside it, are what they say and are few") {
  const Random random(5, Stream::data);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const double middle = std::pow(10.0, 12 * random.uniform(i, 0) - 6) * (i % 3 == 0 ? -1 : 1);
    const double length = std::pow(10.0, 12 * random.uniform(i, 1) - 6) + 1e-8 * std::abs(middle);
    const Interval range{middle - length / 2, middle + length / 2};
    const int most = 2 + static_cast<int>(i % 7);
    const std::vector<Tick> result = ticks({range, false}, most);
    INFO("from " << range.low << " to " << range.high << ", " << most);
    CHECK(result.size() >= 2);
    CHECK(result.size() <= static_cast<std::size_t>(2 * most + 2));
    const double slack = 1e-6 * length;
    for (const Tick& tick : result) {
      CHECK(tick.value >= range.low - slack);
      CHECK(tick.value <= range.high + slack);
      CHECK(std::abs(std::strtod(tick.label.c_str(), nullptr) - tick.value) <= slack);
    }
  }
}

TEST_CASE("outliers are left out of a range, near values are not") {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i / 1000.0);
  Interval range = robust_interval(&values);
  CHECK(range.low == Approx(-0.04));
  CHECK(range.high == Approx(1.04));
  values.push_back(500);
  values.push_back(-2);
  range = robust_interval(&values);
  CHECK(range.low == Approx(-0.25).margin(0.1));
  CHECK(range.high == Approx(1.25).margin(0.1));
  std::vector<double> equal(10, 7.0), zero(1, 0.0);
  CHECK(robust_interval(&equal).length() > 0.1);
  CHECK(robust_interval(&equal).middle() == Approx(7));
  CHECK(robust_interval(&zero).length() > 0.1);
  for (const double size : {1e-320, 1e-300, 1e99}) {
    std::vector<double> extreme = {-size, size};
    const double length = robust_interval(&extreme).length();
    CHECK(length >= shortest_interval);
    CHECK(std::isfinite(1 / length));
  }
  std::vector<double> few = {3, 1, 2};
  CHECK(robust_interval(&few).low < 1);
  CHECK(robust_interval(&few).high > 3);
}

TEST_CASE("a scale maps its ends to 0 and 1") {
  const Scale linear{{-2, 6}, false}, logarithmic{{0.01, 100}, true};
  CHECK(linear.fraction(-2) == 0);
  CHECK(linear.fraction(6) == 1);
  CHECK(linear.fraction(0) == Approx(0.25));
  CHECK(logarithmic.fraction(1) == Approx(0.5));
  CHECK(logarithmic.fraction(100) == Approx(1));
  CHECK(logarithmic.fraction(0) < -1e300);
  CHECK(logarithmic.fraction(-5) < -1e300);
}

TEST_CASE("axes that are alike have equal units, others fill the panel") {
  FigureSpec spec;
  spec.alike = true;
  spec.x.interval = {-2, 2};
  spec.y.interval = {0, 3};
  for (const int width : {0, 300, 900}) {
    for (const int height : {0, 500}) {
      spec.width = width;
      spec.height = height;
      const Figure figure(spec);
      const Frame& f = figure.frame(0);
      CHECK(f.x.interval.length() / f.box.width() ==
            Approx(f.y.interval.length() / f.box.height()).epsilon(0.01));
      CHECK(f.x.interval.low <= -2);
      CHECK(f.x.interval.high >= 2);
      CHECK(f.y.interval.low <= 0);
      CHECK(f.y.interval.high >= 3);
    }
  }
  spec.y.interval = {0, 300};
  CHECK(Figure(spec).frame(0).y.interval.high == 300);
  spec.y.interval = {0, 3};
  spec.width = 900;
  spec.height = 300;
  spec.fixed_x = spec.fixed_y = true;
  CHECK(Figure(spec).frame(0).x.interval.low == -2);
  CHECK(Figure(spec).frame(0).y.interval.high == 3);
}

TEST_CASE("panels lie on the page and not on each other") {
  for (const int panels : {1, 2, 3, 5, 8, 16}) {
    for (const int width : {0, 1200}) {
      FigureSpec spec;
      spec.panels = panels;
      spec.width = width;
      spec.height = width;
      spec.titles.assign(static_cast<std::size_t>(panels), "title");
      spec.heading = "heading";
      spec.x_label = "x";
      spec.y_label = "y";
      spec.colour_bar = true;
      Figure figure(spec);
      if (width > 0) CHECK(figure.canvas().width() == width);
      for (int i = 0; i < panels; ++i) {
        const Box a = figure.frame(i).box;
        CHECK(a.left > 0);
        CHECK(a.top > 0);
        CHECK(a.right < figure.canvas().width());
        CHECK(a.bottom < figure.canvas().height());
        CHECK(figure.frame(i).at(0, 0).x == Approx(a.left));
        CHECK(figure.frame(i).at(0, 1).y == Approx(a.top));
        for (int j = 0; j < i; ++j) {
          const Box b = figure.frame(j).box;
          const bool apart =
              a.left > b.right || b.left > a.right || a.top > b.bottom || b.top > a.bottom;
          CHECK(apart);
        }
      }
      CHECK(figure.finish(ColourBar{{{0, 1}, false}, "colour"}).size() > 1000);
    }
  }
}

TEST_CASE("a legend stays in its box, however long its names are, and is as high as it says") {
  const Box box = {100, 20, 300, 180};
  for (const std::string& name : {std::string("a"), std::string(500, 'n')}) {
    Canvas canvas(400, 200, PictureFormat::png);
    const std::vector<LegendEntry> entries = {{"b", series_colour(0), Key::area},
                                              {name, series_colour(1), Key::line_with_ring}};
    draw_legend(&canvas, box, 1, entries);
    const double bottom = box.top + legend_height(entries, 1, box.width());
    CHECK(bottom < 70);
    const DrawnPicture picture(std::move(canvas));
    CHECK(picture.darkness() > 50);
    for (int y = 0; y < 200; ++y)
      for (int x = 0; x < 400; ++x)
        if (x < 99 || x >= 301 || y < 20 || y >= bottom) CHECK(picture.at(x, y).red == 1.0f);
  }
}

TEST_CASE("the labels of an axis fit below it, whatever its length") {
  const Random random(8, Stream::data);
  for (std::uint64_t i = 0; i < 300; ++i) {
    const double low = 20 * random.uniform(i, 0) - 10, length = 0.1 + 20 * random.uniform(i, 1);
    const double side = 60 + 400 * random.uniform(i, 2);
    const Frame frame = {{0, 0, side, 100}, {{low, low + length}, false}, {}, 1};
    double right = -1e9;
    std::size_t labels = 0;
    for (const Tick& tick : x_ticks(frame)) {
      if (tick.label.empty()) continue;
      const double half = text_width(tick.label, text_size) / 2, x = frame.at(tick.value, 0).x;
      INFO(low << ", " << length << ", " << side << ": " << tick.label);
      CHECK(x - half > right);
      right = x + half;
      ++labels;
    }
    CHECK(labels > 0);
  }
}

TEST_CASE("letters of a picture on paper are large enough to read") {
  const double points =
      72.0 / 300 * text_size * readable_unit(0.1, PictureFormat::png, {8, 8, 300});
  CHECK(points > 4.5);  // of capitals
  CHECK(readable_unit(0.1, PictureFormat::pdf, {8, 8, 0}) * text_size * 0.75 > 4.5);
  CHECK(readable_unit(1.5, PictureFormat::png, {}) == 1.5);
}

TEST_CASE("a picture without room for its panels is refused") {
  FigureSpec spec;
  spec.panels = 6;
  spec.width = 100;
  spec.height = 100;
  try {
    const Figure figure(spec);
    FAIL("a picture was made");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
  }
}

TEST_CASE("a range around its main part is that, and no more than is asked for") {
  const auto is = [](const Interval& a, double low, double high) {
    CHECK(a.low == Approx(low));
    CHECK(a.high == Approx(high));
  };
  is(around({0, 1}, {-100, 100}), -0.75, 1.75);
  is(around({0, 1}, {-0.5, 1.2}), -0.5, 1.2);
  is(around({0, 1}, {-0.5, 9}), -0.5, 1.75);
}

TEST_CASE("stacked panels are one above another, each with its own y axis") {
  for (const int width : {0, 500}) {
    FigureSpec spec;
    spec.panels = 5;
    spec.width = width;
    for (int i = 0; i < 5; ++i) spec.stacked_y.push_back({-std::pow(10.0, i), 1});
    const Figure figure(spec);
    for (int i = 0; i < 5; ++i) {
      const Frame& frame = figure.frame(i);
      CHECK(frame.y.interval.low == spec.stacked_y[static_cast<std::size_t>(i)].low);
      CHECK(frame.box.left == figure.frame(0).box.left);
      CHECK(frame.box.width() == figure.frame(0).box.width());
      CHECK(frame.box.width() > 3 * frame.box.height());
      if (i > 0) CHECK(frame.box.top > figure.frame(i - 1).box.bottom);
    }
  }
}
