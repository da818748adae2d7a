#include "flow/flow.hpp"

#include <algorithm>
#include <cmath>

#include "base/precision.hpp"
#include "density/row_evaluator.hpp"
#include "flow/dequantization.hpp"
#include "flow/dequantizer.hpp"
#include "flow/image_flow.hpp"
#include "flow/normalization.hpp"

namespace pushforward {
namespace {

// Fewer images: each gives a channel as many numbers as it has pixels.
constexpr std::size_t max_statistics_rows = 20000, max_statistics_images = 1024;
constexpr std::size_t lane_layer_size = 1 << 18;  // numbers of a layer for all rows of a lane

Expr row_of(Graph& graph, const std::vector<double>& values) {
  return graph.constant(1, static_cast<int>(values.size()), values);
}

Expr standardized(Expr x, const std::vector<double>& shift, const std::vector<double>& scale,
                  const std::vector<double>& origin) {
  if (scale.empty()) return x;
  return (x - row_of(x.graph(), less(shift, origin))) / row_of(x.graph(), scale);
}

double sum_of_logs(const std::vector<double>& values) {
  double sum_of = 0;
  for (const double v : values) sum_of += std::log(v);
  return sum_of;
}

// Adds batch normalisation between the steps.
std::vector<FlowLayer> with_batch_norm(std::vector<FlowLayer> layers) {
  std::vector<FlowLayer> all;
  const auto step = [](const std::string& name) { return name.substr(0, name.find('/')); };
  for (FlowLayer& layer : layers) {
    if (!all.empty() && step(all.back().name) != step(layer.name))
      all.push_back({step(all.back().name) + "/batch_norm", batch_norm()});
    all.push_back(std::move(layer));
  }
  return all;
}

}  // namespace

Flow::Flow(FlowSpec spec, Standardization standardization, std::optional<std::uint64_t> seed,
           std::size_t max_parameters)
    : spec_(std::move(spec)), standardization_(std::move(standardization)) {
  const FlowKind& kind = flow_kind(spec_.flow);
  const std::uint64_t seed_or_any = seed.value_or(0);
  spec_.start_seed = seed;
  if (spec_.orders.empty())
    spec_.orders =
        column_orders(spec_.order.value_or(kind.order), order_lengths(spec_), seed_or_any);
  layers_ = spec_.convolutional() ? kind.images.layers(spec_) : kind.layers(spec_);
  if (spec_.batch_norm) layers_ = with_batch_norm(std::move(layers_));
  base_ = make_base(spec_);
  if (spec_.variational()) noise_ = std::make_unique<NoiseFlow>(spec_);
  table_.most = max_parameters;
  Graph graph;
  Binding binding(&graph, &table_, seed_or_any);
  Conditions c;
  if (spec_.context > 0) c.context = graph.input("context", 1, spec_.context);
  const Scope scope(&binding);
  const Expr x = graph.input("x", 1, spec_.dimension);
  (void)log_density(scope, x, c);
  if (spec_.eight_bit()) (void)noise(scope, x, graph.input("uniforms", 1, spec_.dimension), c);
}

std::size_t Flow::lane_rows(std::size_t most) const {
  if (!spec_.convolutional()) return most;
  return std::clamp(lane_layer_size / largest_image_layer(spec_), std::size_t{1}, most);
}

Conditions Flow::prepared(Conditions c) const {
  if (c.context.valid())
    c.context = standardized(c.context, standardization_.context_shift,
                             standardization_.context_scale, standardization_.context_origin);
  return c;
}

Mapped Flow::preprocess(Expr x) const {
  Expr log_det = broadcast(x.graph().constant(-sum_of_logs(standardization_.scale)), x.rows(), 1);
  if (spec_.eight_bit()) {
    const Mapped scaled = encode_eight_bit(x, spec_.logit);
    x = scaled.value;
    log_det = log_det + scaled.log_det;
  }
  return {standardized(x, standardization_.shift, standardization_.scale, standardization_.origin),
          log_det};
}

Mapped Flow::encode(Scope scope, Expr x, const Conditions& given) const {
  const Conditions c = prepared(given);
  auto [value, log_det] = preprocess(x);
  for (const FlowLayer& layer : layers_) {
    const Mapped next = layer.map->encode(scope / layer.name, value, c);
    value = next.value;
    log_det = log_det + next.log_det;
  }
  return {value, log_det};
}

Mapped Flow::decode(Scope scope, Expr z, const Conditions& given) const {
  const Conditions c = prepared(given);
  Graph& graph = scope.graph();
  Expr log_det = broadcast(graph.constant(sum_of_logs(standardization_.scale)), z.rows(), 1);
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const Mapped next = layers_[i].map->decode(scope / layers_[i].name, z, c);
    z = next.value;
    log_det = log_det + next.log_det;
  }
  if (!standardization_.scale.empty())
    z = z * row_of(graph, standardization_.scale) +
        row_of(graph, less(standardization_.shift, standardization_.origin));
  if (spec_.eight_bit()) {
    const Mapped data = decode_eight_bit(z, spec_.logit);
    z = data.value;
    log_det = log_det + data.log_det;
  }
  return {z, log_det};
}

