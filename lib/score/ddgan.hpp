// A denoising diffusion GAN (Xiao, Kreis, Vahdat 2022): a generator from noisy rows to clean ones,
// and a discriminator of pairs of neighbouring steps.
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
  int classes = 0;         // of the label that both are conditioned on; 0: none
  // Of the data, one number per column, all equal for a U-Net. The model works on
  // (x - mean) / deviation.
  std::vector<double> mean, deviation;
  std::vector<double> origin;            // of the training rows (TrainingRows::origin)
  std::vector<std::int64_t> class_rows;  // training rows of each class; empty: unknown
};

// Upper limits of what a command line or a model file may ask for.
constexpr int max_denoise_steps = 1000, max_latent = 65536;
// At the lower limit a step still adds noise that float32 resolves; at the upper limit float32
// still holds what is left of the data.
constexpr double min_ddgan_beta = 1e-3, max_ddgan_beta = 100;

class Ddgan {
 public:
  // With initial weights determined by the seed. z is standard normal, or drawn from `latent_flow`
  // if there is one, which must have no context and `description.latent` columns. Throws
  // TooManyParameters if the generator has more than `max_parameters` numbers.
  Ddgan(DdganDescription description, std::shared_ptr<const Flow> latent_flow, std::uint64_t seed,
        std::size_t max_parameters = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const DdganDescription& description() const { return description_; }
  [[nodiscard]] const std::vector<DdganStep>& steps() const { return steps_; }
  [[nodiscard]] const Flow* latent_flow() const { return latent_flow_.get(); }
  [[nodiscard]] int dimension() const { return description_.dimension; }

  // What sampling needs: the generator's parameters, then those of the latent flow.
  [[nodiscard]] const ParameterTable& parameters() const { return table_; }
  [[nodiscard]] ParameterTable& parameters() { return table_; }
  // The same, followed by the discriminator's with initial values.
  [[nodiscard]] ParameterTable training_parameters(std::uint64_t seed) const;
  static constexpr const char* generator_scope = "generator";
  static constexpr const char* discriminator_scope = "discriminator";

  // z [n, latent] from latent_normals() columns of standard normal and latent_uniforms() columns of
  // uniform numbers; uniforms is invalid if there are none.
  [[nodiscard]] int latent_normals() const;
  [[nodiscard]] int latent_uniforms() const;
  [[nodiscard]] Expr latent(Scope scope, Expr normals, Expr uniforms) const;

  // The clean row [n, D] that the generator makes of x_k and z: x [n, D], z [n, latent], sigma
  // [n, 1] or [1, 1] as in DdganStep, label [n, classes] or [1, classes] one-hot, ignored without
  // classes, uniforms [n, dropout_columns()] in training, invalid for no dropout.
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

// Error(invalid), beginning with `where`, if z cannot be drawn from the flow because it has a
// context or too many columns.
void require_latent_flow(const Flow& flow, const std::string& where);

// Writes /model without the discriminator, and below /latent_flow the flow that z is drawn from, if
// any. `row_shape` is the shape of a data row, which samples get as well.
void write_ddgan(ContainerWriter* writer, const Ddgan& model, const Shape& row_shape,
                 ElementType type);
constexpr const char* ddgan_family = "ddgan";
// Error(invalid), naming the file, for a model of another family, a dataset that is missing or of
// the wrong shape, and an attribute that no such model can have.
[[nodiscard]] std::unique_ptr<Ddgan> read_ddgan(const ContainerReader& reader);

}  // namespace pushforward
