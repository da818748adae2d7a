// A source of nothing but parameters, for samplers whose steps hold the rest.
#pragma once

#include <stdexcept>

#include "sample/score_source.hpp"

namespace pushforward {

// The table must outlive it.
class ParametersOnly : public ScoreSource {
 public:
  ParametersOnly(int dimension, const ParameterTable* table)
      : dimension_(dimension), table_(table) {}
  [[nodiscard]] int dimension() const override { return dimension_; }
  [[nodiscard]] Expr score(Scope, Expr, Expr) const override {
    throw std::logic_error("a model without a score");
  }
  [[nodiscard]] const ParameterTable& parameters() const override { return *table_; }

 private:
  int dimension_;
  const ParameterTable* table_;
};

}  // namespace pushforward
