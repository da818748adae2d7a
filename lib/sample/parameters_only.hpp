// A source of nothing but parameters, for samplers whose steps hold the rest.
#pragma once

#include <stdexcept>
#include <utility>

#include "nn/conditional_network.hpp"
#include "sample/score_source.hpp"

namespace pushforward {

// The table must outlive it. `network` is what the steps run, and decides the rows of a lane.
class ParametersOnly : public ScoreSource {
 public:
  ParametersOnly(int dimension, const ParameterTable* table, ConditionalShape network)
      : dimension_(dimension), table_(table), network_(std::move(network)) {}
  [[nodiscard]] int dimension() const override { return dimension_; }
  [[nodiscard]] Expr score(Scope, Expr, Expr) const override {
    throw std::logic_error("a model without a score");
  }
  [[nodiscard]] const ParameterTable& parameters() const override { return *table_; }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override {
    return network_lane_rows(network_, most);
  }

 private:
  int dimension_;
  const ParameterTable* table_;
  ConditionalShape network_;
};

}  // namespace pushforward
