// An invertible map, the part a flow is made of.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

// A map's value and the logarithm of its Jacobian determinant's size, a number a row.
struct Mapped {
  Expr value;    // [n, D]
  Expr log_det;  // [n, 1], of the map that gave `value`
};

// What a map may look at beside the rows it maps.
struct Conditions {
  Expr context{};  // [n, context columns]; invalid: there is none
  // [n, numbers of an image]: for couplings of images, another image of as many pixels,
  // channels-last, which their networks see beside what is kept; invalid: there is none.
  Expr image{};
  // [n, 1], while training: 1 for rows that count. Batch statistics are then taken from these rows;
  // otherwise (invalid) the stored ones are used.
  Expr weights{};
};

// What a map takes from rows of data, other than by gradients.
enum class RowStatistics {
  none,
  at_start,  // once, before training
  always     // whenever a training model is used for anything but a training step
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
