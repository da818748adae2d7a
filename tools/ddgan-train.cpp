// Fits a denoising diffusion GAN.
#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/training.hpp"
#include "score/ddgan_objective.hpp"
#include "score/score_model.hpp"

using namespace pushforward;

namespace {

struct ModelOptions {
  DdganDescription description;
  std::string latent_flow, net = "mlp";
  int latent = 0;
  double sigma_data = 0;
  bool label = false;
};

struct AdversaryOptions {
  double learning_rate = 4e-3, r1 = 0.02;
  std::int64_t r1_every = 15;
};

// z of as many numbers as an image needs, or as a row has.
constexpr int most_default_latent = 100;

void add_model(CommandLine& line, ModelOptions* o) {
  line.group("Model");
  line.integer("denoise-steps", &o->description.denoise_steps, {1, most_denoise_steps},
               "steps T from noise to data");
  line.integer("latent-dim", &o->latent, {0, most_latent},
               "numbers of the generator's noise z; 0 is as many as a row has, at most 100");
  line.text("latent-flow", &o->latent_flow, "FLOW_MODEL",
            "draw z from this flow, which becomes part of the model");
  line.choice("net", &o->net, {"mlp"}, "networks");
  line.integer("hidden", &o->description.shape.hidden, {1, most_score_hidden},
               "units of a hidden layer, of generator and discriminator");
  line.integer("depth", &o->description.shape.depth, {1, most_score_depth}, "hidden layers");
  line.flag("label", &o->label, "condition on /label, whole numbers from 0");
  line.number("beta-min", &o->description.beta_min, {least_beta, most_beta}, "beta at the start");
  line.number("beta-max", &o->description.beta_max, {least_beta, most_beta}, "beta at the end");
  line.number("sigma-data", &o->sigma_data, {0, unbounded},
              "standard deviation of the data; 0 measures each column");
}

void add_adversary(CommandLine& line, AdversaryOptions* o) {
  line.group("Discriminator");
  line.number("lr-discriminator", &o->learning_rate, {0, unbounded, true},
              "its learning rate; --schedule and --warmup are those of both");
  line.number("r1", &o->r1, {0, unbounded},
              "gamma: gamma/2 |slope|^2 at real rows is added to its loss; 0 is nothing");
  line.integer("r1-every", &o->r1_every, {1, 1e6}, "steps between those that add it");
}

std::shared_ptr<const Flow> read_latent_flow(const std::string& file) {
  if (file.empty()) return nullptr;
  const ContainerReader reader(file);
  std::shared_ptr<const Flow> flow = read_flow(reader);
  require_latent_flow(*flow, reader.name());
  return flow;
}

// The model as described by the options and the rows.
DdganDescription describe(const ModelOptions& o, const TrainingData& data, const Flow* latent_flow,
                          const std::string& input) {
  const std::size_t dimension = data.rows.columns - static_cast<std::size_t>(data.context);
  const std::string name = input == "-" ? "standard input" : input;
  if (dimension > static_cast<std::size_t>(most_score_dimension))
    fail_invalid(name + ": rows of " + std::to_string(dimension) + " numbers; up to " +
                 std::to_string(most_score_dimension) + " are taken");
  ScoreDescription measured;
  measured.dimension = static_cast<int>(dimension);
  measure_data(data.rows, name, o.sigma_data, &measured);
  DdganDescription d = o.description;
  d.dimension = measured.dimension;
  d.mean = measured.mean;
  d.deviation = measured.sigma_data;
  d.classes = data.classes;
  d.latent = latent_flow != nullptr ? latent_flow->dimension()
             : o.latent > 0         ? o.latent
                                    : std::min(d.dimension, most_default_latent);
  return d;
}

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

RunSettings settings_of(const Ddgan& model, const AdversaryOptions& adversary, double sigma_data) {
  const DdganDescription& d = model.description();
  return {{"denoise-steps", std::to_string(d.denoise_steps)},
          {"latent-dim", std::to_string(d.latent)},
          {"latent-flow", fingerprint(model.latent_flow())},
          {"hidden", std::to_string(d.shape.hidden)},
          {"depth", std::to_string(d.shape.depth)},
          {"label", d.classes > 0 ? "yes" : "no"},
          {"beta-min", number_text(d.beta_min)},
          {"beta-max", number_text(d.beta_max)},
          {"sigma-data", number_text(sigma_data)},
          {"lr-discriminator", number_text(adversary.learning_rate)},
          {"r1", number_text(adversary.r1)},
          {"r1-every", std::to_string(adversary.r1_every)}};
}

int body(int argc, char** argv) {
  CommandLine line("ddgan-train", "[OPTIONS] [INPUT]",
                   "Fits a denoising diffusion GAN to the rows of INPUT.",
                   "tensor-gen moons -n 20000 | ddgan-train --steps 5000 -o ddgan.h5");
  CommonOptions common;
  ComputeOptions compute;
  ModelOptions model;
  AdversaryOptions adversary;
  TrainingCommand training;
  training.validates = false;
  training.options.steps = 10000;
  training.options.learning_rate = 5e-4;
  training.options.ema = 0.9999;
  training.schedule = "cosine";
  std::string output;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  add_model(line, &model);
  add_adversary(line, &adversary);
  add_training(line, &training);
  line.group("Computation and output");
  add_output(line, &output);
  add_seed(line, &compute);
  add_threads(line, &compute);
  add_network_precision(line, &compute);
  add_common(line, &common);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, compute, output, &training);
  line.exclude("latent-flow", {"latent-dim"});
  if (model.description.beta_max < model.description.beta_min)
    fail_usage("--beta-max is below --beta-min");
  const std::string input = inputs.empty() ? "-" : inputs[0];
  if (model.latent_flow == "-" && input == "-")
    fail_usage("only one of rows and --latent-flow can be standard input");
  watch_stop_signals();

  const std::shared_ptr<const Flow> flow = read_latent_flow(model.latent_flow);
  const ContextSource context{model.label ? "/label" : "", model.label};
  const TrainingData data = read_training_data(input, training, context);
  const std::uint64_t seed = training.options.seed;
  const Ddgan start(describe(model, data, flow.get(), input), flow, seed);
  const DdganObjective generator(&start, DdganLoss::generator);
  const DdganObjective discriminator(&start, DdganLoss::discriminator);
  const DdganObjective penalised(&start, DdganLoss::penalised, adversary.r1);
  Learner generates{&generator, Ddgan::generator_scope};
  Learner judges{&discriminator, Ddgan::discriminator_scope};
  if (adversary.r1 > 0) judges.rare_objective = &penalised;
  judges.rare_every = adversary.r1_every;
  judges.rate = adversary.learning_rate / training.options.learning_rate;
  for (Learner* learner : {&generates, &judges}) {
    learner->beta1 = 0.5;
    learner->beta2 = 0.9;
  }
  const ElementType type =
      compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    Ddgan trained = start;
    std::vector<double>& kept = trained.parameters().values;
    std::copy_n(values.begin(), kept.size(), kept.begin());  // without the discriminator's
    write_ddgan(writer, trained, data.row_shape, type);
  };
  return run_training({line, common, compute, training, data, output,
                       settings_of(start, adversary, model.sigma_data), write_model},
                      {generates, judges}, start.training_parameters(seed));
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("ddgan-train", [&] { return body(argc, argv); });
}
