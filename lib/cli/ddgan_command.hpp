// The options of ddgan-train that say what is trained: steps, noise, networks, discriminator.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "cli/network_options.hpp"
#include "cli/training.hpp"
#include "score/ddgan.hpp"

namespace pushforward {

struct DdganCommand {
  DdganDescription description;  // what of it the command line says
  std::string latent_flow;
  NetworkOptions network;
  bool flip = false;
  int latent = 0;  // 0: as many as a row has, at most 100
  double sigma_data = 0;
  bool label = false;
  std::string loss = "relativistic";
  double discriminator_rate = 0;  // 0: the generator's
  double r1 = 0.01, r2 = 0.01;
  std::int64_t r1_every = 2;
};

void add_ddgan_model(CommandLine& line, DdganCommand* command);

// After parsing. Error(usage) for options that do not go together.
void check_ddgan_command(const CommandLine& line, const DdganCommand& command);

// The flow of --latent-flow; null where there is none.
[[nodiscard]] std::shared_ptr<const Flow> read_latent_flow(const std::string& file);

// The model as described by the options and the rows, read from `input`. Error(invalid) for rows
// that cannot be trained on.
[[nodiscard]] DdganDescription describe_ddgan(const DdganCommand& command, const TrainingData& data,
                                              const Flow* latent_flow, const std::string& input);

// The settings that decide a run's bits.
[[nodiscard]] RunSettings settings_of(const DdganCommand& command, const Ddgan& model);

}  // namespace pushforward
