// What training needs of a flow: gradients, statistics of data, conditions; and what files keep.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "flow/draw.hpp"
#include "flow/labelled_flow.hpp"
#include "flow/likelihood.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

FlowSpec small(const std::string& kind, int dimension) {
  FlowSpec spec;
  spec.flow = kind;
  spec.dimension = dimension;
  spec.layers = 3;
  spec.hidden = 10;
  spec.bins = 4;
  spec.base = flow_kind(kind).base;
  return spec;
}

void shake(Flow* flow, double size) {
  std::vector<double> noise(flow->parameters().size());
  Random(9, Stream::parameters).fill_normal(noise.data(), 1, noise.size(), 0);
  for (std::size_t i = 0; i < noise.size(); ++i) flow->parameters().values[i] += size * noise[i];
}

TrainingRows rows_of(std::size_t count, std::size_t columns, std::size_t labels) {
  TrainingRows rows;
  rows.columns = columns + labels;
  std::vector<float> x(count * columns);
  Random(2, Stream::data).fill_normal(x.data(), count, columns, 0);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < columns; ++j)
      rows.values.push_back(1.5f * x[i * columns + j] + 0.5f * float(j));
    for (std::size_t j = 0; j < labels; ++j) rows.values.push_back(i % labels == j ? 1.f : 0.f);
  }
  return rows;
}

// The loss of all rows (at most a lane) and its gradient under given parameters.
double loss_of(const Flow& flow, const TrainingRows& rows, const std::vector<double>& values,
               std::vector<double>* gradient) {
  const NegativeLogLikelihood objective(&flow);
  LossProgram<double> program(objective, flow.parameters(), rows.count(), rows.columns, true, 1);
  program.bind_parameters(values.data());
  std::vector<std::uint64_t> index(rows.count());
  std::iota(index.begin(), index.end(), 0u);
  gradient->resize(values.size());
  return program.run(0, rows, index.data(), index.size(),
                     {Random(0, Stream::loss_noise), Random(0, Stream::loss_level), 0, 0},
                     gradient->data());
}

// The gradient along a random direction of all parameters against a central difference.
void check_gradient(const Flow& flow, const TrainingRows& rows) {
  const std::vector<double>& at = flow.parameters().values;
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::vector<double> direction(at.size()), gradient, unused;
    Random(seed, Stream::evaluation).fill_normal(direction.data(), 1, at.size(), 0);
    loss_of(flow, rows, at, &gradient);
    const double slope =
        std::inner_product(gradient.begin(), gradient.end(), direction.begin(), 0.0);
    const double h = 1e-6;  // small: networks of ReLU have kinks
    const auto moved = [&](double step) {
      std::vector<double> values = at;
      for (std::size_t i = 0; i < at.size(); ++i) values[i] += step * direction[i];
      return loss_of(flow, rows, values, &unused);
    };
    const double difference =
        (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
    CHECK(slope == Approx(difference).epsilon(2e-6).margin(2e-6));
  }
}

std::vector<double> log_densities(const Flow& flow, const std::vector<double>& rows) {
  Workers workers(1);
  const int columns = flow.dimension() + flow.context_columns();
  RowEvaluator<double> evaluator(
      [&](Scope scope, Expr x) { return std::vector<Expr>{flow.log_density(scope, x)}; },
      flow.parameters(), columns, &workers);
  return evaluator.run(rows.data(), rows.size() / static_cast<std::size_t>(columns))[0];
}

std::unique_ptr<Flow> through_a_file(const Flow& flow, ElementType type) {
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_flow(&writer, flow, {static_cast<std::size_t>(flow.dimension())}, type);
  writer.commit();
  const ContainerReader reader(file.path);
  return read_flow(reader);
}

}  // namespace

TEST_CASE("gradients of the likelihood agree with differences", "[flow]") {
  for (const std::string& kind : flow_names())
    for (const bool batch_norm : {false, true}) {
      INFO(kind << (batch_norm ? " with batch normalisation" : ""));
      FlowSpec spec = small(kind, 4);
      spec.batch_norm = batch_norm;
      Flow flow(spec, {}, 1);
      shake(&flow, 0.1);
      check_gradient(flow, rows_of(24, 4, 0));
    }
}

TEST_CASE("gradients of learned bases and conditional flows agree with differences", "[flow]") {
  for (const std::string& base : base_names()) {
    INFO(base);
    FlowSpec spec = small("realnvp", 3);
    spec.base = base;
    Flow flow(spec, {}, 1);
    shake(&flow, 0.1);
    check_gradient(flow, rows_of(24, 3, 0));
  }
  for (const FlowKind& kind : flow_kinds()) {
    if (!kind.takes_context) continue;
    INFO(kind.name);
    FlowSpec spec = small(kind.name, 3);
    spec.context = spec.classes = 2;
    Flow flow(spec, {}, 1);
    shake(&flow, 0.1);
    check_gradient(flow, rows_of(24, 3, 2));
  }
}

