// Training losses of score models, per row, to be averaged over rows.
//
// Rows are noised to a level sigma drawn by the process, in the model's coordinates
// (score/process.hpp). s is the model's score at the noised row, z the noise that was added.
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
  // for the process none. Its minimum for Gaussian data of variances c_j is the mean over levels of
  // -1/2 sum_j sigma^2 / (c_j + sigma^2). The trace costs one tangent per column.
  ism,
  // Sliced score matching (Song, Garg, Shi, Ermon 2019): sigma^2 (v' grad(s) v + 1/2 (v's)^2) with
  // one random v per row. It has the same minimum.
  ssm,
  // The same with 1/2 ||s||^2 instead of its projection, which reduces the variance.
  ssm_vr,
  // Denoising score matching (Vincent 2011) with the weight sigma^2 of Song and Ermon (2019), their
  // equation 6: 1/2 ||sigma s + z||^2. Its minimum for Gaussian data is the mean over levels of
  // 1/2 sum_j c_j / (c_j + sigma^2).
  dsm,
  // The same with the weight g^2, which bounds the negative log likelihood (Song, Durkan, Murray,
  // Ermon 2021). Time is drawn with density proportional to g^2 / b^2, which is uniform in ln sigma
  // for every process. The loss is 1/2 ||sigma s + z||^2 ln(sigma_max^2 / sigma_min^2), in nats.
  ml,
  // Denoiser matching of Karras et al. (2022), their equation 2 with the weight of table 1, summed
  // over the columns: (sigma^2 + d^2) / (sigma d)^2 (D(x + sigma z, sigma) - x)^2. For independent
  // Gaussian columns of variance d^2 its minimum is the number of columns at every level.
  denoise
};

[[nodiscard]] std::vector<std::string> score_loss_names();
// Error(invalid), beginning with `where`, for an unknown name.
[[nodiscard]] ScoreLoss score_loss_named(const std::string& name, const std::string& where);

// The random directions of sliced score matching, not unit vectors, which would scale it by 1 / D.
enum class Projection { rademacher, normal };

// If the model learns the variances of ddpm's steps, 0.001 T L_t is added to dsm (Nichol, Dhariwal
// 2021, equation 16). L_t, in nats, is what step t contributes to the bound on the negative log
// likelihood; its gradient does not reach the score.
//
// The model must outlive the objective. A row of `inputs.x` is [data | label] with a one-hot label.
class ScoreObjective : public Objective {
 public:
  ScoreObjective(const ScoreModel* model, ScoreLoss loss, Projection projection);
  // Mirrors rows, pictures with lines of `width` pixels, left to right with probability 1/2 in
  // training.
  void flip_pictures(int width) { flip_width_ = width; }
  [[nodiscard]] int normal_columns() const override;
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] int level_columns() const override;
  void draw_level(double uniform, double* columns) const override;
  // The noise level of a row.
  [[nodiscard]] double draw_sigma(double uniform) const;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;
  [[nodiscard]] std::size_t lane_rows(std::size_t max_rows) const override;

 private:
  [[nodiscard]] bool noisy() const;  // whether rows are noised at all
  [[nodiscard]] bool sliced() const {
    return loss_ == ScoreLoss::ssm || loss_ == ScoreLoss::ssm_vr;
  }
  // The label of each row, dropped at random in training if label_dropout > 0.
  [[nodiscard]] Expr context(const LossInputs& inputs) const;
  // The rows in the model's coordinates.
  [[nodiscard]] Expr data(const LossInputs& inputs) const;
  [[nodiscard]] bool has_level() const;
  // The term of the learned variance; error [n, D] is (sigma s + z)^2.
  [[nodiscard]] Expr variance_loss(Scope scope, Expr y, Expr sigma, Expr context, Expr uniforms,
                                   Expr level, Expr error) const;
  // The loss of ism, ssm and ssm_vr. v [n, D], invalid for ism.
  [[nodiscard]] Expr implicit_loss(Scope scope, Expr x, Expr sigma, Expr context, Expr v) const;

  const ScoreModel* model_;
  ScoreLoss loss_;
  Projection projection_;
  int flip_width_ = 0;                 // of pictures that are flipped; 0: no flips
  double log_low_ = 0, log_high_ = 0;  // ml: range of ln sigma
  // The constants of variance_loss() for each of ddpm's steps.
  std::vector<std::array<double, 6>> steps_;
};

}  // namespace pushforward
