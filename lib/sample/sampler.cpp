#include "sample/sampler.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

constexpr std::size_t most_lane_rows = 256, lane_step = 16;
constexpr double divergence_factor = 1e12;

struct MoveInputs {
  Expr x, z, sigma, sigma_next, step, noise;
  [[nodiscard]] std::vector<Expr> list() const { return {x, z, sigma, sigma_next, step, noise}; }
};

Expr moved(const ScoreSource& source, Scope scope, Move::Kind kind, bool noisy,
           const MoveInputs& in) {
  if (kind == Move::Kind::langevin) {
    const Expr drifted = in.x + in.step * source.score(scope, in.x, in.sigma);
    return noisy ? drifted + in.noise * in.z : drifted;
  }
  const Expr y = noisy ? in.x + in.noise * in.z : in.x;
  if (kind == Move::Kind::euler) return y + in.step * source.score(scope, y, in.sigma);
  const Expr h = in.sigma_next - in.sigma;
  const Expr slope = -in.sigma * source.score(scope, y, in.sigma);
  const Expr there = y + h * slope;
  const Expr slope_there = -in.sigma_next * source.score(scope, there, in.sigma_next);
  return y + (0.5 * h) * (slope + slope_there);
}

// Are all numbers finite and at most `limit` in size? On the bits, where not-a-number and infinity
// are larger than every number and the loop has no branch.
template <class T>
bool all_within(const T* values, std::size_t count, T limit) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits magnitude = ~Bits{0} >> 1;
  Bits worst = 0, bound;
  std::memcpy(&bound, &limit, sizeof bound);
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, values + i, sizeof bits);
    bits &= magnitude;
    worst = bits > worst ? bits : worst;
  }
  return worst <= bound;
}

}  // namespace

std::size_t sampler_lane_rows(std::uint64_t chains) {
  const std::uint64_t lanes = (chains + most_lane_rows - 1) / most_lane_rows;
  const std::uint64_t even = (chains + lanes - 1) / lanes;
  return static_cast<std::size_t>((even + lane_step - 1) / lane_step * lane_step);
}

template <class T>
struct Sampler<T>::Program {
  Program(const ScoreSource& source, const Move& move, std::size_t lane_rows, int workers)
      : kind(move.kind),
        noisy(move.noise != 0),
        evaluator(compile(source, *this, lane_rows, workers)) {}

  static Evaluator<T> compile(const ScoreSource& source, const Program& program,
                              std::size_t lane_rows, int workers) {
    Graph graph;
    Binding binding(&graph, &source.parameters());
    const int rows = static_cast<int>(lane_rows), dimension = source.dimension();
    const auto scalar = [&](const char* name) { return graph.input(name, 1, 1); };
    const MoveInputs in = {graph.input("x", rows, dimension),
                           graph.input("z", rows, dimension),
                           scalar("sigma"),
                           scalar("sigma_next"),
                           scalar("step"),
                           scalar("noise")};
    const Expr out =
        broadcast(moved(source, Scope(&binding), program.kind, program.noisy, in), rows, dimension);
    return Evaluator<T>(in.list(), binding.expressions(), {out}, workers);
  }

  Move::Kind kind;
  bool noisy;
  Evaluator<T> evaluator;
};

template <class T>
struct Sampler<T>::Lane {
  std::vector<T> x, next, z;
  std::vector<const T*> inputs = std::vector<const T*>(6);
  std::vector<T*> outputs = std::vector<T*>(1);
};

template <class T>
struct Sampler<T>::Job {
  std::uint64_t first;
  std::size_t count;
  const T* start;
  const ChainOptions& options;
  T limit;
  T* rows;
  T* trajectory;
  double total_moves;
  std::atomic<std::uint64_t>* moves_done;
};

template <class T>
Sampler<T>::Sampler(const ScoreSource& source, Moves moves, std::size_t lane_rows, Workers* workers)
    : dimension_(static_cast<std::size_t>(source.dimension())),
      lane_rows_(lane_rows),
      moves_(std::move(moves)),
      workers_(workers),
      parameters_(source.parameters().values.begin(), source.parameters().values.end()),
      lanes_(static_cast<std::size_t>(workers->count())) {
  for (const Move& move : moves_) program_of_move_.push_back(program_for(source, move));
  for (Lane& lane : lanes_)
    for (std::vector<T>* buffer : {&lane.x, &lane.next, &lane.z})
      buffer->resize(lane_rows_ * dimension_);
}

template <class T>
Sampler<T>::~Sampler() = default;

