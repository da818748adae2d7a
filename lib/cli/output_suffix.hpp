// What the suffix of an output's name says about its format.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

// "png" of "plots/a.PNG"; empty for a name without one, standard output and devices.
[[nodiscard]] std::string output_suffix(const std::string& output);

// Error(usage) if the suffix is none of `allowed`; a name without one is fine. `advice` says what
// would be right.
void require_suffix(const std::string& output, const std::vector<std::string>& allowed,
                    const std::string& advice);

// Error(usage) if the suffix of a container's name is that of another format, such as .csv or .png.
// Any other is fine.
void refuse_foreign_suffix(const std::string& output);

}  // namespace pushforward
