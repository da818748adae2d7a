// The variational bound of a denoising diffusion model on the log density of rows.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/lanes.hpp"
#include "graph/plan.hpp"
#include "score/score_model.hpp"

namespace pushforward {

struct BoundRun {
  std::uint64_t first = 0;  // number of the first row, for its noise
  std::uint64_t seed = 0;
  int draws = 1;                // of the noise of each step, for each row
  bool large_variance = false;  // large variances of steps, for a model that has not learned them
  // Rows are 8-bit values, whole numbers from 0 to 255: the last term is the probability of their
  // bins, one unit wide and open at the ends, and not a density.
  bool eight_bit = false;
  std::function<void(double)> progress{};  // fraction done; called by one thread
};

// Of each row, in nats of data units; their sum is at least -log p(x), on average over the noise.
struct BoundRows {
  std::vector<double> prior;  // KL(q(x_T | x_0) || N(0, 1))
  // Sum over steps 2 ... T of KL(q(x_t-1 | x_t, x_0) || p(x_t-1 | x_t)).
  std::vector<double> diffusion;
  std::vector<double> decoder;  // -log p(x_0 | x_1)
  std::vector<double> error;    // standard error of the sum, from the draws; NaN for one
};

// Ho et al. (2020), equation 5, over all T steps of the model's process, which must be ddpm. The
// variances are those that the model has learned; otherwise the small ones, or the large ones if
// asked for. T is float or double. The bits of a row are a function of the row, its number and the
// seed.
template <class T>
class DdpmBound {
 public:
  // The model must outlive this.
  DdpmBound(const ScoreModel& model, Workers* workers);

  // x: count x D rows in data units, less the model's origin; context: count x classes, empty for a
  // model without. Stopped after a stop signal.
  [[nodiscard]] BoundRows bound(const BoundRun& run, const T* x, const T* context,
                                std::size_t count);

 private:
  static Evaluator<T> compile(const ScoreModel& model, std::size_t lane, int workers);
  void run_lane(const BoundRun& run, const T* x, const T* context, std::size_t first,
                std::size_t count, int worker, BoundRows* out);
  [[nodiscard]] double decode(const BoundRun& run, const double* x, const T* clean,
                              const T* log_variance) const;

  const ScoreModel& model_;
  std::size_t dimension_, lane_, classes_;
  std::vector<double> offset_, unit_;
  Workers* workers_;
  Evaluator<T> evaluator_;
};

extern template class DdpmBound<float>;
extern template class DdpmBound<double>;

}  // namespace pushforward
