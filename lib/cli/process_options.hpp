// The options that name a forward process and its constants.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "score/process.hpp"

namespace pushforward {

// 0 and empty: the process's default.
struct ProcessOptions {
  std::string process;
  double sigma_min = 0, sigma_max = 0, beta_min = 0, beta_max = 0;
  std::string beta_schedule;
};

// --sigma-min, --sigma-max, --beta-min, --beta-max, --beta-schedule.
void add_process_constants(CommandLine& line, ProcessOptions* options);

// Puts the constants that were given into the settings of a process. Error(usage) for one that the
// process does not have, or for a range that is none.
void apply_process_constants(const CommandLine& line, const ProcessOptions& options,
                             ProcessSettings* settings);

// Error(usage) where an option for one of these constants ("sigma_min": --sigma-min) was given and
// the process does not look at it.
void require_constants(const CommandLine& line, const std::string& process,
                       const std::vector<const char*>& constants);

// Error(usage) where --levels was given and the process has no steps.
void require_steps(const CommandLine& line, const std::string& process);

}  // namespace pushforward
