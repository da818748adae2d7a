#include <catch2/catch.hpp>
#include <cmath>

#include "graph/plan.hpp"
#include "sample/dual_averaging.hpp"

using namespace pushforward;

TEST_CASE("dual averaging is algorithm 5 of Hoffman and Gelman", "[dual_averaging]") {
  const double first = 0.3, target = 0.8;
  Graph graph;
  const Expr state = graph.input("state", 2, dual_averaging_columns);
  const Expr acceptance = graph.input("acceptance", 2, 1);
  const Expr step = graph.constant(first);
  const Expr next = continue_dual_averaging(state, step, acceptance, target);
  Evaluator<double> begin({}, {}, {begin_dual_averaging(2, step)});
  Evaluator<double> advance({state, acceptance}, {}, {next, trial_step(next), averaged_step(next)});
  std::vector<double> now(2 * dual_averaging_columns), then(now.size()), trial(2), averaged(2);
  begin.run(0, {}, {now.data()});

  double error[2] = {0, 0}, log_averaged[2] = {0, 0};
  for (int m = 1; m <= 60; ++m) {
    const double accepted[2] = {0.5 + 0.5 * std::sin(m), m % 3 == 0 ? 1.0 : 0.1};
    advance.run(0, {now.data(), accepted}, {then.data(), trial.data(), averaged.data()});
    now = then;
    for (std::size_t r = 0; r < 2; ++r) {
      error[r] = (1 - 1 / (m + 10.0)) * error[r] + (target - accepted[r]) / (m + 10.0);
      const double log_trial = std::log(10 * first) - std::sqrt(m) / 0.05 * error[r];
      const double weight = std::pow(m, -0.75);
      log_averaged[r] = weight * log_trial + (1 - weight) * log_averaged[r];
      REQUIRE(trial[r] == Approx(std::exp(log_trial)).epsilon(1e-11));
      REQUIRE(averaged[r] == Approx(std::exp(log_averaged[r])).epsilon(1e-11));
    }
  }
}
