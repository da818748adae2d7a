// What the kernels that call oneDNN share.
#pragma once

#include <cstdint>
#include <cstring>
#include <dnnl.hpp>

#include "graph/bf16.hpp"

namespace pushforward {
namespace onednn {

using Dims = dnnl::memory::dims;

// The numbers products are made of: bfloat16's upper half of a float, or floats.
template <bool bf16>
struct Element;
template <>
struct Element<true> {
  using Type = std::uint16_t;
  static constexpr auto tag = dnnl::memory::data_type::bf16;
  static Type from(float x) {
    std::uint32_t bits;
    x = rounded_to_bf16(x);
    std::memcpy(&bits, &x, sizeof bits);
    return static_cast<Type>(bits >> 16);
  }
};
template <>
struct Element<false> {
  using Type = float;
  static constexpr auto tag = dnnl::memory::data_type::f32;
  static Type from(float x) { return x; }
};

inline const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

inline dnnl_dim_t extent(std::size_t n) { return static_cast<dnnl_dim_t>(n); }

// Sets the convolution family of a table.
template <bool bf16>
void add_convolutions(Kernels<float>* table);

}  // namespace onednn
}  // namespace pushforward
