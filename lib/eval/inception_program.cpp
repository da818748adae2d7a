#include "eval/inception_program.hpp"

#include <algorithm>

#include "eval/inception_layers.hpp"
#include "graph/buffer_planner.hpp"

namespace pushforward {
namespace {

using Kind = InceptionOperation::Kind;

constexpr std::size_t page_numbers = 1024, line_numbers = 16;  // floats of 4 KiB, of a cache line
constexpr std::size_t group_rows = 1024;  // so many pixels make the packing of weights cheap

class Builder {
 public:
  Builder(std::size_t pictures, bool merge) : pictures_(pictures), merge_(merge) {
    program_.maps.push_back({inception_side, inception_side, 3, 3, true, 0});
  }

  InceptionProgram build(std::size_t deepest) {
    std::size_t input = 0;
    for (const InceptionBlock& block : inception_blocks()) {
      enter_section(input);
      input = add_block(block, input);
      if (block.tap != 0) {
        const InceptionMap& map = program_.maps[input];
        add({Kind::tap, pixels_of(map, map.channels), {input, 0}, {}, block.tap});
      }
      if (block.tap == deepest) break;
    }
    place_maps();
    return std::move(program_);
  }

 private:
  // The result of one step of a block.
  struct Node {
    InceptionSlice at;
    std::size_t height, width, channels;
    std::size_t readers = 0;
    std::size_t convolution = 0;  // its index in inception_convolutions()
  };

  static ConvolutionShape pixels_of(const InceptionMap& map, std::size_t channels) {
    return {map.height, map.width, channels, map.height, map.width, channels, 1, 1, 1, 0, 0};
  }

  void add(const InceptionOperation& operation) {
    program_.sections.back().operations.push_back(operation);
  }

  std::size_t add_map(std::size_t height, std::size_t width, std::size_t channels) {
    const std::size_t pitch =
        channels + (merge_ && channels % page_numbers == 0 ? line_numbers : 0);
    program_.maps.push_back({height, width, channels, pitch, false, 0});
    return program_.maps.size() - 1;
  }

  void enter_section(std::size_t input) {
    InceptionMap& map = program_.maps[input];
    const std::size_t pixels = map.height * map.width;
    const std::size_t group = std::min(pictures_, (group_rows + pixels - 1) / pixels);
    if (!program_.sections.empty() && program_.sections.back().group == group) return;
    map.whole = true;
    program_.sections.push_back({group, {}});
  }

  static ConvolutionShape shape_of(const InceptionStep& step, const Node& from, const Node& to) {
    return {from.height, from.width,      from.channels,      to.height,
            to.width,    to.channels,     step.kernel_height, step.kernel_width,
            step.stride, step.pad_height, step.pad_width};
  }

  void add_product(InceptionProduct product, const ConvolutionShape& shape, InceptionSlice from,
                   InceptionSlice to) {
    add({Kind::convolution, shape, from, to, program_.convolutions.size()});
    program_.convolutions.push_back(std::move(product));
  }

  // The results of all steps: their sizes, and how many steps read each.
  std::vector<Node> nodes_of(const InceptionBlock& block, std::size_t input) {
    const InceptionMap& map = program_.maps[input];
    std::vector<Node> nodes = {{{input, 0}, map.height, map.width, map.channels}};
    for (const InceptionStep& step : block.steps) {
      Node& from = nodes[step.from];
      ++from.readers;
      const auto extent = [&](std::size_t size, std::size_t pad, std::size_t kernel) {
        return (size + 2 * pad - kernel) / step.stride + 1;
      };
      Node node{{},
                extent(from.height, step.pad_height, step.kernel_height),
                extent(from.width, step.pad_width, step.kernel_width),
                from.channels};
      if (step.kind == InceptionStep::Kind::convolution) {
        node.channels = step.channels;
        node.convolution = next_convolution_++;
      }
      nodes.push_back(node);
    }
    return nodes;
  }

  // 1 x 1 convolutions of the block's input whose results other steps read become one product.
  void add_entries(const InceptionBlock& block, std::vector<Node>* nodes) {
    std::vector<std::size_t> entries;
    for (std::size_t i = 1; i < nodes->size(); ++i) {
      const InceptionStep& step = block.steps[i - 1];
      if (step.kind == InceptionStep::Kind::convolution && step.from == 0 &&
          step.kernel_height * step.kernel_width == 1 && (*nodes)[i].readers > 0)
        entries.push_back(i);
    }
    for (std::size_t first = 0; first < entries.size();) {
      const std::size_t last = merge_ ? entries.size() : first + 1;
      InceptionProduct product{{}, true};
      Node joined = (*nodes)[entries[first]];
      joined.channels = 0;
      for (std::size_t e = first; e < last; ++e) {
        (*nodes)[entries[e]].at.column = joined.channels;
        joined.channels += (*nodes)[entries[e]].channels;
        product.parts.push_back((*nodes)[entries[e]].convolution);
      }
      joined.at = {add_map(joined.height, joined.width, joined.channels), 0};
      for (std::size_t e = first; e < last; ++e) (*nodes)[entries[e]].at.map = joined.at.map;
      add_product(std::move(product),
                  shape_of(block.steps[entries[first] - 1], (*nodes)[0], joined), (*nodes)[0].at,
                  joined.at);
      first = last;
    }
  }

