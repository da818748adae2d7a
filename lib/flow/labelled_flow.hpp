// A conditional flow with its label given: a density like any other.
#pragma once

#include <memory>
#include <string>

#include "flow/flow.hpp"

namespace pushforward {

// `label` -1: no label was asked for. A flow that is not conditional passes through.
// Error(invalid), naming the file, where label and flow do not go together.
[[nodiscard]] std::unique_ptr<Density> with_label(std::unique_ptr<Density> density, int label,
                                                  const std::string& file);

}  // namespace pushforward
