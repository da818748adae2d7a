// A network for the score of noised data at every level, and its description.
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

// The meaning of the network's output F. Its input is y / sqrt(sigma^2 + d^2) with y = x - mean and
// d the standard deviation of the column (y / d for Embedding::none), and the embedded level.
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

// How the network is conditioned on the level.
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
  int hidden = 128;                      // units per hidden layer
  int depth = 3;                         // hidden layers
  std::optional<UnetShape> unet;         // for rows that are images, instead of the hidden layers
  int classes = 0;                       // of the label it is conditioned on; 0: none
  std::vector<std::int64_t> class_rows;  // training rows of each class; empty: unknown
  double label_dropout = 0;              // probability that a label was dropped in training
  bool learned_variance = false;         // ddpm: a second output gives the variance of a step
  // Mean and standard deviation of the data, one number per column. Karras et al. (2022) have one
  // sigma_data and mean 0; one number per column suits columns of different units. A U-Net has the
  // same in all columns, because a convolution treats all pixels alike.
  std::vector<double> mean, sigma_data;
  // Whether noise is added to columns of mean 0 and deviation 1, whatever the process: levels are
  // in units of each column's deviation then.
  bool standardized = false;
  // Subtracted from rows in double before anything else (TrainingRows::origin); empty: 0. For a
  // U-Net it is the same in all columns.
  std::vector<double> origin;

  [[nodiscard]] bool standardizes() const { return standardized || process.standardizes(); }
  [[nodiscard]] ConditionalShape network() const { return {hidden, depth, unet}; }
};

// Sets mean, sigma_data and origin from the first `dimension` columns of the rows, of which there
// must be one. sigma_data is `given` for every column unless that is 0. A constant column has a
// thousandth of that of the widest one, and so has, unless the description standardizes(), any that
// is narrower. For a U-Net, all columns together are measured as one.
// Error(invalid), beginning with `where`, if no column varies.
void measure_data(const TrainingRows& rows, const std::string& where, double given,
                  ScoreDescription* description);

// Upper limits of what a command line or a model file may ask for.
constexpr int max_score_dimension = 1 << 20, max_score_classes = 65536;

// The model works in coordinates u: the data's own, less the origin, or (x - mean) / sigma_data if
// the process standardises. A noisy row is u_t / a(t) = u_0 + sigma z (score/process.hpp).
class ScoreModel {
 public:
  // With initial weights determined by the seed. Throws TooManyParameters if the description needs
  // more than `max_parameters` numbers.
  ScoreModel(ScoreDescription description, std::uint64_t seed,
             std::size_t max_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const ScoreDescription& description() const { return description_; }
  [[nodiscard]] const Process& process() const { return description_.process; }
  [[nodiscard]] int dimension() const { return description_.dimension; }
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }

  // Data x = offset + unit u, one number per column.
  [[nodiscard]] std::vector<double> offset() const;
  [[nodiscard]] std::vector<double> unit() const;
  // Mean of the data in the model's coordinates.
  [[nodiscard]] std::vector<double> centre() const;

  // The score [n, D] at noisy rows x [n, D]. sigma [n, 1] or [1, 1] are their levels, context
  // [n, classes] or [1, classes] one-hot labels, all zeros for an unknown one; it is ignored if the
  // model has no classes.
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma, Expr context = Expr()) const;
  // E[x_0 | x] = x + sigma^2 s, [n, D].
  [[nodiscard]] Expr denoise(Scope scope, Expr x, Expr sigma, Expr context = Expr()) const;
  // sigma s(x, sigma), without cancellation or division at small levels.
  // dropout_columns(description().network()) uniform numbers per row switch on dropout.
  [[nodiscard]] Expr scaled_score(Scope scope, Expr x, Expr sigma, Expr context = Expr(),
                                  Expr uniforms = Expr()) const;

  // With learned_variance: the weight v that interpolates between the logarithms of a step's small
  // and large variance (Nichol, Dhariwal 2021, equation 15), [n, D]; 1/2 at initialization.
  [[nodiscard]] Expr variance_share(Scope scope, Expr x, Expr sigma, Expr context = Expr(),
                                    Expr uniforms = Expr()) const;
  // The activations [n, columns] of hidden layer `layer`, from 1 to
  // hidden_layers(description().network()).
  [[nodiscard]] Expr hidden_features(Scope scope, Expr x, Expr sigma, int layer,
                                     Expr context = Expr()) const;
  // Standard deviation of the data in the model's coordinates, [1, D] or [1, 1].
  [[nodiscard]] Expr deviation(Graph& graph) const;

 private:
  // The network's input for centred rows y; variance is sigma^2 + deviation^2.
  [[nodiscard]] Expr network_input(Scope scope, Expr y, Expr variance) const;
  [[nodiscard]] Conditioning conditioning(Expr sigma, Expr context, Expr uniforms = Expr()) const;
  // All outputs for centred rows y: F [n, D], followed by those of variance_share(), if any.
  [[nodiscard]] Expr outputs(Scope scope, Expr y, Expr variance, const Conditioning& given) const;
  [[nodiscard]] Expr network(Scope scope, Expr y, Expr variance, const Conditioning& given) const;

  ScoreDescription description_;
  ParameterTable table_;
};

// Writes /model: attributes, preprocessing and parameters. `row_shape` is the shape of a data row,
// which samples get as well; `objective` is the name of the loss that it was trained with.
void write_score_model(ContainerWriter* writer, const ScoreModel& model, const Shape& row_shape,
                       const std::string& objective, ElementType type);
// Error(invalid), naming the file, for a model of another family, a dataset that is missing or of
// the wrong shape, and an attribute that no score model can have.
[[nodiscard]] std::unique_ptr<ScoreModel> read_score_model(const ContainerReader& reader);

}  // namespace pushforward
