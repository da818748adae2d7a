#include "bench_convolution.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "graph/bf16.hpp"
#include "graph/convolution.hpp"
#include "graph/plan.hpp"

namespace pushforward {
namespace {

constexpr int images = 8;  // of a lane

template <class Run>
double min_seconds(const Run& run) {
  double least = 1e9;
  for (int i = 0; i < 15; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count());
  }
  return least;
}

// Our kernel as a plan chooses it.
double plan_seconds(Expr a, Expr b, Expr result) {
  const auto numbers = [](Expr x) {
    return std::vector<float>(std::size_t(x.rows()) * std::size_t(x.columns()), 0.5f);
  };
  Evaluator<float> evaluator({a, b}, {}, {result});
  const std::vector<float> left = numbers(a), right = numbers(b);
  std::vector<float> out = numbers(result);
  return min_seconds([&] { evaluator.run(0, {left.data(), right.data()}, {out.data()}); });
}

void print_shape(int side, int channels, int out_channels, int kernel) {
  const int pad = kernel / 2;
  const ConvolutionGeometry g{side, side, kernel, kernel, 1, pad, pad, pad, pad};
  const int pixels = images * side * side, taps = kernel * kernel;
  Graph graph;
  const Expr x = graph.input("x", pixels, channels), y = graph.input("y", pixels, out_channels);
  const Expr w = graph.input("w", taps * channels, out_channels);
  const double ours[] = {plan_seconds(x, w, convolution(g, x, w)),
                         plan_seconds(y, w, convolution_back(g, y, w)),
                         plan_seconds(x, y, convolution_weights(g, x, y))};

  const auto n = [](int i) { return std::size_t(i); };
  const ConvolutionShape s{n(side), n(side),         n(channels),  n(side),
                           n(side), n(out_channels), n(kernel),    n(kernel),
                           1,       n(kernel / 2),   n(kernel / 2)};
  const Kernels<float> peer = onednn_kernels(onednn::Operands::floats);
  const std::size_t count = images;
  std::vector<float> in(n(pixels) * s.channels, 0.5f), out(n(pixels) * s.out_channels, 0.5f);
  std::vector<float> weights(n(taps) * s.channels * s.out_channels, 0.5f);
  const double theirs[] = {min_seconds([&] {
                             peer.convolution(s, count, in.data(), s.channels, weights.data(),
                                              nullptr, false, out.data(), s.out_channels);
                           }),
                           min_seconds([&] {
                             peer.convolution_back(s, count, out.data(), s.out_channels,
                                                   weights.data(), nullptr, in.data(), s.channels);
                           }),
                           min_seconds([&] {
                             peer.convolution_weights(s, count, in.data(), s.channels, out.data(),
                                                      s.out_channels, weights.data());
                           })};
  const double operations = 2e-9 * pixels * taps * channels * out_channels;
  const char* const names[] = {"forward", "input", "weights"};
  for (int i = 0; i < 3; ++i)
    std::printf("%dx%d, %d to %d channels, kernel %d, %s\t%.3f\t%.1f\t%.1f\t%.2f\n", side, side,
                channels, out_channels, kernel, names[i], 1000 * ours[i], operations / ours[i],
                operations / theirs[i], theirs[i] / ours[i]);
}

}  // namespace

void print_convolution_rates() {
  std::printf("convolution\tms\tgflops\tonednn_gflops\ttimes_onednn\n");
  print_shape(32, 3, 32, 3);
  print_shape(32, 32, 32, 3);
  print_shape(16, 64, 64, 3);
  print_shape(8, 64, 64, 3);
  print_shape(16, 64, 192, 1);
}

}  // namespace pushforward
