#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/diffusion_transitions.hpp"
#include "sample/gaussian_rows.hpp"
#include "sample/sampler.hpp"
#include "sample/stability.hpp"

using namespace pushforward;

namespace {

// Unit variances, correlation r: along (1, 1) the variance is 1 + r, along (1, -1) it is 1 - r.
constexpr double correlation = 0.6;
const double variance_along[2] = {1 + correlation, 1 - correlation};

GaussianMixture gaussian() { return GaussianMixture(correlated_gaussian(2, correlation)); }

// What a list of transitions makes of a variance v along an axis where the target's variance is c:
// every transition is affine, x to a x + b z.
double expected_variance(const Transitions& transitions, double v, double c) {
  for (const Transition& transition : transitions)
    for (std::uint64_t i = 0; i < transition.repeats; ++i) {
      const double slope = 1 / (c + transition.sigma * transition.sigma);
      if (transition.step->evaluations == 1 && transition.constants.size() == 3) {  // linear
        const double a = transition.constants[0] - transition.constants[1] * slope;
        v = a * a * v + transition.constants[2] * transition.constants[2];
        continue;
      }
      double a = 1 - transition.constants[0] * slope;
      if (transition.step->evaluations == 2) {  // Heun
        const double sigma_next = transition.constants[0], h = sigma_next - transition.sigma;
        const double d = transition.sigma * slope;
        const double next = sigma_next / (c + sigma_next * sigma_next);
        a = 1 + 0.5 * h * (d + next * (1 + h * d));
      }
      v = a * a * (v + transition.constants[1] * transition.constants[1]);
    }
  return v;
}

constexpr std::size_t many = 60000;
// Four standard errors of the variance of `many` normal rows.
const double variance_error = 4 * std::sqrt(2.0 / many);

}  // namespace

TEST_CASE("deterministic Heun is its affine map, row by row", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::vector<double> start = normal_rows<double>(300, 2, 80);
  for (const int steps : {1, 2, 18})
    for (const bool denoise : {true, false}) {
      const Transitions transitions = heun_transitions(edm_points(0.002, 80, steps, denoise), {});
      const std::vector<double> rows = run_transitions(target, transitions, start);
      for (int axis = 0; axis < 2; ++axis) {
        const double factor = std::sqrt(expected_variance(transitions, 1, variance_along[axis]));
        for (std::size_t r = 0; r < rows.size(); r += 2)
          REQUIRE(
              std::abs(along(rows.data() + r, axis)) ==
              Approx(factor * std::abs(along(start.data() + r, axis))).epsilon(1e-9).margin(1e-9));
      }
    }
}

TEST_CASE("ULA's stationary variance is its closed form", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = density_target(density);
  for (const double step : {0.05, 0.3}) {
    const std::vector<double> rows = run_transitions(
        target, ula_transitions(step, step < 0.1 ? 200 : 60, 0), normal_rows<double>(many, 2));
    for (int axis = 0; axis < 2; ++axis) {
      const double c = variance_along[axis];
      CHECK(variance(rows, axis) == Approx(c / (1 - step / (2 * c))).epsilon(variance_error));
    }
  }
}

TEST_CASE("annealed, churned and Euler-Maruyama variances follow the recursion", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::vector<double> ladder = Process().ladder();
  Churn churn;
  churn.amount = 20;
  ProcessSettings wide = ProcessSettings::with_defaults("ve");
  wide.sigma_max = 20;
  const Process edm(ProcessSettings::with_defaults("edm"));
  const Transitions lists[] = {
      annealed_transitions(ladder, 2e-5, 20, true),
      heun_transitions(edm_points(0.002, 80, 18, true), churn),
      euler_maruyama_transitions(Process(wide), time_points(Process(wide), 101, 7)),
      euler_maruyama_transitions(edm, time_points(edm, 101, 7))};
  for (const Transitions& transitions : lists) {
    const double prior =
        transitions.front().step->evaluations == 1 ? transitions.front().sigma : 80;
    const std::vector<double> rows =
        run_transitions(target, transitions, normal_rows<double>(many, 2, prior));
    for (int axis = 0; axis < 2; ++axis)
      CHECK(variance(rows, axis) ==
            Approx(expected_variance(transitions, prior * prior, variance_along[axis]))
                .epsilon(variance_error));
  }
}

