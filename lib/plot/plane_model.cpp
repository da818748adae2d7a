#include "plot/plane_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.hpp"
#include "base/one_hot.hpp"
#include "base/precision.hpp"
#include "base/short_number.hpp"
#include "density/gaussian_mixture.hpp"
#include "density/row_evaluator.hpp"
#include "flow/draw.hpp"
#include "likelihood/ode_density.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

using Range = std::pair<Interval, Interval>;

Range flow_range(const Flow& flow, const std::string& name, Workers* workers) {
  constexpr std::size_t draws = 4096;
  const std::vector<double> rows = FlowSampler<double>(flow, 1, workers).draw(draws, 0, 0, {}).x;
  std::vector<double> x, y;
  for (std::size_t i = 0; i < draws; ++i)
    if (std::abs(rows[2 * i]) < 1e100 && std::abs(rows[2 * i + 1]) < 1e100) {
      x.push_back(rows[2 * i]);
      y.push_back(rows[2 * i + 1]);
    }
  if (x.empty())
    fail_invalid(name + ": samples of the flow are not finite; give " + setting("range"));
  return {robust_interval(&x), robust_interval(&y)};
}

Range mixture_range(const MixtureParameters& mixture, double sigma) {
  const auto axis = [&](std::size_t d) {
    Interval all{1e300, -1e300};
    for (std::size_t k = 0; k < mixture.components(); ++k) {
      const double mean = mixture.means(k, d);
      const double deviation = std::sqrt(mixture.covariances(k, d, d) + sigma * sigma);
      all = join(all, {mean - 3.2 * deviation, mean + 3.2 * deviation});
    }
    return widened(all, 0.04);
  };
  return {axis(0), axis(1)};
}

// Centres of the cells of a grid minus `origin` (empty: 0), [columns * rows, 2].
std::vector<float> grid_points(Interval x, Interval y, int columns, int rows,
                               const std::vector<double>& origin) {
  if (!origin.empty()) {
    x = {x.low - origin[0], x.high - origin[0]};
    y = {y.low - origin[1], y.high - origin[1]};
  }
  std::vector<float> points;
  points.reserve(2 * static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      points.push_back(static_cast<float>(x.low + (i + 0.5) / columns * x.length()));
      points.push_back(static_cast<float>(y.low + (j + 0.5) / rows * y.length()));
    }
  return points;
}

std::string place(const std::vector<float>& points, std::size_t i,
                  const std::vector<double>& origin) {
  const auto number = [&](std::size_t j) {
    return short_number(static_cast<double>(points[2 * i + j]) + (origin.empty() ? 0 : origin[j]));
  };
  return "(" + number(0) + ", " + number(1) + ")";
}

// From the q-quantile to the (1 - q)-quantile of weighted values.
Interval heavy_part(const std::vector<double>& weights, const Interval& range, double q) {
  double total = 0, sum = 0;
  for (const double w : weights) total += w;
  const double cell = range.length() / static_cast<double>(weights.size());
  Interval part = range;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double before = sum;
    sum += weights[i];
    if (before <= q * total && sum > q * total)
      part.low = range.low + static_cast<double>(i) * cell;
    if (before < (1 - q) * total && sum >= (1 - q) * total)
      part.high = range.low + static_cast<double>(i + 1) * cell;
  }
  return part;
}

}  // namespace

PlaneModel::PlaneModel(const ContainerReader& reader, int label)
    : model_(read_sampled_model(reader, model_family(reader) == "score" ? -1 : label)) {
  if (model_.score() != nullptr) set_label(label);
  if (model_.dimension() != 2)
    fail_invalid(name() + ": the model's rows have " + std::to_string(model_.dimension()) +
                 (model_.dimension() == 1 ? " number" : " numbers") +
                 "; a picture over the plane needs a model of two");
  set_sigma(0, false);
}

