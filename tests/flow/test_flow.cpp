// Every flow against independent truths: a numeric Jacobian, the integral of its density, itself
// in the other direction.
#include <catch2/catch.hpp>
#include <cmath>

#include "flow/draw.hpp"
#include "flow_checks.hpp"

using namespace pushforward;

namespace {

// A flow with weights far from their start, so that nothing is the identity.
Flow shaken(const std::string& kind, int dimension, double size = 0.4,
            const std::string& base = "") {
  FlowSpec spec;
  spec.flow = kind;
  spec.dimension = dimension;
  spec.layers = 5;
  spec.hidden = 16;
  spec.base = base.empty() ? flow_kind(kind).base : base;
  Standardization standard;
  for (int i = 0; i < dimension; ++i) {
    standard.shift.push_back(0.3 * i - 0.2);
    standard.scale.push_back(0.8 + 0.1 * i);
  }
  Flow flow(spec, standard, 1);
  if (flow_kind(kind).has_splines) size *= 0.5;  // or slopes differ by ten orders of magnitude
  shake(&flow.parameters(), size);
  return flow;
}

}  // namespace

TEST_CASE("encode and decode are inverse, and their log-determinants opposite", "[flow]") {
  for (const std::string& kind : flow_names())
    for (const int dimension : {2, 3, 7}) {
      INFO(kind << " " << dimension);
      const Flow flow = shaken(kind, dimension);
      const std::vector<double> x = normals<double>(50, dimension, 2);
      const auto z = evaluate_rows(flow, encoding(flow), x);
      const auto back = evaluate_rows(flow, decoding(flow), z[0]);
      for (std::size_t i = 0; i < x.size(); ++i)
        CHECK(back[0][i] == Approx(x[i]).epsilon(1e-10).margin(1e-10));
      for (std::size_t r = 0; r < 50; ++r) CHECK(z[1][r] + back[1][r] == Approx(0).margin(1e-10));
      const std::vector<float> single(x.begin(), x.end());
      const auto zf = evaluate_rows(flow, encoding(flow), single);
      const auto back_f = evaluate_rows(flow, decoding(flow), zf[0]);
      for (std::size_t i = 0; i < x.size(); ++i)
        CHECK(std::abs(double(back_f[0][i]) - x[i]) < 1e-4 * dimension * (1 + std::abs(x[i])));
    }
}

TEST_CASE("planar and radial flows stay invertible whatever their parameters", "[flow]") {
  for (const std::string kind : {"planar", "radial"})
    for (const double size : {3.0, 30.0}) {  // w'u down to -1000 and below
      INFO(kind << " " << size);
      const Flow flow = shaken(kind, 3, size);
      const std::vector<double> z = normals<double>(200, 3, 2);
      const auto x = evaluate_rows(flow, decoding(flow), z);
      const auto back = evaluate_rows(flow, encoding(flow), x[0]);
      for (std::size_t i = 0; i < z.size(); ++i)
        CHECK(back[0][i] == Approx(z[i]).epsilon(1e-8).margin(1e-8));
      for (const double log_det : back[1]) CHECK(std::isfinite(log_det));
    }
}

TEST_CASE("the log-determinant is that of a numeric Jacobian", "[flow]") {
  for (const std::string& kind : flow_names())
    for (const int dimension : {2, 5}) {
      INFO(kind << " " << dimension);
      const Flow flow = shaken(kind, dimension);
      const std::size_t d = static_cast<std::size_t>(dimension);
      const std::vector<double> x = normals<double>(10, dimension, 1.5);
      const auto z = evaluate_rows(flow, encoding(flow), x);
      for (std::size_t r = 0; r < 10; ++r) {
        const std::vector<double> row(x.begin() + long(r * d), x.begin() + long((r + 1) * d));
        CHECK(z[1][r] == Approx(numeric_log_det(encoding(flow), flow.parameters(), row))
                             .epsilon(1e-8)
                             .margin(1e-8));
      }
    }
}

TEST_CASE("densities integrate to one in two dimensions", "[flow]") {
  for (const std::string& kind : flow_names()) {
    INFO(kind);
    const Flow flow = shaken(kind, 2, 0.2);
    // The trapezoid rule over a square that holds all but a negligible part of the mass.
    const int n = 1200;
    const double reach = 45, h = 2 * reach / n;
    double total = 0;
    std::vector<double> x;
    for (int i = 0; i <= n; ++i) {
      x.clear();
      for (int j = 0; j <= n; ++j) {
        x.push_back(-reach + i * h);
        x.push_back(-reach + j * h);
      }
      const auto log_p = evaluate_rows(flow, density(flow), x);
      for (const double value : log_p[0]) total += std::exp(value);
    }
    CHECK(total * h * h == Approx(1).epsilon(1e-3));
  }
}

TEST_CASE("a sample's density is the density of the sample", "[flow]") {
  for (const std::string& kind : flow_names())
    for (const std::string& base : base_names()) {
      INFO(kind << " " << base);
      const Flow flow = shaken(kind, 4, 0.3, base);
      Workers workers(1);
      const auto rows = FlowSampler<double>(flow, 1, &workers).draw(300, 5, 0, {});
      const auto log_p = evaluate_rows(flow, density(flow), rows.x);
      for (std::size_t r = 0; r < 300; ++r)
        CHECK(rows.log_density[r] == Approx(log_p[0][r]).epsilon(1e-8).margin(1e-8));
    }
}

TEST_CASE("a row's density depends on that row alone", "[flow]") {
  for (const std::string& kind : flow_names()) {
    INFO(kind);
    const Flow flow = shaken(kind, 3);
    const std::vector<float> x = normals<float>(700, 3, 2);
    const std::vector<float> all = evaluate_rows(flow, density(flow), x)[0];
    CHECK(evaluate_rows(flow, density(flow), x, 2)[0] == all);
    for (const std::size_t r : {0UL, 1UL, 255UL, 256UL, 699UL}) {
      const std::vector<float> one(x.begin() + long(3 * r), x.begin() + long(3 * r + 3));
      CHECK(evaluate_rows(flow, density(flow), one)[0][0] == all[r]);
    }
    std::vector<float> reversed;
    for (std::size_t r = 700; r-- > 0;)
      reversed.insert(reversed.end(), x.begin() + long(3 * r), x.begin() + long(3 * r + 3));
    const std::vector<float> turned = evaluate_rows(flow, density(flow), reversed)[0];
    for (std::size_t r = 0; r < 700; ++r) CHECK(turned[699 - r] == all[r]);
  }
}

TEST_CASE("densities far out are finite", "[flow]") {
  for (const std::string& kind : flow_names()) {
    const Flow flow = shaken(kind, 2);
    const std::vector<float> x = {1000, -1000, 1000, 1000, -1000, 0};
    const auto log_p = evaluate_rows(flow, density(flow), x);
    for (const float value : log_p[0]) CHECK(std::isfinite(value));
  }
}