TEST_CASE("a linear step scales the state it changes", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const Transitions transitions = {linear_transition(0.7, 0.8, 0.3, 0.5, 3),
                                   linear_transition(0.2, 0.9, 0.1, 0, 2)};
  const std::vector<double> rows =
      run_transitions(target, transitions, normal_rows<double>(many, 2));
  for (int axis = 0; axis < 2; ++axis)
    CHECK(variance(rows, axis) ==
          Approx(expected_variance(transitions, 1, variance_along[axis])).epsilon(variance_error));
}

TEST_CASE("what a chain carries beside x goes from step to step", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = density_target(density);
  // Carried: the sum of the starting row, set before step 1; a sum of the uniform numbers.
  StepFunction begin, walk;
  begin.evaluations = 0;
  begin.next = [](const ScoreSource&, Scope, const StepInputs& in) {
    return std::vector<Expr>{in.state[0], sum_columns(in.state[0]), in.state[2]};
  };
  walk.normals = walk.uniforms = true;
  walk.constants = 1;
  walk.next = [](const ScoreSource&, Scope, const StepInputs& in) {
    return std::vector<Expr>{in.state[0] + in.constants[0] * in.normals, in.state[1],
                             in.state[2] + in.uniforms};
  };
  const Transitions transitions = {{std::make_shared<StepFunction>(walk), {0.5}, 0, 40}};
  const AuxiliaryState auxiliary = {{1, 1}, {std::make_shared<StepFunction>(begin), {}}};
  const std::vector<double> start = normal_rows<double>(700, 2);
  std::vector<double> rows(start.size()), first_sum(700), uniforms(700);
  Workers workers(2);
  Sampler<double> sampler(target, transitions, sampler_lane_rows(target, 700), &workers, auxiliary);
  ChainOptions options;
  options.rows = {40, 1, 1};
  sampler.run(0, 700, start.data(), options, rows.data(), nullptr,
              [&](std::uint64_t step, std::size_t first, std::size_t count, const auto& state) {
                for (std::size_t r = 0; r < count && step == 40; ++r) {
                  first_sum[first + r] = state[1][r];
                  uniforms[first + r] = state[2][r];
                }
              });
  double moved = 0, mean = 0, square = 0;
  for (std::size_t r = 0; r < 700; ++r) {
    CHECK(first_sum[r] == Approx(start[2 * r] + start[2 * r + 1]));
    moved += std::pow(rows[2 * r] - start[2 * r], 2) / 700;
    mean += uniforms[r] / 700;
    square += uniforms[r] * uniforms[r] / 700;
  }
  CHECK(moved == Approx(40 * 0.25).epsilon(4 * std::sqrt(2 / 700.0)));
  CHECK(mean == Approx(20).margin(4 * std::sqrt(40 / 12.0 / 700)));
  CHECK(square - mean * mean == Approx(40 / 12.0).epsilon(4 * std::sqrt(2 / 700.0)));
}

TEST_CASE("float and double samples agree", "[sampler]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = noised_density_target(density);
  const Transitions transitions = heun_transitions(edm_points(0.01, 20, 10, true), {});
  const std::vector<double> start = normal_rows<double>(200, 2, 20);
  const std::vector<double> wide = run_transitions(target, transitions, start);
  const std::vector<float> narrow =
      run_transitions(target, transitions, std::vector<float>(start.begin(), start.end()));
  std::size_t far = 0;  // a row on the ridge between two centres may fall to either side
  for (std::size_t i = 0; i < wide.size(); ++i)
    far += std::abs(wide[i] - static_cast<double>(narrow[i])) > 1e-3;
  CHECK(far <= wide.size() / 100);
}

