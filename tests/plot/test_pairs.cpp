// Marginal densities of models, the panels of pair plots, and what each kind of picture looks at.
#include <catch2/catch.hpp>
#include <cmath>

#include "complaint.hpp"
#include "density/analytic_model.hpp"
#include "density/banana.hpp"
#include "density/gaussian_mixture.hpp"
#include "flow/flow.hpp"
#include "plot/kinds.hpp"
#include "plot/model_marginals.hpp"
#include "plot/pair_figure.hpp"
#include "plot/plane_model.hpp"
#include "plot/plot_text.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

void write_model(const std::string& file, const std::string& name, const AnalyticDensity& density) {
  ContainerWriter writer(file, "model", {});
  write_analytic_model(writer, name, density);
  writer.commit();
}

// Of the curve or outline through these points.
double area_of(const Outline& line) {
  double area = 0;
  for (std::size_t i = 1; i < line.x.size(); ++i)
    area += (line.x[i] - line.x[i - 1]) * (line.y[i] + line.y[i - 1]) / 2;
  return area;
}

GaussianMixture three_columns() {
  const std::vector<double> weights = {0.3, 0.7}, means = {0, 1, -2, 3, 0, 1};
  const std::vector<double> covariances = {1, 0.5, 0.2, 0.5, 2, -0.3, 0.2, -0.3, 0.7,
                                           2, 0,   0.1, 0,   1, 0.4,  0.1, 0.4,  1.5};
  return GaussianMixture(make_mixture(Array::of(weights, {2}), Array::of(means, {2, 3}),
                                      Array::of(covariances, {2, 3, 3}), {"w", "m", "c"}));
}

}  // namespace

TEST_CASE("marginals of two columns of a model of two are its density", "[pairs]") {
  const TemporaryFile file;
  write_model(file.path, "8gaussians", GaussianMixture(eight_gaussians()));
  const ModelMarginals marginals = read_model_marginals(ContainerReader(file.path), -1, 1);
  CHECK(marginals.exact());
  Workers workers(1);
  const Interval x{-4, 4}, y{-3, 4};
  const ScalarField got = marginal(marginals, 0, 1, x, y, 40);
  const ScalarField turned = marginal(marginals, 1, 0, y, x, 40);
  const ScalarField truth = PlaneModel(ContainerReader(file.path)).density(x, y, 40, 40, &workers);
  for (int j = 0; j < 40; ++j)
    for (int i = 0; i < 40; ++i) {
      CHECK(got.at(i, j) == Approx(truth.at(i, j)).epsilon(1e-4).margin(1e-9));
      CHECK(turned.at(j, i) == Approx(got.at(i, j)).epsilon(1e-12).margin(1e-300));
    }
}

TEST_CASE("the marginal of one column is that of two, summed over the other", "[pairs]") {
  const TemporaryFile file;
  write_model(file.path, "mixture", three_columns());
  const ModelMarginals marginals = read_model_marginals(ContainerReader(file.path), -1, 1);
  CHECK(marginals.dimension == 3);
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) {
      if (a == b) continue;
      const Interval range{-9, 10};
      const int cells = 400;  // the points of the curve are the edges of the cells
      const ScalarField field = marginal(marginals, a, b, range, {-12, 14}, cells);
      const Outline line = marginal(marginals, a, range, 10);
      REQUIRE(line.x.size() == 401);
      for (int i = 100; i < 300; ++i) {
        double sum = 0;
        for (int j = 0; j < cells; ++j) sum += field.at(i, j) * 26.0 / cells;
        const auto edge = static_cast<std::size_t>(i);
        CHECK(sum == Approx((line.y[edge] + line.y[edge + 1]) / 2).margin(1e-4));
      }
      CHECK(area_of(line) == Approx(1).margin(1e-4));
      const Interval mass = range_of(marginals, a);
      CHECK(area_of(marginal(marginals, a, mass, 10)) > 0.99);
    }
}

TEST_CASE("a flow's marginals are those of the rows it draws", "[pairs]") {
  const TemporaryFile file;
  FlowSpec spec;
  spec.flow = "planar";
  spec.dimension = 3;
  spec.layers = 1;
  {
    const Flow flow(spec, {}, 1);
    ContainerWriter writer(file.path, "model", {});
    write_flow(&writer, flow, {3}, ElementType::float32);
    writer.commit();
  }
  const ModelMarginals marginals = read_model_marginals(ContainerReader(file.path), -1, 1);
  const ModelMarginals threaded = read_model_marginals(ContainerReader(file.path), -1, 2);
  CHECK_FALSE(marginals.exact());
  CHECK(marginals.drawn == threaded.drawn);
  REQUIRE(marginals.drawn.size() == 3);
  for (std::size_t c = 0; c < 3; ++c) {
    const Outline line = marginal(marginals, c, {-50, 50}, 20);
    CHECK(line.x.size() == 40);
    CHECK(area_of(line) == Approx(1).margin(1e-9));
  }
}

TEST_CASE("a model that takes chains to draw from has no marginals", "[pairs]") {
  const TemporaryFile file;
  write_model(file.path, "banana", Banana(2));
  CHECK_THAT(complaint([&] { (void)read_model_marginals(ContainerReader(file.path), -1, 1); }),
             Catch::Contains("langevin-sample"));
}

