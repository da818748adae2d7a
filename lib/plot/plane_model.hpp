// A model over the plane: its density and its score on a grid.
#pragma once

#include <string>
#include <utility>

#include "base/lanes.hpp"
#include "plot/layers.hpp"
#include "sample/method.hpp"

namespace pushforward {

class PlaneModel {
 public:
  // A flow, an analytic model or a score model whose rows have two numbers; Error(invalid) naming
  // the file for any other.
  // `label` is that of a conditional flow or score model, -1 for none.
  explicit PlaneModel(const ContainerReader& reader, int label = -1);

  [[nodiscard]] const std::string& name() const { return model_.name; }
  // Of its own; that of a score model takes the probability-flow ODE, and so some time.
  [[nodiscard]] bool has_density() const { return model_.density() != nullptr; }
  // Cells along a side of a grid of densities that are worth their time.
  [[nodiscard]] int finest_grid() const { return has_density() ? 512 : 128; }

  // The noise level at which density and score are taken, in data units, or in deviations of the
  // columns for a score model that works on standardised ones. They are those of a data row plus so
  // much noise, never shrunk as the process would shrink it. 0: none, for a density; for a score
  // model the level it was trained at or, of several, a tenth of the data's deviation, and for its
  // density the least. Error(invalid) for a level that a density has no noised form for, or that a
  // score model was not trained for.
  void set_sigma(double sigma, bool of_density);
  [[nodiscard]] double sigma() const { return sigma_; }

  // Where the model has its mass: from samples of a flow, the moments of a mixture's parts, a
  // search around the origin for any other density; mean and deviation of a score model's data.
  [[nodiscard]] std::pair<Interval, Interval> range(Workers* workers) const;

  // Density (not its logarithm) and score at the middle of each cell. Error(numerical) where they
  // are not finite.
  [[nodiscard]] Field density(const Interval& x, const Interval& y, int columns, int rows,
                              Workers* workers) const;
  [[nodiscard]] std::pair<Field, Field> score(const Interval& x, const Interval& y, int columns,
                                              int rows, Workers* workers) const;

 private:
  // Error(invalid) for a label that a score model does not have, or needs.
  void set_label(int label);
  // What points are less of before they enter the expressions; empty: nothing.
  [[nodiscard]] std::vector<double> origin() const;
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const;
  [[nodiscard]] Expr model_score(Scope scope, Expr x) const;
  // Of points [n, 2], at the noise level.
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
