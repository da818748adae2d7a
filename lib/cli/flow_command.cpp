#include "cli/flow_command.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "cli/program.hpp"
#include "flow/base.hpp"
#include "flow/dequantization.hpp"
#include "flow/image_flow.hpp"
#include "io/context.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

constexpr double large_rows = 1e4;

}  // namespace

void add_flow_model(CommandLine& line, FlowCommand* command) {
  FlowSpec& spec = command->spec;
  line.group("Model");
  line.choice("flow", &spec.flow, flow_names(), "kind of flow");
  line.integer("layers", &spec.layers, {1, most_layers}, "layers");
  line.integer("hidden", &spec.hidden, {1, most_hidden}, "units of a hidden layer");
  line.integer("depth", &spec.depth, {0, most_depth},
               "hidden layers of a network; of the splines' networks, residual blocks");
  line.integer("channels", &spec.image.channels, {1, most_channels},
               "of images: hidden channels of a network");
  line.integer("scales", &spec.image.scales, {1, most_scales}, "of images: scales");
  line.integer("blocks", &spec.image.blocks, {1, most_blocks},
               "of images: steps of a scale of glow (default 8); residual blocks of a network of "
               "realnvp and nice (2)");
  line.integer("bins", &spec.bins, {2, most_bins}, "bins of a spline");
  line.number("bound", &spec.bound, {least_bound, most_bound},
              "splines bend [-bound, bound]; beyond, they are the identity");
  line.choice("order", &command->order, {"reversed", "random"},
              "of the columns in the layers of maf, iaf (default reversed), spline and "
              "spline-ar (random); it is saved with the model");
  line.flag("batch-norm", &spec.batch_norm, "batch normalisation between layers");
  line.choice("base", &command->base, base_names(),
              "noise distribution; nice has logistic by default, the others normal");
  line.integer("components", &spec.components, {1, most_components}, "of --base mixture");
  line.flag("label", &command->label, "condition on the whole numbers in /label");
  line.text("context", &command->context, "/PATH",
            "condition on the vectors in this dataset of INPUT");
  line.exclude("label", {"context"});
  line.choice(
      "dequantize", &spec.dequantization, dequantization_names(),
      "rows are whole numbers 0 to 255: add noise of this kind to them; variational: a flow "
      "of its own, learned along");
  line.number("logit", &spec.logit, {0, most_logit},
              "take dequantized rows v to logit(X + (1 - 2 X) v / 256); 0 only scales them");
  line.flag("standardize", &command->standardize,
            "shift and scale every column to mean 0, deviation 1");
}

void check_flow_command(const CommandLine& line, const FlowCommand& o) {
  const FlowKind& kind = flow_kind(o.spec.flow);
  const auto refuse = [&](const char* option, const std::string& why) {
    if (line.given(option)) fail_usage(why + ", so no --" + option);
  };
  const std::string flow = "--flow " + o.spec.flow;
  for (const char* option : {"hidden", "depth"})
    if (!kind.has_networks && o.base != "rad" && o.base != "mixture" && !o.spec.variational())
      refuse(option, flow + " has no networks");
  for (const char* option : {"bins", "bound"})
    if (!kind.has_splines) refuse(option, flow + " has no splines");
  for (const char* option : {"label", "context"})
    if (!kind.takes_context) refuse(option, flow + " cannot be conditioned");
  for (const char* option : {"channels", "scales", "blocks"})
    if (kind.images.layers == nullptr) refuse(option, flow + " is not convolutional");
  if (kind.order == ColumnOrder::as_given || kind.order == ColumnOrder::rotation)
    refuse("order", flow + " has no order to choose");
  if (o.base != "mixture") refuse("components", "only --base mixture has components");
  if (!o.spec.eight_bit() && line.given("logit"))
    fail_usage("--logit needs --dequantize uniform or variational");
  if (o.spec.logit > 0 && o.spec.logit < least_logit)
    fail_usage("option --logit: " + number_text(o.spec.logit) + " is below " +
               number_text(least_logit) + "; 0 is no logit");
  if (line.given("context") && !is_context_path(o.context))
    fail_usage("option --context: '" + o.context +
               "' is no dataset beside the rows; name one such as /label");
}

