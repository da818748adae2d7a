// A network that knows the score of noised data at every level, and what it is made of.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "nn/conditional_network.hpp"
#include "nn/parameters.hpp"
#include "nn/training_rows.hpp"
#include "score/process.hpp"

namespace pushforward {

// What the network's output F means. Its input is y / sqrt(sigma^2 + d^2) with y = x - mean, d the
// deviation of the column (y / d for Embedding::none), and what the embedding makes of the level.
enum class Parametrization {
  score,     // s = F
  noise,     // s = -F / sigma: F predicts the noise
  data,      // D = mean + d F: F predicts the clean row; s = (D - x) / sigma^2
  velocity,  // D = mean + (y - sigma sqrt(1 + sigma^2) F) / (1 + sigma^2): F predicts a z - b y_0
             // where a^2 + b^2 = 1, b / a = sigma (Salimans, Ho 2022)
  edm        // D = mean + c_skip y + c_out F (Karras et al. 2022, table 1)
};

[[nodiscard]] const char* parametrization_name(Parametrization parametrization);
[[nodiscard]] std::vector<std::string> parametrization_names();
[[nodiscard]] Parametrization parametrization_named(const std::string& name,
                                                    const std::string& where);

// How the network is told the level, in the first layer.
enum class Embedding {
  fourier,    // ln(sigma) / 4 and sines and cosines of it
  log_sigma,  // ln(sigma) / 4
  none        // not at all (Song, Ermon 2020: s(x, sigma) = s(x) / sigma)
};

[[nodiscard]] const char* embedding_name(Embedding embedding);
[[nodiscard]] std::vector<std::string> embedding_names();
[[nodiscard]] Embedding embedding_named(const std::string& name, const std::string& where);

struct ScoreDescription {
  int dimension = 0;
  Process process;
  Parametrization parametrization = Parametrization::edm;
  Embedding embedding = Embedding::fourier;
  int hidden = 128;                      // units of a hidden layer
  int depth = 3;                         // hidden layers
  std::optional<UnetShape> unet;         // of rows that are images, in place of the hidden layers
  int classes = 0;                       // of the label it is conditioned on; 0: none
  std::vector<std::int64_t> class_rows;  // training rows of each class; empty: not known
  double label_dropout = 0;              // share of rows whose label was hidden in training
  bool learned_variance = false;         // ddpm: a second output says the variance of a step
  // Mean and standard deviation of the data, one number a column. The paper has one sigma_data for
  // all columns and mean 0; one a column serves data whose columns have different units.
  // A U-Net's are the same in all columns: what a convolution does with a pixel is not a function
  // of where that is.
  std::vector<double> mean, sigma_data;
  // What is subtracted from rows in double before anything else (TrainingRows::origin); empty: 0
  // everywhere. Of a U-Net it is the same in all columns.
  std::vector<double> origin;

  [[nodiscard]] ConditionalShape network() const { return {hidden, depth, unet}; }
};

// Sets mean, sigma_data and origin from the first `dimension` columns of rows, at least one;
// sigma_data is `given` for every column unless that is 0. A column that hardly varies counts as
// varying by a thousandth of the widest one; Error(invalid) beginning with `where` if none varies.
// Of a U-Net, all columns together are measured as one.
void measure_data(const TrainingRows& rows, const std::string& where, double given,
                  ScoreDescription* description);

// Upper bounds that a command line or a model file may name.
constexpr int most_score_dimension = 1 << 20, most_score_classes = 65536;

// The model works in coordinates u: the data's own, less the origin, or (x - mean) / sigma_data
// where the process standardises. A noisy row is u_t / a(t) = u_0 + sigma z (score/process.hpp).
class ScoreModel {
 public:
  // With starting weights, a function of the seed. TooManyParameters where the description needs
  // more than `most_parameters` numbers.
  ScoreModel(ScoreDescription description, std::uint64_t seed,
             std::size_t most_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const ScoreDescription& description() const { return description_; }
  [[nodiscard]] const Process& process() const { return description_.process; }
  [[nodiscard]] int dimension() const { return description_.dimension; }
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }

  // Data x = offset + unit u, a number a column.
  [[nodiscard]] std::vector<double> offset() const;
  [[nodiscard]] std::vector<double> unit() const;
  // Mean of the data in the model's coordinates.
  [[nodiscard]] std::vector<double> centre() const;

  // x [n, D] noisy rows, sigma [n, 1] or [1, 1] their level, context [n, classes] or [1, classes]
  // the label, a one in its column, all zeros for an unknown one; not looked at where the model has
  // no classes -> [n, D].
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma, Expr context = Expr()) const;
  // E[x_0 | x] = x + sigma^2 s
  [[nodiscard]] Expr denoise(Scope scope, Expr x, Expr sigma, Expr context = Expr()) const;
  // sigma s(x, sigma), free of cancellation and division at small levels. With
  // dropout_columns(description().network()) uniform numbers a row, under dropout.
  [[nodiscard]] Expr scaled_score(Scope scope, Expr x, Expr sigma, Expr context = Expr(),
                                  Expr uniforms = Expr()) const;

  // Of a model with learned_variance, the share of the way from the logarithm of a step's small
  // variance to that of its large one (Nichol, Dhariwal 2021, equation 15): [n, D], 1/2 at the
  // start.
  [[nodiscard]] Expr variance_share(Scope scope, Expr x, Expr sigma, Expr context = Expr(),
                                    Expr uniforms = Expr()) const;
  // The units of hidden layer `layer`, from 1 to hidden_layers(description().network()), after
  // their activation: [n, columns].
  [[nodiscard]] Expr hidden_features(Scope scope, Expr x, Expr sigma, int layer,
                                     Expr context = Expr()) const;
  // Deviation of the data in the model's coordinates, [1, D] or [1, 1].
  [[nodiscard]] Expr deviation(Graph& graph) const;

 private:
  // Centred rows y as the network takes them; variance is sigma^2 + deviation^2.
  [[nodiscard]] Expr network_input(Scope scope, Expr y, Expr variance) const;
  [[nodiscard]] Told told(Expr sigma, Expr context, Expr uniforms = Expr()) const;
  // All outputs for centred rows y: F, [n, D], and beside it what variance_share() is made of.
  [[nodiscard]] Expr outputs(Scope scope, Expr y, Expr variance, const Told& told) const;
  [[nodiscard]] Expr network(Scope scope, Expr y, Expr variance, const Told& told) const;

  ScoreDescription description_;
  ParameterTable table_;
};

// /model of a score model: attributes, preprocessing and parameters. `row_shape` is the shape of a
// data row, which samples are given again; `objective` is what it was trained with.
void write_score_model(ContainerWriter* writer, const ScoreModel& model, const Shape& row_shape,
                       const std::string& objective, ElementType type);
// Error(invalid) naming the file for a model of another family, a missing or misshapen dataset, an
// attribute that no score model can have.
[[nodiscard]] std::unique_ptr<ScoreModel> read_score_model(const ContainerReader& reader);

}  // namespace pushforward
