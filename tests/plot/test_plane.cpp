// Histograms count, densities and scores over the plane are the models', logs are read.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "density/banana.hpp"
#include "density/gaussian_mixture.hpp"
#include "io/temporary_folder.hpp"
#include "plot/plane_model.hpp"
#include "plot/plane_rows.hpp"
#include "plot/plot.hpp"
#include "plot/training_curves.hpp"
#include "score/score_model.hpp"

using namespace pushforward;
using pushforward::testing::TemporaryFolder;
using pushforward::testing::write_bytes;

namespace {

constexpr double pi = 3.14159265358979323846;

std::string written(const TemporaryFolder& folder, const std::string& name,
                    const AnalyticDensity& density) {
  const std::string file = folder / (name + ".h5");
  ContainerWriter writer(file, "model", {});
  write_analytic_model(writer, name, density);
  writer.commit();
  return file;
}

double sum_of(const ScalarField& field) {
  double sum = 0;
  for (const double value : field.values) sum += value;
  return sum;
}

std::string message_of(const std::string& text) {
  TemporaryFolder folder;
  const std::string file = folder / "run.tsv";
  write_bytes(file, text);
  try {
    static_cast<void>(read_training_table(file));
  } catch (const Error& error) {
    return std::string(error.what()).substr(file.size() + 2);
  }
  return "";
}

}  // namespace

TEST_CASE("a histogram of the plane is a density") {
  PlaneRows rows;
  for (int i = 0; i < 100; ++i)
    for (int j = 0; j < 100; ++j) {
      rows.x.push_back((i + 0.5) / 100);
      rows.y.push_back(2 * (j + 0.5) / 100);
    }
  const ScalarField field = histogram_2d(rows, {0, 1}, {0, 2}, 10, 20);
  for (const double value : field.values) CHECK(value == Approx(0.5));
  // Rows outside the range count in the total.
  const ScalarField part = histogram_2d(rows, {0, 0.5}, {1, 3}, 5, 4);
  CHECK(part.at(0, 0) == Approx(0.5));
  CHECK(part.at(4, 3) == 0);
  CHECK(sum_of(part) * 0.1 * 0.5 == Approx(0.25));
  // The upper end belongs to the last cell.
  const Histogram line = histogram({0, 1, 1, 3}, {0, 1}, 2);
  CHECK(line.heights == std::vector<double>{0.5, 1});
  CHECK(line.edges == std::vector<double>{0, 0.5, 1});
}

TEST_CASE("titles are names of files") {
  CHECK(title_of("some/where/moons.h5") == "moons");
  CHECK(title_of("flow.model.h5") == "flow.model");
  CHECK(title_of(".h5") == ".h5");
  CHECK(title_of("standard input") == "standard input");
}

TEST_CASE("the density of a mixture over the plane, noised and not") {
  TemporaryFolder folder;
  Workers workers(2);
  PlaneModel model{
      ContainerReader(written(folder, "8gaussians", GaussianMixture(eight_gaussians())))};
  const double sigma = GENERATE(0.0, 0.5);
  model.set_sigma(sigma, true);
  const auto [x, y] = model.range(&workers);
  CHECK(x.low < -4 / 1.414 - 2 * eight_gaussians_deviation);
  CHECK(x.low > -8);
  CHECK(x.high == Approx(-x.low));
  const int cells = 200;
  const ScalarField field = model.density(x, y, cells, cells, &workers);
  CHECK(sum_of(field) * x.length() * y.length() / cells / cells == Approx(1).margin(0.004));
  const double variance = eight_gaussians_deviation * eight_gaussians_deviation + sigma * sigma;
  for (const int i : {3, 60, 100, 151})
    for (const int j : {20, 99, 140}) {
      const double at_x = x.low + (i + 0.5) / cells * x.length();
      const double at_y = y.low + (j + 0.5) / cells * y.length();
      double expected = 0;
      for (int k = 0; k < 8; ++k) {
        const double dx = at_x - 4 / 1.414 * std::cos(k * pi / 4);
        const double dy = at_y - 4 / 1.414 * std::sin(k * pi / 4);
        expected += std::exp(-(dx * dx + dy * dy) / (2 * variance)) / (2 * pi * variance) / 8;
      }
      CHECK(field.at(i, j) == Approx(expected).epsilon(1e-4).margin(1e-12));
    }
}

TEST_CASE("the score of a Gaussian over the plane is its formula") {
  TemporaryFolder folder;
  Workers workers(1);
  PlaneModel model{
      ContainerReader(written(folder, "gaussian", GaussianMixture(correlated_gaussian(2, 0.6))))};
  const auto [across, up] = model.score({-2, 2}, {-1, 3}, 7, 5, &workers);
  for (int j = 0; j < 5; ++j)
    for (int i = 0; i < 7; ++i) {
      const double x = -2 + (i + 0.5) / 7 * 4, y = -1 + (j + 0.5) / 5 * 4;
      CHECK(across.at(i, j) == Approx(-(x - 0.6 * y) / 0.64).margin(1e-5));
      CHECK(up.at(i, j) == Approx(-(y - 0.6 * x) / 0.64).margin(1e-5));
    }
}

