// A model of rows of two numbers: its density and its score on a grid.
#pragma once

#include <string>
#include <utility>

#include "base/lanes.hpp"
#include "plot/layers.hpp"
#include "sample/method.hpp"

namespace pushforward {

class PlaneModel {
 public:
  // A flow, an analytic model or a score model whose rows have two numbers. Error(invalid), naming
  // the file, for any other. `label` is for a conditional flow or score model; -1 is none.
  explicit PlaneModel(const ContainerReader& reader, int label = -1);

  [[nodiscard]] const std::string& name() const { return model_.name; }
  // Whether it has a closed-form density. That of a score model takes the probability-flow ODE,
  // which is slow.
  [[nodiscard]] bool has_density() const { return model_.density() != nullptr; }
  // Cells per side of a grid of densities that takes a reasonable time.
  [[nodiscard]] int finest_grid() const { return has_density() ? 512 : 128; }

  // The noise level of density and score, in units of the data, or of the deviation of each column
  // for a score model that standardises. They are those of a data row plus noise of that deviation:
  // x_t / a(t), not x_t. 0 stands for no noise for a density; for the level of a score model of one
  // level; otherwise for a tenth of the data's deviation for the score, and the lowest level for
  // the density by the ODE. Error(invalid) if the density has no closed form under noise, or if a
  // score model was not trained for the level.
  void set_sigma(double sigma, bool of_density);
  [[nodiscard]] double sigma() const { return sigma_; }

  // Where the model has its mass: by samples of a flow, by the moments of the components of a
  // mixture, by a search around the origin for another density, by mean and deviation of a score
  // model's data.
  [[nodiscard]] std::pair<Interval, Interval> range(Workers* workers) const;

  // Density (not its logarithm) and score at the centre of each cell. Error(numerical) if they are
  // not finite.
  [[nodiscard]] ScalarField density(const Interval& x, const Interval& y, int columns, int rows,
                                    Workers* workers) const;
  [[nodiscard]] std::pair<ScalarField, ScalarField> score(const Interval& x, const Interval& y,
                                                          int columns, int rows,
                                                          Workers* workers) const;

 private:
  // Error(invalid) for a label that a score model does not have, or needs.
  void set_label(int label);
  // Subtracted from points before they enter the expressions; empty: nothing.
  [[nodiscard]] std::vector<double> origin() const;
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const;
  [[nodiscard]] Expr model_score(Scope scope, Expr x) const;
  // Log densities of points [n, 2], at the noise level.
  [[nodiscard]] std::vector<float> log_densities(const std::vector<float>& points,
                                                 Workers* workers) const;
  [[nodiscard]] std::vector<float> ode_log_densities(const std::vector<float>& points,
                                                     Workers* workers) const;
  [[nodiscard]] std::pair<Interval, Interval> searched_range(Workers* workers) const;

  SampledModel model_;
  int label_ = -1;  // of a score model
  double sigma_ = 0;
};

}  // namespace pushforward
