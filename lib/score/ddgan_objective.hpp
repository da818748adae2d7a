// The losses of a denoising diffusion GAN (Xiao, Kreis, Vahdat 2022), per row.
#pragma once

#include <string>
#include <vector>

#include "nn/objective.hpp"
#include "score/ddgan.hpp"

namespace pushforward {

// With D the log odds of x_{k-1} given x_k, real, and D' those of a generated one given the same
// x_k, the discriminator's and the generator's losses are
enum class AdversarialLoss {
  // softplus(-D) + softplus(D') and softplus(-D'), the paper's equations 5 and 6.
  nonsaturating,
  // softplus(D' - D) and softplus(D - D') (Jolicoeur-Martineau 2019). Unlike the other, it has no
  // bad local minima with missing modes (Sun, Fang, Schwing 2020).
  relativistic
};
[[nodiscard]] std::vector<std::string> adversarial_loss_names();
[[nodiscard]] AdversarialLoss adversarial_loss_named(const std::string& name,
                                                     const std::string& where);

struct AdversarialSettings {
  AdversarialLoss loss = AdversarialLoss::relativistic;
  // Penalties gamma/2 |gradient in x_{k-1}|^2 added to the discriminator's loss: of D at the real
  // row (R1) and of D' at the generated one (R2; Mescheder, Geiger, Nowozin 2018).
  double r1 = 0, r2 = 0;
};

// Whose loss is computed; `penalised` is the discriminator's with R1 and R2. A row x_0 is noised to
// x_{k-1} and x_k, k uniform over the T steps; x_{k-1}' is drawn given x_k and G(x_k, z, k).
enum class DdganLoss { generator, discriminator, penalised };

// The model must outlive the objective. A row of `inputs.x` is [data | label] with a one-hot label;
// the parameters are those of Ddgan::training_parameters().
class DdganObjective : public Objective {
 public:
  DdganObjective(const Ddgan* model, DdganLoss loss, const AdversarialSettings& settings)
      : model_(model), loss_(loss), settings_(settings) {}
  [[nodiscard]] int normal_columns() const override;
  // In order: for the latent flow, for flipping the picture, for dropout.
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] int level_columns() const override { return 8; }
  void draw_level(double uniform, double* columns) const override;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;
  [[nodiscard]] std::size_t lane_rows(std::size_t max_rows) const override;
  // Mirrors rows, pictures with lines of `width` pixels, left to right with probability 1/2.
  void flip_pictures(int width) { flip_width_ = width; }

 private:
  [[nodiscard]] Expr standardized(const LossInputs& inputs) const;
  [[nodiscard]] Expr generated(Scope scope, const LossInputs& inputs, Expr now, Expr label) const;

  const Ddgan* model_;
  DdganLoss loss_;
  AdversarialSettings settings_;
  int flip_width_ = 0;  // 0: no flips
};

}  // namespace pushforward
