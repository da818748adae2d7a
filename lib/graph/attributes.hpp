// What a node holds beside its operands: one small struct per kind of operator; for lib/graph
// alone.
#pragma once

#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "graph/autoregressive.hpp"
#include "graph/kernels/kernels.hpp"
#include "graph/spline_shape.hpp"

namespace pushforward {

struct UnaryFunction;  // graph/ops/elementwise.hpp
struct BinaryFunction;

struct LeafName {
  std::string text;
};
struct ConstantValues {
  std::vector<double> values;  // rows * columns
};
// scale x + shift
struct AffineMap {
  double scale, shift;
};
struct ColumnIndex {
  std::vector<int> columns;
};
// Rows in blocks of equal size.
struct RowBlocks {
  int block;
};
// The operand of a batched product that is transposed.
enum class Turned { neither, left, right };
struct MatrixBatches {
  int count;
  Turned turned;
};
// The transform is that of a solution; an adjoint has none.
struct AutoregressiveMapping {
  AutoregressiveNetwork network;
  AutoregressiveTransform transform{};
};

using Attributes =
    std::variant<std::monostate, LeafName, ConstantValues, const UnaryFunction*,
                 const BinaryFunction*, AffineMap, ColumnIndex, Staircase, RowBlocks, MatrixBatches,
                 ConvolutionShape, SplineShape, AutoregressiveMapping>;

// The members of an attribute: nodes are compared and hashed by them.
inline auto members(const LeafName& a) { return std::tie(a.text); }
inline auto members(const ConstantValues& a) { return std::tie(a.values); }
inline auto members(const AffineMap& a) { return std::tie(a.scale, a.shift); }
inline auto members(const ColumnIndex& a) { return std::tie(a.columns); }
inline auto members(const RowBlocks& a) { return std::tie(a.block); }
inline auto members(const MatrixBatches& a) { return std::tie(a.count, a.turned); }
inline auto members(const SplineShape& a) { return std::tie(a.bins, a.bound); }
inline auto members(const ConvolutionShape& a) {
  return std::tie(a.height, a.width, a.channels, a.out_height, a.out_width, a.out_channels,
                  a.kernel_height, a.kernel_width, a.stride, a.pad_top, a.pad_left);
}
inline auto members(const AutoregressiveMapping& a) {
  return std::tie(a.network.inputs, a.network.groups, a.network.degree, a.network.skip,
                  a.transform.bins, a.transform.bound, a.transform.components);
}
// What is a value by itself.
inline auto members(const std::monostate&) { return std::tuple<>(); }
inline auto members(const Staircase& a) { return std::tie(a); }
inline auto members(const UnaryFunction* const& a) { return std::tie(a); }
inline auto members(const BinaryFunction* const& a) { return std::tie(a); }

}  // namespace pushforward
