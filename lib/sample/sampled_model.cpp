#include "sample/sampled_model.hpp"

#include "base/error.hpp"
#include "flow/labelled_flow.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

// `required`: the model cannot do without.
void check_label(const std::vector<std::int64_t>& class_rows, int classes, int label, bool required,
                 const std::string& name) {
  if (classes == 0 && label >= 0)
    fail_invalid(name + ": this model is not conditional; leave out --label");
  if (label >= classes && classes > 0)
    fail_invalid(name + ": has the classes 0 to " + std::to_string(classes - 1) + ", not --label " +
                 std::to_string(label));
  if (classes > 0 && label < 0 && required)
    fail_invalid(name + ": this model is conditional; --label, from 0 to " +
                 std::to_string(classes - 1) +
                 ", is needed (a score model trained with --label-dropout can do without)");
  require_trained_label(class_rows, label, name);
}

}  // namespace

bool SampledModel::eight_bit() const {
  const auto* flow = dynamic_cast<const Flow*>(density.get());
  return flow != nullptr && flow->spec().eight_bit();
}

std::vector<double> SampledModel::origin() const {
  if (density != nullptr) return density->origin();
  return score != nullptr ? score->description().origin : std::vector<double>();
}

ColumnScales SampledModel::column_scales() const {
  if (score != nullptr) return {score->description().mean, score->description().sigma_data};
  if (ddgan != nullptr) return {ddgan->description().mean, ddgan->description().deviation};
  if (const auto* flow = dynamic_cast<const Flow*>(density.get()))
    return {flow->standardization().shift, flow->standardization().scale};
  return density != nullptr ? density->column_scales() : ColumnScales();
}

SampledModel read_any_model(const ContainerReader& reader) {
  SampledModel model;
  model.name = reader.name();
  model.family = model_family(reader);
  if (model.family == restoration_family)
    fail_invalid(reader.name() + ": a model that restores pictures (score-train --process " +
                 model_text(reader, "process") +
                 ") has no density and no score; langevin-sample draws from it");
  if (model.family == "score")
    model.score = read_score_model(reader);
  else
    model.density = read_density(reader);
  model.row_shape = read_row_shape(reader, model.dimension());
  return model;
}

SampledModel read_sampled_model(const ContainerReader& reader, int label) {
  SampledModel model = read_any_model(reader);
  if (model.score != nullptr)
    check_label(model.score->description().class_rows, model.score->description().classes, label,
                model.score->description().label_dropout == 0, reader.name());
  else
    model.density = with_label(std::move(model.density), label, reader.name());
  return model;
}

SampledModel read_drawn_model(const ContainerReader& reader, int label) {
  const std::string family = model_family(reader);
  if (family != restoration_family && family != ddgan_family)
    return read_sampled_model(reader, label);
  SampledModel model;
  model.name = reader.name();
  model.family = family;
  if (family == ddgan_family) {
    model.ddgan = read_ddgan(reader);
    check_label(model.ddgan->description().class_rows, model.ddgan->description().classes, label,
                true, reader.name());
  } else {
    StoredRestoration stored = read_restoration(reader);
    model.restoration = std::move(stored.model);
    model.restoration_start = std::move(stored.start);
    if (label >= 0) fail_invalid(model.name + ": this model is not conditional; leave out --label");
  }
  model.row_shape = read_row_shape(reader, model.dimension());
  return model;
}

}  // namespace pushforward
