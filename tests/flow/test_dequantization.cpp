// 8-bit data under flows: the maps, the noise, and the constant of bits per dimension.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "density/row_evaluator.hpp"
#include "flow/dequantization.hpp"
#include "flow/likelihood.hpp"
#include "flow/standardization.hpp"
#include "nn/loss_program.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr double no_logit = 0;

// As it starts, the identity but for the preprocessing.
FlowSpec eight_bit(int dimension, double logit, const std::string& kind = "maf") {
  FlowSpec spec;
  spec.flow = kind;
  spec.dimension = dimension;
  spec.layers = 2;
  spec.hidden = 8;
  spec.dequantization = "uniform";
  spec.logit = logit;
  return spec;
}

void shake(Flow* flow, double size) {
  std::vector<double> noise(flow->parameters().size());
  Random(9, Stream::parameters).fill_normal(noise.data(), 1, noise.size(), 0);
  for (std::size_t i = 0; i < noise.size(); ++i) flow->parameters().values[i] += size * noise[i];
}

std::vector<std::vector<double>> run(const Flow& flow, const RowFunction& function,
                                     const std::vector<double>& x) {
  Workers workers(1);
  RowEvaluator<double> evaluator(function, flow.parameters(), flow.dimension(), &workers);
  return evaluator.run(x.data(), x.size() / static_cast<std::size_t>(flow.dimension()));
}

std::vector<double> log_densities(const Flow& flow, const std::vector<double>& v) {
  return run(
      flow, [&](Scope scope, Expr x) { return std::vector<Expr>{flow.log_density(scope, x)}; },
      v)[0];
}

// Rows of whole numbers, 0 and 255 among them, and a context column 1 to `contexts` wide.
TrainingRows whole_rows(std::size_t count, std::size_t columns, std::size_t contexts = 0) {
  TrainingRows rows;
  rows.columns = columns + contexts;
  const Random random(3, Stream::data);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      const auto k = static_cast<std::uint32_t>(j);
      rows.values.push_back(float(std::min<std::uint64_t>(255, random.below(300, i, 0, k))));
    }
    for (std::size_t j = 0; j < contexts; ++j) rows.values.push_back(i % contexts == j ? 1.f : 0.f);
  }
  return rows;
}

std::vector<double> uniforms(std::size_t count, double scale) {
  std::vector<double> v(count);
  Random(4, Stream::evaluation).fill_uniform(v.data(), 1, count, 0);
  for (double& value : v) value *= scale;
  return v;
}

}  // namespace

TEST_CASE("the preprocessing and its inverse have the log-determinant of their slopes",
          "[dequantization]") {
  for (const double logit : {no_logit, 1e-6, 0.05, 0.49}) {
    INFO("logit " << logit);
    const Flow flow(eight_bit(1, logit), {{0.4}, {1.7}, {}, {}}, 1);
    const std::vector<double> v = uniforms(200, 256);
    const auto encode = [&](Scope scope, Expr x) {
      const Mapped z = flow.encode(scope, x);
      return std::vector<Expr>{z.value, z.log_det};
    };
    const auto encoded = run(flow, encode, v);
    const auto decoded = run(
        flow,
        [&](Scope scope, Expr z) {
          const Mapped x = flow.decode(scope, z);
          return std::vector<Expr>{x.value, x.log_det};
        },
        encoded[0]);
    const double h = 1e-4;
    std::vector<double> above = v, below = v;
    for (double& value : above) value += h;
    for (double& value : below) value -= h;
    const auto high = run(flow, encode, above)[0], low = run(flow, encode, below)[0];
    for (std::size_t i = 0; i < v.size(); ++i) {
      CHECK(decoded[0][i] == Approx(v[i]).epsilon(1e-9).margin(1e-9));
      CHECK(encoded[1][i] + decoded[1][i] == Approx(0).margin(1e-8));
      if (v[i] > 0.1 && v[i] < 255.9)
        CHECK(encoded[1][i] == Approx(std::log((high[i] - low[i]) / (2 * h))).margin(1e-5));
    }
  }
}