void PlaneModel::set_label(int label) {
  const int classes = model_.score()->description().classes;
  const std::string range = "its labels are 0 to " + std::to_string(classes - 1);
  if (label < 0 && classes > 0)
    fail_invalid(name() + ": this model is conditioned on a label; " + range + "; say which by " +
                 setting("model_label"));
  if (label >= classes && label >= 0)
    fail_invalid(name() + ": " + setting("model_label") + " " + std::to_string(label) + ", but " +
                 (classes > 0 ? range : "this model is not conditional"));
  require_trained_label(model_.score()->description().class_rows, label, name());
  label_ = label;
}

void PlaneModel::set_sigma(double sigma, bool of_density) {
  sigma_ = sigma;
  if (model_.density() != nullptr) {
    if (sigma > 0 && !model_.density()->noised())
      fail_invalid(name() + ": this model has no exact density under noise; " + setting("sigma") +
                   " needs a mixture or a score model");
    return;
  }
  const ScoreDescription& d = model_.score()->description();
  const bool one_level = !d.process.has_levels();
  const double low = d.process.sigma(d.process.min_time());
  const double high = d.process.sigma(d.process.last_time());
  if (sigma == 0 && of_density) {
    sigma_ = low;
  } else if (sigma == 0) {
    const std::vector<double> unit = model_.score()->unit();
    const double deviation = std::sqrt(d.sigma_data[0] / unit[0] * (d.sigma_data[1] / unit[1]));
    sigma_ = std::clamp(0.1 * deviation, low, high);
  } else if (sigma < low * (1 - 1e-6) || sigma > high * (1 + 1e-6)) {
    fail_invalid(name() + ": was trained for noise levels of " + short_number(low) +
                 (one_level ? "" : " to " + short_number(high)) + ", not for " + setting("sigma") +
                 " " + short_number(sigma));
  }
}

std::pair<Interval, Interval> PlaneModel::range(Workers* workers) const {
  if (model_.score() != nullptr) {
    const ScoreDescription& d = model_.score()->description();
    const std::vector<double> unit = model_.score()->unit();
    const auto axis = [&](std::size_t i) {
      const double reach = 2.5 * std::hypot(d.sigma_data[i], unit[i] * sigma_);
      return widened({d.mean[i] - reach, d.mean[i] + reach}, 0);
    };
    return {axis(0), axis(1)};
  }
  if (const auto* flow = model_.flow()) return flow_range(*flow, name(), workers);
  if (const auto* mixture = dynamic_cast<const GaussianMixture*>(model_.density()))
    return mixture_range(mixture->mixture(), sigma_);
  return searched_range(workers);
}

std::pair<Interval, Interval> PlaneModel::searched_range(Workers* workers) const {
  constexpr int cells = 512;
  Interval x{-64, 64}, y{-64, 64};
  for (int pass = 0; pass < 2; ++pass) {
    const ScalarField mass = density(x, y, cells, cells, workers);
    std::vector<double> across(cells), up(cells);
    for (int j = 0; j < cells; ++j)
      for (int i = 0; i < cells; ++i) {
        across[static_cast<std::size_t>(i)] += mass.at(i, j);
        up[static_cast<std::size_t>(j)] += mass.at(i, j);
      }
    x = widened(heavy_part(across, x, 0.004), 0.08);
    y = widened(heavy_part(up, y, 0.004), 0.08);
  }
  return {x, y};
}

Expr PlaneModel::log_density(Scope scope, Expr x) const {
  Graph& graph = scope.graph();
  return sigma_ > 0 ? model_.density()->noised_log_density(scope, x, graph.constant(1),
                                                           graph.constant(sigma_))
                    : model_.density()->log_density(scope, x);
}

std::vector<double> PlaneModel::origin() const { return model_.origin(); }

