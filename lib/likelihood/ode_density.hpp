// Log densities by the probability-flow ODE.
#pragma once

#include <memory>
#include <vector>

#include "density/row_evaluator.hpp"
#include "sample/ode_solver.hpp"
#include "score/process.hpp"

namespace pushforward {

// A model as a process noises it: data x = origin + offset + unit u, and u_t = a(t) u_0 + b(t) z.
// All vectors have D numbers.
struct NoisedModel {
  // Scores of u_t / a(t): one, or one for each class of a conditional model.
  std::vector<ChainTarget> targets;
  Process process;
  std::vector<double> origin;  // subtracted from rows in double beforehand; empty: 0
  std::vector<double> offset, unit;
  std::vector<double> centre;  // of the prior in u_t / a(t), whose deviation the process knows
  std::vector<double> scale;   // deviation of u, for the solver's coordinates
};
// The model must outlive the result, here and below. Its process must not be none.
[[nodiscard]] NoisedModel noised_model(const ScoreModel& model);
// u = x less the density's origin(), for one that has a noised form; the prior is centred there. Of
// rows at a time t, a(t) times `origin` is to be subtracted.
[[nodiscard]] NoisedModel noised_model(const Density& density, const Process& process);

struct OdeLogDensity {
  std::vector<double> log_density;
  std::vector<double> error;  // estimated: of the numbers, and of the probes; NaN for one probe
  std::vector<std::uint32_t> evaluations;
};

// Song et al. (2021), equation 39, from t on and with no noise added to the rows: with u the row,
//   log p_t(x) = log N(v_T; centre, prior deviation^2) + (log-density change from v_t to v_T)
//                - D ln a(t) - sum ln unit,     v_t = u / a(t),
// v_T where the ODE takes v_t at the end of the process. That a model's own marginal at T is not
// exactly the prior shifts it a little.
template <class T>
class OdeDensity {
 public:
  // settings.trace must not be none; its centre and scale are the model's.
  OdeDensity(const NoisedModel& model, OdeSettings settings, double time, Workers* workers);

  // x: count x D rows in data units, less the model's origin; run.first, seed, method and progress
  // are looked at. `labels` are the rows' classes, empty for a model that has none. Errors as of
  // OdeSolver::solve.
  [[nodiscard]] OdeLogDensity log_density(const OdeRun& run, const T* x, std::size_t count,
                                          const std::vector<int>& labels = {});
  // grad log p_t at the rows, by the model itself: count x D.
  [[nodiscard]] std::vector<T> score(const T* x, std::size_t count,
                                     const std::vector<int>& labels = {});

 private:
  struct OfClass {
    std::unique_ptr<OdeSolver<T>> solver;
    std::unique_ptr<RowEvaluator<T>> score;
  };
  template <class Body>
  void by_class(std::size_t count, const std::vector<int>& labels, const Body& body);
  [[nodiscard]] RowFunction score_function(const ChainTarget& target) const;

  const NoisedModel& model_;
  OdeSettings settings_;
  std::size_t dimension_;
  double scale_, sigma_;  // a(t), b(t) / a(t)
  Workers* workers_;
  std::vector<OfClass> classes_;  // what has been asked for so far
};

extern template class OdeDensity<float>;
extern template class OdeDensity<double>;

}  // namespace pushforward
