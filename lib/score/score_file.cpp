#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/network_file.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const sigma_data_path = "/model/preprocess/sigma_data";
const char* const origin_path = "/model/preprocess/origin";

Process read_process(const ContainerReader& reader) {
  constexpr double huge = 1e30;
  const auto number = [&](const char* name, double low) {
    return model_number(reader, name, low, huge);
  };
  ProcessSettings s;
  s.kind = process_named(model_text(reader, "process"), reader.name());
  switch (s.kind) {
    case ProcessKind::none:
      s.sigma = number("sigma", 0);
      break;
    case ProcessKind::edm:
      s.p_mean = number("p_mean", -huge);
      s.p_std = number("p_std", 0);
      s.sigma_min = number("sigma_min", 0);
      s.sigma_max = number("sigma_max", 0);
      break;
    case ProcessKind::ve:
      s.sigma_min = number("sigma_min", 0);
      s.sigma_max = number("sigma_max", 0);
      s.levels = model_integer(reader, "levels", 0, most_levels);
      break;
    case ProcessKind::ddpm:
      s.levels = model_integer(reader, "levels", 1, most_levels);
      s.schedule = beta_schedule_named(model_text(reader, "beta_schedule"), reader.name());
      [[fallthrough]];
    case ProcessKind::vp:
    case ProcessKind::subvp:
      s.beta_min = number("beta_min", 0);
      s.beta_max = number("beta_max", 0);
      break;
  }
  return Process(s, reader.name());
}

void write_process(ContainerWriter* writer, const ProcessSettings& s) {
  const auto number = [&](const char* name, double value) {
    writer->set_number("/model", name, value);
  };
  writer->set_text("/model", "process", process_name(s.kind));
  switch (s.kind) {
    case ProcessKind::none:
      number("sigma", s.sigma);
      break;
    case ProcessKind::edm:
      number("p_mean", s.p_mean);
      number("p_std", s.p_std);
      number("sigma_min", s.sigma_min);
      number("sigma_max", s.sigma_max);
      break;
    case ProcessKind::ve:
      number("sigma_min", s.sigma_min);
      number("sigma_max", s.sigma_max);
      writer->set_integer("/model", "levels", s.levels);
      break;
    case ProcessKind::ddpm:
      writer->set_integer("/model", "levels", s.levels);
      writer->set_text("/model", "beta_schedule", beta_schedule_name(s.schedule));
      [[fallthrough]];
    case ProcessKind::vp:
    case ProcessKind::subvp:
      number("beta_min", s.beta_min);
      number("beta_max", s.beta_max);
      break;
  }
}

}  // namespace

void write_score_model(ContainerWriter* writer, const ScoreModel& model, const Shape& row_shape,
                       const std::string& objective, ElementType type) {
  const ScoreDescription& d = model.description();
  write_parameters(writer, model.parameters(), type);
  writer->set_text("/model", "family", "score");
  writer->set_text("/model", "objective", objective);
  writer->set_text("/model", "parametrization", parametrization_name(d.parametrization));
  writer->set_integer("/model", "dimension", d.dimension);
  write_network(writer, d.network());
  writer->set_text("/model", "embedding", embedding_name(d.embedding));
  writer->set_integer("/model", "classes", d.classes);
  writer->set_number("/model", "label_dropout", d.label_dropout);
  writer->set_integer("/model", "learned_variance", d.learned_variance ? 1 : 0);
  write_process(writer, d.process.settings());
  write_row_shape(writer, row_shape);
  writer->write(mean_path, Array::of(d.mean, {d.mean.size()}));
  writer->write(sigma_data_path, Array::of(d.sigma_data, {d.sigma_data.size()}));
  if (!d.origin.empty()) writer->write(origin_path, Array::of(d.origin, {d.origin.size()}));
  write_class_rows(writer, d.class_rows);
}

std::unique_ptr<ScoreModel> read_score_model(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != "score")
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where a score model is needed");
  ScoreDescription d;
  d.parametrization = parametrization_named(model_text(reader, "parametrization"), reader.name());
  d.dimension = model_integer(reader, "dimension", 1, most_score_dimension);
  const ConditionalShape network = read_network(reader, d.dimension);
  d.hidden = network.hidden;
  d.depth = network.depth;
  d.unet = network.unet;
  // What the first models did not have is as they were.
  const auto has = [&](const char* name) { return reader.number("/model", name).has_value(); };
  if (const auto embedding = reader.text("/model", "embedding"))
    d.embedding = embedding_named(*embedding, reader.name());
  if (has("classes")) d.classes = model_integer(reader, "classes", 0, most_score_classes);
  if (has("label_dropout")) d.label_dropout = model_number(reader, "label_dropout", 0, 1);
  if (has("learned_variance"))
    d.learned_variance = model_integer(reader, "learned_variance", 0, 1) == 1;
  d.process = read_process(reader);
  if (d.learned_variance && d.process.kind() != ProcessKind::ddpm)
    fail_invalid(reader.name() + ": a learned variance is that of the steps of ddpm");
  if (d.process.kind() == ProcessKind::none && d.process.settings().sigma == 0 &&
      d.parametrization != Parametrization::score)
    fail_invalid(reader.name() + ": the parametrization '" +
                 parametrization_name(d.parametrization) + "' has no noise level of 0");
  d.mean = model_columns(reader, mean_path, d.dimension, false);
  d.sigma_data = model_columns(reader, sigma_data_path, d.dimension, true);
  d.origin = origin_or_none(reader, origin_path, d.dimension);
  d.class_rows = read_class_rows(reader, d.classes);
  auto model = built_of_stored(reader, [&](std::size_t most) {
    return std::make_unique<ScoreModel>(std::move(d), 0, most);
  });
  read_parameters(reader, &model->parameters());
  return model;
}

}  // namespace pushforward
