// A normalizing flow: preprocessing, bijectors and a base distribution; its density is in data
// units.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/lanes.hpp"
#include "density/row_evaluator.hpp"
#include "flow/base.hpp"
#include "flow/flow_spec.hpp"
#include "flow/noise_flow.hpp"
#include "io/context.hpp"
#include "nn/training_rows.hpp"

namespace pushforward {

// The affine map (x - shift) / scale that comes before the bijectors, and after what makes numbers
// of 8-bit rows continuous (flow/dequantization.hpp); its log-determinant is part of the density.
struct Standardization {
  std::vector<double> shift{}, scale{};                  // empty: none
  std::vector<double> context_shift{}, context_scale{};  // the same for the context
  // The part of a shift that is subtracted in double, before rows and contexts are given to the
  // flow's expressions: not 0 in columns that lie far from 0. Empty: 0 everywhere.
  std::vector<double> origin{}, context_origin{};
};

// Rows of a flow of 8-bit data are continuous here, in [0, 256]: x + u with the noise u given.
class Flow : public Density {
 public:
  // Builds the layers and the parameters. Starting values, and column orders that `spec` does not
  // give, are drawn from the seed; without a seed the caller sets the values. TooManyParameters
  // where the spec needs more than `max_parameters` numbers.
  Flow(FlowSpec spec, Standardization standardization, std::optional<std::uint64_t> seed,
       std::size_t max_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] int dimension() const override { return spec_.dimension; }
  [[nodiscard]] int context_columns() const override { return spec_.context; }
  [[nodiscard]] std::vector<double> origin() const override { return standardization_.origin; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return table_; }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override;

  [[nodiscard]] Expr log_density(Scope scope, Expr x, const Conditions& c) const;
  // With z = encode(x): log p(x) = log p_base(z) + log_det. Here and below x is less origin(), and
  // a context less standardization().context_origin, as flow_context() reads it.
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c = {}) const;
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c = {}) const;
  // Of a flow of 8-bit data: the noise u [n, D] of rows x of whole numbers, made of uniform numbers
  // [n, D]. log_det is -log q(u | x), q being the noise's density: 0 for noise that is uniform
  // itself. The mean of log p(x + u) - log q(u | x) is a lower bound on log P(x).
  [[nodiscard]] Mapped noise(Scope scope, Expr x, Expr uniforms, const Conditions& c = {}) const;
  // Rows, less origin(), drawn from numbers as fill_base_numbers gives them, and the log density of
  // each [n, 1].
  struct Drawn {
    Expr x, log_density;
  };
  [[nodiscard]] Drawn draw(Scope scope, Expr numbers, double temperature,
                           const Conditions& c = {}) const;

  [[nodiscard]] const FlowSpec& spec() const { return spec_; }
  [[nodiscard]] const Standardization& standardization() const { return standardization_; }
  [[nodiscard]] const Base& base() const { return *base_; }
  [[nodiscard]] Scope base_scope(Scope scope) const { return scope / "base"; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }

  // Sets the parameters that are statistics of rows [x | context] (Bijector::set_statistics) in the
  // flat buffer `values`, under the other parameters there: those that always are, or, at_start,
  // also those that only start as statistics. Of more than 20,000 rows, or 1,024 for a
  // convolutional flow, that many are used, evenly spaced. The noise of 8-bit rows is the same at
  // every call.
  void update_statistics(const TrainingRows& rows, RowStatistics kind, Workers* workers,
                         std::vector<double>* values) const;
  [[nodiscard]] bool has_statistics(RowStatistics kind) const;

 private:
  [[nodiscard]] Conditions prepared(Conditions c) const;
  // The part of encode() before the layers, which has no parameters.
  [[nodiscard]] Mapped preprocess(Expr x) const;
  FlowSpec spec_;
  Standardization standardization_;
  std::vector<FlowLayer> layers_;
  std::unique_ptr<Base> base_;
  std::unique_ptr<NoiseFlow> noise_;  // of variational dequantization
  ParameterTable table_;
};

// Mean and variance of every column of rows of `columns` numbers.
struct ColumnMoments {
  std::vector<double> mean, variance;
};
template <class Numbers>  // std::vector<double> or TrainingRows::values
[[nodiscard]] ColumnMoments column_moments(const Numbers& rows, std::size_t columns);

// What rows are conditioned on, from the dataset beside them that the flow was trained with, less
// the origin of the context. Error(invalid) where that is missing or has another width.
[[nodiscard]] ContextReader flow_context(const Flow& flow, const RowReader& rows);

// A function of rows [x | context] for a RowEvaluator from one of x [n, columns] and Conditions.
using ConditionalFunction =
    std::function<std::vector<Expr>(Scope scope, Expr x, const Conditions& c)>;
[[nodiscard]] RowFunction flow_function(const Flow& flow, int columns,
                                        const ConditionalFunction& function);

// /model of a flow: attributes, preprocessing, orders and parameters. `row_shape` is the shape of a
// data row, [2] or [1, 8, 8], which samples are given again.
void write_flow(ContainerWriter* writer, const FlowSpec& spec,
                const Standardization& standardization, const ParameterTable& parameters,
                const Shape& row_shape, ElementType type);
void write_flow(ContainerWriter* writer, const Flow& flow, const Shape& row_shape,
                ElementType type);
[[nodiscard]] std::unique_ptr<Flow> read_flow(const ContainerReader& reader);
// Any model that has an exact log density: a flow or an analytic one.
[[nodiscard]] std::unique_ptr<Density> read_density(const ContainerReader& reader);

}  // namespace pushforward
