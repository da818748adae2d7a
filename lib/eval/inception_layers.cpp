#include "eval/inception_layers.hpp"

namespace pushforward {
namespace {

using Kind = InceptionStep::Kind;
using Steps = std::vector<InceptionStep>;

// Stride 1, padded so that height and width do not change.
InceptionStep same(const char* name, std::size_t from, std::size_t channels, std::size_t height,
                   std::size_t width) {
  return {name, Kind::convolution, from, channels, height, width, 1, height / 2, width / 2};
}

// 3 x 3, not padded.
InceptionStep inner(const char* name, std::size_t from, std::size_t channels, std::size_t stride) {
  return {name, Kind::convolution, from, channels, 3, 3, stride, 0, 0};
}

InceptionStep halving_pool() { return {"", Kind::max_pool, 0, 0, 3, 3, 2, 0, 0}; }
InceptionStep same_pool(Kind kind) { return {"", kind, 0, 0, 3, 3, 1, 1, 1}; }

Steps block_a(std::size_t pool_channels) {
  return {same("branch1x1", 0, 64, 1, 1),      same("branch5x5_1", 0, 48, 1, 1),
          same("branch5x5_2", 2, 64, 5, 5),    same("branch3x3dbl_1", 0, 64, 1, 1),
          same("branch3x3dbl_2", 4, 96, 3, 3), same("branch3x3dbl_3", 5, 96, 3, 3),
          same_pool(Kind::average_pool),       same("branch_pool", 7, pool_channels, 1, 1)};
}

Steps block_b() {
  return {inner("branch3x3", 0, 384, 2), same("branch3x3dbl_1", 0, 64, 1, 1),
          same("branch3x3dbl_2", 2, 96, 3, 3), inner("branch3x3dbl_3", 3, 96, 2), halving_pool()};
}

Steps block_c(std::size_t c) {
  return {same("branch1x1", 0, 192, 1, 1),      same("branch7x7_1", 0, c, 1, 1),
          same("branch7x7_2", 2, c, 1, 7),      same("branch7x7_3", 3, 192, 7, 1),
          same("branch7x7dbl_1", 0, c, 1, 1),   same("branch7x7dbl_2", 5, c, 7, 1),
          same("branch7x7dbl_3", 6, c, 1, 7),   same("branch7x7dbl_4", 7, c, 7, 1),
          same("branch7x7dbl_5", 8, 192, 1, 7), same_pool(Kind::average_pool),
          same("branch_pool", 10, 192, 1, 1)};
}

Steps block_d() {
  return {same("branch3x3_1", 0, 192, 1, 1),
          inner("branch3x3_2", 1, 320, 2),
          same("branch7x7x3_1", 0, 192, 1, 1),
          same("branch7x7x3_2", 3, 192, 1, 7),
          same("branch7x7x3_3", 4, 192, 7, 1),
          inner("branch7x7x3_4", 5, 192, 2),
          halving_pool()};
}

Steps block_e(Kind pool) {
  return {same("branch1x1", 0, 320, 1, 1),
          same("branch3x3_1", 0, 384, 1, 1),
          same("branch3x3_2a", 2, 384, 1, 3),
          same("branch3x3_2b", 2, 384, 3, 1),
          same("branch3x3dbl_1", 0, 448, 1, 1),
          same("branch3x3dbl_2", 5, 384, 3, 3),
          same("branch3x3dbl_3a", 6, 384, 1, 3),
          same("branch3x3dbl_3b", 6, 384, 3, 1),
          same_pool(pool),
          same("branch_pool", 9, 192, 1, 1)};
}

std::vector<InceptionBlock> make_blocks() {
  return {{"Conv2d_1a_3x3", "blocks.0.0", {inner("", 0, 32, 2)}, 0},
          {"Conv2d_2a_3x3", "blocks.0.1", {inner("", 0, 32, 1)}, 0},
          {"Conv2d_2b_3x3", "blocks.0.2", {same("", 0, 64, 3, 3)}, 0},
          {"", "", {halving_pool()}, 64},
          {"Conv2d_3b_1x1", "blocks.1.0", {same("", 0, 80, 1, 1)}, 0},
          {"Conv2d_4a_3x3", "blocks.1.1", {inner("", 0, 192, 1)}, 0},
          {"", "", {halving_pool()}, 192},
          {"Mixed_5b", "blocks.2.0", block_a(32), 0},
          {"Mixed_5c", "blocks.2.1", block_a(64), 0},
          {"Mixed_5d", "blocks.2.2", block_a(64), 0},
          {"Mixed_6a", "blocks.2.3", block_b(), 0},
          {"Mixed_6b", "blocks.2.4", block_c(128), 0},
          {"Mixed_6c", "blocks.2.5", block_c(160), 0},
          {"Mixed_6d", "blocks.2.6", block_c(160), 0},
          {"Mixed_6e", "blocks.2.7", block_c(192), 768},
          {"Mixed_7a", "blocks.3.0", block_d(), 0},
          {"Mixed_7b", "blocks.3.1", block_e(Kind::average_pool), 0},
          {"Mixed_7c", "blocks.3.2", block_e(Kind::max_pool), 2048}};
}

std::vector<InceptionConvolution> list_convolutions() {
  std::vector<InceptionConvolution> all;
  std::size_t block_channels = 3;
  for (const InceptionBlock& block : inception_blocks()) {
    std::vector<std::size_t> channels = {block_channels};
    std::vector<bool> read = {true};
    for (const InceptionStep& step : block.steps) {
      const bool pool = step.kind != Kind::convolution;
      read[step.from] = true;
      channels.push_back(pool ? channels[step.from] : step.channels);
      read.push_back(false);
      if (pool) continue;
      const std::string below = step.name.empty() ? "" : "." + step.name;
      all.push_back({block.name + below, block.wrapper_name + below, channels[step.from],
                     step.channels, step.kernel_height, step.kernel_width});
    }
    block_channels = 0;
    for (std::size_t i = 0; i < read.size(); ++i) block_channels += read[i] ? 0 : channels[i];
  }
  return all;
}

}  // namespace

const std::vector<InceptionBlock>& inception_blocks() {
  static const std::vector<InceptionBlock> blocks = make_blocks();
  return blocks;
}

const std::vector<InceptionConvolution>& inception_convolutions() {
  static const std::vector<InceptionConvolution> convolutions = list_convolutions();
  return convolutions;
}

}  // namespace pushforward