Mapped Flow::noise(Scope scope, Expr x, Expr uniforms, const Conditions& c) const {
  if (noise_ == nullptr) return {uniforms, no_log_det(x)};
  // Its networks see the middle of [x, x + 1), preprocessed as for the layers.
  return noise_->decode(scope / "noise", uniforms, preprocess(x + 0.5).value, prepared(c));
}

Expr Flow::log_density(Scope scope, Expr x, const Conditions& c) const {
  const Mapped noise = encode(scope, x, c);
  return base_->log_density(base_scope(scope), noise.value) + noise.log_det;
}

Expr Flow::log_density(Scope scope, Expr x) const {
  const ConditionalFunction density = [this](Scope at, Expr row, const Conditions& c) {
    return std::vector<Expr>{log_density(at, row, c)};
  };
  return flow_function(*this, spec_.dimension, density)(scope, x)[0];
}

template <class Numbers>
ColumnMoments column_moments(const Numbers& rows, std::size_t columns) {
  const double count = static_cast<double>(rows.size() / columns);
  ColumnMoments m{std::vector<double>(columns, 0.0), std::vector<double>(columns, 0.0)};
  for (std::size_t i = 0; i < rows.size(); ++i) m.mean[i % columns] += static_cast<double>(rows[i]);
  for (double& mean : m.mean) mean /= count;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double d = static_cast<double>(rows[i]) - m.mean[i % columns];
    m.variance[i % columns] += d * d;
  }
  for (double& variance : m.variance) variance /= count;
  return m;
}

template ColumnMoments column_moments(const decltype(TrainingRows::values)&, std::size_t);
template ColumnMoments column_moments(const std::vector<double>&, std::size_t);

RowFunction flow_function(const Flow& flow, int columns, const ConditionalFunction& function) {
  const int context = flow.spec().context;
  return [=](Scope scope, Expr row) {
    Conditions c;
    if (context > 0) c.context = slice_columns(row, columns, context);
    return function(scope, slice_columns(row, 0, columns), c);
  };
}

Flow::Drawn Flow::draw(Scope scope, Expr numbers, double temperature, const Conditions& c) const {
  const Expr z = draw_from_numbers(*base_, base_scope(scope), numbers, temperature);
  const Mapped x = decode(scope, z, c);
  return {x.value, base_->log_density(base_scope(scope), z) - x.log_det};
}

bool Flow::has_statistics(RowStatistics kind) const {
  return std::any_of(layers_.begin(), layers_.end(),
                     [&](const FlowLayer& layer) { return layer.map->statistics() == kind; });
}

void Flow::update_statistics(const TrainingRows& rows, RowStatistics kind, Workers* workers,
                             std::vector<double>* values) const {
  const std::size_t d = static_cast<std::size_t>(spec_.dimension), columns = rows.columns;
  const std::size_t count =
      std::min(rows.count(), spec_.convolutional() ? max_statistics_images : max_statistics_rows);
  std::vector<double> x(count * d), context(count * (columns - d));
  for (std::size_t i = 0; i < count; ++i) {
    const float* row = rows.values.data() + i * rows.count() / count * columns;
    std::copy_n(row, d, x.data() + i * d);
    std::copy_n(row + d, columns - d, context.data() + i * (columns - d));
  }
  ParameterTable table = table_;
  table.values = *values;
  if (spec_.eight_bit())
    (void)Dequantizer<double>(*this, table, workers).add_noise(&x, context, {0, 0, 0});
  // Takes x, the rows that enter stage `from`, to stage `to`. Stage 0 is the preprocessing, stage
  // i + 1 is layer i.
  const auto advance = [&](std::size_t from, std::size_t to) {
    const std::vector<double> both = hstack(x, d, context, columns - d);
    const ConditionalFunction layers = [&](Scope scope, Expr at, const Conditions& c) {
      for (std::size_t i = from; i < to; ++i)
        at = i == 0
                 ? preprocess(at).value
                 : layers_[i - 1].map->encode(scope / layers_[i - 1].name, at, prepared(c)).value;
      return std::vector<Expr>{at};
    };
    RowEvaluator<double> evaluator(flow_function(*this, spec_.dimension, layers), table,
                                   static_cast<int>(columns), workers,
                                   lane_rows(RowEvaluator<double>::max_lane));
    x = evaluator.run(both.data(), count)[0];
  };
  std::size_t from = 0;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const RowStatistics of_layer = layers_[i].map->statistics();
    if (of_layer != RowStatistics::always && of_layer != kind) continue;
    if (i + 1 > from) advance(from, i + 1);
    from = i + 1;
    const auto [mean, variance] = column_moments(x, d);
    layers_[i].map->set_statistics(layers_[i].name, mean, variance, &table);
  }
  *values = table.values;
}

}  // namespace pushforward