std::vector<float> PlaneModel::ode_log_densities(const std::vector<float>& points,
                                                 Workers* workers) const {
  const ScoreModel& model = *model_.score();
  if (!model.process().has_levels())
    fail_invalid(name() + ": was trained at one noise level, which gives no density; " +
                 setting("kind") + " score draws its score");
  const double time = model.process().time_of(sigma_), scale = model.process().scale(time);
  const NoisedModel noised = noised_model(model);
  const std::vector<double>& offset = noised.offset;
  std::vector<float> shrunk;  // scaled by a(t)
  for (std::size_t i = 0; i < points.size(); ++i)
    shrunk.push_back(static_cast<float>(offset[i % 2] +
                                        scale * (static_cast<double>(points[i]) - offset[i % 2])));
  OdeSettings settings;
  settings.atol = settings.rtol = 1e-4;  // more precise than colours
  settings.trace = Trace::exact;
  OdeDensity<float> density(noised, settings, time, workers);
  const std::size_t count = points.size() / 2;
  std::vector<int> labels;
  if (label_ >= 0) labels.assign(count, label_);
  const std::vector<double> logs =
      density.log_density(OdeRun{}, shrunk.data(), count, labels).log_density;
  std::vector<float> result;
  for (const double value : logs) result.push_back(static_cast<float>(value + 2 * std::log(scale)));
  return result;
}

std::vector<float> PlaneModel::log_densities(const std::vector<float>& points,
                                             Workers* workers) const {
  if (!has_density()) return ode_log_densities(points, workers);
  RowEvaluator<float> evaluator(
      [&](Scope scope, Expr x) { return std::vector<Expr>{log_density(scope, x)}; },
      model_.density()->parameters(), 2, workers);
  return evaluator.run(points.data(), points.size() / 2)[0];
}

Expr PlaneModel::model_score(Scope scope, Expr x) const {
  Graph& graph = scope.graph();
  const ScoreModel& model = *model_.score();
  const int classes = model.description().classes;
  Expr context;
  if (classes > 0) context = graph.constant(1, classes, one_hot<double>({label_}, classes));
  const Expr unit = graph.constant(1, 2, model.unit());
  const std::vector<double> offset = less(model.offset(), model.description().origin);
  const Expr u = (x - graph.constant(1, 2, offset)) / unit;
  return model.score(scope, u, graph.constant(sigma_), context) / unit;
}

ScalarField PlaneModel::density(const Interval& x, const Interval& y, int columns, int rows,
                                Workers* workers) const {
  const std::vector<float> points = grid_points(x, y, columns, rows, origin());
  const std::vector<float> logs = log_densities(points, workers);
  ScalarField field{columns, rows, {}};
  for (std::size_t i = 0; i < logs.size(); ++i) {
    field.values.push_back(std::exp(static_cast<double>(logs[i])));
    if (!std::isfinite(field.values.back()))
      fail_numerical(name() + ": the density is not finite at " + place(points, i, origin()));
  }
  return field;
}

std::pair<ScalarField, ScalarField> PlaneModel::score(const Interval& x, const Interval& y,
                                                      int columns, int rows,
                                                      Workers* workers) const {
  const ParameterTable& parameters =
      has_density() ? model_.density()->parameters() : model_.score()->parameters();
  RowEvaluator<float> evaluator(
      [&](Scope scope, Expr points) {
        if (has_density()) return std::vector<Expr>{gradient(log_density(scope, points), points)};
        return std::vector<Expr>{model_score(scope, points)};
      },
      parameters, 2, workers);
  const std::vector<float> points = grid_points(x, y, columns, rows, origin());
  const std::vector<float> scores = evaluator.run(points.data(), points.size() / 2)[0];
  ScalarField across{columns, rows, {}}, up{columns, rows, {}};
  for (std::size_t i = 0; i < scores.size(); i += 2) {
    if (!std::isfinite(scores[i]) || !std::isfinite(scores[i + 1]))
      fail_numerical(name() + ": the score is not finite at " + place(points, i / 2, origin()));
    across.values.push_back(static_cast<double>(scores[i]));
    up.values.push_back(static_cast<double>(scores[i + 1]));
  }
  return {std::move(across), std::move(up)};
}

}  // namespace pushforward
