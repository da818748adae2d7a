#include "eval/model_features.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/precision.hpp"
#include "base/short_number.hpp"
#include "density/row_evaluator.hpp"
#include "eval/checksum.hpp"
#include "flow/dequantization.hpp"
#include "flow/flow.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 16384;

// Which hidden layer, at which level of noise.
struct HiddenUnits {
  int layer;
  double level;  // 0 for the process none, which has one level
};

HiddenUnits hidden_units(const SampledModel& model, const ModelFeatureSettings& settings) {
  const ScoreDescription& d = model.score->description();
  if (d.classes > 0 && d.label_dropout == 0)
    fail_invalid(model.name +
                 ": cannot do without a class; train it with --label-dropout to take features");
  const int layers = hidden_layers(d.network());
  if (settings.layer > layers)
    fail_invalid(model.name + ": has " + std::to_string(layers) + " hidden layers, not " +
                 std::to_string(settings.layer));
  HiddenUnits units{settings.layer == 0 ? layers : settings.layer, settings.level};
  const Process& process = d.process;
  if (!process.has_levels()) {
    if (settings.level > 0) fail_invalid(model.name + ": was trained at one noise level alone");
    return units;
  }
  const double least = process.sigma(process.least_time()),
               most = process.sigma(process.last_time());
  if (units.level == 0) units.level = least;
  if (units.level < least * (1 - 1e-9) || units.level > most * (1 + 1e-9))
    fail_invalid(model.name + ": has noise levels from " + short_number(least, 6) + " to " +
                 short_number(most, 6) + ", not " + short_number(units.level, 6));
  return units;
}

RowFunction hidden_function(const ScoreModel& model, const HiddenUnits& units) {
  return [&model, units](Scope scope, Expr x) {
    Graph& graph = scope.graph();
    const int d = model.dimension(), classes = model.description().classes;
    const Expr rows = (x - graph.constant(1, d, less(model.offset(), model.description().origin))) /
                      graph.constant(1, d, model.unit());
    const Expr context =
        classes > 0 ? graph.constant(1, classes, std::vector<double>(classes, 0.0)) : Expr();
    const Expr level = graph.constant(units.level > 0 ? units.level : 1);
    return std::vector<Expr>{model.hidden_features(scope, rows, level, units.layer, context)};
  };
}

}  // namespace

ModelFeatures::ModelFeatures(const std::string& location, const ModelFeatureSettings& settings,
                             Workers* workers) {
  const ContainerReader reader(location);
  auto model = std::make_shared<SampledModel>(read_any_model(reader));
  const ParameterTable* table = nullptr;
  RowFunction function;
  int columns = model->dimension();
  std::size_t lane = RowEvaluator<float>::most_lane;
  if (model->score != nullptr) {
    const HiddenUnits units = hidden_units(*model, settings);
    table = &model->score->parameters();
    function = hidden_function(*model->score, units);
    lane = network_lane_rows(model->score->description().network(), lane);
    description_.name = "hidden-" + std::to_string(units.layer);
    if (units.level > 0) description_.details.emplace_back("level", short_number(units.level, 6));
  } else {
    const auto* flow = dynamic_cast<const Flow*>(model->density.get());
    if (flow == nullptr)
      fail_invalid(model->name + ": a model of the family '" + model->family +
                   "' has no features; flows and score models have");
    if (settings.layer > 0 || settings.level > 0)
      fail_invalid(model->name +
                   ": a flow has its noise alone for features, without --layer and "
                   "--level");
    table = &flow->parameters();
    lane = flow->lane_rows(lane);
    function = flow_function(*flow, columns, [flow](Scope scope, Expr x, const Conditions& given) {
      return std::vector<Expr>{flow->encode(scope, x, given).value};
    });
    columns += flow->context_columns();
    description_.name = "latent";
  }
  Checksum sum;
  sum.add(std::vector<float>(table->values.begin(), table->values.end()));
  description_.details.emplace(description_.details.begin(), "weights", sum.text());
  model_ = model;
  const auto evaluator =
      std::make_shared<RowEvaluator<float>>(function, *table, columns, workers, lane);
  dimension_ = evaluator->widths()[0];
  run_ = [evaluator](const std::vector<float>& rows, std::size_t count) {
    const std::vector<float> out = std::move(evaluator->run(rows.data(), count)[0]);
    return std::vector<double>(out.begin(), out.end());
  };
}

FeatureSource ModelFeatures::of(ContainerReader container) const {
  const auto rows = std::make_shared<RowReader>(std::move(container));
  const auto columns = static_cast<std::size_t>(model_->dimension());
  rows->require_columns(columns, "the model");
  FeatureSource source;
  source.name = rows->container().name();
  source.description = description_;
  source.count = rows->rows();
  source.dimension = dimension_;
  source.block = block_rows;
  source.history = rows->container().history();
  require_two_rows(source.name, rows->info().path + " has", source.count);
  std::shared_ptr<ContextReader> context;
  if (const auto* flow = dynamic_cast<const Flow*>(model_->density.get());
      flow != nullptr && flow->context_columns() > 0)
    context = std::make_shared<ContextReader>(flow_context(*flow, *rows));
  source.read = [rows, columns, context, origin = model_->origin(), model = model_, run = run_,
                 name = source.name, dimension = dimension_](std::size_t first, std::size_t count) {
    std::vector<float> x = rows->read<float>(first, count, origin);
    if (model->eight_bit()) {
      require_eight_bit(x, *rows, first);
      for (float& number : x) number += 0.5f;  // the middle of what stands for it
    }
    if (context != nullptr)
      x = concatenate_columns(x, columns, context->read<float>(first, count), context->columns());
    std::vector<double> features = run(x, count);
    for (std::size_t i = 0; i < features.size(); ++i)
      if (!std::isfinite(features[i]))
        fail_invalid(name + ": row " + std::to_string(first + i / dimension) +
                     " has features of the model " + model->name + " that are not finite");
    return FeatureBlock{std::move(features), {}};
  };
  return source;
}

}  // namespace pushforward
