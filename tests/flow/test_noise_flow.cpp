// Variational dequantization: the noise's map against itself in the other direction and a numeric
// Jacobian, its density against 1, its estimates against those of uniform noise.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "flow/dequantization.hpp"
#include "flow/dequantizer.hpp"
#include "flow/likelihood.hpp"
#include "flow_checks.hpp"
#include "nn/loss_program.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr double unshaken = 0;

FlowSpec dense_spec(int dimension, int context = 0) {
  FlowSpec spec;
  spec.flow = "maf";
  spec.dimension = dimension;
  spec.layers = 2;
  spec.hidden = 8;
  spec.dequantization = "variational";
  spec.logit = 0.01;
  spec.context = spec.classes = context;
  if (context > 0) spec.context_path = "/label";
  return spec;
}

// Of odd sides where `height` is odd, which Real NVP takes.
FlowSpec image_spec(int height, int width, int channels, int context = 0) {
  FlowSpec spec = dense_spec(height * width * channels, context);
  spec.flow = height % 2 == 1 ? "realnvp" : "glow";
  spec.image = {height, width, 6, 1, 1};
  return spec;
}

std::vector<FlowSpec> specs() {
  return {dense_spec(2),          dense_spec(5),       dense_spec(4, 3),      image_spec(4, 4, 2),
          image_spec(4, 6, 1, 3), image_spec(3, 4, 2), image_spec(3, 3, 1, 2)};
}

std::string name_of(const FlowSpec& spec) {
  return std::to_string(spec.image.height) + " x " + std::to_string(spec.image.width) + ", " +
         std::to_string(spec.dimension) + " numbers, context " + std::to_string(spec.context);
}

Flow made(const FlowSpec& spec, double shaken = 0.3) {
  Standardization standard;
  standard.shift.assign(std::size_t(spec.dimension), 0.2);
  standard.scale.assign(std::size_t(spec.dimension), 3);
  Flow flow(spec, standard, 1);
  shake(&flow.parameters(), shaken);
  return flow;
}

std::vector<double> uniforms(std::size_t count) {
  std::vector<double> e(count);
  Random(4, Stream::evaluation).fill_uniform(e.data(), 1, count, 0);
  return e;
}

// Rows of whole numbers, and their contexts: a class in turn.
template <class T>
struct Whole {
  std::vector<T> x, context;
};
template <class T = double>
Whole<T> whole_rows(const FlowSpec& spec, std::size_t rows) {
  Whole<T> whole;
  const Random random(3, Stream::data);
  for (std::size_t r = 0; r < rows; ++r) {
    for (int j = 0; j < spec.dimension; ++j)
      whole.x.push_back(T(std::min<std::uint64_t>(255, random.below(300, r, 0, unsigned(j)))));
    for (int k = 0; k < spec.context; ++k)
      whole.context.push_back(T(int(r % std::size_t(spec.context)) == k));
  }
  return whole;
}

// u and -log q of rows [e | x | context].
RowFunction noise_of(const Flow& flow) {
  const int d = flow.dimension();
  return flow_function(flow, 2 * d, [&flow, d](Scope s, Expr row, const Conditions& c) {
    const Mapped u = flow.noise(s, slice_columns(row, d, d), slice_columns(row, 0, d), c);
    return std::vector<Expr>{u.value, u.log_det};
  });
}

std::vector<double> noise_rows(const FlowSpec& spec, const std::vector<double>& e,
                               const Whole<double>& whole) {
  const std::size_t d = std::size_t(spec.dimension);
  return concatenate_columns(concatenate_columns(e, d, whole.x, d), 2 * d, whole.context,
                             std::size_t(spec.context));
}

// e and log q of u, at rows [u | seen | context].
RowFunction back(const NoiseFlow& noise, const FlowSpec& spec, bool decodes = false) {
  return [&noise, spec, decodes](Scope scope, Expr row) {
    const int d = spec.dimension;
    Conditions c;
    if (spec.context > 0) c.context = slice_columns(row, 2 * d, spec.context);
    const Expr first = slice_columns(row, 0, d), seen = slice_columns(row, d, d);
    const Mapped m = decodes ? noise.decode(scope / "noise", first, seen, c)
                             : noise.encode(scope / "noise", first, seen, c);
    return std::vector<Expr>{m.value, m.log_det};
  };
}

