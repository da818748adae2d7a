// The options of tensor-gen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/shard.hpp"
#include "cli/program.hpp"
#include "density/distribution.hpp"

namespace pushforward {

struct GenerationCommand {
  CommonOptions common;
  ComputeOptions compute;
  std::vector<std::string> words;  // operands
  Distribution distribution;
  std::string output, shard_text;
  std::int64_t count = 1000, dimension = 2, size = 28;
  std::vector<double> noise;
  bool model = false, label = false;
  Shard shard;
};

void add_generation(CommandLine& line, GenerationCommand* o);

// Call it after parsing: completes the distribution. Error(usage) for options that it does not take
// or that do not go together.
void complete_generation(const CommandLine& line, GenerationCommand* o);

}  // namespace pushforward