namespace {

// Makes `spec` convolutional where the rows are images and the kind has layers for them.
void describe_image(const CommandLine& line, const FlowCommand& o, const Shape& row_shape,
                    FlowSpec* spec) {
  const auto refuse = [&](std::initializer_list<const char*> options, const std::string& why) {
    for (const char* option : options)
      if (line.given(option)) fail_usage(why + ", so no --" + option);
  };
  const FlowKind& kind = flow_kind(spec->flow);
  const std::size_t rank = row_shape.size();
  if (kind.images.layers == nullptr || (rank != 2 && rank != 3)) {
    refuse({"channels", "scales", "blocks"}, "rows are no images, [C, H, W] or [H, W]");
    return;
  }
  // Options of dense flows ask for one; those of networks may be for the base's.
  std::vector<std::string> of_dense = {"layers", "batch-norm"};
  if (o.base != "rad" && o.base != "mixture") of_dense.insert(of_dense.end(), {"hidden", "depth"});
  for (const std::string& option : of_dense)
    if (line.given(option)) {
      refuse({"channels", "scales", "blocks"}, "--" + option + " is of dense flows");
      return;
    }
  require_channels_first(row_shape, "--flow " + spec->flow);
  const ImageShape shape = image_shape(row_shape, "--flow " + spec->flow);
  spec->image.height = shape.height;
  spec->image.width = shape.width;
  if (spec->image.blocks == 0) spec->image.blocks = kind.images.blocks;
  if (const std::string misfit = image_misfit(*spec); !misfit.empty()) fail_invalid(misfit);
}

}  // namespace

RowUse row_use(const FlowCommand& o) {
  return {o.spec.eight_bit() ? Elements::eight_bit : Elements::any,
          o.standardize && !o.spec.eight_bit() ? Centring::columns : Centring::none,
          "--standardize shifts it before that matters"};
}

FlowSpec describe_flow(const CommandLine& line, const FlowCommand& o, const TrainingData& data,
                       std::uint64_t seed) {
  const FlowKind& kind = flow_kind(o.spec.flow);
  FlowSpec spec = o.spec;
  spec.context = data.context;
  spec.classes = data.classes;
  spec.class_rows = data.class_rows;
  spec.context_path = o.label ? "/label" : o.context;
  spec.dimension = static_cast<int>(data.rows.columns) - spec.context;
  if (spec.dimension < kind.least_columns)
    fail_invalid("rows have one column; --flow " + spec.flow + " needs at least two");
  if (spec.variational() && spec.dimension < 2)
    fail_invalid("rows have one column; --dequantize variational needs at least two");
  describe_image(line, o, data.row_shape, &spec);
  spec.base = o.base.empty() ? kind.base : o.base;
  spec.start_seed = seed;
  if (!o.order.empty())
    spec.orders = column_orders(o.order == "random" ? ColumnOrder::random : ColumnOrder::reversed,
                                order_lengths(spec), seed);
  return spec;
}

void warn_of_large_rows(const FlowCommand& o, const TrainingData& data) {
  if (o.standardize || o.spec.eight_bit()) return;
  const std::size_t columns = data.rows.columns,
                    own = columns - static_cast<std::size_t>(data.context);
  double largest = 0, largest_context = 0;
  std::size_t context_column = 0;
  for (std::size_t i = 0; i < data.rows.values.size(); ++i) {
    const double size = std::abs(double(data.rows.values[i]));
    if (i % columns < own) {
      largest = std::max(largest, size);
    } else if (size > largest_context) {
      largest_context = size;
      context_column = i % columns - own;
    }
  }
  // Columns that are coarse were warned of already.
  if (data.classes == 0 && !data.coarse_context && largest_context > large_rows)
    warn("column " + std::to_string(context_column) + " of " + o.context +
         " holds numbers as large as " + short_number(largest_context) +
         ", and a network learns from numbers of size 1; --standardize brings them to it");
  if (data.coarse.empty() && largest > large_rows)
    warn("rows hold numbers as large as " + short_number(largest) +
         ", and a flow starts from noise of size 1; --standardize brings them to it");
}

RunSettings settings_of(const FlowCommand& o, const FlowSpec& spec) {
  return {{"flow", spec.flow},
          {"base", spec.base},
          {"layers", std::to_string(spec.layers)},
          {"hidden", std::to_string(spec.hidden)},
          {"depth", std::to_string(spec.depth)},
          {"bins", std::to_string(spec.bins)},
          {"bound", number_text(spec.bound)},
          {"order", o.order},
          {"image", spec.convolutional() ? std::to_string(spec.image.channels) + " channels, " +
                                               std::to_string(spec.image.scales) + " scales, " +
                                               std::to_string(spec.image.blocks) + " blocks"
                                         : ""},
          {"batch-norm", spec.batch_norm ? "yes" : "no"},
          {"components", std::to_string(spec.components)},
          {"context", spec.context_path},
          // Empty where there is none, as in checkpoints from before there were any.
          {"dequantize", spec.eight_bit() ? spec.dequantization : ""},
          {"logit", spec.logit > 0 ? number_text(spec.logit) : ""},
          {"standardize", o.standardize ? "yes" : "no"}};
}

}  // namespace pushforward
