// The options of langevin-sample that say what is drawn and how.
#pragma once

#include <optional>
#include <string>

#include "cli/path_options.hpp"
#include "cli/process_options.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {

struct SamplingCommand {
  MethodOptions method;
  ProcessOptions process;
  std::string label;        // name or number of a class; empty: none
  std::string mask, known;  // files
  std::string encode;       // file of rows to take to noise; empty: none
  PathOptions path;
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

// Error for a model or a method that --precision bf16 does not suit. It keeps three digits: enough
// for a network whose samples are looked at, not for a density nor for steps chosen by their
// errors.
void check_bf16(const SampledModel& model, const SamplingPlan& plan);

// The rows of --encode, and the path of --between through their noise.
struct EncodedRows {
  RowReader rows;
  std::optional<RowPath> path;
};
// None without --encode. Puts the number of rows that are written into command->method, where
// --steps stands too, those of the path. Error(invalid) for a flow; errors as of RowReader and
// asked_path().
[[nodiscard]] std::optional<EncodedRows> asked_encoding(const CommandLine& line,
                                                        const SampledModel& model,
                                                        SamplingCommand* command);

}  // namespace pushforward
