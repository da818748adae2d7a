#include "cli/flow_command.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "cli/field_options.hpp"
#include "cli/program.hpp"
#include "flow/flow_fields.hpp"
#include "flow/image_flow.hpp"
#include "io/context.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

constexpr double large_rows = 1e4;
// Of training, unless they are given.
constexpr std::size_t many_rows = 5000;
constexpr std::int64_t small_batch = 64, large_batch = 256;
constexpr double clip_norm = 30, slight_decay = 0.01;

// The fields of a convolutional flow are one setting: "64 channels, 2 scales, 8 blocks".
struct FlowSettings {
  RunSettings& settings;
  bool convolutional;

  template <class T>
  void operator()(const ModelField& field, const T& value) const {
    if (field.part != image_part) return FieldSettings{settings}(field, value);
    std::string& image = settings[std::string(image_part)];
    if (convolutional)
      image += (image.empty() ? "" : ", ") + setting_text(field, value) + " " + field.name;
  }
};

// Error(usage) where an option of images was given.
void refuse_image_fields(const CommandLine& line, const FlowSpec& spec, const std::string& why) {
  each_field(spec, GivenFields{line, [&](const ModelField& field, const std::string& option) {
                                 if (field.part == image_part)
                                   fail_usage(why + ", so no --" + option);
                               }});
}

// Error(invalid) where the rows are not as wide as those of the flow of --init.
void require_fitting_rows(const Flow& flow, const TrainingData& data) {
  const FlowSpec& spec = flow.spec();
  const int dimension = static_cast<int>(data.rows.columns) - data.context;
  if (dimension != spec.dimension)
    fail_invalid("rows have " + std::to_string(dimension) + " columns, the flow of " +
                 setting("init") + " has " + std::to_string(spec.dimension));
  if (data.context != spec.context)
    fail_invalid(spec.context_path + " has " + std::to_string(data.context) +
                 " columns, the flow of " + setting("init") + " is conditioned on " +
                 std::to_string(spec.context));
}