std::vector<std::vector<double>> evaluate(const Flow& flow, const RowFunction& function,
                                          const std::vector<double>& rows, std::size_t columns) {
  return evaluate_rows(function, flow.parameters(), int(columns), rows, 1, 64);
}

std::vector<double> log_densities(const Flow& flow, const std::vector<double>& v) {
  return evaluate_rows(flow, density(flow), v)[0];
}

}  // namespace

TEST_CASE("variational noise starts as uniform", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const std::size_t d = std::size_t(spec.dimension), n = 50;
    const Flow flow = made(spec, unshaken);
    const std::vector<double> e = uniforms(n * d);
    const std::vector<double> rows = noise_rows(spec, e, whole_rows(spec, n));
    const auto u = evaluate(flow, noise_of(flow), rows, rows.size() / n);
    for (std::size_t i = 0; i < e.size(); ++i) CHECK(u[0][i] == Approx(e[i]).margin(1e-6));
    for (std::size_t r = 0; r < n; ++r) CHECK(u[1][r] == Approx(0).margin(1e-5));
  }
}

TEST_CASE("the map of the noise is inverted, and has its Jacobian's determinant", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const std::size_t d = std::size_t(spec.dimension), c = std::size_t(spec.context), n = 3;
    const Flow flow = made(spec);
    const NoiseFlow noise(spec);
    const std::vector<double> e = uniforms(n * d), seen = normals<double>(n, spec.dimension, 1);
    const std::vector<double> context = whole_rows(spec, n).context;
    const auto rows_of = [&](const std::vector<double>& first) {
      return concatenate_columns(concatenate_columns(first, d, seen, d), 2 * d, context, c);
    };
    const auto u = evaluate(flow, back(noise, spec, true), rows_of(e), 2 * d + c);
    const auto again = evaluate(flow, back(noise, spec), rows_of(u[0]), 2 * d + c);
    for (std::size_t i = 0; i < e.size(); ++i) {
      CHECK(again[0][i] == Approx(e[i]).epsilon(1e-9));
      CHECK(std::abs(u[0][i] - e[i]) > 1e-5);  // it is no identity
    }
    for (std::size_t r = 0; r < n; ++r) {
      CHECK(u[1][r] + again[1][r] == Approx(0).margin(1e-9));
      const std::vector<double> all = rows_of(e);
      const std::vector<double> row(all.begin() + long(r * (2 * d + c)),
                                    all.begin() + long((r + 1) * (2 * d + c)));
      CHECK(u[1][r] == Approx(numeric_log_det(back(noise, spec, true), flow.parameters(), row))
                           .epsilon(1e-7)
                           .margin(1e-7));
    }
  }
}

TEST_CASE("the noise sees the row and its context", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const Flow flow = made(spec);
    const std::vector<double> e = uniforms(std::size_t(spec.dimension));
    Whole<double> whole = whole_rows(spec, 1);
    const auto u = [&] {
      const std::vector<double> row = noise_rows(spec, e, whole);
      return evaluate(flow, noise_of(flow), row, row.size())[0];
    };
    const std::vector<double> first = u();
    if (spec.context > 0) {
      std::swap(whole.context[0], whole.context[1]);
      CHECK(u() != first);
      std::swap(whole.context[0], whole.context[1]);
    }
    whole.x[0] = whole.x[0] > 100 ? 0 : 200;
    CHECK(u() != first);
  }
}

