// A normalizing flow: preprocessing, bijectors and a base distribution; its density is in data
// units.
#pragma once

#include <memory>
#include <vector>

#include "density/density.hpp"
#include "flow/flow_spec.hpp"
#include "io/container.hpp"

namespace pushforward {

// The affine map (x - shift) / scale that comes before the bijectors; its log-determinant is part
// of the density.
struct Standardization {
  std::vector<double> shift, scale;  // empty: none
};

class Flow : public Density {
 public:
  // Builds the layers and the parameters with their starting values.
  Flow(FlowSpec spec, Standardization standardization, std::uint64_t seed);

  [[nodiscard]] int dimension() const override { return spec_.dimension; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return table_; }

  // With z = encode(x): log p(x) = log p_base(z) + log_det.
  [[nodiscard]] Mapped encode(Scope scope, Expr x) const;
  [[nodiscard]] Mapped decode(Scope scope, Expr z) const;

  [[nodiscard]] const FlowSpec& spec() const { return spec_; }
  [[nodiscard]] const Standardization& standardization() const { return standardization_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }

 private:
  FlowSpec spec_;
  Standardization standardization_;
  std::vector<std::unique_ptr<Bijector>> layers_;
  ParameterTable table_;
};

// /model of a flow: attributes, preprocessing and parameters. `row_shape` is the shape of a data
// row, [2] or [1, 8, 8], which samples are given again.
void write_flow(ContainerWriter* writer, const Flow& flow, const Shape& row_shape,
                ElementType type);
[[nodiscard]] std::unique_ptr<Flow> read_flow(const ContainerReader& reader);
// Any model that has an exact log density: a flow or an analytic one.
[[nodiscard]] std::unique_ptr<Density> read_density(const ContainerReader& reader);

}  // namespace pushforward
