#include "sample/step.hpp"

namespace pushforward {
namespace {

Step linear(bool scaled, bool noisy) {
  StepFunction step;
  step.constants = 3;
  step.normals = noisy;
  step.next = [scaled, noisy](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[0];
    const Expr drift = in.constants[1] * source.score(scope, x, in.sigma);
    const Expr drifted = (scaled ? in.constants[0] * x : x) + drift;
    return std::vector<Expr>{noisy ? drifted + in.constants[2] * in.normals : drifted};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Step churned_euler() {
  StepFunction step;
  step.constants = 2;
  step.normals = true;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr y = in.state[0] + in.constants[1] * in.normals;
    return std::vector<Expr>{y + in.constants[0] * source.score(scope, y, in.sigma)};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Step heun(bool noisy) {
  StepFunction step;
  step.constants = 2;
  step.normals = noisy;
  step.evaluations = 2;
  step.next = [noisy](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr sigma_next = in.constants[0];
    const Expr y = noisy ? in.state[0] + in.constants[1] * in.normals : in.state[0];
    const Expr h = sigma_next - in.sigma;
    const Expr slope = -in.sigma * source.score(scope, y, in.sigma);
    const Expr there = y + h * slope;
    const Expr slope_there = -sigma_next * source.score(scope, there, sigma_next);
    return std::vector<Expr>{y + (0.5 * h) * (slope + slope_there)};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Step corrector() {
  StepFunction step;
  step.constants = 1;
  step.normals = true;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[0];
    const Expr s = broadcast(source.score(scope, x, in.sigma), x.rows(), x.columns());
    const auto total_norm = [](Expr rows) { return sum(sqrt(sum_columns(square(rows)))); };
    const Expr ratio = total_norm(in.normals) / total_norm(s);
    const Expr e = in.constants[0] * square(ratio);
    return std::vector<Expr>{x + e * s + sqrt(2 * e) * in.normals, e};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Step learned_variance() {
  StepFunction step;
  step.constants = 3;
  step.normals = true;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[0];
    const Expr low = in.constants[1], high = in.constants[2];
    const Expr log_variance = low + (high - low) * source.variance_share(scope, x, in.sigma);
    return std::vector<Expr>{x + in.constants[0] * source.score(scope, x, in.sigma) +
                             exp(0.5 * log_variance) * in.normals};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Step dpm_solver() {
  StepFunction step;
  step.constants = 3;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[0];
    const Expr clean =
        broadcast(x + square(in.sigma) * source.score(scope, x, in.sigma), x.rows(), x.columns());
    return std::vector<Expr>{
        in.constants[0] * x + in.constants[1] * clean + in.constants[2] * in.state[1], clean};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

}  // namespace

Step linear_step(bool scaled, bool noisy) {
  static const Step steps[2][2] = {{linear(false, false), linear(false, true)},
                                   {linear(true, false), linear(true, true)}};
  return steps[scaled][noisy];
}

Step churned_euler_step() {
  static const Step step = churned_euler();
  return step;
}

Step heun_step(bool noisy) {
  static const Step steps[2] = {heun(false), heun(true)};
  return steps[noisy];
}

Step corrector_step() {
  static const Step step = corrector();
  return step;
}

Step learned_variance_step() {
  static const Step step = learned_variance();
  return step;
}

Step dpm_solver_step() {
  static const Step step = dpm_solver();
  return step;
}

}  // namespace pushforward
