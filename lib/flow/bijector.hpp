// An invertible map: what flows are made of.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

// A map's value and log |det| of its Jacobian, one number per row.
struct Mapped {
  Expr value;    // [n, D]
  Expr log_det;  // [n, 1], of the map that gave `value`
};

// What a map may look at besides the rows that it maps.
struct Conditions {
  Expr context{};  // [n, context columns]; invalid: there is none
  // [n, numbers of an image]: another image with the same pixels, channels-last, for the networks
  // of couplings of images; invalid: there is none.
  Expr image{};
  // [n, 1], while training: 1 for rows that count. Batch statistics are then those of these rows;
  // where it is invalid, the stored ones are used.
  Expr weights{};
};

// When some parameters of a map are set to statistics of data rows, which no gradient changes.
enum class RowStatistics {
  none,
  at_start,  // once, before training
  always     // whenever a model in training is used for anything but a training step
};

class Bijector {
 public:
  virtual ~Bijector() = default;
  [[nodiscard]] virtual Mapped encode(Scope scope, Expr x, const Conditions& c) const = 0;
  [[nodiscard]] virtual Mapped decode(Scope scope, Expr z, const Conditions& c) const = 0;

  [[nodiscard]] virtual RowStatistics statistics() const { return RowStatistics::none; }
  // Sets its parameters, those below `path`, from the mean and variance of every column of what
  // encode() is given.
  virtual void set_statistics(const std::string& /*path*/, const std::vector<double>& /*mean*/,
                              const std::vector<double>& /*variance*/,
                              ParameterTable* /*table*/) const {}
};

}  // namespace pushforward
