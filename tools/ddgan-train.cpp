// Fits a denoising diffusion GAN.
#include <algorithm>

#include "base/stop.hpp"
#include "cli/ddgan_command.hpp"
#include "cli/preview.hpp"
#include "io/picture_layout.hpp"
#include "score/ddgan_objective.hpp"

using namespace pushforward;

namespace {

int body(int argc, char** argv) {
  CommandLine line("ddgan-train", "[OPTIONS] [INPUT]",
                   "Fits a denoising diffusion GAN to the rows of INPUT.",
                   "tensor-gen moons -n 20000 | ddgan-train --steps 5000 -o ddgan.h5");
  DdganCommand command;
  PreviewCommand preview;
  TrainingCommand training;
  training.validates = false;
  training.options.steps = 25000;
  training.options.learning_rate = 1e-3;
  training.options.ema = 0.9999;
  training.schedule = "cosine";
  line.input_operands(&training.inputs, 0, 1, {"INPUT"});
  add_ddgan_model(line, &command);
  add_training(line, &training);
  add_preview(line, &preview);
  add_training_output(line, &training);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, &training);
  take_network_defaults(line, command.network, &training);
  finish_preview(line, preview);
  check_ddgan_command(line, command);
  watch_stop_signals();

  const std::shared_ptr<const Flow> flow = read_latent_flow(command.latent_flow);
  const ContextSource context{command.label ? "/label" : "", command.label};
  const TrainingData data = read_training_data(training, context, row_use(command.network));
  const std::uint64_t seed = training.options.seed;
  const Ddgan start(describe_ddgan(command, data, flow.get(), training.input()), flow, seed);
  const AdversarialSettings losses{adversarial_loss_named(command.loss, "--loss"), command.r1,
                                   command.r2};
  DdganObjective generator_loss(&start, DdganLoss::generator, losses);
  DdganObjective critic_loss(&start, DdganLoss::discriminator, losses);
  DdganObjective penalised_loss(&start, DdganLoss::penalised, losses);
  if (command.flip)
    for (DdganObjective* objective : {&generator_loss, &critic_loss, &penalised_loss})
      objective->flip_pictures(image_shape(data.row_shape, "--flip").width);
  Learner generator{&generator_loss, Ddgan::generator_scope};
  Learner critic{&critic_loss, Ddgan::discriminator_scope};
  if (command.r1 > 0 || command.r2 > 0) critic.rare_objective = &penalised_loss;
  critic.rare_every = command.r1_every;
  if (command.discriminator_rate > 0)
    critic.rate = command.discriminator_rate / training.options.learning_rate;
  for (Learner* learner : {&generator, &critic}) {
    // Without momentum the two do not circle each other (Karras et al. 2020, Huang et al. 2024).
    learner->beta1 = 0;
    learner->beta2 = 0.99;
  }
  const auto trained = [&](const std::vector<double>& values) {
    auto model = std::make_unique<Ddgan>(start);
    std::vector<double>& kept = model->parameters().values;
    std::copy_n(values.begin(), kept.size(), kept.begin());  // without the discriminator's
    return model;
  };
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    write_ddgan(writer, *trained(values), data.row_shape, training.stored_type());
  };
  WeightViewer viewer;
  if (!preview.file.empty()) {
    const auto with_weights = [&](const std::vector<double>& values) {
      SampledModel sampled;
      sampled.family = ddgan_family;
      sampled.model = trained(values);
      return sampled;
    };
    viewer = preview_viewer(preview, with_weights, data, training.options.threads);
  }
  const ParameterTable table = start.training_parameters(seed);
  return run_training(
      line, training, data,
      {Learners(generator, critic), table, settings_of(command, start), write_model, viewer});
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("ddgan-train", [&] { return body(argc, argv); });
}
