#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/network_file.hpp"
#include "score/ddgan.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

const char* const mean_path = "/model/preprocess/mean";
const char* const deviation_path = "/model/preprocess/sigma_data";
const char* const latent_flow_path = "/latent_flow";

}  // namespace

void require_latent_flow(const Flow& flow, const std::string& where) {
  if (flow.context_columns() > 0)
    fail_invalid(where + ": this flow is conditioned on " + flow.spec().context_path +
                 ", where the noise of a generator has nothing to be conditioned on");
  if (flow.dimension() > max_latent)
    fail_invalid(where + ": a flow of " + std::to_string(flow.dimension()) +
                 " columns; the noise of a generator has up to " + std::to_string(max_latent));
}

void write_ddgan(ContainerWriter* writer, const Ddgan& model, const Shape& row_shape,
                 ElementType type) {
  const DdganDescription& d = model.description();
  write_parameters(writer, model.parameters(), type, Ddgan::generator_scope);
  writer->set_text("/model", "family", ddgan_family);
  writer->set_integer("/model", "dimension", d.dimension);
  writer->set_integer("/model", "denoise_steps", d.denoise_steps);
  writer->set_number("/model", "beta_min", d.beta_min);
  writer->set_number("/model", "beta_max", d.beta_max);
  writer->set_integer("/model", "latent", d.latent);
  write_network(writer, d.shape);
  writer->set_integer("/model", "classes", d.classes);
  write_row_shape(writer, row_shape);
  writer->write(mean_path, Array::of(d.mean, {d.mean.size()}));
  writer->write(deviation_path, Array::of(d.deviation, {d.deviation.size()}));
  write_class_rows(writer, d.class_rows);
  if (model.latent_flow() == nullptr) return;
  ContainerWriter inside = writer->inside(latent_flow_path);
  write_flow(&inside, *model.latent_flow(), {static_cast<std::size_t>(d.latent)}, type);
}

std::unique_ptr<Ddgan> read_ddgan(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != ddgan_family)
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where one of ddgan-train is needed");
  DdganDescription d;
  d.dimension = model_integer(reader, "dimension", 1, max_score_dimension);
  d.denoise_steps = model_integer(reader, "denoise_steps", 1, max_denoise_steps);
  d.beta_min = model_number(reader, "beta_min", min_ddgan_beta, max_ddgan_beta);
  d.beta_max = model_number(reader, "beta_max", d.beta_min, max_ddgan_beta);
  d.latent = model_integer(reader, "latent", 1, max_latent);
  d.shape = read_network(reader, d.dimension);
  d.classes = model_integer(reader, "classes", 0, max_score_classes);
  d.mean = model_columns(reader, mean_path, d.dimension, false);
  d.deviation = model_columns(reader, deviation_path, d.dimension, true);
  d.class_rows = read_class_rows(reader, d.classes);
  std::shared_ptr<const Flow> latent;
  if (reader.has(latent_flow_path)) {
    const ContainerReader inside = reader.inside(latent_flow_path);
    latent = read_flow(inside);
    require_latent_flow(*latent, inside.name());
    if (latent->dimension() != d.latent)
      fail_invalid(inside.name() + ": a flow of " + std::to_string(latent->dimension()) +
                   " columns, where z has " + std::to_string(d.latent));
  }
  auto model = built_of_stored(reader, [&](std::size_t max_parameters) {
    return std::make_unique<Ddgan>(std::move(d), std::move(latent), 0, max_parameters);
  });
  read_parameters(reader, &model->parameters(), Ddgan::generator_scope);
  return model;
}

}  // namespace pushforward
