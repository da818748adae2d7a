// Training losses of restoration models, per row.
#pragma once

#include "nn/objective.hpp"
#include "score/restoration.hpp"

namespace pushforward {

// The level s of a row is uniform from 1 to T. Losses are summed over pixels, in units of the
// data's range (pixels from 0 to 1).
// - blur: ||D(v, s - 1) - R(D(v, s) + noise z, s)||^2 (Rissanen et al. 2023, algorithm 1). If the
//   cosine coefficients of the pixels are independent Gaussians of variances c_j, its minimum is
//   the mean over levels of sum_j b_j^2 c_j n^2 / (a_j^2 c_j + n^2), with n the noise and a_j, b_j
//   the factors of levels s and s - 1.
// - cold: |v - R(D(v, s), s)| (Bansal et al. 2023, equation 1). Its minimum is above 0 if several v
//   have the same D(v, s).
// The model must outlive the objective. A row of `inputs.x` is a picture in data units.
class RestorationObjective : public Objective {
 public:
  explicit RestorationObjective(const RestorationModel* model) : model_(model) {}
  // Mirrors pictures left to right with probability 1/2 in training.
  void flip_pictures() { flips_ = true; }
  [[nodiscard]] int normal_columns() const override;
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] int level_columns() const override { return model_->level_numbers(); }
  void draw_level(double uniform, double* columns) const override;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;
  [[nodiscard]] std::size_t lane_rows(std::size_t max_rows) const override;

 private:
  const RestorationModel* model_;
  bool flips_ = false;
};

}  // namespace pushforward