// Makes `spec` convolutional where the rows are images and the kind has layers for them.
void describe_image(const CommandLine& line, const Shape& row_shape, FlowSpec* spec) {
  const FlowKind& kind = flow_kind(spec->flow);
  const std::size_t rank = row_shape.size();
  if (kind.images.layers == nullptr || (rank != 2 && rank != 3)) {
    refuse_image_fields(line, *spec, "rows are no images, [C, H, W] or [H, W]");
    return;
  }
  std::string of_dense;  // an option that asks for the flow of other rows
  each_field(*spec, GivenFields{line, [&](const ModelField& field, const std::string& option) {
                                  if (field.part == dense_part && of_dense.empty())
                                    of_dense = option;
                                }});
  if (!of_dense.empty()) {
    refuse_image_fields(line, *spec, "--" + of_dense + " is of dense flows");
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

void add_flow_model(CommandLine& line, FlowCommand* command) {
  command->spec.base.clear();  // that of the kind
  line.group("Model");
  each_field(command->spec, FieldOptions{line});
  line.choice("order", &command->order, {"reversed", "random"},
              "of the columns in the layers of maf, iaf (default reversed), spline and "
              "spline-ar (random); it is saved with the model");
  line.flag("label", &command->label, "condition on the whole numbers in /label");
  line.text("context", &command->context, "/PATH",
            "condition on the vectors in this dataset of INPUT");
  line.exclude("label", {"context"});
  line.flag("standardize", &command->standardize,
            "shift and scale every column to mean 0, deviation 1; rows that are vectors are so "
            "unless --no-standardize is given");
  line.flag("no-standardize", &command->no_standardize, "take the columns as they are");
  line.exclude("standardize", {"no-standardize"});
}

void finish_flow_command(const CommandLine& line, FlowCommand* o) {
  const FlowSpec& spec = o->spec;
  const FlowKind& kind = flow_kind(spec.flow);
  const std::string flow = "--flow " + spec.flow + " ";
  each_field(spec, GivenFields{line, [&](const ModelField& field, const std::string& option) {
                                 if (!field.misfit.empty())
                                   fail_usage(flow + field.misfit + ", so no --" + option);
                               }});
  const auto refuse = [&](const char* option, const std::string& why) {
    if (line.given(option)) fail_usage(why + ", so no --" + option);
  };
  if (!kind.takes_context)
    for (const char* option : {"label", "context"}) refuse(option, flow + "cannot be conditioned");
  if (kind.order == ColumnOrder::as_given || kind.order == ColumnOrder::rotation)
    refuse("order", flow + "has no order to choose");
  if (spec.base != "mixture") refuse("components", "only --base mixture has components");
  if (!spec.eight_bit() && line.given("logit"))
    fail_usage("--logit needs --dequantize uniform or variational");
  if (spec.logit > 0 && spec.logit < min_logit)
    fail_usage("option --logit: " + number_text(spec.logit) + " is below " +
               number_text(min_logit) + "; 0 is no logit");
  if (line.given("context") && !is_context_path(o->context))
    fail_usage("option --context: '" + o->context +
               "' is no dataset beside the rows; name one such as /label");
  if (o->label) o->context = "/label";
  if (spec.base.empty()) o->spec.base = kind.base;
}

RowUse row_use(const FlowCommand& o, const Flow* initial) {
  RowUse use;
  use.elements = o.spec.eight_bit() ? Elements::eight_bit : Elements::any;
  if (!o.spec.eight_bit() && !o.no_standardize)
    use.centring = o.standardize ? Centring::columns : Centring::vector_columns;
  use.advice = setting("standardize") + " shifts it before that matters";
  if (initial != nullptr) {
    const Standardization& s = initial->standardization();
    use.fixed = FixedRows{s.origin, initial->spec().classes};
    std::vector<double>& origin = use.fixed->origin;
    const auto dimension = static_cast<std::size_t>(initial->dimension());
    if (!origin.empty() || !s.context_origin.empty()) {
      origin.resize(dimension + static_cast<std::size_t>(initial->spec().context));
      std::copy(s.context_origin.begin(), s.context_origin.end(),
                origin.begin() + static_cast<std::ptrdiff_t>(dimension));
    }
  }
  return use;
}

bool standardizes(const FlowCommand& o, const TrainingData& data) {
  return o.standardize || (!o.no_standardize && !o.spec.eight_bit() && data.row_shape.size() == 1);
}

std::unique_ptr<Flow> read_initial_flow(const CommandLine& line, const TrainingCommand& training,
                                        FlowCommand* o) {
  if (training.init.empty()) return nullptr;
  const auto refuse = [&](const std::string& option) {
    if (line.given(option))
      fail_usage("--init goes on with the flow of " + training.init + ", so no --" + option);
  };
  each_field(o->spec, GivenFields{line, [&](const ModelField&, const std::string& option) {
                                    refuse(option);
                                  }});
  for (const char* option : {"order", "label", "context", "standardize", "no-standardize"})
    refuse(option);
  std::unique_ptr<Flow> flow = read_flow(ContainerReader(training.init));
  o->spec = flow->spec();
  o->context = flow->spec().context_path;
  o->label = flow->spec().classes > 0;
  o->standardize = !flow->standardization().shift.empty();
  o->no_standardize = !o->standardize;
  return flow;
}

FlowSpec describe_flow(const CommandLine& line, const FlowCommand& o, const Flow* initial,
                       const TrainingData& data) {
  if (initial != nullptr) {
    require_fitting_rows(*initial, data);
    return initial->spec();
  }
  const FlowKind& kind = flow_kind(o.spec.flow);
  FlowSpec spec = o.spec;
  spec.context = data.context;
  spec.classes = data.classes;
  spec.class_rows = data.class_rows;
  spec.context_path = o.context;
  spec.dimension = static_cast<int>(data.rows.columns) - spec.context;
  if (spec.dimension < kind.min_columns)
    fail_invalid("rows have one column; --flow " + spec.flow + " needs at least two");
  if (spec.variational() && spec.dimension < 2)
    fail_invalid("rows have one column; --dequantize variational needs at least two");
  describe_image(line, data.row_shape, &spec);
  if (!o.order.empty())
    spec.order = o.order == "random" ? ColumnOrder::random : ColumnOrder::reversed;
  return spec;
}

TrainingDefaults training_defaults(const FlowSpec& spec, const TrainingData& data) {
  TrainingDefaults defaults;
  const bool many = data.rows.count() + data.validation.count() >= many_rows;
  defaults.batch = many && !spec.convolutional() ? large_batch : small_batch;
  if (spec.convolutional() || spec.eight_bit()) return defaults;
  // Many rows keep a network from learning them by heart; splines bend too much all the same.
  const FlowKind& kind = flow_kind(spec.flow);
  defaults.weight_decay = many && !kind.has_splines ? slight_decay : kind.weight_decay;
  defaults.clip_norm = clip_norm;
  return defaults;
}

AutomaticHelp flow_training_help() {
  return {std::to_string(small_batch) + ", " + std::to_string(large_batch) + " from " +
              std::to_string(many_rows) + " rows on",
          "0.3 for splines; the others 0.1, " + number_text(slight_decay) +
              " for that many rows; 0 for images",
          number_text(clip_norm) + ", 0 for images"};
}

void warn_of_large_rows(const FlowCommand& o, const TrainingData& data) {
  const bool standardized = standardizes(o, data);
  if ((standardized && o.standardize) || o.spec.eight_bit()) return;
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
  if (standardized) {
    if (largest > large_rows)
      note("rows hold numbers as large as " + short_number(largest) +
           "; columns are standardised unless --no-standardize is given");
    return;
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

RunSettings settings_of(const FlowCommand& o, const FlowSpec& spec, const TrainingData& data) {
  RunSettings settings = {{"order", o.order},
                          {"context", spec.context_path},
                          {"standardize", standardizes(o, data) ? "yes" : "no"}};
  each_field(spec, FlowSettings{settings, spec.convolutional()});
  return settings;
}

}  // namespace pushforward
