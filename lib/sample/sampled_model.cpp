#include "sample/sampled_model.hpp"

#include "base/error.hpp"
#include "flow/labelled_flow.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

// `required`: the model needs a label.
void check_label(const std::vector<std::int64_t>& class_rows, int classes, int label, bool required,
                 const std::string& name) {
  if (classes == 0 && label >= 0)
    fail_invalid(name + ": this model is not conditional; leave out " + setting("label"));
  if (label >= classes && classes > 0)
    fail_invalid(name + ": has the classes 0 to " + std::to_string(classes - 1) + ", not " +
                 setting("label") + " " + std::to_string(label));
  if (classes > 0 && label < 0 && required)
    fail_invalid(name + ": this model is conditional; " + setting("label") + ", from 0 to " +
                 std::to_string(classes - 1) + ", is needed (a score model trained with " +
                 setting("label_dropout") + " can do without)");
  require_trained_label(class_rows, label, name);
}

// The model that a variant has of this type; null where it has another.
template <class T, class Variant>
const T* held(const Variant& model) {
  const auto* owner = std::get_if<std::unique_ptr<T>>(&model);
  return owner == nullptr ? nullptr : owner->get();
}

struct DimensionOf {
  template <class T>
  int operator()(const std::unique_ptr<T>& model) const {
    return model->dimension();
  }
  int operator()(const StoredRestoration& stored) const { return stored.model->dimension(); }
};

}  // namespace

const Density* SampledModel::density() const { return held<Density>(model); }

const Flow* SampledModel::flow() const { return dynamic_cast<const Flow*>(density()); }

const ScoreModel* SampledModel::score() const { return held<ScoreModel>(model); }

const RestorationModel* SampledModel::restoration() const {
  const auto* stored = std::get_if<StoredRestoration>(&model);
  return stored == nullptr ? nullptr : stored->model.get();
}

const RestorationStart* SampledModel::restoration_start() const {
  const auto* stored = std::get_if<StoredRestoration>(&model);
  return stored == nullptr || !stored->start ? nullptr : &*stored->start;
}

const Ddgan* SampledModel::ddgan() const { return held<Ddgan>(model); }

int SampledModel::dimension() const { return std::visit(DimensionOf(), model); }

bool SampledModel::eight_bit() const { return flow() != nullptr && flow()->spec().eight_bit(); }

std::vector<double> SampledModel::origin() const {
  if (density() != nullptr) return density()->origin();
  return score() != nullptr ? score()->description().origin : std::vector<double>();
}

ColumnScales SampledModel::column_scales() const {
  if (score() != nullptr) return {score()->description().mean, score()->description().sigma_data};
  if (ddgan() != nullptr) return {ddgan()->description().mean, ddgan()->description().deviation};
  if (flow() != nullptr) return {flow()->standardization().shift, flow()->standardization().scale};
  return density() != nullptr ? density()->column_scales() : ColumnScales();
}

SampledModel read_any_model(const ContainerReader& reader) {
  SampledModel read;
  read.name = reader.name();
  read.family = model_family(reader);
  if (read.family == restoration_family)
    fail_invalid(reader.name() + ": a model that restores pictures (score-train " +
                 setting("process") + " " + model_text(reader, "process") +
                 ") has no density and no score; langevin-sample draws from it");
  if (read.family == "score")
    read.model = read_score_model(reader);
  else
    read.model = read_density(reader);
  read.row_shape = read_row_shape(reader, read.dimension());
  return read;
}

SampledModel read_sampled_model(const ContainerReader& reader, int label) {
  SampledModel read = read_any_model(reader);
  if (read.score() != nullptr) {
    const ScoreDescription& d = read.score()->description();
    check_label(d.class_rows, d.classes, label, d.label_dropout == 0, reader.name());
  } else {
    auto& density = std::get<std::unique_ptr<Density>>(read.model);
    density = with_label(std::move(density), label, reader.name());
  }
  return read;
}

SampledModel read_drawn_model(const ContainerReader& reader, int label) {
  const std::string family = model_family(reader);
  if (family != restoration_family && family != ddgan_family)
    return read_sampled_model(reader, label);
  SampledModel read;
  read.name = reader.name();
  read.family = family;
  if (family == ddgan_family) {
    auto ddgan = read_ddgan(reader);
    const DdganDescription& d = ddgan->description();
    check_label(d.class_rows, d.classes, label, true, reader.name());
    read.model = std::move(ddgan);
  } else {
    read.model = read_restoration(reader);
    if (label >= 0)
      fail_invalid(read.name + ": this model is not conditional; leave out " + setting("label"));
  }
  read.row_shape = read_row_shape(reader, read.dimension());
  return read;
}

}  // namespace pushforward
