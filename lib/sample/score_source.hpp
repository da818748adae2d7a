// Where a sampler's score comes from.
#pragma once

#include "density/density.hpp"
#include "score/score_model.hpp"

namespace pushforward {

class ScoreSource {
 public:
  virtual ~ScoreSource() = default;
  [[nodiscard]] virtual int dimension() const = 0;
  // Rows of a lane: at most `most`; fewer where the layers of a large network would not stay in a
  // core's cache.
  [[nodiscard]] virtual std::size_t lane_rows(std::size_t most) const { return most; }
  // grad log p_sigma(x), where p_sigma is the data's density after noise of deviation sigma in data
  // units: x [n, D], sigma [1, 1] or [n, 1] -> [n, D].
  [[nodiscard]] virtual Expr score(Scope scope, Expr x, Expr sigma) const = 0;
  // log p_sigma(x) up to a constant, whose gradient the score is: [n, 1]. Only where
  // has_log_density() is true.
  [[nodiscard]] virtual bool has_log_density() const { return false; }
  [[nodiscard]] virtual Expr log_density(Scope scope, Expr x, Expr sigma) const;
  // Of a model that has learned the variances of its steps: [n, D], where the logarithm of the
  // variance of a step lies between the smallest and the largest, from 0 to 1. Only where
  // has_variance() is true.
  [[nodiscard]] virtual bool has_variance() const { return false; }
  [[nodiscard]] virtual Expr variance_share(Scope scope, Expr x, Expr sigma) const;
  [[nodiscard]] virtual const ParameterTable& parameters() const = 0;
};

// The gradient of a log density without noise; sigma is ignored. States are rows less the density's
// origin(). The density must outlive the source, here and below.
class DensityScore : public ScoreSource {
 public:
  explicit DensityScore(const Density* density) : density_(density) {}
  [[nodiscard]] int dimension() const override { return density_->dimension(); }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override {
    return density_->lane_rows(most);
  }
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] bool has_log_density() const override { return true; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return density_->parameters(); }

 private:
  const Density* density_;
};

// The exact score of a density that has a noised form. States are rows less its origin().
class NoisedDensityScore : public ScoreSource {
 public:
  explicit NoisedDensityScore(const Density* density) : density_(density) {}
  [[nodiscard]] int dimension() const override { return density_->dimension(); }
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] bool has_log_density() const override { return true; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return density_->parameters(); }

 private:
  const Density* density_;
};

// The score of a score model, in its own coordinates. For a model with classes it is that of the
// rows with this label, or of all rows for -1. With guidance w it is
// (1 + w) s(x | label) - w s(x) (Ho, Salimans 2021).
class ModelScore : public ScoreSource {
 public:
  explicit ModelScore(const ScoreModel* model, int label = -1, double guidance = 0)
      : model_(model), label_(label), guidance_(guidance) {}
  [[nodiscard]] int dimension() const override { return model_->dimension(); }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override {
    return network_lane_rows(model_->description().network(), most);
  }
  [[nodiscard]] Expr score(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] bool has_variance() const override {
    return model_->description().learned_variance;
  }
  // Without guidance: that of the class.
  [[nodiscard]] Expr variance_share(Scope scope, Expr x, Expr sigma) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return model_->parameters(); }

 private:
  // The label as the model takes it, [1, classes]; zeros for -1.
  [[nodiscard]] Expr context(Graph& graph, int label) const;

  const ScoreModel* model_;
  int label_;
  double guidance_;
};

}  // namespace pushforward
