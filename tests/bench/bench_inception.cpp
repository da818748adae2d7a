#include "bench_inception.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/lanes.hpp"
#include "base/random.hpp"
#include "eval/inception.hpp"

namespace pushforward {
namespace {

constexpr std::size_t pictures = 16;

Inception random_network(Products products) {
  InceptionWeights weights;
  for (const InceptionConvolution& c : inception_convolutions()) {
    const std::size_t fan_in = c.channels * c.kernel_height * c.kernel_width, n = c.out_channels;
    ConvolutionWeights one;
    one.weight.resize(n * fan_in);
    Random(weights.convolutions.size(), Stream::parameters)
        .fill_normal(one.weight.data(), n, fan_in, 0);
    for (float& w : one.weight) w /= std::sqrt(static_cast<float>(fan_in));
    one.scale = one.variance = std::vector<float>(n, 1.0f);
    one.shift = std::vector<float>(n, 0.1f);
    one.mean = std::vector<float>(n, 0.0f);
    weights.convolutions.push_back(std::move(one));
  }
  return {weights, {{InceptionOutput::pool2048}, pictures, inception_arithmetic(products)}};
}

}  // namespace

double inception_pictures(int threads, Products products) {
  const Inception network = random_network(products);
  std::vector<float> values(pictures * inception_side * inception_side * 3);
  Random(1, Stream::data).fill_normal(values.data(), 1, values.size(), 0);
  const std::size_t lanes = static_cast<std::size_t>(threads);
  std::vector<Inception::Workspace> workspaces(lanes, network.make_workspace());
  std::vector<std::vector<double>> features(lanes,
                                            std::vector<double>(pictures * inception_features));
  Workers workers(threads);
  const auto run = [&] {
    workers.run(lanes, [&](std::size_t lane, int worker) {
      double* const to = features[lane].data();
      network.run(values.data(), pictures, &workspaces[static_cast<std::size_t>(worker)], &to);
    });
  };
  run();
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[1] / static_cast<double>(lanes);
}

std::string inception_profile() { return random_network(Products::exact).profile(3); }

}  // namespace pushforward
