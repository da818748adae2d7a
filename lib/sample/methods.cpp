// The list of methods. Each is defined in the file of its name in sample/methods.
#include "sample/method.hpp"

namespace pushforward {

namespace methods {
// Markov chains.
Method ula(), mala(), hmc(), underdamped();
// From noise to data.
Method annealed(), pc(), euler_maruyama(), reverse_diffusion(), ancestral();
Method adaptive(), ode(), heun(), dpm_solver(), unipc(), ddpm(), ddim();
// Of one family of models each.
Method blur(), cold(), ddgan();
}  // namespace methods

const std::vector<Method>& sampling_methods() {
  using namespace methods;
  static const std::vector<Method> all = {// Markov chains
                                          ula(), mala(), hmc(), underdamped(),
                                          // from noise to data
                                          annealed(), pc(), euler_maruyama(), reverse_diffusion(),
                                          ancestral(), adaptive(), ode(), heun(), dpm_solver(),
                                          unipc(), ddpm(), ddim(),
                                          // of one family of models each
                                          blur(), cold(), ddgan()};
  return all;
}

}  // namespace pushforward
