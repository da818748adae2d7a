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
  // softplus(D' - D) and softplus(D - D') (Jolicoeur-Martineau 2019). It has no bad minima where
  // modes are missing, as the other has (Sun, Fang, Schwing 2020).
  relativistic
};
[[nodiscard]] std::vector<std::string> adversarial_loss_names();
[[nodiscard]] AdversarialLoss adversarial_loss_named(const std::string& name,
                                                     const std::string& where);

struct AdversarialSettings {
  AdversarialLoss loss = AdversarialLoss::relativistic;
  // gamma/2 |slope|^2 in x_{k-1}, added to the discriminator's loss: of D at the real row (R1) and
  // of D' at the generated one (R2; Mescheder, Geiger, Nowozin 2018).
  double r1 = 0, r2 = 0;
};

// Whose loss: a row x_0 is noised to x_{k-1} and x_k, k uniform over the T steps; the generator's
// is x_{k-1}' drawn given x_k and G(x_k, z, k).
enum class DdganLoss { generator, discriminator, penalised };  // the last with R1 and R2

// The model must outlive the objective. A row of `inputs.x` is [data | label], the label a one in
// its column; the parameters are those of Ddgan::training_parameters().
class DdganObjective : public Objective {
 public:
  DdganObjective(const Ddgan* model, DdganLoss loss, const AdversarialSettings& settings)
      : model_(model), loss_(loss), settings_(settings) {}
  [[nodiscard]] int normal_columns() const override;
  // Those of the latent flow, then the one that flips a picture, then those of the dropout.
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] int level_columns() const override { return 8; }
  void draw_level(double uniform, double* columns) const override;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override;
  // Rows are pictures whose lines have `width` pixels, half of them to be turned left to right.
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