template <class T>
typename Sampler<T>::Program* Sampler<T>::program_for(const ScoreSource& source, const Move& move) {
  for (const auto& program : programs_)
    if (program->kind == move.kind && program->noisy == (move.noise != 0)) return program.get();
  programs_.push_back(std::make_unique<Program>(source, move, lane_rows_, workers_->count()));
  Program* program = programs_.back().get();
  if (!parameters_.empty()) program->evaluator.bind_parameters(parameters_.data());
  return program;
}

template <class T>
void Sampler<T>::run(std::uint64_t first, std::size_t count, const T* start,
                     const ChainOptions& options, T* rows, T* trajectory) {
  double largest = 1;
  for (std::size_t i = 0; i < count * dimension_; ++i)
    largest = std::max(largest, std::abs(static_cast<double>(start[i])));
  for (const Move& move : moves_) largest = std::max(largest, move.sigma);
  const double limit =
      std::min(divergence_factor * largest, static_cast<double>(std::numeric_limits<T>::max()));
  const std::size_t lanes = (count + lane_rows_ - 1) / lane_rows_;
  std::atomic<std::uint64_t> moves_done{0};
  const Job job = {first,
                   count,
                   start,
                   options,
                   static_cast<T>(limit),
                   rows,
                   trajectory,
                   static_cast<double>(lanes) * static_cast<double>(total_steps(moves_)),
                   &moves_done};
  workers_->run(lanes, [&](std::size_t lane, int worker) { run_lane(job, lane, worker); });
}

template <class T>
void Sampler<T>::run_lane(const Job& job, std::size_t lane_index, int worker) {
  constexpr std::uint64_t report_moves = 64;
  Lane& lane = lanes_[static_cast<std::size_t>(worker)];
  const ChainOptions& options = job.options;
  const std::size_t offset = lane_index * lane_rows_;
  const std::size_t count = std::min(lane_rows_, job.count - offset);
  const std::size_t used = count * dimension_;
  const Random random(options.seed, Stream::sampler);
  std::fill(lane.x.begin(), lane.x.end(), T(0));
  std::fill(lane.z.begin(), lane.z.end(), T(0));
  std::copy_n(job.start + offset * dimension_, used, lane.x.data());

  const auto keep = [&](T* to, std::size_t index, std::size_t of) {
    for (std::size_t r = 0; r < count; ++r)
      std::copy_n(lane.x.data() + r * dimension_, dimension_,
                  to + ((offset + r) * of + index) * dimension_);
  };
  const auto record = [&](std::uint64_t step, bool last) {
    const auto index = [step](const Records& r) {
      return static_cast<std::size_t>((step - r.first) / r.every);
    };
    if (options.rows.holds(step))
      keep(job.rows, index(options.rows), static_cast<std::size_t>(options.rows.count));
    const std::size_t frames = options.trajectory_count();
    if (options.trajectory.holds(step)) keep(job.trajectory, index(options.trajectory), frames);
    if (last && options.trajectory_end) keep(job.trajectory, frames - 1, frames);
  };

  const std::uint64_t total = total_steps(moves_);
  std::uint64_t step = 0;
  record(0, total == 0);
  for (std::size_t i = 0; i < moves_.size(); ++i) {
    const Move& move = moves_[i];
    Program& program = *program_of_move_[i];
    const T constants[] = {static_cast<T>(move.sigma), static_cast<T>(move.sigma_next),
                           static_cast<T>(move.step), static_cast<T>(move.noise)};
    for (std::uint64_t repeat = 0; repeat < move.repeats; ++repeat) {
      throw_if_stopped();
      if (program.noisy)
        random.fill_normal(lane.z.data(), count, dimension_, job.first + offset,
                           static_cast<std::uint32_t>(step));
      lane.inputs = {lane.x.data(), lane.z.data(), constants,
                     constants + 1, constants + 2, constants + 3};
      lane.outputs[0] = lane.next.data();
      program.evaluator.run(worker, lane.inputs, lane.outputs);
      lane.x.swap(lane.next);
      ++step;
      if (!all_within(lane.x.data(), used, job.limit)) {
        std::size_t row = 0;
        while (all_within(lane.x.data() + row * dimension_, dimension_, job.limit)) ++row;
        fail_numerical(options.method + ": chain " + std::to_string(job.first + offset + row) +
                       " diverged at step " + std::to_string(step) + " of " +
                       std::to_string(total) +
                       (options.advice.empty() ? "" : "; " + options.advice));
      }
      record(step, step == total);
      if (step % report_moves == 0 || step == total) {
        const std::uint64_t moves = step % report_moves == 0 ? report_moves : step % report_moves;
        const std::uint64_t done = job.moves_done->fetch_add(moves) + moves;
        if (worker == 0 && options.progress)
          options.progress(static_cast<double>(done) / job.total_moves);
      }
    }
  }
}

template class Sampler<float>;
template class Sampler<double>;

}  // namespace pushforward
