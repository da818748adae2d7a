// The curves of a training run.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

struct TrainingCurves {
  std::string name;                            // of the file
  std::vector<double> step, loss, validation;  // validation is NaN where it was not measured
};

// Whether the file begins like a log of training. False if it cannot be opened, and for standard
// input.
[[nodiscard]] bool is_training_table(const std::string& file);
// Reads a log of training: tab-separated, with the columns step, loss and validation.
// Error(invalid), naming the line.
[[nodiscard]] TrainingCurves read_training_table(const std::string& file);
// Reads /training/log of a model container. Error(invalid) if there is none.
[[nodiscard]] TrainingCurves read_training_curves(const ContainerReader& reader);

}  // namespace pushforward
