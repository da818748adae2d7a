#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const sigma_data_path = "/model/preprocess/sigma_data";

Process read_process(const ContainerReader& reader) {
  constexpr double huge = 1e30;
  Process process;
  process.kind = process_named(model_text(reader, "process"), reader.name());
  if (process.kind == ProcessKind::none) {
    process.sigma = model_number(reader, "sigma", 0, huge);
  } else {
    process.sigma_min = model_number(reader, "sigma_min", 0, huge);
    process.sigma_max = model_number(reader, "sigma_max", 0, huge);
  }
  if (process.kind == ProcessKind::ve) process.levels = model_integer(reader, "levels", 1, 1000);
  if (process.kind == ProcessKind::edm) {
    process.p_mean = model_number(reader, "p_mean", -huge, huge);
    process.p_std = model_number(reader, "p_std", 0, huge);
  }
  process.check(reader.name());
  return process;
}

}  // namespace

void write_score_model(ContainerWriter* writer, const ScoreModel& model, const Shape& row_shape,
                       const std::string& objective, ElementType type) {
  const ScoreDescription& d = model.description();
  write_parameters(writer, model.parameters(), type);
  writer->set_text("/model", "family", "score");
  writer->set_text("/model", "objective", objective);
  writer->set_text("/model", "parametrization", parametrization_name(d.parametrization));
  writer->set_text("/model", "net", "mlp");
  writer->set_integer("/model", "dimension", d.dimension);
  writer->set_integer("/model", "hidden", d.hidden);
  writer->set_integer("/model", "depth", d.depth);
  writer->set_text("/model", "process", process_name(d.process.kind));
  if (d.process.kind == ProcessKind::none) {
    writer->set_number("/model", "sigma", d.process.sigma);
  } else {
    writer->set_number("/model", "sigma_min", d.process.sigma_min);
    writer->set_number("/model", "sigma_max", d.process.sigma_max);
  }
  if (d.process.kind == ProcessKind::ve) writer->set_integer("/model", "levels", d.process.levels);
  if (d.process.kind == ProcessKind::edm) {
    writer->set_number("/model", "p_mean", d.process.p_mean);
    writer->set_number("/model", "p_std", d.process.p_std);
  }
  write_row_shape(writer, row_shape);
  writer->write(mean_path, Array::of(d.mean, {d.mean.size()}));
  writer->write(sigma_data_path, Array::of(d.sigma_data, {d.sigma_data.size()}));
}

std::unique_ptr<ScoreModel> read_score_model(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != "score")
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where a score model is needed");
  const std::string net = model_text(reader, "net");
  if (net != "mlp")
    fail_invalid(reader.name() + ": its network is '" + net +
                 "', which this version does not know");
  ScoreDescription d;
  d.parametrization = parametrization_named(model_text(reader, "parametrization"), reader.name());
  d.dimension = model_integer(reader, "dimension", 1, most_score_dimension);
  d.hidden = model_integer(reader, "hidden", 1, most_score_hidden);
  d.depth = model_integer(reader, "depth", 1, most_score_depth);
  d.process = read_process(reader);
  d.mean = model_columns(reader, mean_path, d.dimension, false);
  d.sigma_data = model_columns(reader, sigma_data_path, d.dimension, true);
  require_stored_parameters(
      reader, double(d.hidden) * (2.0 * d.dimension + (d.depth - 1) * double(d.hidden)));
  auto model = std::make_unique<ScoreModel>(std::move(d), 0);
  read_parameters(reader, &model->parameters());
  return model;
}

}  // namespace pushforward
