// The options of fid-eval.
#pragma once

#include <string>
#include <vector>

#include "cli/program.hpp"
#include "eval/evaluation.hpp"

namespace pushforward {

struct EvaluationOptions {
  CommonOptions common;
  ComputeOptions compute;
  EvaluationSettings evaluation;
  FeatureChoice features;
  // GENERATED ... REFERENCE, or REFERENCE alone, or what is merged.
  std::vector<std::string> inputs;
  std::string save_stats, save_features, shard;
  bool merge = false, json = false;
};

void add_evaluation(CommandLine& line, EvaluationOptions* options);

// To be called when the line has been parsed. Error(usage) for what makes no sense together.
void finish_evaluation(const CommandLine& line, EvaluationOptions* options);

// Error(usage) for an option that none of the metrics uses, once they are known.
void check_metric_options(const CommandLine& line, const EvaluationSettings& evaluation);

}  // namespace pushforward
