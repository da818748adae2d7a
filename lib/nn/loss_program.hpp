// An objective compiled for one lane of rows: the sum of the losses and, if asked, its gradient.
#pragma once

#include <string>
#include <vector>

#include "graph/plan.hpp"
#include "nn/objective.hpp"

namespace pushforward {

// Rows per lane in training and validation: a property of the run, not of the machine. 128 rows of
// a network with 64 to 512 units per layer stay in a core's second-level cache.
constexpr std::size_t lane_rows = 128;

// Each lane writes a gradient of every parameter. If these do not fit a cache, lanes of twice the
// rows halve that traffic: a step of a masked network of 1.8 million parameters takes 10% less.
[[nodiscard]] inline std::size_t training_lane_rows(std::size_t parameters) {
  return parameters > 200000 ? 2 * lane_rows : lane_rows;
}

template <class T>
class LossProgram {
 public:
  // For lanes of `rows` rows of `columns` numbers, and `workers` threads. The gradient is taken
  // with respect to the parameters below `scope`. The objective must outlive the program.
  LossProgram(const Objective& objective, const ParameterTable& table, std::size_t rows,
              std::size_t columns, bool with_gradient, int workers,
              Products products = Products::exact, const std::string& scope = "");

  void bind_parameters(const T* values) { evaluator_.bind_parameters(values); }

  // The source of noise: row k of the lane draws as row first_row + k at `step`.
  struct Noise {
    Random normal, uniform;
    std::uint64_t first_row;
    std::uint32_t step;
  };

  // Row k of the lane is row index[k] of `rows`; count <= the lane's rows. Returns the sum of the
  // rows' losses; with a gradient, writes one number for each of the scope's parameters to
  // `gradient`.
  T run(int worker, const TrainingRows& rows, const std::uint64_t* index, std::size_t count,
        const Noise& noise, T* gradient);

  [[nodiscard]] std::size_t rows() const { return rows_; }  // of a lane
  [[nodiscard]] const Plan<T>& plan() const { return evaluator_.plan(); }

 private:
  struct Buffers {
    std::vector<T> x, normals, uniforms, levels, weights;
    std::vector<double> level;  // of one row
    std::vector<const T*> inputs;
    std::vector<T*> outputs;
    T loss = 0;
  };

  const Objective* objective_;
  std::size_t rows_, columns_, normal_columns_, uniform_columns_;
  std::vector<std::size_t> gradient_offsets_;
  Evaluator<T> evaluator_;
  std::vector<Buffers> buffers_;
};

extern template class LossProgram<float>;
extern template class LossProgram<double>;

// How often a validation draws noise for each of its rows: until it has seen `least` noised rows.
// Fewer would choose the weights that suit their noise. 1 where the loss has no noise.
[[nodiscard]] std::size_t validation_draws(const Objective& objective, std::size_t rows,
                                           std::size_t least);

// Mean loss of `rows`, over `draws` of the noise that every validation uses; the program has no
// gradient.
template <class T>
[[nodiscard]] double mean_loss(LossProgram<T>* program, const T* parameters,
                               const TrainingRows& rows, std::size_t draws, std::uint64_t seed,
                               Workers* workers);
// The same of the parameters in the table, with one draw.
template <class T>
[[nodiscard]] double mean_loss(const Objective& objective, const ParameterTable& table,
                               const TrainingRows& rows, std::uint64_t seed, int threads);

}  // namespace pushforward
