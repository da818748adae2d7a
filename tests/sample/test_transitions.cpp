#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "gaussian_rows.hpp"
#include "sample/annealed_step.hpp"
#include "sample/diffusion_transitions.hpp"
#include "sample/transitions.hpp"

using namespace pushforward;

TEST_CASE("the EDM grid", "[transitions]") {
  CHECK(edm_grid(0.002, 80, 1, 7) == std::vector<double>{80});
  CHECK(edm_grid(0.002, 80, 2, 7) == std::vector<double>{80, 0.002});
  const std::vector<double> grid = edm_grid(0.002, 80, 18, 7);
  REQUIRE(grid.size() == 18);
  CHECK(grid.front() == 80);
  CHECK(grid.back() == 0.002);
  // Even in sigma^(1/7).
  const double step = std::pow(80, 1 / 7.0) - std::pow(grid[1], 1 / 7.0);
  for (std::size_t i = 1; i < grid.size(); ++i)
    CHECK(std::pow(grid[i - 1], 1 / 7.0) - std::pow(grid[i], 1 / 7.0) == Approx(step));
}

TEST_CASE("Heun makes exactly the steps asked for", "[transitions]") {
  for (const int steps : {1, 2, 18}) {
    const Transitions denoised = heun_transitions(edm_points(0.002, 80, steps, true), {});
    REQUIRE(denoised.size() == static_cast<std::size_t>(steps));
    // Euler's, from sigma_min, or sigma_max if alone, to 0.
    CHECK(denoised.back().step == linear_step(false, false));
    CHECK(denoised.back().sigma == (steps == 1 ? 80 : 0.002));
    const Transitions noisy = heun_transitions(edm_points(0.002, 80, steps, false), {});
    REQUIRE(noisy.size() == static_cast<std::size_t>(steps));
    CHECK(noisy.back().constants[0] == 0.002);
    CHECK(noisy.front().sigma == 80);
  }
}

TEST_CASE("churn raises the level by what its noise adds", "[transitions]") {
  Churn churn;
  churn.amount = 40;
  churn.low = 0.05;
  churn.high = 50;
  churn.noise = 1.003;
  const Transitions transitions = heun_transitions(edm_points(0.002, 80, 18, true), churn);
  const std::vector<double> grid = edm_grid(0.002, 80, 18, 7);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (grid[i] < churn.low || grid[i] > churn.high) {
      CHECK(transitions[i].sigma == grid[i]);
      CHECK(transitions[i].step->normals == false);
      continue;
    }
    CHECK(transitions[i].sigma == Approx(grid[i] * std::sqrt(2)));  // 40 / 18 is cut off there
    CHECK(transitions[i].constants.back() == Approx(1.003 * grid[i]));
  }
}

TEST_CASE("annealed Langevin's steps fall with the square of the level", "[transitions]") {
  const Transitions transitions = annealed_transitions({1, 0.1, 0.01}, 2e-5, 100, true);
  REQUIRE(transitions.size() == 4);
  CHECK(total_steps(transitions) == 301);
  CHECK(transitions[0].constants[1] == Approx(0.2));
  CHECK(transitions[2].constants[1] == Approx(2e-5));
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(transitions[i].constants.back() == Approx(std::sqrt(2 * transitions[i].constants[1])));
  CHECK(transitions[3].constants[1] == Approx(1e-4));
  CHECK(transitions[3].constants[2] == 0);
  CHECK(total_evaluations(transitions) == 301);
}

TEST_CASE("Euler and Maruyama's noise adds up to the process's", "[transitions]") {
  // Each step adds g^2 h: their sum approaches sigma_max^2 - sigma_min^2 as steps grow.
  for (const std::string kind : {"ve", "edm"}) {
    const Process process(ProcessSettings::with_defaults(kind));
    const Transitions transitions =
        euler_maruyama_transitions(process, time_points(process, 4001, 7));
    REQUIRE(total_steps(transitions) == 4000);
    double variance = 0;
    for (const Transition& transition : transitions)
      variance += transition.constants[2] * transition.constants[2];
    CHECK(variance ==
          Approx(process.settings().sigma_max * process.settings().sigma_max).epsilon(0.01));
    CHECK(transitions.front().sigma == Approx(process.settings().sigma_max));
    CHECK(transitions.front().constants[1] ==
          Approx(transitions.front().constants[2] * transitions.front().constants[2]));
  }
}

TEST_CASE("the step of annealed Langevin dynamics keeps a level's variance", "[transitions]") {
  // Song, Ermon (2020), table 1: 6.2e-6 for CIFAR-10, 232 levels from 50 to 0.01, 5 steps each.
  const double ratio = std::pow(5000.0, 1 / 231.0);
  CHECK(annealed_step_size(ratio, 0.01, 5) == Approx(6.2e-6).epsilon(0.02));
  // The variance v of x <- (1 - u) x + sqrt(2 u) z in units of the level's, which begins as that of
  // the level before: no other step brings it nearer to 1.
  for (const double factor : {1.05, 1.3, 1.668})
    for (const int steps : {1, 5, 100}) {
      const auto miss = [&](double u) {
        double v = factor * factor;
        for (int i = 0; i < steps; ++i) v = (1 - u) * (1 - u) * v + 2 * u;
        return std::abs(v - 1);
      };
      double least = 1e9;
      for (int i = 1; i < 10000; ++i) least = std::min(least, miss(i * 1e-4));
      INFO(factor << " " << steps);
      CHECK(miss(annealed_step_size(factor, 0.2, steps) / 0.04) < least + 1e-4);
    }
}