TEST_CASE("scores of flows agree with differences", "[flow]") {
  for (const std::string& kind : flow_names()) {
    INFO(kind);
    Flow flow(small(kind, 3), {}, 1);
    shake(&flow, 0.15);
    Workers workers(1);
    RowEvaluator<double> evaluator(
        [&](Scope scope, Expr x) {
          return std::vector<Expr>{gradient(flow.log_density(scope, x), x)};
        },
        flow.parameters(), 3, &workers);
    const TrainingRows rows = rows_of(8, 3, 0);
    const std::vector<double> x(rows.values.begin(), rows.values.end());
    const std::vector<double> score = evaluator.run(x.data(), 8)[0];
    const double h = 2e-6;  // small: networks of ReLU have kinks
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::vector<double> moved;
      for (const double step : {-2.0, -1.0, 1.0, 2.0}) {
        moved.insert(moved.end(), x.begin() + long(i / 3 * 3), x.begin() + long(i / 3 * 3 + 3));
        moved[moved.size() - 3 + i % 3] += step * h;
      }
      const std::vector<double> f = log_densities(flow, moved);
      CHECK(score[i] ==
            Approx((f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)).epsilon(1e-6).margin(1e-6));
    }
  }
}

TEST_CASE("a conditional density integrates to one for every label", "[flow]") {
  for (const FlowKind& kind : flow_kinds()) {
    if (!kind.takes_context) continue;
    FlowSpec spec = small(kind.name, 2);
    spec.context = spec.classes = 2;
    Flow flow(spec, {}, 1);
    shake(&flow, 0.1);
    std::vector<double> at_middle;
    for (const int label : {0, 1}) {
      INFO(kind.name << " " << label);
      const double reach = 12, step = 0.03;
      std::vector<double> rows;
      for (double x = -reach; x < reach; x += step)
        for (double y = -reach; y < reach; y += step)
          rows.insert(rows.end(), {x, y, label == 0 ? 1.0 : 0.0, label == 1 ? 1.0 : 0.0});
      double total = 0;
      const std::vector<double> log_p = log_densities(flow, rows);
      for (const double value : log_p) total += std::exp(value) * step * step;
      CHECK(total == Approx(1).epsilon(2e-3));
      at_middle.push_back(log_p[log_p.size() / 2]);
    }
    CHECK(std::abs(at_middle[0] - at_middle[1]) > 1e-5);  // the label matters
  }
}

TEST_CASE("the label reaches the first column of an autoregressive flow", "[flow]") {
  for (const std::string kind : {"maf", "spline-ar"}) {
    FlowSpec spec = small(kind, 3);
    spec.layers = 1;
    spec.context = spec.classes = 2;
    spec.orders = {{0, 1, 2}};
    Flow flow(spec, {}, 1);
    shake(&flow, 0.3);
    Workers workers(1);
    const auto encode = [&](Scope scope, Expr x, const Conditions& c) {
      return std::vector<Expr>{flow.encode(scope, x, c).value};
    };
    RowEvaluator<double> evaluator(flow_function(flow, 3, encode), flow.parameters(), 5, &workers);
    const std::vector<double> rows = {0.2, 0.1, 0.3, 1, 0, 0.2, 0.1, 0.3, 0, 1};
    const std::vector<double> z = evaluator.run(rows.data(), 2)[0];
    CHECK(std::abs(z[0] - z[3]) > 1e-3);
  }
}

TEST_CASE("batch statistics become those of the training rows", "[flow]") {
  for (const std::string kind : {"maf", "realnvp", "glow"}) {
    INFO(kind);
    FlowSpec spec = small(kind, 3);
    spec.batch_norm = true;
    Flow flow(spec, {}, 1);
    shake(&flow, 0.1);
    // With all rows in one lane, training and evaluation see the same statistics.
    const TrainingRows rows = rows_of(200, 3, 0);
    std::vector<double> unused;
    const double training = loss_of(flow, rows, flow.parameters().values, &unused);
    Workers workers(1);
    std::vector<double> values = flow.parameters().values;
    flow.update_statistics(rows, RowStatistics::always, &workers, &values);
    flow.parameters().values = values;
    double stored = 0;
    for (const double log_p :
         log_densities(flow, std::vector<double>(rows.values.begin(), rows.values.end())))
      stored -= log_p;
    CHECK(stored == Approx(training).epsilon(1e-5));
  }
}

TEST_CASE("activation norms start from data once, and files keep them", "[flow]") {
  Flow flow(small("glow", 3), {}, 1);
  const TrainingRows rows = rows_of(500, 3, 0);
  Workers workers(1);
  std::vector<double> values = flow.parameters().values;
  flow.update_statistics(rows, RowStatistics::at_start, &workers, &values);
  CHECK(values != flow.parameters().values);
  flow.parameters().values = values;
  flow.update_statistics(rows, RowStatistics::always, &workers, &values);
  CHECK(values == flow.parameters().values);
  const std::unique_ptr<Flow> back = through_a_file(flow, ElementType::float32);
  CHECK(back->parameters().values == values);
  // The first layer's output has mean 0 and deviation 1: its shift and scale are the rows' own.
  const Parameter* shift = flow.parameters().find("layer_0/norm/shift");
  REQUIRE(shift != nullptr);
  double mean = 0;
  for (std::size_t i = 0; i < rows.count(); ++i) mean += double(rows.values[3 * i + 2]) / 500;
  CHECK(values[shift->offset + 2] == Approx(mean).epsilon(1e-6));
}

