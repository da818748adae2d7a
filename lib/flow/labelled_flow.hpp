// A conditional flow with its label given: a density like any other.
#pragma once

#include <memory>
#include <string>

#include "flow/flow.hpp"

namespace pushforward {

// Error(invalid), naming the file, unless `label` is a class of the flow that had training rows;
// -1, no label, always fits.
void require_fitting_label(const FlowSpec& spec, int label, const std::string& file);

// `label` -1: no label was asked for. A flow that is not conditional passes through.
// Error(invalid), naming the file, where label and flow do not go together.
[[nodiscard]] std::unique_ptr<Density> with_label(std::unique_ptr<Density> density, int label,
                                                  const std::string& file);

}  // namespace pushforward
