// UniPC of order 2 on DPM-Solver++(2M) (Zhao et al. 2023, UniPC-2 with B_2(h)): the evaluation at a
// predicted state corrects that state before the next step is predicted from it, so a step costs
// one evaluation.
//
// With D(x, sigma) the mean of the clean row, l = -ln sigma and h = l' - l for a step from sigma to
// sigma', D_0 and D_{-1} those of this level and the one before:
//   predicted  (sigma' / sigma) x + (1 - sigma' / sigma) (D_0 + h / 2 h_{-1} (D_0 - D_{-1}))
//   corrected  (sigma' / sigma) x + (1 - sigma' / sigma) (D_0 + rho_0 D_1 + rho_1 (D' - D_0))
// where D' is that of the predicted state, r = -h_{-1} / h, D_1 = (D_{-1} - D_0) / r, and
//   rho_0 + rho_1 = b_1, r rho_0 + rho_1 = b_2,
//   b_1 = phi_1 / B, b_2 = 2 phi_2 / B, B = e^-h - 1, phi_1 = -B / h - 1, phi_2 = -phi_1 / h - 1/2
// (their equations 5 to 9; rho_1 = 1/2 alone in the first step). The last state is not corrected:
// that would take one more evaluation.
#include <array>
#include <cmath>

#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 20;

// The share of D_1 and of D' - D_0 in a corrected state. The formulas lose digits as h goes to 0,
// where the shares become 1 / (6 (1 - r)) and what makes their sum 1/2.
struct Shares {
  double older = 0, newer = 0.5;
};
Shares corrector_shares(double h, double last_h) {
  if (last_h == 0) return {};
  const double r = -last_h / h;
  if (h < 1e-5) return {1 / (6 * (1 - r)), 0.5 - 1 / (6 * (1 - r))};
  const double b = std::expm1(-h), first = -b / h - 1, second = -first / h - 0.5;
  const double older = (first / b - 2 * second / b) / (1 - r);
  return {older, first / b - older};
}

// State: the predicted x; the corrected x before, and the D of the two levels before. Constants: of
// the corrected x those of the four and of D', in the order x, D', and the carried ones; then of
// the next predicted x those of the corrected one, of D' and of the D before.
Step unipc_step() {
  StepFunction step;
  step.constants = 8;
  step.next = [](const ScoreSource& source, Scope scope, const StepInputs& in) {
    const Expr x = in.state[0], before = in.state[1], d1 = in.state[2], d2 = in.state[3];
    const auto& k = in.constants;
    const Expr d =
        broadcast(x + square(in.sigma) * source.score(scope, x, in.sigma), x.rows(), x.columns());
    const Expr corrected = k[0] * x + k[1] * d + k[2] * before + k[3] * d1 + k[4] * d2;
    return std::vector<Expr>{k[5] * corrected + k[6] * d + k[7] * d1, corrected, d, d1};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

// Factors of the corrected x: of x, D', the corrected x before, and the D of the two levels before.
using Correction = std::array<double, 5>;

// Constants of the corrected x for a step of length h from kept = sigma' / sigma.
Correction correction(double kept, double h, double last_h) {
  const double b = 1 - kept;
  const Shares share = corrector_shares(h, last_h);
  const double older = last_h == 0 ? 0 : b * share.older * -h / last_h;  // of D_{-1} - D_0
  return {0, b * share.newer, kept, b - older - b * share.newer, older};
}

Transitions unipc_transitions(const std::vector<LevelPoint>& points) {
  const Step step = unipc_step();
  Transitions transitions;
  double h = 0, last_h = 0;  // of the last step, and of the one before
  constexpr Correction identity = {1, 0, 0, 0, 0};
  Correction corrected = identity;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const LevelPoint &from = points[i], &to = points[i + 1];
    const double kept = to.sigma / from.sigma;
    const bool ends_clean = to.sigma == 0;
    const double next_h = ends_clean ? 0 : -std::log(kept);
    const double lean = h > 0 && !ends_clean ? 0.5 * next_h / h : 0;
    std::vector<double> constants(corrected.begin(), corrected.end());
    constants.insert(constants.end(), {kept, (1 - kept) * (1 + lean), -(1 - kept) * lean});
    transitions.push_back({step, std::move(constants), from.sigma, 1, to.scale});
    last_h = h;
    h = next_h;
    corrected = h > 0 ? correction(kept, h, last_h) : identity;
  }
  return transitions;
}

void plan_unipc(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("edm"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  plan->transitions = unipc_transitions(asked_edm_points(request, process, steps));
  plan->auxiliary.columns = {AuxiliaryState::as_x, AuxiliaryState::as_x, AuxiliaryState::as_x};
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method unipc() {
  return grid_method("unipc", std::to_string(default_steps), {"rho"}, {}, plan_unipc);
}

}  // namespace methods
}  // namespace pushforward