TEST_CASE("orders, conditions and preprocessing survive a file, to the bit", "[flow]") {
  for (const FlowKind& kind : flow_kinds()) {
    INFO(kind.name);
    FlowSpec spec = small(kind.name, 4);
    spec.batch_norm = true;
    spec.base = "mixture";
    spec.components = 3;
    if (kind.order == ColumnOrder::reversed)
      spec.orders =
          column_orders(ColumnOrder::random, std::vector<int>(std::size_t(spec.layers), 4), 77);
    Standardization standard;
    standard.shift = {1, 2, 3, 4};
    standard.scale = {1, 0.5, 2, 3};
    if (kind.takes_context) {
      spec.context = 2;
      spec.context_path = "/condition";
      standard.context_shift = {0.1, 0.2};
      standard.context_scale = {1.5, 2.5};
    }
    Flow flow(spec, standard, 5);
    shake(&flow, 0.1);
    const std::unique_ptr<Flow> back = through_a_file(flow, ElementType::float64);
    CHECK(back->spec().orders == flow.spec().orders);
    const TrainingRows rows = rows_of(50, 4 + std::size_t(spec.context), 0);
    const std::vector<double> x(rows.values.begin(), rows.values.end());
    CHECK(log_densities(*back, x) == log_densities(flow, x));
  }
}

TEST_CASE("orders that are no permutations are refused", "[flow]") {
  FlowSpec spec = small("maf", 2);
  spec.orders = {{0, 1}, {1, 0}, {0, 1}};
  CHECK(through_a_file(Flow(spec, {}, 1), ElementType::float64)->spec().orders == spec.orders);
  for (const std::vector<int>& order : {std::vector<int>{0, 0}, std::vector<int>{1, 1}}) {
    spec.orders[1] = order;
    CHECK_THROWS_AS(through_a_file(Flow(spec, {}, 1), ElementType::float64), Error);
  }
}

TEST_CASE("labels must be a flow's own", "[flow]") {
  const auto flow = [](int classes, int context) {
    FlowSpec spec = small("maf", 2);
    spec.classes = classes;
    spec.context = context;
    spec.context_path = "/c";
    return std::make_unique<Flow>(spec, Standardization{}, 1);
  };
  CHECK_THROWS_AS(with_label(flow(3, 3), 3, "f"), Error);
  CHECK_THROWS_AS(with_label(flow(3, 3), -1, "f"), Error);
  CHECK_THROWS_AS(with_label(flow(0, 3), 0, "f"), Error);
  CHECK_THROWS_AS(with_label(flow(0, 0), 0, "f"), Error);
  CHECK(with_label(flow(0, 0), -1, "f")->dimension() == 2);
  // The density given a label is that of rows with the label beside them.
  const auto whole = flow(3, 3);
  const auto labelled = with_label(flow(3, 3), 1, "f");
  Workers workers(1);
  RowEvaluator<double> evaluator(
      [&](Scope scope, Expr x) { return std::vector<Expr>{labelled->log_density(scope, x)}; },
      labelled->parameters(), 2, &workers);
  const std::vector<double> x = {0.3, -0.4};
  CHECK(evaluator.run(x.data(), 1)[0] == log_densities(*whole, {0.3, -0.4, 0, 1, 0}));
}

TEST_CASE("a linear MAF learns a correlated Gaussian to its entropy", "[flow]") {
  // x = A n with A lower triangular: entropy 3/2 (1 + log 2 pi) + log det A.
  TrainingRows rows;
  rows.columns = 3;
  rows.values.resize(3 * 20000);
  Random(4, Stream::data).fill_normal(rows.values.data(), 20000, 3, 0);
  for (std::size_t i = 0; i < rows.count(); ++i) {
    float* x = rows.values.data() + 3 * i;
    x[2] = 0.9f * x[0] - 0.5f * x[1] + 0.4f * x[2];
    x[1] = 0.8f * x[0] + 0.6f * x[1];
  }
  const double entropy = 1.5 * (1 + 1.83787706640934548356) + std::log(0.6 * 0.4);
  FlowSpec spec = small("maf", 3);
  spec.layers = 1;
  spec.depth = 0;
  const Flow flow(spec, {}, 1);
  TrainingOptions options;
  options.steps = 1500;
  options.learning_rate = 0.02;
  options.schedule = Schedule::cosine;
  TrainingState state;
  train<float>({NegativeLogLikelihood(&flow), flow.parameters(), rows, {}}, options, {}, &state);
  Flow trained(spec, {}, 1);
  trained.parameters().values = final_parameters(state);
  double loss = 0;
  for (const double log_p :
       log_densities(trained, std::vector<double>(rows.values.begin(), rows.values.end())))
    loss -= log_p / 20000;
  // The standard error of the mean of 20,000 rows is sqrt(1.5 / 20,000) = 0.0087.
  CHECK(std::abs(loss - entropy) < 4 * 0.0087);
}