TEST_CASE("a whole flow of 8-bit data has the log-determinant of its Jacobian",
          "[dequantization]") {
  Flow flow(eight_bit(2, 0.01, "realnvp"), {{0.3, -0.2}, {1.5, 0.7}, {}, {}}, 1);
  shake(&flow, 0.3);
  const std::vector<double> v = {3.25, 250.5, 100.75, 20.125, 255.5, 0.5};
  const auto encode = [&](Scope scope, Expr x) {
    const Mapped z = flow.encode(scope, x);
    return std::vector<Expr>{z.value, z.log_det};
  };
  const std::vector<double> log_det = run(flow, encode, v)[1];
  const double h = 1e-4;
  for (std::size_t r = 0; r < 3; ++r) {
    const double a = v[2 * r], b = v[2 * r + 1];
    const auto z = run(flow, encode, {a + h, b, a - h, b, a, b + h, a, b - h})[0];
    const auto slope = [&](std::size_t out, std::size_t in) {
      return (z[4 * in + out] - z[4 * in + 2 + out]) / (2 * h);
    };
    const double determinant = slope(0, 0) * slope(1, 1) - slope(0, 1) * slope(1, 0);
    CHECK(log_det[r] == Approx(std::log(std::abs(determinant))).margin(1e-6));
  }
}

TEST_CASE("bits per dimension are right to the constant", "[dequantization]") {
  const std::vector<double> v = uniforms(300, 256);
  // The logit of a uniform number is a logistic one: flat over [0, 256], ln ((1 - 2 alpha) / 256).
  for (const double logit : {1e-12, 1e-6, 0.05}) {
    FlowSpec spec = eight_bit(3, logit);
    spec.base = "logistic";
    for (const double log_density : log_densities(Flow(spec, {}, 1), v))
      CHECK(-log_density / (3 * std::log(2)) ==
            Approx(8 - std::log2(1 - 2 * logit)).epsilon(1e-12));
  }
  const auto normal = log_densities(Flow(eight_bit(1, no_logit), {}, 1), v);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double y = (v[i] - 128) / 256, log_two_pi = std::log(2 * 3.14159265358979323846);
    CHECK(normal[i] == Approx(-0.5 * (y * y + log_two_pi) - std::log(256)).epsilon(1e-12));
  }
}

TEST_CASE("the probabilities of all whole numbers sum to one", "[dequantization]") {
  for (const double logit : {1e-6, 0.005}) {
    INFO("logit " << logit);
    Flow flow(eight_bit(1, logit), {{0.3}, {1.2}, {}, {}}, 1);
    shake(&flow, 0.2);
    // P(x) by the midpoint rule, as E_u p(x + u) has it, and the bound that is trained, E_u ln p.
    constexpr std::size_t points = 400;
    std::vector<double> v;
    for (std::size_t i = 0; i < 256 * points; ++i)
      v.push_back((static_cast<double>(i) + 0.5) / points);
    const std::vector<double> logs = log_densities(flow, v);
    double probability = 0, bound = 0;
    for (std::size_t x = 0; x < 256; ++x) {
      double mean = 0, mean_log = 0;
      for (std::size_t k = 0; k < points; ++k) {
        mean += std::exp(logs[x * points + k]) / points;
        mean_log += logs[x * points + k] / points;
      }
      probability += mean;
      bound += std::exp(mean_log);
      CHECK(mean_log <= std::log(mean) + 1e-12);
    }
    CHECK(probability == Approx(1).margin(2e-3));  // less what lies beyond [0, 256]
    CHECK(bound < probability);
    CHECK(bound > 0.5);
  }
}

TEST_CASE("outside its domain a logit has no density, and no number that is not one",
          "[dequantization]") {
  const Flow flow(eight_bit(2, 1e-6), {}, 1);
  const auto out = run(flow,
                       [&](Scope scope, Expr x) {
                         const Expr log = flow.log_density(scope, x);
                         return std::vector<Expr>{log, gradient(log, x)};
                       },
                       {-1, 100, 100, 257, 100, 100});
  CHECK(out[0][0] == -std::numeric_limits<double>::infinity());
  CHECK(out[0][1] == -std::numeric_limits<double>::infinity());
  CHECK(std::isfinite(out[0][2]));
  for (const double slope : out[1]) CHECK(std::isfinite(slope));
}

