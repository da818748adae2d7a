#include "eval/inception_network.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "base/instruction_set.hpp"
#include "eval/kernels/pool.hpp"
#include "graph/bf16.hpp"

namespace pushforward {

template <>
const PoolKernels<float>& pool_kernels<float>() {
  return for_instruction_set(baseline::float_pools, avx2::float_pools, avx512::float_pools);
}
template <>
const PoolKernels<std::uint16_t>& pool_kernels<std::uint16_t>() {
  return for_instruction_set(baseline::bf16_pools, avx2::bf16_pools, avx512::bf16_pools);
}

namespace {

using Kind = InceptionOperation::Kind;

constexpr std::size_t cache_line = 64;

void from_float(float x, float* to) { *to = x; }
void from_float(float x, std::uint16_t* to) {
  std::uint32_t bits;
  x = rounded_to_bf16(x);
  std::memcpy(&bits, &x, sizeof bits);
  *to = static_cast<std::uint16_t>(bits >> 16);
}
double to_double(float x) { return static_cast<double>(x); }
double to_double(std::uint16_t x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return static_cast<double>(value);
}

PoolShape pool_of(const ConvolutionShape& s) {
  return {s.height,    s.width,         s.channels, s.out_height,
          s.out_width, s.kernel_height, s.stride,   s.pad_top};
}

template <class Number>
class ProgramNetwork : public Inception::Network {
 public:
  ProgramNetwork(InceptionProgram program, std::unique_ptr<InceptionEngine<Number>> engine,
                 bool rounded, std::vector<std::size_t> taps)
      : program_(std::move(program)),
        engine_(std::move(engine)),
        rounded_(rounded),
        taps_(std::move(taps)) {}

  std::size_t workspace_bytes() const override {
    return program_.workspace_size * sizeof(Number) + cache_line;
  }

  void run(const float* pictures, std::size_t count, std::byte* workspace,
           const Tap& tap) const override {
    Number* const numbers = aligned(workspace);
    take_pictures(pictures, count, numbers);
    for (const InceptionSection& section : program_.sections)
      for (std::size_t first = 0; first < count; first += section.group) {
        const std::size_t images = std::min(section.group, count - first);
        for (const InceptionOperation& one : section.operations) {
          if (one.kind != Kind::tap)
            perform(one, first, images, numbers);
          else if (std::find(taps_.begin(), taps_.end(), one.number) != taps_.end())
            tap(one.number, first, means_of(one, images, at(one.from, first, numbers)));
        }
      }
  }

  std::string profile(std::size_t count, int runs) const override {
    std::vector<std::byte> workspace(workspace_bytes());
    Number* const numbers = aligned(workspace.data());
    const auto seconds_of = [&](const InceptionOperation& one, const InceptionSection& section) {
      const std::clock_t start = std::clock();
      for (int r = 0; r < runs; ++r)
        for (std::size_t first = 0; first < count; first += section.group)
          perform(one, first, std::min(section.group, count - first), numbers);
      return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / runs;
    };
    std::string text;
    for (const InceptionSection& section : program_.sections)
      for (const InceptionOperation& one : section.operations) {
        if (one.kind == Kind::tap) continue;
        (void)seconds_of(one, section);
        text += line_of(one, static_cast<double>(count), seconds_of(one, section));
      }
    return text;
  }

 private:
  static Number* aligned(std::byte* workspace) {
    const auto address = reinterpret_cast<std::uintptr_t>(workspace);
    return reinterpret_cast<Number*>(workspace + (cache_line - address % cache_line) % cache_line);
  }

  void take_pictures(const float* pictures, std::size_t count, Number* numbers) const {
    const std::size_t size = count * inception_side * inception_side * 3;
    for (std::size_t i = 0; i < size; ++i) from_float(pictures[i], numbers + i);
    if (rounded_) round(1, size, size, numbers);
  }

  // Where picture `first` begins in a map.
  Number* at(const InceptionSlice& slice, std::size_t first, Number* numbers) const {
    const InceptionMap& map = program_.maps[slice.map];
    const std::size_t skipped = map.whole ? first * map.height * map.width * map.pitch : 0;
    return numbers + map.offset + skipped + slice.column;
  }

