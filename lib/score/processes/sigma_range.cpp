#include "score/processes/sigma_range.hpp"

#include "base/error.hpp"

namespace pushforward {

bool is_level(double sigma) { return sigma >= min_level && sigma <= max_level; }

void require_sigma_range(const ProcessSettings& s, const std::string& where) {
  if (!is_level(s.sigma_min) || !is_level(s.sigma_max) || s.sigma_min >= s.sigma_max)
    fail_invalid(where +
                 ": sigma_min must be below sigma_max, and both of them from 1e-18 to 1e18");
}

}  // namespace pushforward
