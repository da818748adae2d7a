#include "cli/network_options.hpp"

#include "base/error.hpp"
#include "cli/program.hpp"
#include "io/picture_layout.hpp"
#include "nn/network_file.hpp"
#include "nn/unet.hpp"
#include "score/restoration.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t unet_batch = 64;
constexpr double unet_rate = 1e-3;

std::vector<int> integers(const std::vector<std::int64_t>& values) {
  return std::vector<int>(values.begin(), values.end());
}

}  // namespace

void add_network(CommandLine& line, NetworkOptions* o) {
  line.choice("net", &o->net, {"mlp", "unet"},
              "network; unet for rows that are images, with --batch 64 --lr 0.001 unless given");
  line.integer("hidden", &o->hidden, {1, max_hidden_units}, "mlp: units of a hidden layer");
  line.integer("depth", &o->depth, {1, max_hidden_layers}, "mlp: hidden layers");
  line.integer("channels", &o->channels, {1, max_unet_channels},
               "unet: channels of the first level");
  line.integers("multipliers", &o->multipliers, {1, max_unet_multiplier}, "N,...",
                "unet: channels of each level over those of the first");
  line.integer("blocks", &o->blocks, {1, max_unet_blocks}, "unet: residual blocks of a level");
  line.integers("attention", &o->attention, {1, max_score_dimension}, "SIDE,...",
                "unet: sides of the levels that have self-attention");
  line.integer("heads", &o->heads, {1, max_unet_channels}, "unet: heads of the attention");
  line.number("dropout", &o->dropout, {0, 1, false, true},
              "unet: share of a block's numbers set to 0 in training");
}

void check_network(const CommandLine& line, const NetworkOptions& o) {
  const std::vector<const char*> of_mlp = {"hidden", "depth"};
  const std::vector<const char*> of_unet = {"channels",  "multipliers", "blocks",
                                            "attention", "heads",       "dropout"};
  for (const char* option : o.is_unet() ? of_mlp : of_unet)
    if (line.given(option))
      fail_usage(std::string("option --") + option + ": belongs to --net " +
                 (o.is_unet() ? "mlp" : "unet"));
  if (line.given("heads") && o.attention.empty()) fail_usage("--heads needs --attention");
  if (o.multipliers.size() > max_unet_levels)
    fail_usage("option --multipliers: at most " + std::to_string(max_unet_levels) + " levels");
}

void default_unet_training(const CommandLine& line, const NetworkOptions& o,
                           TrainingOptions* training) {
  if (!o.is_unet()) return;
  if (!line.given("batch")) training->batch = unet_batch;
  if (!line.given("lr")) training->learning_rate = unet_rate;
}

ConditionalShape network_shape(const NetworkOptions& o, const Shape& row_shape) {
  ConditionalShape network;
  network.hidden = static_cast<int>(o.hidden);
  network.depth = static_cast<int>(o.depth);
  if (!o.is_unet()) return network;
  require_channels_first(row_shape, "--net unet");
  const ImageShape picture = image_shape(row_shape, "--net unet");
  UnetShape shape;
  shape.height = picture.height;
  shape.width = picture.width;
  shape.channels = static_cast<int>(o.channels);
  shape.multipliers = integers(o.multipliers);
  shape.blocks = static_cast<int>(o.blocks);
  shape.attention = integers(o.attention);
  shape.heads = static_cast<int>(o.heads);
  shape.dropout = o.dropout;
  if (const std::string complaint = unet_complaint(shape); !complaint.empty())
    fail_invalid("--net unet: " + complaint);
  network.unet = shape;
  return network;
}

RowUse row_use(const NetworkOptions& o) {
  return {Elements::any, o.is_unet() ? Centring::together : Centring::columns, ""};
}

RunSettings settings_of(const NetworkOptions& o) {
  return {{"net", o.net},
          {"hidden", std::to_string(o.hidden)},
          {"depth", std::to_string(o.depth)},
          {"channels", std::to_string(o.channels)},
          {"multipliers", joined_integers(integers(o.multipliers))},
          {"blocks", std::to_string(o.blocks)},
          {"attention", joined_integers(integers(o.attention))},
          {"heads", std::to_string(o.heads)},
          {"dropout", number_text(o.dropout)}};
}

}  // namespace pushforward
