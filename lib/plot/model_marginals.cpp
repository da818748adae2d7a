#include "plot/model_marginals.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "flow/draw.hpp"
#include "flow/row_conditions.hpp"
#include "sample/picture_rows.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t seed = 0;
constexpr std::size_t flow_rows = 20000, score_rows = 5000;

std::vector<float> drawn_from(const Flow& flow, int label, const std::string& name,
                              Workers* workers) {
  const SharedClasses classes{label < 0 ? std::vector<int>{} : std::vector<int>{label}, flow_rows};
  const RowConditions conditions(&flow, classes, nullptr, name);
  FlowSampler<float> sampler(flow, 1, workers);
  return sampler.draw(flow_rows, seed, 0, conditions.read<float>(0, flow_rows)).x;
}

// By Heun's method, which suits every process with levels.
std::vector<float> drawn_from(const SampledModel& model, int label, Workers* workers) {
  MethodOptions options;
  options.method = "heun";
  options.label = label;
  options.count = static_cast<std::int64_t>(score_rows);
  return picture_rows(model, options, seed, 0, workers);
}

double normal_density(double value, double variance) {
  return std::exp(-0.5 * value * value / variance) / std::sqrt(2 * pi * variance);
}

// A normal density with mean 0 and covariances aa, ab, bb at (a, b): that of a, times that of b
// given a.
double normal_density(double a, double b, double aa, double ab, double bb) {
  return normal_density(a, aa) * normal_density(b - ab / aa * a, bb - ab * ab / aa);
}

}  // namespace

ModelMarginals read_model_marginals(const ContainerReader& reader, int label, int threads) {
  SampledModel model = read_any_model(reader);
  const Flow* flow = model.flow();
  if (flow == nullptr) model = read_sampled_model(reader, label);
  ModelMarginals marginals;
  marginals.name = model.name;
  marginals.dimension = static_cast<std::size_t>(model.dimension());
  if (const auto* mixture = dynamic_cast<const GaussianMixture*>(model.density())) {
    marginals.mixture = mixture->mixture();
    return marginals;
  }
  const bool reversed = model.score() != nullptr && model.score()->process().has_levels();
  if (flow == nullptr && !reversed)
    fail_invalid(model.name + ": rows of this model are drawn by chains, which must be looked at " +
                 "first; give those that langevin-sample draws as another INPUT");
  Workers workers(threads);
  const std::vector<float> rows = flow != nullptr ? drawn_from(*flow, label, model.name, &workers)
                                                  : drawn_from(model, label, &workers);
  marginals.drawn.resize(marginals.dimension);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!std::isfinite(rows[i]))
      fail_numerical(model.name + ": row " + std::to_string(i / marginals.dimension) +
                     " that was drawn is not finite");
    marginals.drawn[i % marginals.dimension].push_back(static_cast<double>(rows[i]));
  }
  return marginals;
}

Interval range_of(const ModelMarginals& model, std::size_t column) {
  if (!model.exact()) {
    std::vector<double> values = model.drawn[column];
    return robust_interval(&values);
  }
  Interval all{1e300, -1e300};
  for (std::size_t k = 0; k < model.mixture.components(); ++k) {
    const double mean = model.mixture.means(k, column);
    const double reach = 3.2 * std::sqrt(model.mixture.covariances(k, column, column));
    all = join(all, {mean - reach, mean + reach});
  }
  return widened(all, 0.04);
}

Outline marginal(const ModelMarginals& model, std::size_t column, const Interval& range, int bins) {
  Outline line;
  if (!model.exact()) {
    const Histogram bars = histogram(model.drawn[column], range, bins);
    for (std::size_t i = 0; i < bars.heights.size(); ++i)
      for (const double edge : {bars.edges[i], bars.edges[i + 1]}) {
        line.x.push_back(edge);
        line.y.push_back(bars.heights[i]);
      }
    return line;
  }
  constexpr int points = 400;
  for (int i = 0; i <= points; ++i) {
    line.x.push_back(range.low + range.length() * i / points);
    double density = 0;
    for (std::size_t k = 0; k < model.mixture.components(); ++k)
      density +=
          model.mixture.weights(k) * normal_density(line.x.back() - model.mixture.means(k, column),
                                                    model.mixture.covariances(k, column, column));
    line.y.push_back(density);
  }
  return line;
}

ScalarField marginal(const ModelMarginals& model, std::size_t across, std::size_t up,
                     const Interval& x, const Interval& y, int cells) {
  if (!model.exact()) {
    PlaneRows rows;
    rows.x = model.drawn[across];
    rows.y = model.drawn[up];
    return histogram_2d(rows, x, y, cells, cells);
  }
  ScalarField field{cells, cells, {}};
  const MixtureParameters& m = model.mixture;
  for (int j = 0; j < cells; ++j)
    for (int i = 0; i < cells; ++i) {
      const double a = x.low + (i + 0.5) / cells * x.length();
      const double b = y.low + (j + 0.5) / cells * y.length();
      double density = 0;
      for (std::size_t k = 0; k < m.components(); ++k)
        density +=
            m.weights(k) * normal_density(a - m.means(k, across), b - m.means(k, up),
                                          m.covariances(k, across, across),
                                          m.covariances(k, across, up), m.covariances(k, up, up));
      field.values.push_back(density);
    }
  return field;
}

}  // namespace pushforward
