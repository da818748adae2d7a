// Checks shared by processes whose levels run from sigma_min to sigma_max.
#pragma once

#include <string>

#include "score/process.hpp"

namespace pushforward {

// Whether sigma is in the allowed range of levels.
[[nodiscard]] bool is_level(double sigma);

// Error(invalid), beginning with `where`, unless sigma_min is below sigma_max and both are levels.
void require_sigma_range(const ProcessSettings& settings, const std::string& where);

}  // namespace pushforward