// A score model that knows nothing is the data's Gaussian where its network is 0 (Parametrization
// edm): mean and deviation a column, whatever the process counts levels in.
TEST_CASE("a score model's score is that of its data plus noise, in data units") {
  TemporaryFolder folder;
  Workers workers(1);
  for (const std::string kind : {"edm", "vp"}) {
    ScoreDescription description;
    description.dimension = 2;
    description.process = Process(ProcessSettings::with_defaults(kind));
    description.mean = {3, -1};
    description.sigma_data = {2, 0.5};
    description.hidden = 4;
    ScoreModel network(description, 1);
    std::fill(network.parameters().values.begin(), network.parameters().values.end(), 0.0);
    const std::string file = folder / (std::string(kind) + ".h5");
    ContainerWriter writer(file, "model", {});
    write_score_model(&writer, network, {2}, "denoise", ElementType::float64);
    writer.commit();
    PlaneModel model{ContainerReader(file)};
    model.set_sigma(0.7, false);
    const bool standardised = kind == "vp";
    const auto [across, up] = model.score({-2, 8}, {-4, 2}, 5, 4, &workers);
    for (int j = 0; j < 4; ++j)
      for (int i = 0; i < 5; ++i) {
        const double x = -2 + (i + 0.5) / 5 * 10, y = -4 + (j + 0.5) / 4 * 6;
        const double noise_x = standardised ? 1.4 : 0.7, noise_y = standardised ? 0.35 : 0.7;
        CHECK(across.at(i, j) == Approx(-(x - 3) / (4 + noise_x * noise_x)).margin(1e-5));
        CHECK(up.at(i, j) == Approx(-(y + 1) / (0.25 + noise_y * noise_y)).margin(1e-5));
      }
    // The density, by the ODE from a Gaussian a little narrower than where the process takes it.
    for (const double sigma : {0.0, 0.7}) {
      model.set_sigma(sigma, true);
      CHECK(model.sigma() < 0.71);
      const double width_x = std::hypot(2, standardised ? 2 * model.sigma() : model.sigma());
      const double width_y = std::hypot(0.5, standardised ? 0.5 * model.sigma() : model.sigma());
      const ScalarField density = model.density({-1, 7}, {-2, 0}, 3, 4, &workers);
      for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 3; ++i) {
          const double x = (-1 + (i + 0.5) / 3 * 8 - 3) / width_x;
          const double y = (-2 + (j + 0.5) / 4 * 2 + 1) / width_y;
          CHECK(
              density.at(i, j) ==
              Approx(std::exp(-(x * x + y * y) / 2) / (2 * pi * width_x * width_y)).epsilon(0.003));
        }
    }
    CHECK_THROWS_WITH(PlaneModel(ContainerReader(file), 0), Catch::Contains("is not conditional"));
  }
}

TEST_CASE("a density without moments at hand is found") {
  TemporaryFolder folder;
  Workers workers(2);
  PlaneModel model{ContainerReader(written(folder, "banana", Banana(2)))};
  const auto [x, y] = model.range(&workers);
  const int cells = 300;
  const double cell = x.length() * y.length() / cells / cells;
  const double inside = sum_of(model.density(x, y, cells, cells, &workers)) * cell;
  CHECK(inside > 0.97);
  CHECK(inside < 1.001);
  CHECK(x.length() < 30);
  CHECK_THROWS_AS(model.set_sigma(0.1, true), Error);
}

TEST_CASE("a model that is not of the plane is refused") {
  TemporaryFolder folder;
  const std::string file = written(folder, "gaussian", GaussianMixture(correlated_gaussian(3, 0)));
  CHECK_THROWS_WITH(PlaneModel(ContainerReader(file)), Catch::Contains("rows have 3 numbers"));
}

TEST_CASE("a table of a training run") {
  TemporaryFolder folder;
  const std::string file = folder / "run.tsv";
  write_bytes(file,
              "step\tseconds\tloss\tvalidation\tlr\tgrad_norm\n"
              "100\t0.5\t3.25\t\t0.001\t1\n200\t1.0\tnan\t2.5\t0.001\t1\n");
  CHECK(is_training_table(file));
  CHECK_FALSE(is_training_table(folder / "missing"));
  CHECK_FALSE(is_training_table("-"));
  const TrainingCurves curves = read_training_table(file);
  CHECK(curves.step == std::vector<double>{100, 200});
  CHECK(curves.loss[0] == 3.25);
  CHECK(std::isnan(curves.loss[1]));
  CHECK(std::isnan(curves.validation[0]));
  CHECK(curves.validation[1] == 2.5);
  CHECK(message_of("step\tloss\n1\t2\n") == "line 1: no column validation");
  CHECK(message_of("step\tloss\tvalidation\n1\t2\n") == "line 2: 2 fields, the first line has 3");
  CHECK(message_of("step\tloss\tvalidation\n1\ttwo\t3\n") == "line 2: \"two\" is no number");
  CHECK(message_of("step\tloss\tvalidation\n") == "the training log has no rows yet");
  CHECK(message_of("step\tloss\tvalidation\n1\tnan\t\n") ==
        "the training log holds no loss that is finite");
}

TEST_CASE("the scale of colours") {
  const ScalarField a{2, 1, {0, 3}}, b{2, 1, {1e-9, 0.5}};
  const Scale linear = colour_scale({&a, &b}, false, "m"), log = colour_scale({&a, &b}, true, "m");
  CHECK(linear.interval.low == 0);
  CHECK(linear.interval.high == 3);
  CHECK(log.interval.low == Approx(3e-5));
  CHECK(log.interval.high == 3);
  const ScalarField none{1, 1, {0}};
  CHECK_THROWS_WITH(colour_scale({&none}, false, "m"), Catch::Contains("m is 0 everywhere"));
}
