#include "sample/mcmc.hpp"

#include <cmath>

#include "sample/dual_averaging.hpp"

namespace pushforward {
namespace {

// Roberts, Rosenthal (1998); Hoffman, Gelman (2014).
constexpr double mala_target = 0.574, hmc_target = 0.8;

// Densities and scores beyond this are as good as infinite.
constexpr double largest_magnitude = 1e30;

// The state of a Metropolis chain, the score and log density being those at x.
enum Matrix : std::size_t { position, score, log_density, acceptance, energy, adaptation };

enum class StepSize { fixed, trial, averaged };

// The constant is h_0.
Step metropolis_begin(bool adapt) {
  StepFunction step;
  step.constants = 1;
  step.next = [adapt](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[position];
    std::vector<Expr> next = in.state;
    next[score] = source.score(scope, x, in.sigma);
    next[log_density] = source.log_density(scope, x, in.sigma);
    if (adapt) next[adaptation] = begin_dual_averaging(x.rows(), in.constants[0]);
    return next;
  };
  return std::make_shared<StepFunction>(std::move(step));
}

// What all steps of a chain share.
struct Proposal {
  int leapfrog = 1;
  double jitter = 0;  // the step size of a proposal is a uniform draw from [1 - jitter, 1] of h
  double target = 0;  // acceptance that adaptation aims at
};

Step metropolis_step(const Proposal& proposal, StepSize size) {
  StepFunction step;
  step.constants = 1;
  step.normals = step.uniforms = true;
  step.more_uniforms = proposal.jitter > 0 ? 1 : 0;
  const int leapfrog = proposal.leapfrog;
  step.evaluations = static_cast<std::uint64_t>(leapfrog);
  step.next = [=](const ScoreSource& source, Scope scope, const StepInputs& in) {
    Expr h = size == StepSize::fixed   ? in.constants[0]
             : size == StepSize::trial ? trial_step(in.state[adaptation])
                                       : averaged_step(in.state[adaptation]);
    if (proposal.jitter > 0) h = h * (1 - proposal.jitter * in.more_uniforms);
    Expr x = in.state[position], force = in.state[score];
    Expr momentum = in.normals + (0.5 * h) * force;
    for (int i = 1; i <= leapfrog; ++i) {
      x = x + h * momentum;
      force = source.score(scope, x, in.sigma);
      momentum = momentum + (i < leapfrog ? h : 0.5 * h) * force;
    }
    const Expr density = source.log_density(scope, x, in.sigma);
    const auto kinetic = [](Expr p) { return 0.5 * sum_columns(square(p)); };
    const Expr before = kinetic(in.normals) - in.state[log_density];
    const Expr ratio = before - (kinetic(momentum) - density);
    // Not-a-number fails the comparison.
    const Expr magnitude = abs(density) + sum_columns(abs(force) + abs(x)) + kinetic(momentum);
    const Expr zero = scope.graph().constant(0);
    const Expr probability = select(largest_magnitude - magnitude, exp(-relu(-ratio)), zero);
    const Expr accepted = probability - in.uniforms;
    std::vector<Expr> next = in.state;
    next[position] = select(accepted, x, in.state[position]);
    next[score] = select(accepted, force, in.state[score]);
    next[log_density] = select(accepted, density, in.state[log_density]);
    next[acceptance] = probability;
    next[energy] = before;
    if (size == StepSize::trial)
      next[adaptation] = continue_dual_averaging(in.state[adaptation], in.constants[0], probability,
                                                 proposal.target);
    return next;
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Chain metropolis_chain(const ChainLength& length, const Proposal& proposal, double h) {
  Chain chain;
  chain.acceptance = acceptance;
  chain.energy = energy;
  // Beside x: score (whose columns are those of x), log density, acceptance, energy.
  chain.auxiliary.columns = {AuxiliaryState::as_x, 1, 1, 1};
  if (length.adapt) chain.auxiliary.columns.push_back(dual_averaging_columns);
  chain.auxiliary.begin = {metropolis_begin(length.adapt), {h}, length.sigma};
  const auto add = [&](StepSize size, std::uint64_t steps) {
    if (steps > 0)
      chain.transitions.push_back({metropolis_step(proposal, size), {h}, length.sigma, steps});
  };
  if (length.adapt) {
    add(StepSize::trial, length.burn_in);
    add(StepSize::averaged, length.steps);
  } else {
    add(StepSize::fixed, length.burn_in + length.steps);
  }
  return chain;
}

}  // namespace

Chain hmc_chain(const ChainLength& length, int leapfrog, double jitter) {
  return metropolis_chain(length, {leapfrog, jitter, hmc_target}, length.step_size);
}

Chain mala_chain(const ChainLength& length) {
  return metropolis_chain(length, {1, 0, mala_target}, std::sqrt(2 * length.step_size));
}

Chain underdamped_chain(const ChainLength& length, double friction) {
  // Beside x: the score at x, the momentum.
  StepFunction begin;
  begin.normals = true;
  begin.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    return std::vector<Expr>{in.state[0], source.score(scope, in.state[0], in.sigma), in.normals};
  };
  StepFunction step;
  step.constants = 3;
  step.normals = true;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr half = in.constants[0], keep = in.constants[1], draw = in.constants[2];
    const Expr kicked = in.state[2] + half * in.state[1];
    const Expr middle = in.state[0] + half * kicked;
    const Expr momentum = keep * kicked + draw * in.normals;
    const Expr x = middle + half * momentum;
    const Expr force = source.score(scope, x, in.sigma);
    return std::vector<Expr>{x, force, momentum + half * force};
  };
  const double h = length.step_size, damping = friction * h;
  Chain chain;
  chain.auxiliary = {{AuxiliaryState::as_x, AuxiliaryState::as_x},
                     {std::make_shared<StepFunction>(begin), {}, length.sigma}};
  chain.transitions = {{std::make_shared<StepFunction>(step),
                        {h / 2, std::exp(-damping), std::sqrt(-std::expm1(-2 * damping))},
                        length.sigma,
                        length.burn_in + length.steps}};
  return chain;
}

}  // namespace pushforward