  void perform(const InceptionOperation& one, std::size_t first, std::size_t images,
               Number* numbers) const {
    const Number* const in = at(one.from, first, numbers);
    Number* const out = at(one.to, first, numbers);
    const std::size_t in_stride = program_.maps[one.from.map].pitch;
    const std::size_t out_stride = program_.maps[one.to.map].pitch;
    const PoolKernels<Number>& pools = pool_kernels<Number>();
    if (one.kind == Kind::convolution)
      engine_->convolve(one, images, in, in_stride, out, out_stride);
    else
      (one.kind == Kind::max_pool ? pools.maximum : pools.mean_relu)(pool_of(one.shape), images, in,
                                                                     in_stride, out, out_stride);
    if (rounded_ && one.kind != Kind::max_pool)
      round(images * one.shape.out_height * one.shape.out_width, one.shape.out_channels, out_stride,
            out);
  }

  static void round(std::size_t rows, std::size_t columns, std::size_t stride, Number* x) {
    if constexpr (sizeof(Number) == sizeof(float))
      for (std::size_t r = 0; r < rows; ++r, x += stride)
        for (std::size_t c = 0; c < columns; ++c) x[c] = rounded_to_bf16(x[c]);
  }

  // [images, channels]
  std::vector<double> means_of(const InceptionOperation& one, std::size_t images,
                               const Number* in) const {
    const InceptionMap& map = program_.maps[one.from.map];
    const std::size_t pixels = map.height * map.width, channels = map.channels;
    std::vector<double> means(images * channels);
    for (double* sum = means.data(); sum < means.data() + means.size(); sum += channels) {
      for (std::size_t p = 0; p < pixels; ++p, in += map.pitch)
        for (std::size_t c = 0; c < channels; ++c) sum[c] += to_double(in[c]);
      for (std::size_t c = 0; c < channels; ++c) sum[c] /= static_cast<double>(pixels);
    }
    return means;
  }

  static std::string line_of(const InceptionOperation& one, double count, double seconds) {
    const ConvolutionShape& s = one.shape;
    const double products = static_cast<double>(s.out_height * s.out_width * s.out_channels *
                                                s.kernel_height * s.kernel_width * s.channels);
    const bool convolution = one.kind == Kind::convolution;
    char text[160];
    std::snprintf(text, sizeof text,
                  "%s %zux%zux%zu to %zux%zux%zu, %zux%zu/%zu\t%.3f ms a picture\t%.1f GFLOP/s\n",
                  convolution                  ? "convolution"
                  : one.kind == Kind::max_pool ? "max pool"
                                               : "average pool",
                  s.height, s.width, s.channels, s.out_height, s.out_width, s.out_channels,
                  s.kernel_height, s.kernel_width, s.stride, 1000 * seconds / count,
                  convolution ? 2e-9 * products * count / seconds : 0.0);
    return text;
  }

  InceptionProgram program_;
  std::unique_ptr<InceptionEngine<Number>> engine_;
  bool rounded_;  // floats are rounded to bfloat16 after every operation
  std::vector<std::size_t> taps_;
};

}  // namespace

std::unique_ptr<Inception::Network> inception_network(const InceptionWeights& weights,
                                                      const std::vector<std::size_t>& taps,
                                                      const InceptionSettings& settings) {
  const InceptionArithmetic arithmetic = settings.arithmetic;
  const bool onednn = arithmetic == InceptionArithmetic::bf16_onednn ||
                      arithmetic == InceptionArithmetic::float_onednn;
  InceptionProgram program =
      inception_program(*std::max_element(taps.begin(), taps.end()), settings.pictures, !onednn);
  if (arithmetic == InceptionArithmetic::bf16_onednn) {
    auto engine = onednn_engine<std::uint16_t>(weights, program);
    return std::make_unique<ProgramNetwork<std::uint16_t>>(std::move(program), std::move(engine),
                                                           false, taps);
  }
  const bool rounded = arithmetic == InceptionArithmetic::bf16_rounded;
  auto engine =
      onednn ? onednn_engine<float>(weights, program) : kernel_engine(weights, program, rounded);
  return std::make_unique<ProgramNetwork<float>>(std::move(program), std::move(engine), rounded,
                                                 taps);
}

}  // namespace pushforward