  std::size_t add_block(const InceptionBlock& block, std::size_t input) {
    std::vector<Node> nodes = nodes_of(block, input);
    std::size_t channels = 0;
    for (Node& node : nodes) {
      if (node.readers > 0) continue;
      node.at.column = channels;
      channels += node.channels;
    }
    const std::size_t result = add_map(nodes.back().height, nodes.back().width, channels);
    for (Node& node : nodes)
      if (node.readers == 0) node.at.map = result;
    add_entries(block, &nodes);
    for (std::size_t i = 1; i < nodes.size(); ++i) {
      const InceptionStep& step = block.steps[i - 1];
      Node& node = nodes[i];
      if (step.kind == InceptionStep::Kind::average_pool) continue;  // added after its reader
      if (node.readers > 0 && node.at.map == 0)
        node.at = {add_map(node.height, node.width, node.channels), 0};
      else if (node.readers > 0)
        continue;  // in add_entries
      if (step.kind == InceptionStep::Kind::max_pool) {
        add({Kind::max_pool, shape_of(step, nodes[step.from], node), nodes[step.from].at, node.at,
             0});
        continue;
      }
      const InceptionStep* before = step.from > 0 ? &block.steps[step.from - 1] : nullptr;
      if (before == nullptr || before->kind != InceptionStep::Kind::average_pool) {
        add_product({{node.convolution}, true}, shape_of(step, nodes[step.from], node),
                    nodes[step.from].at, node.at);
        continue;
      }
      const InceptionSlice unpooled = {add_map(node.height, node.width, node.channels), 0};
      const Node& source = nodes[before->from];
      add_product({{node.convolution}, false}, shape_of(step, source, node), source.at, unpooled);
      add({Kind::average_pool, shape_of(*before, node, node), unpooled, node.at, 0});
    }
    return result;
  }

  // Maps may share memory if they are not in use at the same time. A map of a whole call is in use
  // during all sections that touch it, because their operations are repeated for every group.
  void place_maps() {
    struct Life {
      std::size_t first, last;
    };
    std::vector<Life> lives(program_.maps.size(), Life{std::size_t(-1), 0});
    std::size_t now = 0;
    for (const InceptionSection& section : program_.sections) {
      const std::size_t begin = now, end = now + section.operations.size() - 1;
      for (const InceptionOperation& one : section.operations) {
        const auto touch = [&](std::size_t map) {
          const bool whole = program_.maps[map].whole;
          lives[map].first = std::min(lives[map].first, whole ? begin : now);
          lives[map].last = std::max(lives[map].last, whole ? end : now);
        };
        touch(one.from.map);
        if (one.kind != Kind::tap) touch(one.to.map);
        ++now;
      }
    }
    std::size_t most = pictures_;  // rounded up to whole groups of every section
    for (const InceptionSection& section : program_.sections)
      most = std::max(most, (pictures_ + section.group - 1) / section.group * section.group);
    std::vector<std::size_t> sizes(program_.maps.size());
    BufferPlanner planner;
    for (std::size_t at = 0, operation = 0; at < program_.sections.size(); ++at)
      for (std::size_t i = 0; i < program_.sections[at].operations.size(); ++i, ++operation) {
        for (std::size_t m = 0; m < sizes.size(); ++m) {
          InceptionMap& map = program_.maps[m];
          if (lives[m].first != operation) continue;
          sizes[m] =
              map.height * map.width * map.pitch * (map.whole ? most : program_.sections[at].group);
          map.offset = planner.take(sizes[m]);
        }
        for (std::size_t m = 0; m < sizes.size(); ++m)
          if (lives[m].first <= operation && lives[m].last == operation)
            planner.give_back(program_.maps[m].offset, sizes[m]);
      }
    program_.workspace_size = planner.size();
  }

  InceptionProgram program_{};
  std::size_t pictures_;
  bool merge_;
  std::size_t next_convolution_ = 0;
};

}  // namespace

InceptionProgram inception_program(std::size_t deepest, std::size_t pictures, bool merge) {
  return Builder(pictures, merge).build(deepest);
}

}  // namespace pushforward
