#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>

#include "base/error.hpp"
#include "io/picture_layout.hpp"
#include "io/tensors.hpp"
#include "nn/model_file.hpp"
#include "nn/network_file.hpp"
#include "score/restoration.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const deviation_path = "/model/preprocess/deviation";
const char* const range_path = "/model/preprocess/range";
const char* const output_scale_path = "/model/output_scale";
const char* const start_rows_path = "/model/start/rows";
const char* const start_mean_path = "/model/start/mean";
const char* const start_factor_path = "/model/start/factor";

double scalar(const ContainerReader& reader, const char* path, bool positive) {
  return model_columns(reader, path, 1, positive)[0];
}

std::shared_ptr<const Degradation> read_degradation(const ContainerReader& reader,
                                                    const ImageShape& picture) {
  DegradationSettings s;
  s.picture = picture;
  s.kind = degradation_named(model_text(reader, "degradation"), reader.name());
  s.levels = model_integer(reader, "levels", 1, max_degradation_levels);
  if (s.kind == DegradationKind::blur) {
    s.blur_min = model_number(reader, "blur_min", min_blur, max_blur);
    s.blur_max = model_number(reader, "blur_max", min_blur, max_blur);
  }
  return make_degradation(s, reader.name());
}

// At least one row of `count` finite numbers.
Matrix<float> read_start_rows(const ContainerReader& reader, std::size_t count) {
  if (!reader.has(start_rows_path))
    fail_invalid(reader.name() + ": " + start_rows_path + " is missing from this model");
  const Shape shape = reader.info(start_rows_path).shape;
  if (shape.size() != 2 || shape[0] == 0 || shape[1] != count)
    fail_invalid(reader.name() + ": " + start_rows_path + " has shape " + to_string(shape) +
                 ", this model needs rows of " + std::to_string(count));
  const Matrix<float> rows = tensor_of<float, 2>(reader.read(start_rows_path), {shape[0], count});
  if (!xt::all(xt::isfinite(rows)))
    fail_invalid(reader.name() + ": " + start_rows_path + " holds a number that is not finite");
  return rows;
}

std::optional<RestorationStart> read_start(const ContainerReader& reader,
                                           const Degradation& degradation) {
  const std::optional<Remains> remains = degradation.remains();
  if (!remains) return std::nullopt;
  RestorationStart start;
  start.count = static_cast<std::size_t>(degradation.settings().picture.channels) * remains->each;
  if (start.count == 0) return start;
  start.rows = read_start_rows(reader, start.count);
  if (!reader.has(start_mean_path)) return start;
  const int count = static_cast<int>(start.count);
  const auto numbers = [&](const char* path, int expected) {
    return model_columns(reader, path, expected, false);
  };
  start.mean = xt::adapt(numbers(start_mean_path, count));
  start.factor = as_rows(numbers(start_factor_path, count * count), start.count);
  return start;
}

}  // namespace

void write_restoration(ContainerWriter* writer, const RestorationModel& model,
                       const std::optional<RestorationStart>& start, const Shape& row_shape,
                       ElementType type) {
  const RestorationDescription& d = model.description();
  const DegradationSettings& s = d.degradation->settings();
  write_parameters(writer, model.parameters(), type);
  writer->set_text("/model", "family", restoration_family);
  writer->set_text("/model", "process", restoration_name(d.kind));
  writer->set_text("/model", "degradation", degradation_name(s.kind));
  writer->set_integer("/model", "levels", s.levels);
  if (s.kind == DegradationKind::blur) {
    writer->set_number("/model", "blur_min", s.blur_min);
    writer->set_number("/model", "blur_max", s.blur_max);
  }
  if (d.kind == RestorationKind::blur) writer->set_number("/model", "noise", d.noise);
  writer->set_integer("/model", "dimension", model.dimension());
  write_network(writer, d.network);
  write_row_shape(writer, row_shape);
  const auto column = [&](const char* path, const std::vector<double>& values) {
    writer->write(path, Array::of(values, {values.size()}));
  };
  column(mean_path, {d.mean});
  column(deviation_path, {d.deviation});
  column(range_path, {d.range});
  column(output_scale_path, d.output_scale);
  if (!start || start->count == 0) return;
  writer->write(start_rows_path, array_of(start->rows));
  if (start->factor.size() == 0) return;
  writer->write(start_mean_path, array_of(start->mean));
  column(start_factor_path, {start->factor.begin(), start->factor.end()});
}

StoredRestoration read_restoration(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != restoration_family)
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where one of score-train --process blur or cold is needed");
  RestorationDescription d;
  d.kind = restoration_named(model_text(reader, "process"), reader.name());
  const int dimension = model_integer(reader, "dimension", 1, max_score_dimension);
  const Shape row_shape = read_row_shape(reader, dimension);
  d.degradation = read_degradation(reader, image_shape(row_shape, reader.name()));
  if (d.kind == RestorationKind::blur) {
    if (d.degradation->settings().kind != DegradationKind::blur)
      fail_invalid(reader.name() + ": the process blur with another degradation");
    d.noise = model_number(reader, "noise", 1e-6, 1);
  }
  d.network = read_network(reader, dimension);
  d.mean = scalar(reader, mean_path, false);
  d.deviation = scalar(reader, deviation_path, true);
  d.range = scalar(reader, range_path, true);
  d.output_scale = model_columns(reader, output_scale_path, d.degradation->levels(), true);
  StoredRestoration stored;
  stored.start = read_start(reader, *d.degradation);
  stored.model = built_of_stored(reader, [&](std::size_t max_parameters) {
    return std::make_unique<RestorationModel>(std::move(d), 0, max_parameters);
  });
  read_parameters(reader, &stored.model->parameters());
  return stored;
}

}  // namespace pushforward
