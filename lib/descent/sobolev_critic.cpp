#include "descent/sobolev_critic.hpp"

#include <algorithm>
#include <cmath>

#include "graph/plan.hpp"
#include "nn/kernels/optimizer.hpp"
#include "nn/loss_program.hpp"

namespace pushforward {
namespace {

constexpr std::size_t segment_size = 8192;  // numbers of a parallel slice of the optimizer
constexpr int lane_height = static_cast<int>(lane_rows);

std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

Expr critic_value(Scope scope, Expr x, const MlpShape& shape) {
  return mlp(scope / "critic", x, 1, shape);
}

// f and its gradient at each row.
template <class T>
Evaluator<T> value_and_slope(const ParameterTable& table, int dimension, const MlpShape& shape,
                             int workers) {
  Graph graph;
  Binding binding(&graph, &table);
  const Expr x = graph.input("x", lane_height, dimension);
  const Expr f = critic_value(Scope(&binding), x, shape);
  return Evaluator<T>({x}, binding.expressions(), {f, gradient(f, x)}, workers);
}

// f, and the gradient in the parameters of sum w f: w [rows, 1] is 0 for rows that fill up a lane.
template <class T>
Evaluator<T> target_program(const ParameterTable& table, int dimension, const MlpShape& shape,
                            int workers) {
  Graph graph;
  Binding binding(&graph, &table);
  const Expr x = graph.input("x", lane_height, dimension), w = graph.input("w", lane_height, 1);
  const Expr f = critic_value(Scope(&binding), x, shape);
  const std::vector<Expr> parameters = binding.expressions();
  std::vector<Expr> outputs = {f};
  for (const Expr g : gradient(sum(w * f), parameters)) outputs.push_back(g);
  return Evaluator<T>({x, w}, parameters, outputs, workers);
}

// The gradient in the parameters of -sum w (f + c (|grad f|^2 + alpha (f - m)^2)). Omega is a mean
// over all rows, and the Lagrangian not linear in it; with the slope c of the Lagrangian in Omega
// and the mean m of f known beforehand, what remains is a sum over rows.
template <class T>
Evaluator<T> particle_program(const ParameterTable& table, int dimension,
                              const CriticOptions& options, int workers) {
  Graph graph;
  Binding binding(&graph, &table);
  const Expr x = graph.input("x", lane_height, dimension), w = graph.input("w", lane_height, 1);
  const Expr c = graph.input("c", 1, 1), m = graph.input("m", 1, 1);
  const Expr f = critic_value(Scope(&binding), x, options.shape);
  Expr omega = sum_columns(square(gradient(f, x)));
  if (options.alpha > 0) omega = omega + options.alpha * square(f - m);
  const std::vector<Expr> parameters = binding.expressions();
  return Evaluator<T>({x, w, c, m}, parameters, gradient(-sum(w * (f + c * omega)), parameters),
                      workers);
}

template <class T>
double mean_of(const std::vector<T>& values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(values[i]);
  return sum / static_cast<double>(count);
}

ParameterTable critic_parameters(std::size_t dimension, const CriticOptions& options) {
  ParameterTable table;
  Graph graph;
  Binding binding(&graph, &table, options.seed);
  critic_value(Scope(&binding), graph.input("x", 1, static_cast<int>(dimension)), options.shape);
  return table;
}

}  // namespace

template <class T>
struct SobolevCritic<T>::Programs {
  Programs(std::size_t dimension, const CriticOptions& options, int workers)
      : table(critic_parameters(dimension, options)),
        value(value_and_slope<T>(table, static_cast<int>(dimension), options.shape, workers)),
        target(target_program<T>(table, static_cast<int>(dimension), options.shape, workers)),
        particles(particle_program<T>(table, static_cast<int>(dimension), options, workers)),
        lanes(static_cast<std::size_t>(workers)) {
    for (Lane& lane : lanes) {
      lane.x.resize(lane_rows * dimension);
      lane.weights.resize(lane_rows);
      lane.values.resize(lane_rows);
      lane.slopes.resize(lane_rows * dimension);
    }
  }

  // What a worker needs while it runs a lane.
  struct Lane {
    std::vector<T> x, weights, values, slopes;
    std::vector<T*> outputs;
    std::size_t first = 0, count = 0;  // the rows in it
  };

  // The rows of a lane with the weight `weight`, filled up with its first row and the weight 0.
  Lane& load(int worker, std::size_t lane_number, const T* rows, std::size_t count, double weight) {
    Lane& lane = lanes[static_cast<std::size_t>(worker)];
    const std::size_t dimension = lane.x.size() / lane_rows;
    lane.first = lane_number * lane_rows;
    lane.count = std::min(lane_rows, count - lane.first);
    for (std::size_t k = 0; k < lane_rows; ++k) {
      const std::size_t from = lane.first + (k < lane.count ? k : 0);
      std::copy_n(rows + from * dimension, dimension, lane.x.data() + k * dimension);
      lane.weights[k] = static_cast<T>(k < lane.count ? weight : 0);
    }
    return lane;
  }

  // Where gradients in the parameters go, after what a lane has as outputs already.
  void append_gradient(Lane* lane, T* gradient) const {
    for (const Parameter& parameter : table.list())
      lane->outputs.push_back(gradient + parameter.offset);
  }

