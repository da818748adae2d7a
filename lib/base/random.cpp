#include "base/random.hpp"

#include <Random123/philox.h>

#include <numeric>
#include <utility>

#include "base/instruction_set.hpp"
#include "base/kernels/random.hpp"

namespace pushforward {
namespace {

template <class T>
const RandomKernels<T>& kernels();

template <>
const RandomKernels<float>& kernels<float>() {
  return for_instruction_set(baseline::random_float, avx2::random_float, avx512::random_float);
}

template <>
const RandomKernels<double>& kernels<double>() {
  return for_instruction_set(baseline::random_double, avx2::random_double, avx512::random_double);
}

}  // namespace

std::array<std::uint32_t, 4> Random::words(std::uint64_t row, std::uint32_t step,
                                           std::uint32_t block) const {
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(row),
       static_cast<std::uint32_t>(row >> 32) | static_cast<std::uint32_t>(stream_) << 16, step,
       block}};
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)}};
  const r123::Philox4x32::ctr_type out = r123::Philox4x32{}(counter, key);
  return {out[0], out[1], out[2], out[3]};
}

double Random::uniform(std::uint64_t row, std::uint32_t step, std::uint32_t element) const {
  return (static_cast<double>(words(row, step, element / 4)[element % 4]) + 0.5) * 0x1p-32;
}

std::uint64_t Random::below(std::uint64_t bound, std::uint64_t row, std::uint32_t step,
                            std::uint32_t block) const {
  const std::array<std::uint32_t, 4> w = words(row, step, block);
  const std::uint64_t word = static_cast<std::uint64_t>(w[0]) << 32 | w[1];
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(word) * bound) >> 64);
}

template <class T>
void Random::fill_uniform(T* out, std::size_t rows, std::size_t columns, std::uint64_t first_row,
                          std::uint32_t step) const {
  kernels<T>().uniform(out, rows, columns, seed_, static_cast<std::uint16_t>(stream_), first_row,
                       step);
}

template <class T>
void Random::fill_normal(T* out, std::size_t rows, std::size_t columns, std::uint64_t first_row,
                         std::uint32_t step) const {
  kernels<T>().normal(out, rows, columns, seed_, static_cast<std::uint16_t>(stream_), first_row,
                      step);
}

template void Random::fill_uniform<float>(float*, std::size_t, std::size_t, std::uint64_t,
                                          std::uint32_t) const;
template void Random::fill_uniform<double>(double*, std::size_t, std::size_t, std::uint64_t,
                                           std::uint32_t) const;
template void Random::fill_normal<float>(float*, std::size_t, std::size_t, std::uint64_t,
                                         std::uint32_t) const;
template void Random::fill_normal<double>(double*, std::size_t, std::size_t, std::uint64_t,
                                          std::uint32_t) const;

std::vector<std::uint64_t> permutation(std::uint64_t size, const Random& random,
                                       std::uint32_t step) {
  std::vector<std::uint64_t> order(size);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  for (std::uint64_t i = size; i > 1; --i) std::swap(order[i - 1], order[random.below(i, i, step)]);
  return order;
}

}  // namespace pushforward
