// A network that knows the score of noised data at every level, and what it is made of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "nn/parameters.hpp"
#include "nn/train.hpp"
#include "score/process.hpp"

namespace pushforward {

// What the network's output F means. Its input is y / sqrt(sigma^2 + sigma_data^2) with y = x -
// mean and, where the process has several levels, ln(sigma) / 4.
enum class Parametrization {
  score,  // s = F
  noise,  // s = -F / sigma: F predicts the noise
  data,   // D = mean + sigma_data F: F predicts the clean row; s = (D - x) / sigma^2
  edm     // D = mean + c_skip y + c_out F (Karras et al. 2022, table 1)
};

[[nodiscard]] const char* parametrization_name(Parametrization parametrization);
[[nodiscard]] Parametrization parametrization_named(const std::string& name,
                                                    const std::string& where);

struct ScoreDescription {
  int dimension = 0;
  Process process;
  Parametrization parametrization = Parametrization::edm;
  int hidden = 128;  // units of a hidden layer
  int depth = 3;     // hidden layers
  // Mean and standard deviation of the data, one number a column. The paper has one sigma_data for
  // all columns and mean 0; one a column serves data whose columns have different units.
  std::vector<double> mean, sigma_data;
};

// Sets mean and sigma_data from rows, at least one; sigma_data is `given` for every column unless
// that is 0. A column that hardly varies counts as varying by a thousandth of the widest one;
// Error(invalid) beginning with `where` if none varies.
void measure_data(const TrainingRows& rows, const std::string& where, double given,
                  ScoreDescription* description);

// Upper bounds that a command line or a model file may name.
constexpr int most_score_hidden = 65536, most_score_depth = 64, most_score_dimension = 1 << 20;

class ScoreModel {
 public:
  // With starting weights, a function of the seed.
  ScoreModel(ScoreDescription description, std::uint64_t seed);

  [[nodiscard]] const ScoreDescription& description() const { return description_; }
  [[nodiscard]] int dimension() const { return description_.dimension; }
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }

  // x [n, D] noisy rows in data units, sigma [n, 1] or [1, 1] their level -> [n, D].
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma) const;    // grad log p_sigma(x)
  [[nodiscard]] Expr denoise(Scope scope, Expr x, Expr sigma) const;  // E[x_0 | x] = x + sigma^2 s
  // sigma s(x, sigma), free of cancellation and division at small levels.
  [[nodiscard]] Expr scaled_score(Scope scope, Expr x, Expr sigma) const;

 private:
  [[nodiscard]] Expr sigma_data(Graph& graph) const;  // [1, D]
  // F [n, D] of centred rows y; variance is sigma^2 + sigma_data^2.
  [[nodiscard]] Expr network(Scope scope, Expr y, Expr sigma, Expr variance) const;

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
