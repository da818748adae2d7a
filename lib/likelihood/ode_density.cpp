#include "likelihood/ode_density.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xmath.hpp>

#include "base/constants.hpp"
#include "base/matrix.hpp"
#include "base/precision.hpp"

namespace pushforward {
namespace {

// These rows of x, each of `columns` numbers.
template <class T>
Matrix<T> taken_rows(const T* x, std::size_t columns, const std::vector<std::size_t>& rows) {
  Matrix<T> taken({rows.size(), columns});
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::copy_n(x + rows[i] * columns, columns, &taken(i, 0));
  return taken;
}

}  // namespace

NoisedModel noised_model(const ScoreModel& model) {
  NoisedModel noised;
  const int classes = std::max(model.description().classes, 1);
  for (int label = 0; label < classes; ++label)
    noised.targets.push_back(score_target(model, label));
  noised.process = model.process();
  noised.origin = model.description().origin;
  noised.offset = less(model.offset(), noised.origin);
  noised.unit = model.unit();
  noised.centre = model.centre();
  noised.scale = model.description().sigma_data;
  for (std::size_t j = 0; j < noised.scale.size(); ++j) noised.scale[j] /= noised.unit[j];
  return noised;
}

NoisedModel noised_model(const Density& density, const Process& process) {
  NoisedModel noised;
  noised.targets.push_back(noised_density_target(density));
  noised.process = process;
  noised.origin = density.origin();
  const std::size_t dimension = static_cast<std::size_t>(density.dimension());
  noised.offset.assign(dimension, 0);
  noised.unit.assign(dimension, 1);
  noised.centre.assign(dimension, 0);
  noised.scale.assign(dimension, 1);
  return noised;
}

template <class T>
OdeDensity<T>::OdeDensity(const NoisedModel& model, OdeSettings settings, double time,
                          Workers* workers)
    : model_(model),
      settings_(std::move(settings)),
      dimension_(model.unit.size()),
      scale_(model.process.scale(time)),
      sigma_(model.process.sigma(time)),
      workers_(workers),
      classes_(model.targets.size()) {
  settings_.centre = model.centre;
  settings_.scale = model.scale;
}

template <class T>
template <class Body>
void OdeDensity<T>::by_class(std::size_t count, const std::vector<int>& labels, const Body& body) {
  for (std::size_t label = 0; label < classes_.size(); ++label) {
    std::vector<std::size_t> rows;
    for (std::size_t r = 0; r < count; ++r)
      if (labels.empty() || static_cast<std::size_t>(labels[r]) == label) rows.push_back(r);
    if (!rows.empty()) body(model_.targets[label], classes_[label], rows);
  }
}

template <class T>
OdeLogDensity OdeDensity<T>::log_density(const OdeRun& run, const T* x, std::size_t count,
                                         const std::vector<int>& labels) {
  OdeLogDensity out;
  out.log_density.resize(count);
  out.error.resize(count);
  out.evaluations.resize(count);
  const double columns = static_cast<double>(dimension_);
  const double prior = model_.process.prior_deviation();
  double constant = -columns * (0.5 * log_two_pi + std::log(prior) + std::log(scale_));
  for (const double unit : model_.unit) constant -= std::log(unit);
  const auto offset = as_rows(model_.offset, dimension_), unit = as_rows(model_.unit, dimension_);
  const auto centre = as_rows(model_.centre, dimension_);
  std::size_t before = 0;
  by_class(count, labels,
           [&](const ChainTarget& target, OfClass& of_class, const std::vector<std::size_t>& rows) {
             if (of_class.solver == nullptr)
               of_class.solver = std::make_unique<OdeSolver<T>>(target, settings_, workers_);
             const Matrix<double> taken = xt::cast<double>(taken_rows(x, dimension_, rows));
             const Matrix<T> v = xt::cast<T>((taken - offset) / (unit * scale_));
             OdeRun part = run;
             part.from = sigma_;
             part.to = model_.process.sigma(model_.process.last_time());
             for (const std::size_t r : rows) part.numbers.push_back(run.first + r);
             if (run.progress)
               part.progress = [&](double fraction) {
                 run.progress(
                     (static_cast<double>(before) + fraction * static_cast<double>(rows.size())) /
                     static_cast<double>(count));
               };
             const OdeRows<T> end = of_class.solver->solve(part, v.data(), rows.size());
             before += rows.size();
             const Matrix<double> z =
                 (xt::cast<double>(as_rows(end.x, dimension_)) - centre) / prior;
             const Vector<double> squares =
                 xt::sum(xt::square(z), {1}, xt::evaluation_strategy::immediate);
             for (std::size_t i = 0; i < rows.size(); ++i) {
               out.log_density[rows[i]] = constant - 0.5 * squares(i) + end.log_change[i];
               out.error[rows[i]] = std::hypot(end.log_error[i], end.probe_error[i]);
               out.evaluations[rows[i]] = end.evaluations[i];
             }
           });
  return out;
}

template <class T>
RowFunction OdeDensity<T>::score_function(const ChainTarget& target) const {
  return [this, target](Scope scope, Expr x) -> std::vector<Expr> {
    Graph& graph = scope.graph();
    const int columns = static_cast<int>(dimension_);
    std::vector<double> widths;
    for (const double unit : model_.unit) widths.push_back(unit * scale_);
    const Expr width = graph.constant(1, columns, widths);
    const Expr v = (x - graph.constant(1, columns, model_.offset)) / width;
    return {target.source.score(scope, v, graph.constant(sigma_)) / width};
  };
}

template <class T>
std::vector<T> OdeDensity<T>::score(const T* x, std::size_t count, const std::vector<int>& labels) {
  std::vector<T> out(count * dimension_);
  by_class(count, labels,
           [&](const ChainTarget& target, OfClass& of_class, const std::vector<std::size_t>& rows) {
             if (of_class.score == nullptr)
               of_class.score = std::make_unique<RowEvaluator<T>>(
                   score_function(target), *target.parameters, target.dimension, workers_,
                   target.lane_rows(RowEvaluator<T>::max_lane));
             const Matrix<T> taken = taken_rows(x, dimension_, rows);
             const std::vector<T> scores = of_class.score->run(taken.data(), rows.size())[0];
             for (std::size_t i = 0; i < rows.size(); ++i)
               std::copy_n(scores.data() + i * dimension_, dimension_,
                           out.data() + rows[i] * dimension_);
           });
  return out;
}

template class OdeDensity<float>;
template class OdeDensity<double>;

}  // namespace pushforward
