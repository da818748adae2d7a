#include "nn/loss_program.hpp"

#include <algorithm>

namespace pushforward {
namespace {

template <class T>
Evaluator<T> compile(const Objective& objective, const ParameterTable& table, std::size_t rows,
                     std::size_t columns, bool with_gradient, int workers, Products products,
                     const std::string& scope) {
  Graph graph;
  Binding binding(&graph, &table);
  const int n = static_cast<int>(rows);
  const Expr x = graph.input("x", n, static_cast<int>(columns));
  const Expr weights = graph.input("weights", n, 1);
  std::vector<Expr> inputs = {x, weights};
  Expr normals, uniforms;
  if (objective.normal_columns() > 0)
    inputs.push_back(normals = graph.input("normals", n, objective.normal_columns()));
  if (objective.uniform_columns() > 0)
    inputs.push_back(uniforms = graph.input("uniforms", n, objective.uniform_columns()));
  Expr level;
  if (objective.level_columns() > 0)
    inputs.push_back(level = graph.input("level", n, objective.level_columns()));
  const Expr rows_loss =
      objective.loss(Scope(&binding), {x, weights, normals, uniforms, level, with_gradient});
  const Expr loss = sum(rows_loss * weights);
  const std::vector<Expr> parameters = binding.expressions();
  std::vector<Expr> outputs = {loss};
  if (with_gradient) {
    const ParameterRange range = table.below(scope);
    const auto first = parameters.begin() + static_cast<std::ptrdiff_t>(range.first);
    const std::vector<Expr> moved(first, first + static_cast<std::ptrdiff_t>(range.count));
    for (const Expr g : gradient(loss, moved)) outputs.push_back(g);
  }
  return Evaluator<T>(inputs, parameters, outputs, workers, products);
}

}  // namespace

template <class T>
LossProgram<T>::LossProgram(const Objective& objective, const ParameterTable& table,
                            std::size_t rows, std::size_t columns, bool with_gradient, int workers,
                            Products products, const std::string& scope)
    : objective_(&objective),
      rows_(rows),
      columns_(columns),
      normal_columns_(static_cast<std::size_t>(objective.normal_columns())),
      uniform_columns_(static_cast<std::size_t>(objective.uniform_columns())),
      evaluator_(
          compile<T>(objective, table, rows, columns, with_gradient, workers, products, scope)),
      buffers_(static_cast<std::size_t>(workers)) {
  if (with_gradient) {
    const ParameterRange range = table.below(scope);
    for (std::size_t i = range.first; i < range.first + range.count; ++i)
      gradient_offsets_.push_back(table.list()[i].offset - range.offset);
  }
  for (Buffers& b : buffers_) {
    b.x.resize(rows_ * columns_);
    b.weights.resize(rows_);
    b.normals.resize(rows_ * normal_columns_);
    b.uniforms.resize(rows_ * uniform_columns_);
    b.inputs = {b.x.data(), b.weights.data()};
    if (normal_columns_ > 0) b.inputs.push_back(b.normals.data());
    if (uniform_columns_ > 0) b.inputs.push_back(b.uniforms.data());
    b.level.resize(static_cast<std::size_t>(objective.level_columns()));
    b.levels.resize(rows_ * b.level.size());
    if (!b.level.empty()) b.inputs.push_back(b.levels.data());
    b.outputs.resize(1 + gradient_offsets_.size());
  }
}

template <class T>
T LossProgram<T>::run(int worker, const TrainingRows& rows, const std::uint64_t* index,
                      std::size_t count, const Noise& noise, T* gradient) {
  Buffers& b = buffers_[static_cast<std::size_t>(worker)];
  for (std::size_t k = 0; k < rows_; ++k) {
    // Padding repeats the first row with weight 0, so that it is as finite as that row.
    const float* from = rows.values.data() + index[k < count ? k : 0] * columns_;
    for (std::size_t c = 0; c < columns_; ++c) b.x[k * columns_ + c] = static_cast<T>(from[c]);
    b.weights[k] = k < count ? T(1) : T(0);
  }
  noise.normal.fill_normal(b.normals.data(), rows_, normal_columns_, noise.first_row, noise.step);
  noise.uniform.fill_uniform(b.uniforms.data(), rows_, uniform_columns_, noise.first_row,
                             noise.step);
  for (std::size_t k = 0; k < rows_ && !b.level.empty(); ++k) {
    const double uniform = noise.uniform.uniform(noise.first_row + k, noise.step,
                                                 static_cast<std::uint32_t>(uniform_columns_));
    objective_->draw_level(uniform, b.level.data());
    for (std::size_t c = 0; c < b.level.size(); ++c)
      b.levels[k * b.level.size() + c] = static_cast<T>(b.level[c]);
  }
  b.outputs[0] = &b.loss;
  for (std::size_t i = 0; i < gradient_offsets_.size(); ++i)
    b.outputs[i + 1] = gradient + gradient_offsets_[i];
  evaluator_.run(worker, b.inputs, b.outputs);
  return b.loss;
}

std::size_t validation_draws(const Objective& objective, std::size_t rows, std::size_t least) {
  const bool noisy = objective.normal_columns() > 0 || objective.level_columns() > 0;
  return noisy && rows > 0 ? std::max<std::size_t>(1, (least + rows - 1) / rows) : 1;
}

template <class T>
double mean_loss(LossProgram<T>* program, const T* parameters, const TrainingRows& rows,
                 std::size_t draws, std::uint64_t seed, Workers* workers) {
  program->bind_parameters(parameters);
  const std::size_t size = program->rows(), lanes = (rows.count() + size - 1) / size;
  std::vector<double> losses(lanes * draws);
  workers->run(losses.size(), [&](std::size_t job, int worker) {
    const std::size_t lane = job % lanes, draw = job / lanes;
    std::uint64_t index[lane_rows];
    const std::size_t first = lane * size, count = std::min(size, rows.count() - first);
    for (std::size_t k = 0; k < count; ++k) index[k] = first + k;
    const typename LossProgram<T>::Noise noise{Random(seed, Stream::validation),
                                               Random(seed, Stream::validation_level), first,
                                               static_cast<std::uint32_t>(draw)};
    losses[job] = static_cast<double>(program->run(worker, rows, index, count, noise, nullptr));
  });
  double total = 0;
  for (const double loss : losses) total += loss;
  return total / static_cast<double>(rows.count() * draws);
}

template <class T>
double mean_loss(const Objective& objective, const ParameterTable& table, const TrainingRows& rows,
                 std::uint64_t seed, int threads) {
  LossProgram<T> program(objective, table, objective.lane_rows(lane_rows), rows.columns, false,
                         threads);
  Workers workers(threads);
  const std::vector<T> parameters(table.values.begin(), table.values.end());
  return mean_loss<T>(&program, parameters.data(), rows, 1, seed, &workers);
}

template class LossProgram<float>;
template class LossProgram<double>;
template double mean_loss<float>(LossProgram<float>*, const float*, const TrainingRows&,
                                 std::size_t, std::uint64_t, Workers*);
template double mean_loss<double>(LossProgram<double>*, const double*, const TrainingRows&,
                                  std::size_t, std::uint64_t, Workers*);
template double mean_loss<float>(const Objective&, const ParameterTable&, const TrainingRows&,
                                 std::uint64_t, int);
template double mean_loss<double>(const Objective&, const ParameterTable&, const TrainingRows&,
                                  std::uint64_t, int);

}  // namespace pushforward
