// The losses of a denoising diffusion GAN (Xiao, Kreis, Vahdat 2022, equations 5 and 6), per row.
#pragma once

#include "nn/train.hpp"
#include "score/ddgan.hpp"

namespace pushforward {

// A row x_0 is noised to x_{k-1} and x_k, k uniform over the T steps; the generator's is x_{k-1}'
// drawn given x_k and G(x_k, z, k).
enum class DdganLoss {
  generator,      // softplus(-D(x_{k-1}', x_k, k))
  discriminator,  // softplus(-D(x_{k-1}, x_k, k)) + softplus(D(x_{k-1}', x_k, k))
  penalised       // the same and gamma/2 |grad D(x_{k-1}, x_k, k)|^2 in x_{k-1} (R1; Mescheder et
                  // al. 2018)
};

// The model must outlive the objective. A row of `inputs.x` is [data | label], the label a one in
// its column; the parameters are those of Ddgan::training_parameters().
class DdganObjective : public Objective {
 public:
  DdganObjective(const Ddgan* model, DdganLoss loss, double gamma = 0)
      : model_(model), loss_(loss), gamma_(gamma) {}
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
  double gamma_;
  int flip_width_ = 0;  // 0: no flips
};

}  // namespace pushforward
