// The options of langevin-sample that say what is drawn and how.
#pragma once

#include <string>

#include "cli/process_options.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {

struct SamplingCommand {
  MethodOptions method;
  ProcessOptions process;
  std::string label;        // name or number of a class; empty: none
  std::string mask, known;  // files
  std::string model, init = "normal:1", denoise = "yes", adapt, shard;
  double rho = default_rho, delta = 0;
  bool strict = false;
};

void add_sampling(CommandLine& line, SamplingCommand* command);

// After parsing: puts words and process into command->method. Error(usage) where they do not go
// together.
void complete_sampling(const CommandLine& line, SamplingCommand* command);

// Error(usage) for options that the method does not look at, or that do not go together with it.
void check_sampling(const CommandLine& line, const Method& method, const SamplingCommand& command);

}  // namespace pushforward
