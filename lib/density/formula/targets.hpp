// Named targets that are formulas: what papers on samplers and variational flows compare on.
#pragma once

#include <string>
#include <vector>

#include "density/distribution.hpp"
#include "density/formula/formula_density.hpp"

namespace pushforward {

struct FormulaTarget {
  const char* name;
  std::vector<std::string> options;  // as those of options_of()
  // Error(usage) for settings that do not fit; errors of data name the file.
  FormulaSource (*source)(const Distribution& distribution);
};

// In the order of the manual; "formula", the one whose text a person gives, is one of them.
[[nodiscard]] const std::vector<FormulaTarget>& formula_targets();

}  // namespace pushforward
