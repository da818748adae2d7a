// The critic of Sobolev descent: a network that tells particles from the target, and whose gradient
// is where particles go.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/lanes.hpp"
#include "nn/layers.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

struct CriticOptions {
  MlpShape shape = {64, 3, Activation::tanh};
  double learning_rate = 3e-3;  // of Adam
  double rho = 0.1;             // weight of the penalty, and rate of the multiplier
  double alpha = 1;             // weight of the variance in the constraint; 0 if balanced
  std::uint64_t seed = 0;       // of the first weights
};

// Of a critic f on two sets of rows, the target's law p and the particles' law q.
struct CriticMeasure {
  double difference = 0;     // E_p f - E_q f
  double constraint = 0;     // Omega = E_q |grad f|^2 + alpha Var_q f
  double mean = 0;           // E_q f
  double gradient_norm = 0;  // of the augmented Lagrangian
};

// f maximises E_p f - E_q f subject to Omega <= 1 (Mroueh, Sercu, Raj 2019; with alpha
// > 0 Mroueh, Rigotti 2020), by Adam's ascent on the augmented Lagrangian
//   E_p f - E_q f - (max(0, lambda + rho (Omega - 1))^2 - lambda^2) / (2 rho)
// and lambda <- max(0, lambda + rho (Omega - 1)). The gradient of f is that of each row by itself.
// Rows are in lanes, so the bits do not depend on the number of threads. T is float or double.
template <class T>
class SobolevCritic {
 public:
  // For rows of `dimension` numbers.
  SobolevCritic(std::size_t dimension, const CriticOptions& options, Workers* workers);
  ~SobolevCritic();

  // The augmented Lagrangian's parts, and its gradient at the present parameters and multiplier, to
  // be had from gradient(). target is count_p x dimension, particles count_q x dimension.
  CriticMeasure measure(const T* target, std::size_t count_p, const T* particles,
                        std::size_t count_q);
  // measure(), then a step of Adam and one of the multiplier; neither where something is not
  // finite, which the caller must look for in what is returned.
  CriticMeasure step(const T* target, std::size_t count_p, const T* particles, std::size_t count_q);

  // f of each row (count numbers) and its gradient (count x dimension).
  void evaluate(const T* rows, std::size_t count, T* values, T* slopes);

  [[nodiscard]] double multiplier() const { return multiplier_; }
  [[nodiscard]] std::vector<T>& parameters() { return parameters_; }
  [[nodiscard]] const std::vector<T>& gradient() const { return gradients_; }  // of the parameters

 private:
  struct Programs;
  double add_lanes(std::size_t lanes);
  void adam();

  std::size_t dimension_;
  CriticOptions options_;
  Workers* workers_;
  double multiplier_ = 0;
  std::int64_t steps_ = 0;
  std::vector<T> parameters_, first_, second_;
  std::vector<T> gradients_;  // a lane after another; their sum is in the first
  std::vector<T> values_, slopes_;
  std::unique_ptr<Programs> programs_;
};

extern template class SobolevCritic<float>;
extern template class SobolevCritic<double>;

}  // namespace pushforward
