// Training losses of score models, per row, to be averaged over rows.
//
// All of them see rows noised to a level sigma that the process draws, in the model's coordinates
// (score/process.hpp); s is the model's score there, z the noise that was added.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "nn/objective.hpp"
#include "score/score_model.hpp"

namespace pushforward {

enum class ScoreLoss {
  // Implicit score matching (Hyvarinen 2005), sigma^2 (1/2 ||s||^2 + tr grad s), without the factor
  // for the process none. Its least value for Gaussian data of variances c_j is the mean over
  // levels of -1/2 sum_j sigma^2 / (c_j + sigma^2). The trace costs a tangent a column.
  ism,
  // Sliced score matching (Song, Garg, Shi, Ermon 2019): sigma^2 (v' grad(s) v + 1/2 (v's)^2) with
  // one random v a row. The same least value.
  ssm,
  // The same with 1/2 ||s||^2 in place of its projection, which varies less.
  ssm_vr,
  // Denoising score matching (Vincent 2011) with the weight sigma^2 of Song and Ermon (2019), their
  // equation 6: 1/2 ||sigma s + z||^2. Its least value for Gaussian data is the mean over levels of
  // 1/2 sum_j c_j / (c_j + sigma^2).
  dsm,
  // The same weighted with g^2, which bounds the negative log likelihood (Song, Durkan, Murray,
  // Ermon 2021). Time is drawn with density proportional to g^2 / b^2, for every process uniform in
  // ln sigma, and the loss is 1/2 ||sigma s + z||^2 times ln(sigma_max^2 / sigma_min^2), in nats.
  ml,
  // Denoiser matching of Karras et al. (2022), their equation 2 with the weight of table 1, summed
  // over the columns: (sigma^2 + d^2) / (sigma d)^2 (D(x + sigma z, sigma) - x)^2. For independent
  // Gaussian columns of variance d^2 its least value is D, the number of columns, at every level.
  denoise
};

[[nodiscard]] std::vector<std::string> score_loss_names();
// Error(invalid) beginning with `where` for an unknown name.
[[nodiscard]] ScoreLoss score_loss_named(const std::string& name, const std::string& where);

// Directions of sliced score matching. Not unit vectors, which would scale the loss by 1 / D.
enum class Projection { rademacher, normal };

// Where the model learns the variances of ddpm's steps, dsm has 0.001 T L_t added (Nichol, Dhariwal
// 2021, equation 16), L_t being the term of the bound on the negative log likelihood that step t
// contributes, in nats, of which the score sees no gradient.
//
// The model must outlive the objective. A row of `inputs.x` is [data | label], the label a one in
// its column.
class ScoreObjective : public Objective {
 public:
  ScoreObjective(const ScoreModel* model, ScoreLoss loss, Projection projection);
  // Turns a row's picture left to right, or not, by the toss of a coin at every step.
  void flip_pictures(int width) { flip_width_ = width; }
  [[nodiscard]] int normal_columns() const override;
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] int level_columns() const override;
  void draw_level(double uniform, double* columns) const override;
  // The noise level of a row.
  [[nodiscard]] double draw_sigma(double uniform) const;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override;

 private:
  [[nodiscard]] bool noisy() const;  // whether rows are noised at all
  [[nodiscard]] bool sliced() const {
    return loss_ == ScoreLoss::ssm || loss_ == ScoreLoss::ssm_vr;
  }
  // The label of each row, hidden by chance while training where it has a dropout.
  [[nodiscard]] Expr context(const LossInputs& inputs) const;
  // The rows in the model's coordinates.
  [[nodiscard]] Expr data(const LossInputs& inputs) const;
  [[nodiscard]] bool has_level() const;
  // The learned variance's part; error [n, D] is (sigma s + z)^2.
  [[nodiscard]] Expr variance_loss(Scope scope, Expr y, Expr sigma, Expr context, Expr uniforms,
                                   Expr level, Expr error) const;
  // Of ism, ssm and ssm_vr. v [n, D], invalid for ism.
  [[nodiscard]] Expr implicit_loss(Scope scope, Expr x, Expr sigma, Expr context, Expr v) const;

  const ScoreModel* model_;
  ScoreLoss loss_;
  Projection projection_;
  int flip_width_ = 0;                 // of the pictures that are flipped; 0: none are
  double log_low_ = 0, log_high_ = 0;  // ml: range of ln sigma
  // What a learned variance is trained with, of each of ddpm's steps.
  std::vector<std::array<double, 6>> steps_;
};

}  // namespace pushforward
