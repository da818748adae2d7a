// Training losses of score models, per row, to be averaged over rows.
#pragma once

#include <memory>
#include <string>

#include "nn/train.hpp"
#include "score/score_model.hpp"

namespace pushforward {

// Draws a level and noise for each row: x~ = x + sigma z. The model must outlive the objective.
class NoisedObjective : public Objective {
 public:
  explicit NoisedObjective(const ScoreModel* model) : model_(model) {}
  [[nodiscard]] int normal_columns() const override;
  [[nodiscard]] int uniform_columns() const override;
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override;

 protected:
  // noisy = x + sigma z, sigma [n, 1] or [1, 1].
  [[nodiscard]] virtual Expr noised_loss(Scope scope, Expr x, Expr z, Expr noisy,
                                         Expr sigma) const = 0;
  [[nodiscard]] const ScoreModel& model() const { return *model_; }

 private:
  const ScoreModel* model_;
};

// Denoising score matching (Vincent 2011) with the weight sigma^2 of Song and Ermon (2019), their
// equation 6: 1/2 sigma^2 ||s(x + sigma z, sigma) + z / sigma||^2. Its least value is not 0: for
// Gaussian data with variances c_j it is the mean over levels of 1/2 sum_j c_j / (c_j + sigma^2).
class DenoisingScoreMatching : public NoisedObjective {
 public:
  using NoisedObjective::NoisedObjective;

 protected:
  [[nodiscard]] Expr noised_loss(Scope scope, Expr x, Expr z, Expr noisy,
                                 Expr sigma) const override;
};

// Denoiser matching of Karras et al. (2022), their equation 2 with the weight of table 1, summed
// over the columns: (sigma^2 + sigma_data^2) / (sigma sigma_data)^2 (D(x + sigma z, sigma) - x)^2.
// For independent Gaussian columns of variance sigma_data^2 its least value is D, the number of
// columns, at every level.
class DenoiserMatching : public NoisedObjective {
 public:
  using NoisedObjective::NoisedObjective;

 protected:
  [[nodiscard]] Expr noised_loss(Scope scope, Expr x, Expr z, Expr noisy,
                                 Expr sigma) const override;
};

// "dsm" or "denoise"; Error(invalid) beginning with `where` otherwise.
[[nodiscard]] std::unique_ptr<Objective> make_objective(const std::string& name,
                                                        const ScoreModel* model,
                                                        const std::string& where);

}  // namespace pushforward
