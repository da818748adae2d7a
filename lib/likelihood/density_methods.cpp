// The list of methods. Each is defined in the file of its name in likelihood/methods.
#include "likelihood/density_method.hpp"

namespace pushforward {

namespace likelihoods {
DensityMethod exact(), ode(), bound();
}  // namespace likelihoods

const std::vector<DensityMethod>& density_methods() {
  static const std::vector<DensityMethod> all = {likelihoods::exact(), likelihoods::ode(),
                                                 likelihoods::bound()};
  return all;
}

}  // namespace pushforward
