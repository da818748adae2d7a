// The starts of a restoration model's chains: fully degraded pictures, which a few numbers
// determine.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/matrix.hpp"
#include "nn/training_rows.hpp"
#include "score/degradation.hpp"

namespace pushforward {

enum class StartLaw {
  rows,     // the numbers of a training row, each row with equal probability
  gaussian  // normal numbers with the mean and covariance of those of the training rows
};

// The distribution of the numbers that Remains measures, channel after channel; there are none if
// nothing is left of a picture.
struct RestorationStart {
  std::size_t count = 0;  // F, of all channels
  Matrix<float> rows;     // [any, F]: those of training rows
  // [F], [F, F]: a Gaussian mean + factor n.
  Vector<double> mean;
  Matrix<double> factor;

  // Whether starts can be drawn by a law. If nothing is left of a picture, both laws are the same.
  [[nodiscard]] bool has(StartLaw law) const {
    return count == 0 || (law == StartLaw::rows ? rows.size() : factor.size()) > 0;
  }
};

// Measures training rows, v = (x - mean) / deviation. At most 1000 evenly spaced rows are kept,
// fewer if there are many numbers per row. A Gaussian is fitted to all rows if there are at most 64
// numbers per row. nullopt if remains() is.
[[nodiscard]] std::optional<RestorationStart> measure_start(const Degradation& degradation,
                                                            const TrainingRows& rows, double mean,
                                                            double deviation);

// The starts of chains first, first + 1, ...: `count` pictures D(v, T), [count, D]. Picture i is a
// function of (seed, i). All 0 if nothing is left of a picture.
[[nodiscard]] std::vector<double> draw_start(const RestorationStart& start,
                                             const Degradation& degradation, StartLaw law,
                                             std::uint64_t seed, std::uint64_t first,
                                             std::size_t count);

}  // namespace pushforward