  ParameterTable table;
  Evaluator<T> value, target, particles;
  std::vector<Lane> lanes;
};

template <class T>
SobolevCritic<T>::SobolevCritic(std::size_t dimension, const CriticOptions& options,
                                Workers* workers)
    : dimension_(dimension),
      options_(options),
      workers_(workers),
      programs_(std::make_unique<Programs>(dimension, options, workers->count())) {
  const std::vector<double>& start = programs_->table.values;
  parameters_.assign(start.begin(), start.end());
  first_.assign(start.size(), T(0));
  second_.assign(start.size(), T(0));
}

template <class T>
SobolevCritic<T>::~SobolevCritic() = default;

template <class T>
void SobolevCritic<T>::evaluate(const T* rows, std::size_t count, T* values, T* slopes) {
  Programs& programs = *programs_;
  programs.value.bind_parameters(parameters_.data());
  workers_->run(pieces(count, lane_rows), [&](std::size_t lane_number, int worker) {
    auto& lane = programs.load(worker, lane_number, rows, count, 1);
    programs.value.run(worker, {lane.x.data()}, {lane.values.data(), lane.slopes.data()});
    std::copy_n(lane.values.data(), lane.count, values + lane.first);
    std::copy_n(lane.slopes.data(), lane.count * dimension_, slopes + lane.first * dimension_);
  });
}

template <class T>
CriticMeasure SobolevCritic<T>::measure(const T* target, std::size_t count_p, const T* particles,
                                        std::size_t count_q) {
  Programs& programs = *programs_;
  const std::size_t size = parameters_.size();
  const std::size_t lanes_p = pieces(count_p, lane_rows), lanes_q = pieces(count_q, lane_rows);
  values_.resize(std::max(count_p, count_q));
  slopes_.resize(count_q * dimension_);
  gradients_.resize(std::max(gradients_.size(), (lanes_p + lanes_q) * size));

  evaluate(particles, count_q, values_.data(), slopes_.data());
  CriticMeasure measure;
  measure.mean = mean_of(values_, count_q);
  double variance = 0, squares = 0;
  for (std::size_t i = 0; i < count_q; ++i) {
    const double b = static_cast<double>(values_[i]) - measure.mean;
    variance += b * b;
  }
  for (const T slope : slopes_) squares += static_cast<double>(slope) * static_cast<double>(slope);
  measure.constraint = (squares + options_.alpha * variance) / static_cast<double>(count_q);
  const T c = static_cast<T>(std::max(0.0, multiplier_ + options_.rho * (measure.constraint - 1)));
  const T m = static_cast<T>(measure.mean);

  programs.target.bind_parameters(parameters_.data());
  programs.particles.bind_parameters(parameters_.data());
  const double weight_p = 1 / static_cast<double>(count_p);
  const double weight_q = 1 / static_cast<double>(count_q);
  workers_->run(lanes_p + lanes_q, [&](std::size_t number, int worker) {
    T* gradient = gradients_.data() + number * size;
    if (number < lanes_p) {
      auto& lane = programs.load(worker, number, target, count_p, weight_p);
      lane.outputs = {lane.values.data()};
      programs.append_gradient(&lane, gradient);
      programs.target.run(worker, {lane.x.data(), lane.weights.data()}, lane.outputs);
      std::copy_n(lane.values.data(), lane.count, values_.data() + lane.first);
    } else {
      auto& lane = programs.load(worker, number - lanes_p, particles, count_q, weight_q);
      lane.outputs.clear();
      programs.append_gradient(&lane, gradient);
      programs.particles.run(worker, {lane.x.data(), lane.weights.data(), &c, &m}, lane.outputs);
    }
  });
  measure.difference = mean_of(values_, count_p) - measure.mean;
  measure.gradient_norm = add_lanes(lanes_p + lanes_q);
  return measure;
}

// Adds the lanes' gradients in tree order into the first, and returns the norm of the sum.
template <class T>
double SobolevCritic<T>::add_lanes(std::size_t lanes) {
  const std::size_t size = parameters_.size(), segments = pieces(size, segment_size);
  std::vector<double> squares(segments);
  workers_->run(segments, [&](std::size_t segment, int) {
    const std::size_t first = segment * segment_size, count = std::min(segment_size, size - first);
    std::vector<T*> parts(lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      parts[lane] = gradients_.data() + lane * size + first;
    tree_add(parts.data(), lanes, count);
    squares[segment] = optimizer_kernels<T>().sum_of_squares(count, parts[0]);
  });
  double sum = 0;
  for (const double square : squares) sum += square;
  return std::sqrt(sum);
}

template <class T>
void SobolevCritic<T>::adam() {
  constexpr double beta1 = 0.9, beta2 = 0.999;
  const double t = static_cast<double>(++steps_);
  AdamStep<T> adam{};
  adam.gradient_scale = T(-1);  // Adam descends
  adam.rate = static_cast<T>(options_.learning_rate);
  adam.beta1 = static_cast<T>(beta1);
  adam.beta2 = static_cast<T>(beta2);
  adam.epsilon = static_cast<T>(1e-8);
  adam.correction1 = static_cast<T>(1 / (1 - std::pow(beta1, t)));
  adam.correction2 = static_cast<T>(1 / (1 - std::pow(beta2, t)));
  const std::size_t size = parameters_.size();
  workers_->run(pieces(size, segment_size), [&](std::size_t segment, int) {
    const std::size_t first = segment * segment_size, count = std::min(segment_size, size - first);
    optimizer_kernels<T>().adam(count, adam, gradients_.data() + first, parameters_.data() + first,
                                first_.data() + first, second_.data() + first, nullptr);
  });
}

template <class T>
CriticMeasure SobolevCritic<T>::step(const T* target, std::size_t count_p, const T* particles,
                                     std::size_t count_q) {
  const CriticMeasure result = measure(target, count_p, particles, count_q);
  if (!std::isfinite(result.difference) || !std::isfinite(result.constraint) ||
      !std::isfinite(result.gradient_norm))
    return result;
  adam();
  multiplier_ = std::max(0.0, multiplier_ + options_.rho * (result.constraint - 1));
  return result;
}

template class SobolevCritic<float>;
template class SobolevCritic<double>;

}  // namespace pushforward
