// Where chains of a restoration model start: pictures of which a degradation has left but a few
// numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "nn/training_rows.hpp"
#include "score/degradation.hpp"

namespace pushforward {

enum class StartLaw {
  rows,     // what was left of training rows, each as likely as the others
  gaussian  // of the mean and covariance of what was left of the training rows
};

// Of the numbers that Remains measures, channel after channel; none where nothing is left.
struct RestorationStart {
  std::size_t count = 0;             // F, of all channels
  std::vector<float> rows;           // [any, F]: of training rows
  std::vector<double> mean, factor;  // [F], [F, F]: a Gaussian mean + factor n

  // Whether there is something to draw; where nothing is left of a picture, both laws are it.
  [[nodiscard]] bool has(StartLaw law) const {
    return count == 0 || !(law == StartLaw::rows ? rows.empty() : factor.empty());
  }
};

// From training rows, v = (x - mean) / deviation. Up to 1000 of them are kept, evenly spaced, fewer
// where much is left of each; a Gaussian is fitted to all rows where 64 numbers or fewer are left.
// Empty if remains() is.
[[nodiscard]] std::optional<RestorationStart> measure_start(const Degradation& degradation,
                                                            const TrainingRows& rows, double mean,
                                                            double deviation);

// Chains first, first + 1, ...: `count` pictures D(v, T) in v, [count, D]. Picture i is a function
// of (seed, i). Of the degradation noise, 0.
[[nodiscard]] std::vector<double> draw_start(const RestorationStart& start,
                                             const Degradation& degradation, StartLaw law,
                                             std::uint64_t seed, std::uint64_t first,
                                             std::size_t count);

}  // namespace pushforward