TEST_CASE("noise stays in its cell and depends on seed, row and draw alone", "[dequantization]") {
  const TrainingRows rows = whole_rows(2000, 5);
  std::vector<float> single(rows.values.begin(), rows.values.end());
  std::vector<double> exact(rows.values.begin(), rows.values.end()), other = exact;
  add_dequantization_noise(&single, 5, 7, 0);
  add_dequantization_noise(&exact, 5, 7, 0);
  add_dequantization_noise(&other, 5, 7, 0, 1);
  double mean = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    CHECK(std::floor(single[i]) == rows.values[i]);
    CHECK(std::floor(exact[i]) == static_cast<double>(rows.values[i]));
    CHECK(exact[i] == Approx(static_cast<double>(single[i])).margin(2e-5));
    CHECK(exact[i] != other[i]);
    mean += (exact[i] - static_cast<double>(rows.values[i])) / static_cast<double>(exact.size());
  }
  CHECK(mean == Approx(0.5).margin(0.01));
  std::vector<double> block(rows.values.begin() + 5 * 700, rows.values.begin() + 5 * 710);
  add_dequantization_noise(&block, 5, 7, 700);
  CHECK(std::equal(block.begin(), block.end(), exact.begin() + 5 * 700));
}

TEST_CASE("rows that are decoded are rounded down into 0 to 255", "[dequantization]") {
  const std::vector<double> rows = {-0.0002, 0, 0.999, 1, 254.5, 255.999, 256.0002, 1e9};
  const Array whole = eight_bit_array(rows, {2, 4});
  CHECK(whole.type == ElementType::uint8);
  CHECK(whole.to<int>() == std::vector<int>{0, 0, 0, 1, 254, 255, 255, 255});
}

TEST_CASE("8-bit rows are standardized as layers see them", "[dequantization]") {
  const double logit = 0.01;
  const TrainingRows rows = whole_rows(9000, 2, 3);  // more than a block of them
  FlowSpec spec = eight_bit(2, logit);
  spec.context = 3;
  Workers workers(2);
  const Standardization standard = standardization_of(rows, spec, &workers);
  std::vector<double> v;
  for (std::size_t i = 0; i < rows.count(); ++i)
    for (std::size_t j = 0; j < 2; ++j)
      v.push_back(static_cast<double>(rows.values[i * rows.columns + j]));
  add_dequantization_noise(&v, 2, 0, 0);
  for (double& value : v) {
    const double s = logit + (1 - 2 * logit) * value / 256;
    value = std::log(s / (1 - s));
  }
  const ColumnMoments moments = column_moments(v, 2);
  for (std::size_t j = 0; j < 2; ++j) {
    CHECK(standard.shift[j] == Approx(moments.mean[j]).epsilon(1e-9));
    CHECK(standard.scale[j] == Approx(std::sqrt(moments.variance[j])).epsilon(1e-9));
  }
  for (std::size_t j = 0; j < 3; ++j)
    CHECK(standard.context_shift[j] == Approx(1 / 3.0).epsilon(1e-6));
}

TEST_CASE("layers that start from data see 8-bit rows scaled", "[dequantization]") {
  FlowSpec spec = eight_bit(3, 0.01, "glow");
  spec.layers = 1;
  Flow flow(spec, {{0.1, 0.2, 0.3}, {2, 2, 2}, {}, {}}, 1);
  const TrainingRows rows = whole_rows(500, 3);
  Workers workers(1);
  flow.update_statistics(rows, RowStatistics::at_start, &workers, &flow.parameters().values);
  std::vector<double> v(rows.values.begin(), rows.values.end());
  add_dequantization_noise(&v, 3, 0, 0);
  // After activation normalisation a rotation: the noise has mean 0 and, in sum, variance 3.
  const auto z = run(
      flow, [&](Scope scope, Expr x) { return std::vector<Expr>{flow.encode(scope, x).value}; },
      v)[0];
  const ColumnMoments moments = column_moments(z, 3);
  for (const double mean : moments.mean) CHECK(mean == Approx(0).margin(1e-6));
  CHECK(std::accumulate(moments.variance.begin(), moments.variance.end(), 0.0) ==
        Approx(3).epsilon(1e-4));
}

