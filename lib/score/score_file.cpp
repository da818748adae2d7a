#include <stdexcept>

#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/unet.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const sigma_data_path = "/model/preprocess/sigma_data";

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

void write_unet(ContainerWriter* writer, const UnetShape& shape) {
  writer->set_integer("/model", "height", shape.height);
  writer->set_integer("/model", "width", shape.width);
  writer->set_integer("/model", "channels", shape.channels);
  writer->set_text("/model", "multipliers", joined_integers(shape.multipliers));
  writer->set_integer("/model", "blocks", shape.blocks);
  writer->set_text("/model", "attention", joined_integers(shape.attention));
  writer->set_integer("/model", "heads", shape.heads);
  writer->set_number("/model", "dropout", shape.dropout);
}

std::vector<int> read_integers(const ContainerReader& reader, const std::string& attribute,
                               int high, std::size_t most) {
  const std::string text = model_text(reader, attribute);
  std::vector<int> values;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool number = !word.empty() && word.size() < 8 &&
                        word.find_first_not_of("0123456789") == std::string::npos;
    const int value = number ? std::stoi(word) : 0;
    if (value < 1 || value > high || values.size() == most)
      fail_invalid(reader.name() + ": /model says " + attribute + " = '" + text +
                   "', not numbers from 1 to " + std::to_string(high));
    values.push_back(value);
    at = end + 1;
  }
  return values;
}

UnetShape read_unet(const ContainerReader& reader, int dimension) {
  UnetShape shape;
  shape.height = model_integer(reader, "height", 1, dimension);
  shape.width = model_integer(reader, "width", 1, dimension / shape.height);
  shape.channels = model_integer(reader, "channels", 1, most_unet_channels);
  shape.multipliers = read_integers(reader, "multipliers", most_unet_multiplier, most_unet_levels);
  shape.blocks = model_integer(reader, "blocks", 1, most_unet_blocks);
  shape.attention = read_integers(reader, "attention", dimension, most_unet_levels);
  shape.heads = model_integer(reader, "heads", 1, most_unet_channels);
  shape.dropout = model_number(reader, "dropout", 0, 1);
  if (dimension % (shape.height * shape.width) != 0)
    fail_invalid(reader.name() + ": images of " + std::to_string(shape.height) + " x " +
                 std::to_string(shape.width) + " do not make the dimension " +
                 std::to_string(dimension));
  if (shape.multipliers.empty() || shape.dropout == 1)
    fail_invalid(reader.name() + ": a U-Net without levels, or one that drops everything");
  if (const std::string complaint = unet_complaint(shape); !complaint.empty())
    fail_invalid(reader.name() + ": " + complaint);
  return shape;
}

}  // namespace

void write_score_model(ContainerWriter* writer, const ScoreModel& model, const Shape& row_shape,
                       const std::string& objective, ElementType type) {
  const ScoreDescription& d = model.description();
  write_parameters(writer, model.parameters(), type);
  writer->set_text("/model", "family", "score");
  writer->set_text("/model", "objective", objective);
  writer->set_text("/model", "parametrization", parametrization_name(d.parametrization));
  writer->set_text("/model", "net", d.unet ? "unet" : "mlp");
  writer->set_integer("/model", "dimension", d.dimension);
  if (d.unet) {
    write_unet(writer, *d.unet);
  } else {
    writer->set_integer("/model", "hidden", d.hidden);
    writer->set_integer("/model", "depth", d.depth);
  }
  writer->set_text("/model", "embedding", embedding_name(d.embedding));
  writer->set_integer("/model", "classes", d.classes);
  writer->set_number("/model", "label_dropout", d.label_dropout);
  writer->set_integer("/model", "learned_variance", d.learned_variance ? 1 : 0);
  write_process(writer, d.process.settings());
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
  if (net != "mlp" && net != "unet")
    fail_invalid(reader.name() + ": its network is '" + net +
                 "', which this version does not know");
  ScoreDescription d;
  d.parametrization = parametrization_named(model_text(reader, "parametrization"), reader.name());
  d.dimension = model_integer(reader, "dimension", 1, most_score_dimension);
  if (net == "unet") {
    d.unet = read_unet(reader, d.dimension);
  } else {
    d.hidden = model_integer(reader, "hidden", 1, most_score_hidden);
    d.depth = model_integer(reader, "depth", 1, most_score_depth);
  }
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
  if (!d.unet)
    require_stored_parameters(reader, double(d.hidden) * (2.0 * d.dimension + d.classes +
                                                          (d.depth - 1) * double(d.hidden)));
  try {
    auto model = std::make_unique<ScoreModel>(std::move(d), 0, stored_parameters(reader));
    read_parameters(reader, &model->parameters());
    return model;
  } catch (const std::length_error&) {
    fail_few_parameters(reader);
  }
}

}  // namespace pushforward
