// Analytic models through files: what is written is read back, what is damaged is refused by name.
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <functional>

#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "density/banana.hpp"
#include "density/evaluate.hpp"
#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"
#include "temporary_file.hpp"

using namespace pushforward;
using Catch::Matchers::EndsWith;

namespace {

using Fill = std::function<void(ContainerWriter&)>;

void write(const std::string& path, const Fill& fill, const std::string& kind = "model") {
  ContainerWriter writer(path, kind, {});
  fill(writer);
  writer.commit();
}

std::string complaint(const Fill& fill, const std::string& kind = "model") {
  const TemporaryFile file;
  write(file.path, fill, kind);
  try {
    const ContainerReader reader(file.path);
    static_cast<void>(read_analytic_model(reader));
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    const std::string message = error.what();
    CHECK(message.rfind(file.path + ": ", 0) == 0);
    return message;
  }
  return "none";
}

void check_round_trip(const std::string& name, const AnalyticDensity& density) {
  const TemporaryFile file;
  write(file.path, [&](ContainerWriter& writer) { write_analytic_model(writer, name, density); });
  const ContainerReader reader(file.path);
  const auto back = read_analytic_model(reader);
  REQUIRE(back->dimension() == density.dimension());
  std::vector<double> x;
  for (int i = 0; i < 3 * density.dimension(); ++i) x.push_back(std::sin(1.0 + i));
  CHECK(evaluate(*back, x).value == evaluate(density, x).value);
  CHECK(back->noised() == density.noised());
}

// A model of one Gaussian with one thing changed.
struct Parts {
  std::string family = "analytic", name = "mixture";
  std::int64_t dimension = 2;
  Array weights = Array::of(std::vector<double>{1}, {1});
  Array means = Array::of(std::vector<double>{0, 0}, {1, 2});
  Array covariances = Array::of(std::vector<double>{1, 0, 0, 1}, {1, 2, 2});
};

std::string complaint_about(const std::function<void(Parts*)>& change) {
  Parts parts;
  change(&parts);
  return complaint([&](ContainerWriter& writer) {
    writer.write("/model/parameters/weights", parts.weights);
    writer.write("/model/parameters/means", parts.means);
    writer.write("/model/parameters/covariances", parts.covariances);
    writer.set_text("/model", "family", parts.family);
    writer.set_text("/model", "name", parts.name);
    writer.set_integer("/model", "dimension", parts.dimension);
  });
}

}  // namespace

TEST_CASE("analytic models come back from files as they went") {
  check_round_trip("8gaussians", GaussianMixture(eight_gaussians()));
  check_round_trip("25gaussians", GaussianMixture(twenty_five_gaussians(0.1)));
  check_round_trip("gaussian", GaussianMixture(correlated_gaussian(5, 0.3)));
  check_round_trip("funnel", Funnel(4));
  check_round_trip("banana", Banana(3));
  check_round_trip("banana", Banana(2, 1.5, -0.3));
}

TEST_CASE("damaged analytic models are refused with the name of what is wrong") {
  CHECK(complaint_about([](Parts*) {}) == "none");
  CHECK_THAT(complaint_about([](Parts* p) { p->family = "flow"; }),
             EndsWith("a model of family \"flow\", it should be an analytic model"));
  CHECK_THAT(complaint_about([](Parts* p) { p->name = "torus"; }),
             Catch::Matchers::Contains("no analytic model is named \"torus\""));
  CHECK_THAT(complaint_about([](Parts* p) { p->dimension = 3; }),
             EndsWith("does not agree with /model/parameters/means"));
  CHECK_THAT(
      complaint_about([](Parts* p) { p->weights = Array::of(std::vector<double>{0.5}, {1}); }),
      EndsWith("/model/parameters/weights: the weights add up to 0.500000, they should add "
               "up to 1"));
  CHECK_THAT(complaint_about([](Parts* p) {
               p->means = Array::of(std::vector<double>{0, INFINITY}, {1, 2});
             }),
             EndsWith("/model/parameters/means: holds a number that is not finite"));
  CHECK_THAT(complaint_about([](Parts* p) {
               p->covariances = Array::of(std::vector<double>{1, 2, 2, 1}, {1, 2, 2});
             }),
             EndsWith("/model/parameters/covariances: the covariance of component 1 is not "
                      "positive definite"));
  CHECK_THAT(complaint_about([](Parts* p) {
               p->covariances = Array::of(std::vector<double>{1, 1}, {1, 2});
             }),
             EndsWith("has shape [1, 2], covariances for these means should be [1, 2, 2]"));
}

TEST_CASE("missing parts of an analytic model are named") {
  const auto funnel = [](std::int64_t dimension, const std::vector<double>& deviation) {
    return complaint([&](ContainerWriter& writer) {
      writer.write("/model/parameters/other", Array::of(std::vector<double>{1}, {1}));
      if (!deviation.empty())
        writer.write("/model/parameters/deviation", Array::of(deviation, {deviation.size()}));
      writer.set_text("/model", "family", "analytic");
      writer.set_text("/model", "name", "funnel");
      writer.set_integer("/model", "dimension", dimension);
    });
  };
  CHECK(funnel(2, {3}) == "none");
  CHECK_THAT(funnel(2, {}), EndsWith("/model/parameters/deviation is missing"));
  CHECK_THAT(funnel(2, {-1}), EndsWith("should be a finite positive number"));
  CHECK_THAT(funnel(2, {1, 1}), EndsWith("has shape [2], it should hold one number"));
  CHECK_THAT(funnel(1, {3}), EndsWith("a funnel has at least 2"));
  CHECK(complaint(
            [](ContainerWriter& writer) {
              writer.write("/x", Array::of(std::vector<double>{1}, {1}));
            },
            "tensors") != "none");
}
