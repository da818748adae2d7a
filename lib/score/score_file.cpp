#include <cmath>

#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const sigma_data_path = "/model/preprocess/sigma_data";

std::vector<double> read_column_numbers(const ContainerReader& reader, const std::string& path,
                                        int dimension, bool positive) {
  if (!reader.has(path)) fail_invalid(reader.name() + ": " + path + " is missing from this model");
  const std::size_t count = static_cast<std::size_t>(dimension);
  const Shape shape = reader.info(path).shape;
  if (shape != Shape{count})
    fail_invalid(reader.name() + ": " + path + " has shape " + to_string(shape) +
                 ", this model needs " + to_string(Shape{count}));
  const std::vector<double> values = reader.read(path).to<double>();
  for (const double v : values)
    if (!std::isfinite(v) || (positive && v <= 0))
      fail_invalid(reader.name() + ": " + path + " holds " + std::to_string(v) +
                   ", which should be " + (positive ? "above 0" : "finite"));
  return values;
}

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
  d.mean = read_column_numbers(reader, mean_path, d.dimension, false);
  d.sigma_data = read_column_numbers(reader, sigma_data_path, d.dimension, true);
  // The file must hold what the attributes promise before anything of that size is made.
  double promised = double(d.hidden) * (2.0 * d.dimension + (d.depth - 1) * double(d.hidden));
  if (reader.has("/model/parameters"))
    for (const DatasetInfo& info : reader.datasets("/model/parameters", true))
      promised -= double(product(info.shape));
  if (promised > 0)
    fail_invalid(reader.name() +
                 ": /model/parameters holds fewer numbers than its attributes need");
  auto model = std::make_unique<ScoreModel>(std::move(d), 0);
  read_parameters(reader, &model->parameters());
  return model;
}

}  // namespace pushforward
