#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/network_file.hpp"
#include "score/process_type.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const sigma_data_path = "/model/preprocess/sigma_data";
const char* const origin_path = "/model/preprocess/origin";

// Reads a constant of the process: a number, a count or a name.
struct ConstantReader {
  const ContainerReader& reader;
  const ProcessType& type;

  void operator()(const char* name, double& value, double lowest) const {
    constexpr double huge = 1e30;
    if (type.has(name)) value = model_number(reader, name, lowest, huge);
  }
  void operator()(const char* name, int& value, double lowest) const {
    if (type.has(name)) value = model_integer(reader, name, static_cast<int>(lowest), max_levels);
  }
  void operator()(const char* name, BetaSchedule& value, double) const {
    if (type.has(name)) value = beta_schedule_named(model_text(reader, name), reader.name());
  }
};

Process read_process(const ContainerReader& reader) {
  const ProcessType& type = process_type(model_text(reader, "process"), reader.name());
  ProcessSettings s;
  s.process = type.name;
  each_constant(s, ConstantReader{reader, type});
  return Process(s, reader.name());
}

struct ConstantWriter {
  ContainerWriter* writer;
  const Process& process;

  void operator()(const char* name, double value, double) const {
    if (process.has(name)) writer->set_number("/model", name, value);
  }
  void operator()(const char* name, int value, double) const {
    if (process.has(name)) writer->set_integer("/model", name, value);
  }
  void operator()(const char* name, BetaSchedule value, double) const {
    if (process.has(name)) writer->set_text("/model", name, beta_schedule_name(value));
  }
};

void write_process(ContainerWriter* writer, const Process& process) {
  writer->set_text("/model", "process", process.name());
  each_constant(process.settings(), ConstantWriter{writer, process});
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
  if (d.standardized) writer->set_integer("/model", "standardized", 1);
  write_process(writer, d.process);
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
  d.dimension = model_integer(reader, "dimension", 1, max_score_dimension);
  const ConditionalShape network = read_network(reader, d.dimension);
  d.hidden = network.hidden;
  d.depth = network.depth;
  d.unet = network.unet;
  // Attributes that early model files lack keep their default values.
  const auto has = [&](const char* name) { return reader.number("/model", name).has_value(); };
  if (const auto embedding = reader.text("/model", "embedding"))
    d.embedding = embedding_named(*embedding, reader.name());
  if (has("classes")) d.classes = model_integer(reader, "classes", 0, max_score_classes);
  if (has("label_dropout")) d.label_dropout = model_number(reader, "label_dropout", 0, 1);
  if (has("learned_variance"))
    d.learned_variance = model_integer(reader, "learned_variance", 0, 1) == 1;
  if (has("standardized")) d.standardized = model_integer(reader, "standardized", 0, 1) == 1;
  d.process = read_process(reader);
  if (d.learned_variance && d.process.steps() == 0)
    fail_invalid(reader.name() + ": a learned variance is that of the steps of ddpm");
  if (!d.process.has_levels() && d.process.settings().sigma == 0 &&
      d.parametrization != Parametrization::score)
    fail_invalid(reader.name() + ": the parametrization '" +
                 parametrization_name(d.parametrization) + "' has no noise level of 0");
  d.mean = model_columns(reader, mean_path, d.dimension, false);
  d.sigma_data = model_columns(reader, sigma_data_path, d.dimension, true);
  d.origin = origin_or_none(reader, origin_path, d.dimension);
  d.class_rows = read_class_rows(reader, d.classes);
  auto model = built_of_stored(reader, [&](std::size_t max_parameters) {
    return std::make_unique<ScoreModel>(std::move(d), 0, max_parameters);
  });
  read_parameters(reader, &model->parameters());
  return model;
}

}  // namespace pushforward
