// Maximum likelihood: the mean of -log p(x), in nats.
#pragma once

#include "density/density.hpp"
#include "nn/train.hpp"

namespace pushforward {

class NegativeLogLikelihood : public Objective {
 public:
  explicit NegativeLogLikelihood(const Density* density) : density_(density) {}
  [[nodiscard]] Expr loss(Scope scope, Expr x, Expr, Expr) const override {
    return -density_->log_density(scope, x);
  }

 private:
  const Density* density_;
};

}  // namespace pushforward