TEST_CASE("the density of the noise integrates to one", "[noise-flow]") {
  const FlowSpec spec = dense_spec(2);
  const Flow flow = made(spec, 0.5);
  const NoiseFlow noise(spec);
  for (const double seen : {-1.5, 0.0, 2.0}) {
    // The midpoint rule in s with u = s^2 (3 - 2 s), which is flat at the edges, where q may rise.
    constexpr std::size_t points = 300;
    std::vector<double> rows, weight;
    const auto u = [](double s) { return s * s * (3 - 2 * s); };
    for (std::size_t i = 0; i < points; ++i)
      for (std::size_t j = 0; j < points; ++j) {
        const double a = (double(i) + 0.5) / points, b = (double(j) + 0.5) / points;
        rows.insert(rows.end(), {u(a), u(b), seen, -seen / 2});
        weight.push_back(36 * a * (1 - a) * b * (1 - b) / (points * points));
      }
    const std::vector<double> log_q = evaluate(flow, back(noise, spec), rows, 4)[1];
    double sum = 0, largest = 0;
    for (std::size_t i = 0; i < log_q.size(); ++i) {
      sum += weight[i] * std::exp(log_q[i]);
      largest = std::max(largest, std::abs(log_q[i]));
    }
    CHECK(sum == Approx(1).margin(1e-3));
    CHECK(largest > 0.3);  // it is no uniform one
  }
}

TEST_CASE("weighted variational noise estimates the probability that uniform noise does",
          "[noise-flow]") {
  const FlowSpec spec = dense_spec(2);
  const Flow flow = made(spec, 0.5);
  Workers workers(1);
  Dequantizer<double> dequantizer(flow, flow.parameters(), &workers);
  for (const auto& x : std::vector<std::vector<double>>{{0, 255}, {7, 100}, {128, 3}}) {
    constexpr std::size_t points = 200, draws = 20000;
    std::vector<double> grid;
    for (std::size_t i = 0; i < points * points; ++i) {
      grid.push_back(x[0] + (double(i / points) + 0.5) / points);
      grid.push_back(x[1] + (double(i % points) + 0.5) / points);
    }
    double probability = 0;
    for (const double log_p : log_densities(flow, grid))
      probability += std::exp(log_p) / (points * points);
    std::vector<double> v;
    for (std::size_t k = 0; k < draws; ++k) v.insert(v.end(), x.begin(), x.end());
    const std::vector<double> log_q = dequantizer.add_noise(&v, {}, {11, 0, 0});
    const std::vector<double> log_p = log_densities(flow, v);
    double mean = 0, square = 0, bound = 0;
    for (std::size_t k = 0; k < draws; ++k) {
      const double weight = std::exp(log_p[k] - log_q[k]) / probability;
      mean += weight / draws;
      square += weight * weight / draws;
      bound += (log_p[k] - log_q[k]) / draws;
    }
    const double error = std::sqrt((square - mean * mean) / draws);
    CHECK(error > 1e-4);  // there is something to estimate
    CHECK(error < 0.05);
    CHECK(std::abs(mean - 1) < 5 * error + 1e-4);
    CHECK(bound < std::log(probability));
  }
}

TEST_CASE("a row's noise and its density depend on the row alone", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const std::size_t d = std::size_t(spec.dimension), c = std::size_t(spec.context), n = 300;
    const Flow flow = made(spec);
    const Whole<float> whole = whole_rows<float>(spec, n);
    Workers one(1), two(2);
    std::vector<float> x = whole.x, again = whole.x, other = whole.x;
    const auto log_q =
        Dequantizer<float>(flow, flow.parameters(), &one).add_noise(&x, whole.context, {7, 100});
    CHECK(Dequantizer<float>(flow, flow.parameters(), &two)
              .add_noise(&again, whole.context, {7, 100}) == log_q);
    CHECK(again == x);
    Dequantizer<float> single(flow, flow.parameters(), &one);
    (void)single.add_noise(&other, whole.context, {7, 100, 1});
    for (const std::size_t r : {0UL, 133UL, 299UL}) {
      std::vector<float> row(whole.x.begin() + long(r * d), whole.x.begin() + long((r + 1) * d));
      const std::vector<float> context(whole.context.begin() + long(r * c),
                                       whole.context.begin() + long((r + 1) * c));
      CHECK(single.add_noise(&row, context, {7, 100 + r})[0] == log_q[r]);
      CHECK(std::equal(row.begin(), row.end(), x.begin() + long(r * d)));
    }
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::floor(x[i]) == whole.x[i]);
    CHECK(x != other);
  }
}