TEST_CASE("the loss is that of rows with the noise of row and step, and so is its gradient",
          "[dequantization]") {
  const TrainingRows rows = whole_rows(24, 3, 2);
  FlowSpec spec = eight_bit(3, 0.01);
  spec.context = spec.classes = 2;
  Flow flow(spec, {{0, 0, 0}, {2, 2, 2}, {}, {}}, 1);
  shake(&flow, 0.1);
  const NegativeLogLikelihood objective(&flow);
  LossProgram<double> program(objective, flow.parameters(), rows.count(), rows.columns, true, 1);
  std::vector<std::uint64_t> index(rows.count());
  std::iota(index.begin(), index.end(), 0u);
  const Random normal(5, Stream::loss_noise), uniform(5, Stream::loss_level);
  const std::vector<double> at = flow.parameters().values;
  const auto loss = [&](const std::vector<double>& values, std::uint32_t step,
                        std::vector<double>* gradient) {
    program.bind_parameters(values.data());
    gradient->resize(values.size());
    return program.run(0, rows, index.data(), index.size(), {normal, uniform, 40, step},
                       gradient->data());
  };
  std::vector<double> gradient, unused, direction(at.size());
  const double first = loss(at, 3, &gradient);
  CHECK(first == loss(at, 3, &unused));
  CHECK(first != loss(at, 4, &unused));
  std::vector<double> noise(24 * 3), noisy;
  uniform.fill_uniform(noise.data(), 24, 3, 40, 3);
  for (std::size_t i = 0; i < 24; ++i)
    for (std::size_t j = 0; j < 5; ++j)
      noisy.push_back(static_cast<double>(rows.values[i * 5 + j]) + (j < 3 ? noise[i * 3 + j] : 0));
  Workers workers(1);
  RowEvaluator<double> density(
      [&](Scope scope, Expr x) { return std::vector<Expr>{flow.log_density(scope, x)}; },
      flow.parameters(), 5, &workers);
  const std::vector<double> logs = density.run(noisy.data(), 24)[0];
  CHECK(first == Approx(-std::accumulate(logs.begin(), logs.end(), 0.0)).epsilon(1e-12));
  Random(1, Stream::evaluation).fill_normal(direction.data(), 1, at.size(), 0);
  const auto moved = [&](double distance) {
    std::vector<double> values = at;
    for (std::size_t i = 0; i < at.size(); ++i) values[i] += distance * direction[i];
    return loss(values, 3, &unused);
  };
  const double h = 1e-6;
  CHECK(std::inner_product(gradient.begin(), gradient.end(), direction.begin(), 0.0) ==
        Approx((moved(h) - moved(-h)) / (2 * h)).epsilon(1e-5));
}

TEST_CASE("a flow of 8-bit data comes back from its file", "[dequantization]") {
  const auto written = [](const FlowSpec& spec, const std::string& word, double logit) {
    Flow flow(spec, {{0.4, 0.1}, {1.7, 2}, {}, {}}, 1);
    const TemporaryFile file;
    {
      ContainerWriter writer(file.path, "model", {});
      write_flow(&writer, flow, {2}, ElementType::float64);
      if (!word.empty()) writer.set_text("/model", "dequantize", word);
      if (logit > 0) writer.set_number("/model", "logit", logit);
      writer.commit();
    }
    return read_flow(ContainerReader(file.path));
  };
  for (const double logit : {no_logit, 1e-6}) {
    const FlowSpec spec = eight_bit(2, logit);
    const auto back = written(spec, "", 0);
    CHECK(back->spec().dequantization == "uniform");
    CHECK(back->spec().logit == logit);
    const std::vector<double> v = {0.5, 255.5, 100, 3};
    CHECK(log_densities(*back, v) == log_densities(Flow(spec, back->standardization(), 1), v));
  }
  CHECK_THROWS_AS(written(eight_bit(2, 0.01), "sideways", 0), Error);
  CHECK_THROWS_AS(written(eight_bit(2, 0.01), "", 0.5), Error);
  FlowSpec plain = eight_bit(2, no_logit);
  plain.dequantization = "none";
  CHECK_FALSE(written(plain, "", 0)->spec().eight_bit());
}
