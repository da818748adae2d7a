// The description of a flow: everything but its weights.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow/bijector.hpp"

namespace pushforward {

// A convolutional flow of images; without a height, rows are vectors.
struct ImageFlowSpec {
  int height = 0, width = 0;  // pixels of an image
  int channels = 64;          // hidden ones of a coupling's network
  int scales = 2;
  int blocks = 0;  // glow: steps a scale; the others: residual blocks of a network
};

// The order in which layers take the columns. reversed: in every second layer. rotation: the pivots
// of random rotations (flow/linear.hpp).
enum class ColumnOrder { as_given, reversed, random, rotation };

struct FlowSpec {
  std::string flow = "realnvp";
  int dimension = 0;
  int layers = 8;
  int hidden = 64;  // units of a conditioner's hidden layers
  int depth = 2;    // hidden layers of a conditioner; of a residual one, blocks
  std::string base = "normal";
  int components = 8;          // of the mixture base
  int bins = 8;                // of a spline
  double bound = 3;            // splines work on [-bound, bound], after standardisation
  bool batch_norm = false;     // batch normalisation between layers
  int context = 0;             // columns of the context; 0: not conditional
  std::string context_path{};  // where the context stands beside the rows, "/label"
  int classes = 0;             // of a context that is a label, one column per class; else 0
  std::vector<std::int64_t> class_rows{};  // training rows of each class; empty: not known
  // Rows are whole numbers 0 to 255, to which noise is added before they are scored: "uniform"
  // (flow/dequantization.hpp) or "variational" (flow/noise_flow.hpp). "none": rows are taken as
  // they are.
  std::string dequantization = "none";
  double logit = 0;  // alpha of the logit map of dequantized rows; 0: none
  [[nodiscard]] bool eight_bit() const { return dequantization != "none"; }
  [[nodiscard]] bool variational() const { return dequantization == "variational"; }
  // One permutation per layer, for kinds that have them: the order in which the layer takes the
  // columns, or a 1x1 convolution the channels. Where it is empty, Flow makes it: as `order` says,
  // or as is usual for the kind.
  std::vector<std::vector<int>> orders{};
  std::optional<ColumnOrder> order{};
  ImageFlowSpec image{};
  [[nodiscard]] bool convolutional() const { return image.height > 0; }
  // Set by Flow: the seed of starting weights that go with the orders (glow's rotations); none for
  // a flow whose weights come from elsewhere.
  std::optional<std::uint64_t> start_seed{};
};

constexpr int max_dimension = 1 << 20;

// A part of a flow; its parameters are below `name`.
struct FlowLayer {
  std::string name;
  std::unique_ptr<Bijector> map;
};

// Where a kind of flow halves its images: at every scale, or between one and the next.
enum class Halving { every_scale, between_scales };

// A kind of flow: adding one is a file in this room and its row in registry.cpp. What a row does
// not set has the value of most kinds.
struct FlowKind {
  using Layers = std::vector<FlowLayer> (*)(const FlowSpec& spec);
  // A lower bound of the number of parameters, so that a damaged file is refused before layers of
  // the size that it claims are made.
  using LeastParameters = double (*)(const FlowSpec& spec);
  struct Images {
    Layers layers = nullptr;
    int blocks = 0;  // the default
    Halving halving = Halving::between_scales;
  };

  const char* name;
  Layers layers;
  const char* base = "normal";  // the paper's base distribution, the default
  int min_columns = 1;          // of rows
  bool has_networks = false;    // looks at hidden and depth
  bool has_splines = false;     // looks at bins and bound
  bool takes_context = false;
  ColumnOrder order = ColumnOrder::as_given;  // by default; as_given: the kind has no orders
  double weight_decay = 0.1;       // of training, by default: what rows that are not too many want
  Images images{};                 // its convolutional form; without layers: none
  LeastParameters min_parameters;  // by default a vector of the row's size in a layer

  FlowKind(const char* its_name, Layers its_layers);
  // Setters, for rows of the registry.
  FlowKind& based_on(const char* distribution);
  FlowKind& of_columns(int least);
  FlowKind& with_networks();  // that a context may condition
  FlowKind& with_splines();   // which bear more decay
  FlowKind& ordered(ColumnOrder by_default);
  FlowKind& of_images(const Images& convolutional);
};

[[nodiscard]] const std::vector<FlowKind>& flow_kinds();
[[nodiscard]] std::vector<std::string> flow_names();
// Error(usage) where there is none of the name.
[[nodiscard]] const FlowKind& flow_kind(const std::string& name);

// One order for each length (order_lengths() of flow/image_flow.hpp); none for as_given.
[[nodiscard]] std::vector<std::vector<int>> column_orders(ColumnOrder order,
                                                          const std::vector<int>& lengths,
                                                          std::uint64_t seed);

}  // namespace pushforward
