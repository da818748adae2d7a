#include "cli/ddgan_command.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "score/ddgan_objective.hpp"
#include "score/score_model.hpp"

namespace pushforward {
namespace {

// z of as many numbers as an image needs, or as a row has.
constexpr int max_default_latent = 100;

// Tells one flow from another.
std::string fingerprint(const Flow* flow) {
  if (flow == nullptr) return "none";
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const double value : flow->parameters().values) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3ull;
  }
  return flow->spec().flow + "/" + std::to_string(hash);
}

}  // namespace

void add_ddgan_model(CommandLine& line, DdganCommand* o) {
  line.group("Model");
  line.integer("denoise-steps", &o->description.denoise_steps, {1, max_denoise_steps},
               "steps T from noise to data");
  line.integer("latent-dim", &o->latent, {0, max_latent},
               "numbers of the generator's noise z; 0 is as many as a row has, at most 100");
  line.input_file("latent-flow", &o->latent_flow, "FLOW_MODEL",
                  "draw z from this flow, which becomes part of the model");
  add_network(line, &o->network);
  line.flag("flip", &o->flip, "turn pictures left to right, by chance, in training");
  line.flag("label", &o->label, "condition on /label, whole numbers from 0");
  line.number("beta-min", &o->description.beta_min, {min_ddgan_beta, max_ddgan_beta},
              "beta at the start");
  line.number("beta-max", &o->description.beta_max, {min_ddgan_beta, max_ddgan_beta},
              "beta at the end");
  line.number("sigma-data", &o->sigma_data, Range::at_least(0),
              "standard deviation of the data; 0 measures each column");
  line.group("Discriminator");
  line.number("lr-discriminator", &o->discriminator_rate, Range::at_least(0),
              "its learning rate; 0 is that of --lr");
  line.choice("loss", &o->loss, adversarial_loss_names(), "what both networks minimise");
  line.number("r1", &o->r1, Range::at_least(0),
              "gamma: gamma/2 |slope|^2 at real rows is added to its loss; 0 is nothing");
  line.number("r2", &o->r2, Range::at_least(0), "the same at generated rows");
  line.integer("r1-every", &o->r1_every, {1, 1e6}, "steps from one that adds them to the next");
  line.exclude("latent-flow", {"latent-dim"});
}

void check_ddgan_command(const CommandLine& line, const DdganCommand& o) {
  check_network(line, o.network);
  if (line.given("r1-every") && o.r1 == 0 && o.r2 == 0)
    fail_usage("--r1-every says how often --r1 and --r2 are added, and both are 0");
  if (o.description.beta_max < o.description.beta_min) fail_usage("--beta-max is below --beta-min");
}

std::shared_ptr<const Flow> read_latent_flow(const std::string& file) {
  if (file.empty()) return nullptr;
  const ContainerReader reader(file);
  std::shared_ptr<const Flow> flow = read_flow(reader);
  require_latent_flow(*flow, reader.name());
  return flow;
}

DdganDescription describe_ddgan(const DdganCommand& o, const TrainingData& data,
                                const Flow* latent_flow, const std::string& input) {
  const std::size_t dimension = data.rows.columns - static_cast<std::size_t>(data.context);
  const std::string name = input == "-" ? "standard input" : input;
  if (dimension > static_cast<std::size_t>(max_score_dimension))
    fail_invalid(name + ": rows of " + std::to_string(dimension) + " numbers; up to " +
                 std::to_string(max_score_dimension) + " are taken");
  ScoreDescription measured;
  measured.dimension = static_cast<int>(dimension);
  const ConditionalShape network = network_shape(o.network, data.row_shape);
  measured.unet = network.unet;
  measure_data(data.rows, name, o.sigma_data, &measured);
  DdganDescription d = o.description;
  d.dimension = measured.dimension;
  d.shape = network;
  d.mean = measured.mean;
  d.deviation = measured.sigma_data;
  d.origin = measured.origin;
  d.classes = data.classes;
  d.class_rows = data.class_rows;
  d.latent = latent_flow != nullptr ? latent_flow->dimension()
             : o.latent > 0         ? o.latent
                                    : std::min(d.dimension, max_default_latent);
  return d;
}

RunSettings settings_of(const DdganCommand& o, const Ddgan& model) {
  const DdganDescription& d = model.description();
  RunSettings settings = {{"denoise-steps", std::to_string(d.denoise_steps)},
                          {"latent-dim", std::to_string(d.latent)},
                          {"latent-flow", fingerprint(model.latent_flow())},
                          {"flip", o.flip ? "yes" : "no"},
                          {"label", d.classes > 0 ? "yes" : "no"},
                          {"beta-min", number_text(d.beta_min)},
                          {"beta-max", number_text(d.beta_max)},
                          {"sigma-data", number_text(o.sigma_data)},
                          {"lr-discriminator", number_text(o.discriminator_rate)},
                          {"loss", o.loss},
                          {"r1", number_text(o.r1)},
                          {"r2", number_text(o.r2)},
                          {"r1-every", std::to_string(o.r1_every)}};
  settings.merge(settings_of(o.network));
  return settings;
}

}  // namespace pushforward
