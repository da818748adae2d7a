#include "score/restoration.hpp"

#include <algorithm>
#include <cmath>

#include "base/named.hpp"
#include "graph/plan.hpp"

namespace pushforward {
namespace {

const std::vector<Named<RestorationKind>>& kinds() {
  static const std::vector<Named<RestorationKind>> all = {{RestorationKind::blur, "blur"},
                                                          {RestorationKind::cold, "cold"}};
  return all;
}

// The columns of level(); the degradation's numbers follow.
enum LevelColumn { network_column, scale_column, signal_column, degradation_column };

Expr column(Expr level, int i) { return slice_columns(level, i, 1); }

// Root mean squares of the network's targets for levels 1 to T, over some evenly spaced rows and
// over the pixels that a level has lost.
std::vector<double> measure_output(const TrainingRows& rows, const RestorationDescription& d) {
  constexpr std::size_t max_numbers = std::size_t{1} << 18;
  constexpr double min_share = 1e-3;
  const Degradation& degradation = *d.degradation;
  const std::size_t columns = rows.columns;
  const std::size_t count =
      std::min(rows.count(), std::clamp<std::size_t>(max_numbers / columns, 16, 256));
  std::vector<double> v;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const std::size_t row = i * rows.count() / count;
      v.push_back((static_cast<double>(rows.values[row * columns + j]) - d.mean) / d.deviation);
    }
  const bool blur = d.kind == RestorationKind::blur;
  Graph graph;
  const Expr x = graph.input("x", static_cast<int>(count), static_cast<int>(columns));
  const Expr now = graph.input("level", 1, degradation.numbers());
  const Expr before = graph.input("less", 1, degradation.numbers());
  const Expr target = blur ? degradation.difference(x, Expr(), now, before)
                           : x - degradation.degrade(x, Expr(), now);
  const Expr lost = degradation.lost(now);
  const Expr pixels = lost.valid() ? sum(broadcast(square(lost), x.rows(), x.columns()))
                                   : graph.constant(static_cast<double>(v.size()));
  Evaluator<double> evaluator({x, now, before}, {}, {sum(square(target)), pixels});
  const double noise = d.noise * d.range / d.deviation;
  std::vector<double> scales;
  for (int s = 1; s <= degradation.levels(); ++s) {
    const std::vector<double> at = degradation.at(s), less = degradation.at(s - 1);
    double squares = 0, over = 0;
    evaluator.run(0, {v.data(), at.data(), less.data()}, {&squares, &over});
    const double mean = over > 0 ? squares / over : 0;
    scales.push_back(std::sqrt(mean + (blur ? noise * noise : 0)));
  }
  const double largest = *std::max_element(scales.begin(), scales.end());
  for (double& scale : scales) scale = std::max(scale, min_share * largest);
  return scales;
}

}  // namespace

const char* restoration_name(RestorationKind kind) { return name_of(kinds(), kind); }

std::vector<std::string> restoration_names() { return names_of(kinds()); }

RestorationKind restoration_named(const std::string& name, const std::string& where) {
  return value_named(kinds(), name, "process", where);
}

void measure_pictures(const TrainingRows& rows, const std::string& where,
                      RestorationDescription* description) {
  const double count = static_cast<double>(rows.values.size());
  const auto [low, high] = std::minmax_element(rows.values.begin(), rows.values.end());
  double sum = 0, squares = 0;
  for (const float value : rows.values) sum += static_cast<double>(value);
  description->mean = sum / count;
  description->range = static_cast<double>(*high) - static_cast<double>(*low);
  for (const float value : rows.values) {
    const double difference = static_cast<double>(value) - description->mean;
    squares += difference * difference;
  }
  description->deviation = std::sqrt(squares / count);
  if (!(description->range > 0))
    fail_invalid(where + ": all pixels are equal, so there is nothing to restore");
  if (!description->degradation->noisy()) {
    description->output_scale = measure_output(rows, *description);
    return;
  }
  // v - signal(s) D(v, s) has the deviation of the noise if v has deviation 1.
  description->output_scale.clear();
  for (int s = 1; s <= description->degradation->levels(); ++s) {
    const double signal = description->degradation->signal(s);
    description->output_scale.push_back(std::sqrt(1 - signal * signal));
  }
}

RestorationModel::RestorationModel(RestorationDescription description, std::uint64_t seed,
                                   std::size_t max_parameters)
    : description_(std::move(description)) {
  table_.most = max_parameters;
  Graph graph;
  Binding binding(&graph, &table_, seed);
  static_cast<void>(restore(Scope(&binding), graph.input("y", 1, dimension()),
                            graph.input("level", 1, level_numbers())));
}

double RestorationModel::noise() const {
  return description_.kind == RestorationKind::blur
             ? description_.noise * description_.range / description_.deviation
             : 0;
}

int RestorationModel::level_numbers() const {
  return degradation_column + 2 * degradation().numbers();
}

std::vector<double> RestorationModel::level(int s) const {
  std::vector<double> row(degradation_column);
  row[network_column] = 2.0 * s / degradation().levels() - 1;
  row[scale_column] = description_.output_scale[static_cast<std::size_t>(s - 1)];
  row[signal_column] = degradation().signal(s);
  for (const int of : {s, s - 1})
    for (const double number : degradation().at(of)) row.push_back(number);
  return row;
}

Expr RestorationModel::correction(Scope scope, Expr y, Expr level, Expr uniforms) const {
  Conditioning conditioning;
  conditioning.uniforms = uniforms;
  conditioning.level = level_features(column(level, network_column));
  const Expr output =
      column(level, scale_column) *
      conditional_network(scope, y, conditioning, dimension(), description_.network);
  const Expr lost =
      degradation().lost(slice_columns(level, degradation_column, degradation().numbers()));
  return lost.valid() ? lost * output : output;
}

Expr RestorationModel::restore(Scope scope, Expr y, Expr level, Expr uniforms) const {
  return column(level, signal_column) * y + correction(scope, y, level, uniforms);
}

Expr RestorationModel::degrade(Expr v, Expr z, Expr level) const {
  const int numbers = degradation().numbers();
  return degradation().degrade(v, z, slice_columns(level, degradation_column, numbers));
}

Expr RestorationModel::degrade_less(Expr v, Expr z, Expr level) const {
  const int numbers = degradation().numbers();
  return degradation().degrade(v, z, slice_columns(level, degradation_column + numbers, numbers));
}

Expr RestorationModel::gained(Expr v, Expr z, Expr level) const {
  const int numbers = degradation().numbers();
  return degradation().difference(v, z, slice_columns(level, degradation_column, numbers),
                                  slice_columns(level, degradation_column + numbers, numbers));
}

}  // namespace pushforward
