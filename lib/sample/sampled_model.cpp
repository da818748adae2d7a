#include "sample/sampled_model.hpp"

#include "base/error.hpp"
#include "flow/labelled_flow.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

// `required`: the model cannot do without.
void check_label(int classes, int label, bool required, const std::string& name) {
  if (classes == 0 && label >= 0)
    fail_invalid(name + ": this model is not conditional; leave out --label");
  if (label >= classes && classes > 0)
    fail_invalid(name + ": has the classes 0 to " + std::to_string(classes - 1) + ", not --label " +
                 std::to_string(label));
  if (classes > 0 && label < 0 && required)
    fail_invalid(name + ": this model is conditional; --label, from 0 to " +
                 std::to_string(classes - 1) +
                 ", is needed (a score model trained with --label-dropout can do without)");
}

}  // namespace

SampledModel read_any_model(const ContainerReader& reader) {
  SampledModel model;
  model.name = reader.name();
  model.family = model_family(reader);
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
    check_label(model.score->description().classes, label,
                model.score->description().label_dropout == 0, reader.name());
  else
    model.density = with_label(std::move(model.density), label, reader.name());
  return model;
}

SampledModel read_drawn_model(const ContainerReader& reader, int label) {
  if (model_family(reader) != "ddgan") return read_sampled_model(reader, label);
  SampledModel model;
  model.name = reader.name();
  model.family = "ddgan";
  model.ddgan = read_ddgan(reader);
  model.row_shape = read_row_shape(reader, model.dimension());
  check_label(model.ddgan->description().classes, label, true, reader.name());
  return model;
}

}  // namespace pushforward
