// The options of langevin-sample that say what is drawn and how.
#pragma once

#include <string>

#include "cli/process_options.hpp"
#include "sample/method.hpp"

namespace pushforward {

struct SamplingCommand {
  MethodOptions method;
  ProcessOptions process;
  std::string mask, known;  // files
  std::string model, init = "normal:1", denoise = "yes", adapt, shard;
  std::string algorithm = "2";
  bool strict = false;
};

void add_sampling(CommandLine& line, SamplingCommand* command);

// After parsing: puts words and process into command->method. Error(usage) where they do not go
// together.
void complete_sampling(const CommandLine& line, SamplingCommand* command);

}  // namespace pushforward
