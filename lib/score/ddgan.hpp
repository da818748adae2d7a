// A denoising diffusion GAN (Xiao, Kreis, Vahdat 2022): a generator that takes a noisy row to a
// clean one, and a discriminator that judges pairs of neighbouring steps.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "flow/flow.hpp"
#include "io/container.hpp"
#include "nn/conditional_network.hpp"
#include "nn/parameters.hpp"
#include "score/ddgan_schedule.hpp"

namespace pushforward {

struct DdganDescription {
  int dimension = 0;
  int denoise_steps = 4;  // T
  double beta_min = 0.1, beta_max = 20;
  int latent = 2;          // dimension of z
  ConditionalShape shape;  // of generator and discriminator (score/ddgan_networks.hpp)
  int classes = 0;         // of the label both are told; 0: none
  // Of the data, a number a column, all the same for a U-Net: the model works on
  // (x - mean) / deviation.
  std::vector<double> mean, deviation;
  std::vector<double> origin;            // of the training rows (TrainingRows::origin)
  std::vector<std::int64_t> class_rows;  // training rows of each class; empty: not known
};

// Upper bounds that a command line or a model file may name.
constexpr int most_denoise_steps = 1000, most_latent = 65536;
// A step at the least beta still adds noise that float32 can tell from none, and what the most
// leaves of the data float32 still holds.
constexpr double least_beta = 1e-3, most_beta = 100;

class Ddgan {
 public:
  // With starting weights, a function of the seed. z is standard normal, or drawn from
  // `latent_flow` where there is one; that has no context and `description.latent` columns.
  // TooManyParameters where the generator has more than `most_parameters` numbers.
  Ddgan(DdganDescription description, std::shared_ptr<const Flow> latent_flow, std::uint64_t seed,
        std::size_t most_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const DdganDescription& description() const { return description_; }
  [[nodiscard]] const std::vector<DdganStep>& steps() const { return steps_; }
  [[nodiscard]] const Flow* latent_flow() const { return latent_flow_.get(); }
  [[nodiscard]] int dimension() const { return description_.dimension; }

  // What sampling needs: the generator's parameters, then those of the latent flow.
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }
  // The same and the discriminator's after them, with starting values.
  [[nodiscard]] ParameterTable training_parameters(std::uint64_t seed) const;
  static constexpr const char* generator_scope = "generator";
  static constexpr const char* discriminator_scope = "discriminator";

  // z [n, latent] from standard normal and uniform numbers, as many columns of each as asked for;
  // uniforms is invalid for none.
  [[nodiscard]] int latent_normals() const;
  [[nodiscard]] int latent_uniforms() const;
  [[nodiscard]] Expr latent(Scope scope, Expr normals, Expr uniforms) const;

  // The clean row that z makes of x_k: x [n, D], z [n, latent], sigma [n, 1] or [1, 1] that of
  // DdganStep, label [n, classes] or [1, classes] a one in its column, not looked at where there
  // are no classes; uniforms [n, dropout_columns()] in training, invalid for no dropout -> [n, D].
  [[nodiscard]] Expr generate(Scope scope, Expr x, Expr z, Expr sigma, Expr label = Expr(),
                              Expr uniforms = Expr()) const;
  // The log odds that x_{k-1}, `before` [n, D], is real, given x_k, `x` [n, D] -> [n, 1].
  [[nodiscard]] Expr discriminate(Scope scope, Expr before, Expr x, Expr sigma,
                                  Expr label = Expr()) const;

 private:
  DdganDescription description_;
  std::shared_ptr<const Flow> latent_flow_;
  std::vector<DdganStep> steps_;
  ParameterTable table_;
};

// Error(invalid) beginning with `where` if z cannot be drawn from the flow: one with a context, or
// of too many columns.
void require_latent_flow(const Flow& flow, const std::string& where);

// /model of a DDGAN, without its discriminator, and /latent_flow, the flow's /model, where z is
// drawn from one. `row_shape` is the shape of a data row, which samples are given again.
void write_ddgan(ContainerWriter* writer, const Ddgan& model, const Shape& row_shape,
                 ElementType type);
constexpr const char* ddgan_family = "ddgan";
// Error(invalid) naming the file for a model of another family, a missing or misshapen dataset, an
// attribute that no such model can have.
[[nodiscard]] std::unique_ptr<Ddgan> read_ddgan(const ContainerReader& reader);

}  // namespace pushforward