TEST_CASE("a chain's bits do not depend on threads, lanes or company", "[sampler]") {
  ScoreDescription d;
  d.dimension = 3;
  d.process = Process();
  d.hidden = 40;
  d.mean = {0, 1, 2};
  d.sigma_data = {1, 2, 3};
  ScoreModel model(d, 4);
  Random(8, Stream::evaluation)
      .fill_normal(model.parameters().values.data(), 1, model.parameters().size(), 0);
  for (double& v : model.parameters().values) v *= 0.2;
  const ChainTarget target = score_target(model);
  const Transitions transitions = annealed_transitions(d.process.ladder(), 2e-5, 3, true);
  const std::vector<float> start = normal_rows<float>(700, 3);
  const std::vector<float> whole = run_transitions(target, transitions, start, 1);
  CHECK(run_transitions(target, transitions, start, 2) == whole);
  const std::size_t sizes[] = {1, 15, 100, 257};
  for (const std::size_t size : sizes)
    for (const std::size_t first : {std::size_t{0}, std::size_t{131}, 700 - size}) {
      Workers workers(2);
      Sampler<float> sampler(target, transitions, sampler_lane_rows(target, size), &workers);
      ChainOptions options;
      options.rows = {total_steps(transitions), 1, 1};
      std::vector<float> part(size * 3);
      sampler.run(first, size, start.data() + first * 3, options, part.data(), nullptr);
      CHECK(std::equal(part.begin(), part.end(),
                       whole.begin() + static_cast<std::ptrdiff_t>(first * 3)));
    }
}

TEST_CASE("states are kept where asked", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows<double>(20, 2);
  Workers workers(1);
  ChainOptions options;
  options.rows = {3, 2, 3};  // after 3, 5 and 7 steps
  options.trajectory = {0, 3, 3};
  options.trajectory_end = true;  // 0, 3, 6 and 7
  Sampler<double> sampler(target, ula_transitions(0.1, 7, 0), 16, &workers);
  std::vector<double> rows(20 * 3 * 2), trajectory(20 * 4 * 2);
  sampler.run(0, 20, start.data(), options, rows.data(), trajectory.data());
  const std::vector<double> after_3 = run_transitions(target, ula_transitions(0.1, 3, 0), start);
  const std::vector<double> after_7 = run_transitions(target, ula_transitions(0.1, 7, 0), start);
  for (std::size_t r = 0; r < 20; ++r)
    for (std::size_t c = 0; c < 2; ++c) {
      CHECK(rows[(r * 3 + 0) * 2 + c] == after_3[r * 2 + c]);
      CHECK(rows[(r * 3 + 2) * 2 + c] == after_7[r * 2 + c]);
      CHECK(trajectory[(r * 4 + 0) * 2 + c] == start[r * 2 + c]);
      CHECK(trajectory[(r * 4 + 1) * 2 + c] == after_3[r * 2 + c]);
      CHECK(trajectory[(r * 4 + 3) * 2 + c] == after_7[r * 2 + c]);
    }
}

TEST_CASE("a step beyond stability ends with a message", "[sampler]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows<double>(10, 2);
  // lambda_min is 0.4: stable below 0.8.
  CHECK_NOTHROW(run_transitions(target, ula_transitions(0.79, 5000, 0), start));
  CHECK_THROWS_AS(run_transitions(target, ula_transitions(0.9, 5000, 0), start), Error);
  try {
    static_cast<void>(run_transitions(target, ula_transitions(0.9, 5000, 0), start));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::numerical);
    CHECK_THAT(error.what(), Catch::Contains("test: chain ") &&
                                 Catch::Contains(" diverged at step ") &&
                                 Catch::Contains(" of 5000"));
  }
  CHECK(largest_curvature(target, 0, start.data(), 10) == Approx(1 / 0.4).epsilon(1e-6));
}

TEST_CASE("curvature of a mixture is that of its narrowest part", "[sampler]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = density_target(density);
  const std::vector<double> centre = {4 / 1.414, 0};
  CHECK(largest_curvature(target, 0, centre.data(), 1) ==
        Approx(1 / (eight_gaussians_deviation * eight_gaussians_deviation)).epsilon(1e-3));
  const std::vector<double> middle = {0, 0};  // a saddle: curved upwards
  CHECK(largest_curvature(target, 0, middle.data(), 1) == 0);
}