TEST_CASE("noise of the ends of the unit interval is finite in single precision", "[noise-flow]") {
  const FlowSpec spec = dense_spec(2);
  const Flow flow = made(spec, 0.5);
  const std::vector<float> rows = {0, 1, 3, 250, 1, 0, 255, 0, 1e-10f, 1 - 6e-8f, 8, 9};
  const auto u = evaluate_rows(noise_of(flow), flow.parameters(), 4, rows);
  for (const float value : u[0]) CHECK((value >= 0 && value <= 1));
  for (const float log_det : u[1]) CHECK(std::isfinite(log_det));
}

TEST_CASE("the loss is minus the bound, and its gradient is that of differences", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const std::size_t d = std::size_t(spec.dimension), c = std::size_t(spec.context), n = 6;
    const Flow flow = made(spec, 0.2);
    const Whole<double> whole = whole_rows(spec, n);
    const std::vector<double> all = concatenate_columns(whole.x, d, whole.context, c);
    TrainingRows rows{{all.begin(), all.end()}, d + c};
    const NegativeLogLikelihood objective(&flow);
    LossProgram<double> program(objective, flow.parameters(), n, rows.columns, true, 1);
    std::vector<std::uint64_t> index(n);
    std::iota(index.begin(), index.end(), 0u);
    const Random normal(5, Stream::loss_noise), uniform(5, Stream::dequantize);
    const auto loss = [&](const std::vector<double>& values, std::vector<double>* gradient) {
      program.bind_parameters(values.data());
      gradient->resize(values.size());
      return program.run(0, rows, index.data(), n, {normal, uniform, 40, 3}, gradient->data());
    };
    const std::vector<double> at = flow.parameters().values;
    std::vector<double> gradient, unused, direction(at.size());
    const double value = loss(at, &gradient);
    std::vector<double> v = whole.x;
    Workers workers(1);
    const std::vector<double> log_q = Dequantizer<double>(flow, flow.parameters(), &workers)
                                          .add_noise(&v, whole.context, {5, 40, 3});
    const std::vector<double> log_p =
        evaluate_rows(flow, density(flow), concatenate_columns(v, d, whole.context, c), 1, 6)[0];
    double bound = 0;
    for (std::size_t r = 0; r < n; ++r) bound += log_p[r] - log_q[r];
    CHECK(value == Approx(-bound).epsilon(1e-10));
    for (std::uint64_t k = 0; k < 2; ++k) {
      Random(20 + k, Stream::evaluation).fill_normal(direction.data(), 1, direction.size(), 0);
      const double h = 1e-7;  // below the distance of kinks
      double differences = 0;
      for (const double step : {-2.0, -1.0, 1.0, 2.0}) {
        std::vector<double> moved = at;
        for (std::size_t i = 0; i < at.size(); ++i) moved[i] += step * h * direction[i];
        const double share = std::abs(step) == 1 ? 8 * step : -step / 2;
        differences += share * loss(moved, &unused) / (12 * h);
      }
      CHECK(std::inner_product(gradient.begin(), gradient.end(), direction.begin(), 0.0) ==
            Approx(differences).epsilon(1e-5));
    }
    const ParameterRange noise = flow.parameters().below("noise");
    double size = 0;
    for (std::size_t i = 0; i < noise.size; ++i) size += std::abs(gradient[noise.offset + i]);
    CHECK(size > 0);
  }
}

TEST_CASE("a flow with variational noise comes back from its file", "[noise-flow]") {
  for (const FlowSpec& spec : specs()) {
    INFO(name_of(spec));
    const Flow flow = made(spec);
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_flow(&writer, flow, {std::size_t(spec.dimension)}, ElementType::float64);
    writer.commit();
    const std::unique_ptr<Flow> back = read_flow(ContainerReader(file.path));
    CHECK(back->spec().variational());
    CHECK(back->parameters().values == flow.parameters().values);
    const Whole<double> whole = whole_rows(spec, 3);
    std::vector<double> x = whole.x, y = whole.x;
    Workers workers(1);
    const auto log_q =
        Dequantizer<double>(flow, flow.parameters(), &workers).add_noise(&x, whole.context, {1});
    CHECK(Dequantizer<double>(*back, back->parameters(), &workers)
              .add_noise(&y, whole.context, {1}) == log_q);
    CHECK(x == y);
  }
}
