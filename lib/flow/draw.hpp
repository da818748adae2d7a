// Rows drawn from a flow.
#pragma once

#include "flow/flow.hpp"

namespace pushforward {

// Adds a flow's origin() to rows that its expressions made: they are in data units then.
template <class T>
void add_origin(const std::vector<double>& origin, std::vector<T>* rows);

// Draws rows in data units; row i depends on the seed and i alone, whatever the block it is drawn
// in. The flow must outlive the sampler.
template <class T>
class FlowSampler {
 public:
  FlowSampler(const Flow& flow, double temperature, Workers* workers);

  struct Rows {
    std::vector<T> x;            // rows x dimension
    std::vector<T> log_density;  // rows, nats
  };
  // Rows [first_row, first_row + rows) of the seed, given `context` [rows, context columns] (empty
  // for a flow without).
  [[nodiscard]] Rows draw(std::size_t rows, std::uint64_t seed, std::uint64_t first_row,
                          const std::vector<T>& context);

 private:
  const Flow* flow_;
  RowEvaluator<T> evaluator_;
};

extern template class FlowSampler<float>;
extern template class FlowSampler<double>;

}  // namespace pushforward
