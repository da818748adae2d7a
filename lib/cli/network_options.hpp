// The options of conditioned networks (nn/conditional_network.hpp), shared by the programs that
// train one: score-train and ddgan-train.
#pragma once

#include <functional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/training_data.hpp"
#include "io/array.hpp"
#include "nn/checkpoint_file.hpp"
#include "nn/conditional_network.hpp"

namespace pushforward {

struct NetworkOptions {
  std::string net = "mlp";
  ConditionalShape dense;  // of an mlp
  UnetShape unet;
  [[nodiscard]] bool is_unet() const { return net == "unet"; }
};

// --net and the options of both networks (nn/network_fields.hpp), in the group that is open; the
// defaults are those of *options.
void add_network(CommandLine& line, NetworkOptions* options);

// After parsing. Error(usage) for options of the other network, and where they do not go together.
void check_network(const CommandLine& line, const NetworkOptions& options);

// Calls refuse(option) for every option of both networks but --net.
void refuse_network(const CommandLine& line, const NetworkOptions& options,
                    const std::function<void(const std::string& option)>& refuse);

// A U-Net learns with smaller steps and batches than a dense network: sets --batch where it is auto
// and the rate where --lr was not given, 64 and 0.001.
void take_network_defaults(const CommandLine& line, const NetworkOptions& options,
                           TrainingCommand* training);

// The shape asked for. Error(invalid) where that is a U-Net and rows of this shape are no pictures,
// or none that it can take.
[[nodiscard]] ConditionalShape network_shape(const NetworkOptions& options, const Shape& row_shape);

// How models that measure their columns take the numbers of the rows: a U-Net is given all pixels
// alike.
[[nodiscard]] RowUse row_use(const NetworkOptions& options);

// Says that images are taken for vectors, where rows are images and the network is not a U-Net.
void note_pictures(const NetworkOptions& options, const TrainingData& data);

// The settings that decide a run's bits.
[[nodiscard]] RunSettings settings_of(const NetworkOptions& options);

}  // namespace pushforward
