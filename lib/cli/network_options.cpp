#include "cli/network_options.hpp"

#include "base/error.hpp"
#include "cli/field_options.hpp"
#include "cli/training.hpp"
#include "io/picture_layout.hpp"
#include "nn/network_fields.hpp"
#include "nn/network_file.hpp"
#include "nn/unet.hpp"
#include "score/restoration.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t unet_batch = 64;
constexpr double unet_rate = 1e-3;
constexpr std::size_t min_picture = 8;  // pixels a side, from which a U-Net is worth a word

}  // namespace

void add_network(CommandLine& line, NetworkOptions* o) {
  line.choice("net", &o->net, {"mlp", "unet"},
              "network; unet for rows that are images, with --batch 64 --lr 0.001 unless given");
  each_dense_field(o->dense, FieldOptions{line});
  each_unet_field(o->unet, max_score_dimension, FieldOptions{line});
}

void check_network(const CommandLine& line, const NetworkOptions& o) {
  const auto refuse = [&](const ModelField&, const std::string& option) {
    fail_usage("option --" + option + ": belongs to --net " + (o.is_unet() ? "mlp" : "unet"));
  };
  if (o.is_unet())
    each_dense_field(o.dense, GivenFields{line, refuse});
  else
    each_unet_field(o.unet, max_score_dimension, GivenFields{line, refuse});
  if (line.given("heads") && o.unet.attention.empty()) fail_usage("--heads needs --attention");
  if (o.unet.multipliers.size() > max_unet_levels)
    fail_usage("option --multipliers: at most " + std::to_string(max_unet_levels) + " levels");
}

void refuse_network(const CommandLine& line, const NetworkOptions& o,
                    const std::function<void(const std::string& option)>& refuse) {
  const auto refuse_field = [&](const ModelField&, const std::string& option) { refuse(option); };
  each_dense_field(o.dense, GivenFields{line, refuse_field});
  each_unet_field(o.unet, max_score_dimension, GivenFields{line, refuse_field});
}

void take_network_defaults(const CommandLine& line, const NetworkOptions& o,
                           TrainingCommand* training) {
  TrainingDefaults defaults;
  if (o.is_unet()) defaults.batch = unet_batch;
  take_defaults(defaults, training);
  if (o.is_unet() && !line.given("lr")) training->options.learning_rate = unet_rate;
}

ConditionalShape network_shape(const NetworkOptions& o, const Shape& row_shape) {
  ConditionalShape network = o.dense;
  if (!o.is_unet()) return network;
  require_channels_first(row_shape, "--net unet");
  const ImageShape picture = image_shape(row_shape, "--net unet");
  UnetShape shape = o.unet;
  shape.height = picture.height;
  shape.width = picture.width;
  if (const std::string complaint = unet_complaint(shape); !complaint.empty())
    fail_invalid("--net unet: " + complaint);
  network.unet = shape;
  return network;
}

RowUse row_use(const NetworkOptions& o) {
  return {Elements::any, o.is_unet() ? Centring::together : Centring::columns, ""};
}

void note_pictures(const NetworkOptions& o, const TrainingData& data) {
  const Shape& shape = data.row_shape;
  if (!o.is_unet() && shape.size() == 3 && shape[1] >= min_picture && shape[2] >= min_picture)
    note("rows are images of shape " + to_string(shape) +
         ", and --net mlp takes them for vectors; --net unet learns images better");
}

RunSettings settings_of(const NetworkOptions& o) {
  RunSettings settings = {{"net", o.net}};
  each_dense_field(o.dense, FieldSettings{settings});
  each_unet_field(o.unet, max_score_dimension, FieldSettings{settings});
  return settings;
}

}  // namespace pushforward