TEST_CASE("the panels of pairs share their axes and lie apart", "[pairs]") {
  for (const std::size_t count : {2u, 3u, 8u})
    for (const int side : {0, 900}) {
      PairSpec spec;
      spec.width = side;
      spec.height = side == 0 ? 0 : 700;
      spec.heading = "heading";
      for (std::size_t c = 0; c < count; ++c) {
        spec.names.push_back("a long name of a column " + std::to_string(c));
        spec.intervals.push_back({-1.0 * static_cast<double>(c), 1000});
      }
      spec.legend = {{"one", series_colour(0), Key::area}, {"two", ink, Key::line}};
      PairFigure figure(spec);
      for (std::size_t up = 0; up < count; ++up)
        for (std::size_t across = 0; across < count; ++across) {
          const Frame panel = figure.frame(up, across);
          CHECK(panel.x.interval.low == spec.intervals[across].low);
          CHECK(panel.y.interval.high == (up == across ? 1 : 1000));
          CHECK(panel.box.left > 0);
          CHECK(panel.box.top > 0);
          CHECK(panel.box.right < figure.canvas().width());
          CHECK(panel.box.bottom < figure.canvas().height());
          if (across > 0) CHECK(panel.box.left > figure.frame(up, across - 1).box.right);
          if (up > 0) CHECK(panel.box.top > figure.frame(up - 1, across).box.bottom);
        }
      CHECK(figure.finish().size() > 1000);
    }
  PairSpec spec;
  spec.width = 100;
  spec.names.assign(8, "a");
  spec.intervals.assign(8, {0, 1});
  CHECK_THROWS_WITH(PairFigure(spec), Catch::Contains("too small for 8 columns"));
}

TEST_CASE("a kind refuses every setting that it does not look at, and says which kinds do",
          "[kinds]") {
  const std::vector<std::pair<std::string, std::function<void(PlotOptions*)>>> settings = {
      {"sigma", [](PlotOptions* o) { o->sigma = 1; }},
      {"columns",
       [](PlotOptions* o) {
         o->column_list = {"a", "b"};
       }},
      {"log", [](PlotOptions* o) { o->log = true; }},
      {"log_x", [](PlotOptions* o) { o->log_x = true; }},
      {"x_column", [](PlotOptions* o) { o->columns.x = "1"; }},
      {"y_column", [](PlotOptions* o) { o->columns.y = "1"; }},
      {"label", [](PlotOptions* o) { o->columns.label = true; }},
      {"overlay", [](PlotOptions* o) { o->overlay = true; }},
      {"frames", [](PlotOptions* o) { o->frames = FrameChoice{}; }}};
  std::vector<PlotKind> kinds = plot_kinds();
  kinds.push_back(table_kind());
  for (const PlotKind& kind : kinds)
    for (const auto& [name, set] : settings) {
      PlotOptions options;
      options.inputs = {"a.h5"};
      if (kind.inputs == PlotKind::Inputs::several) options.inputs.push_back("b.h5");
      if (kind.models == PlotKind::Models::needed) options.models = {"m.h5"};
      set(&options);
      INFO(kind.name << ", " << name);
      const std::string said = complaint([&] { check_kind(options, kind); });
      if (kind.looks_at(name)) {
        CHECK(said == "none");
      } else {
        CHECK_THAT(said, Catch::Contains(setting(name) + " is not for") &&
                             Catch::Contains("; it is for "));
      }
    }
}

TEST_CASE("sizes in pixels and in cm", "[kinds]") {
  PageSize page = page_size({"800x600", 0, 0, 0}, PictureFormat::png);
  CHECK(page.width == 800);
  CHECK(page.height == 600);
  CHECK(page.paper.width == 0);
  page = page_size({"16x10cm", 0, 0, 0}, PictureFormat::png);
  CHECK(page.width == 1890);
  CHECK(page.height == 1181);
  CHECK(page.paper.dpi == usual_dpi);
  page = page_size({"2.54x5.08cm", 0, 0, 100}, PictureFormat::png);
  CHECK(page.width == 100);
  CHECK(page.height == 200);
  page = page_size({"16x10cm", 0, 0, 0}, PictureFormat::pdf);
  CHECK(page.width == 605);
  CHECK(page.paper.width == 16);
  page = page_size({"", 300, 0, 0}, PictureFormat::png);
  CHECK(page.width == 300);
  CHECK(page.height == 0);
  const std::vector<PageRequest> wrong = {
      {"800", 0, 0, 0},       {"800x", 0, 0, 0},      {"1e9x600", 0, 0, 0}, {"10x10", 0, 0, 0},
      {"80.5x600", 0, 0, 0},  {"axbcm", 0, 0, 0},     {"-1x5cm", 0, 0, 0},  {"1x1x1", 0, 0, 0},
      {"nanxnancm", 0, 0, 0}, {"800x600", 300, 0, 0}, {"", 10, 0, 0},       {"", 0, 9000, 0},
      {"", 300, 0, 100},      {"800x600", 0, 0, 100}};
  for (const PageRequest& request : wrong) {
    INFO(request.size << ", " << request.width << ", " << request.height << ", " << request.dpi);
    CHECK(complaint([&] { (void)page_size(request, PictureFormat::png); }) != "none");
  }
}

TEST_CASE("choices of frames and lists of columns", "[kinds]") {
  CHECK(parse_frames("7").most == 7u);
  CHECK_FALSE(parse_frames("all").most);
  const FrameChoice some = parse_frames("2:9:3");
  CHECK(some.first == 2);
  CHECK(some.end == 9u);
  CHECK(some.every == 3);
  CHECK_FALSE(parse_frames("4:").end);
  CHECK(parse_frames(":5").end == 5u);
  for (const char* wrong : {"", "1", "x", "5:5", "1:2:0", "1:2:3:4", "1:-2", "2.5"})
    CHECK(complaint([&] { (void)parse_frames(wrong); }) != "none");
  CHECK(parse_columns("a,b c,0") == std::vector<std::string>{"a", "b c", "0"});
  for (const char* wrong : {"", "a,", ",a", "a,,b"})
    CHECK(complaint([&] { (void)parse_columns(wrong); }) != "none");
}
