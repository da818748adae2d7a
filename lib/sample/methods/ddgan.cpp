// Denoising diffusion GANs (Xiao, Kreis, Vahdat 2022, section 3): from x_T = z, T steps
// x_{k-1} ~ q(x_{k-1} | x_k, G(x_k, z, k)) with fresh z in each.
#include "base/one_hot.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

// a G(x, z, sigma) + b x + c z'; constants a, b, c.
Step generator_step(const Ddgan& model, int label) {
  StepFunction step;
  step.constants = 3;
  step.normals = true;
  step.uniforms = model.latent_uniforms() > 0;
  step.more_normals = static_cast<std::size_t>(model.latent_normals());
  step.more_uniforms = static_cast<std::size_t>(model.latent_uniforms());
  step.next = [&model, label](const ScoreSource&, Scope scope, const StepInputs& in) {
    const int classes = model.description().classes;
    const Expr context = classes > 0
                             ? scope.graph().constant(1, classes, one_hot<double>({label}, classes))
                             : Expr();
    const Expr z = model.latent(scope, in.more_normals, in.more_uniforms);
    const Expr x = in.state[0];
    return std::vector<Expr>{in.constants[0] * model.generate(scope, x, z, in.sigma, context) +
                             in.constants[1] * x + in.constants[2] * in.normals};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

void plan_ddgan(const SamplingRequest& request, SamplingPlan* plan) {
  const Ddgan& model = *request.model.ddgan();
  plan->target = network_target(model.dimension(), model.parameters(), model.description().shape);
  plan->units.offset = model.description().mean;
  plan->units.unit = model.description().deviation;
  plan->chains = static_cast<std::uint64_t>(request.options.count);
  const Step step = generator_step(model, request.options.label);
  for (auto s = model.steps().rbegin(); s != model.steps().rend(); ++s)
    plan->transitions.push_back(
        {step, {s->from_clean, s->from_noisy, s->deviation}, s->sigma(), 1, 1});
  plan->rows = {total_steps(plan->transitions), 1, 1};
}

}  // namespace

namespace methods {

Method ddgan() { return {"ddgan", Method::Needs::ddgan, "", {"trajectory"}, {}, plan_ddgan}; }

}  // namespace methods
}  // namespace pushforward
