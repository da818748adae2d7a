// Sobolev descent: particles are moved to a target by the gradient of a critic that is trained
// along.
#pragma once

#include <memory>
#include <vector>

#include "base/random.hpp"
#include "descent/sobolev_critic.hpp"

namespace pushforward {

struct DescentOptions {
  std::int64_t steps = 500;
  double step_size = 0.03;         // eps, in standardised units
  double tau = 0;                  // that of births and deaths; 0: none, balanced
  bool decay = true;               // of both, to 0 along half a cosine
  std::int64_t critic_steps = 10;  // before each step of the particles
  std::int64_t batch = 512;        // rows of each set in a critic's step, at most
  CriticOptions critic;
  std::uint64_t seed = 0;
};

// Standardisation by the target's moments: columns of different units count alike.
class ColumnScale {
 public:
  // rows is n x columns. A column that is constant in the target has the scale of the source there,
  // and 1 if it is constant too. Error(invalid) where their moments overflow.
  ColumnScale(const std::vector<double>& target, const std::vector<double>& source,
              std::size_t columns);

  // The distance of the means over the sum of the deviations, in the column where it is largest.
  [[nodiscard]] double separation() const { return separation_; }
  [[nodiscard]] const std::vector<double>& mean() const { return mean_; }
  [[nodiscard]] const std::vector<double>& deviation() const { return deviation_; }
  template <class T>
  [[nodiscard]] std::vector<T> standardised(const std::vector<double>& rows) const;
  template <class T>
  [[nodiscard]] std::vector<T> in_data_units(const std::vector<T>& rows) const;

 private:
  double separation_ = 0;
  std::vector<double> mean_, deviation_;
};

// What happened since the last report: means over the critic's steps, sums over births and deaths.
struct DescentReport {
  double difference = 0, constraint = 0, gradient_norm = 0;  // CriticMeasure's
  double multiplier = 0;                                     // now
  std::uint64_t births = 0, deaths = 0;
};

// T is float or double. The bits are a function of rows and options, not of the number of threads.
template <class T>
class SobolevDescent {
 public:
  // source is n x columns, target m x columns, both of one row or more and finite. Error(invalid)
  // where their numbers are too large to be standardised.
  SobolevDescent(const std::vector<double>& source, const std::vector<double>& target,
                 std::size_t columns, const DescentOptions& options, Workers* workers);

  // Trains the critic, moves every particle by eps grad f, and lets births and deaths happen by f
  // where they were (Mroueh, Rigotti 2020). Error(numerical) naming the step where the
  // critic is not finite any more, or a particle beyond 1e12 times the largest of 1 and its start.
  void step();

  // Do source and target hardly overlap? Nothing bounds the critic between them, and it may become
  // a cliff there, flat where the particles are.
  [[nodiscard]] bool far_apart() const { return scale_.separation() > 3; }
  [[nodiscard]] const ColumnScale& scale() const { return scale_; }
  [[nodiscard]] std::int64_t steps_done() const { return steps_; }
  [[nodiscard]] std::vector<T> rows() const;  // in data units
  // The row of the source that each particle comes from.
  [[nodiscard]] const std::vector<std::size_t>& ancestors() const { return ancestors_; }
  // Since the last call.
  [[nodiscard]] DescentReport report();

 private:
  // The rows of a set in a random order, again and again.
  class Cycle {
   public:
    Cycle(std::uint64_t seed, Stream stream, std::size_t batch)
        : random_(seed, stream), batch_(batch) {}
    // The next rows of `rows`, as many as a batch has.
    const T* next(const std::vector<T>& rows, std::size_t columns);
    [[nodiscard]] std::size_t batch() const { return batch_; }

   private:
    Random random_;
    std::size_t batch_, at_ = 0;
    std::uint32_t round_ = 0;
    std::vector<std::uint64_t> order_;
    std::vector<T> rows_;
  };

  void train_critic();
  void follow_parents(const std::vector<std::size_t>& parent);
  [[nodiscard]] double schedule() const;  // what remains of the step sizes, 1 to 0

  std::size_t columns_;
  DescentOptions options_;
  Workers* workers_;
  ColumnScale scale_;
  std::vector<T> particles_, target_;  // standardised
  double limit_ = 0;                   // of a particle's numbers
  std::vector<std::size_t> ancestors_;
  Cycle particle_batches_, target_batches_;
  SobolevCritic<T> critic_;
  std::vector<T> values_, slopes_;  // of the critic at the particles
  std::int64_t steps_ = 0, reported_steps_ = 0;
  DescentReport sums_;
};

extern template class SobolevDescent<float>;
extern template class SobolevDescent<double>;

}  // namespace pushforward
