// How the bench times: medians of repeated blocks, as peers.py measures them.
#pragma once

#include <functional>
#include <string>

#include "nn/train.hpp"

namespace pushforward {

// The median seconds of `times` calls, after one that is not counted.
double median_of(int times, const std::function<void()>& body);

// Standard normal numbers [count, columns].
TrainingRows normal_rows(std::size_t count, std::size_t columns);

TrainingOptions step_options(std::int64_t batch, int threads);

// Seconds of one training step: runs whose lengths differ by `steps`, so that set-up cancels.
double training_step(const Objective& objective, const ParameterTable& table,
                     const TrainingRows& rows, TrainingOptions options, std::int64_t steps,
                     int repeats = 7);

// Prints where a lane of a training step on rows of so many columns spends its time.
void print_profile(const std::string& name, const Objective& objective, const ParameterTable& table,
                   int columns);

}  // namespace pushforward
