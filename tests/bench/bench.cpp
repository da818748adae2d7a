// Times the toolkit's hot loops: `bench THREADS` prints `name<TAB>seconds a step` rows, and
// `bench profile` the kernels of a Real NVP training step.
//
// Medians of repeated blocks, as peers.py measures them. run.sh runs both and prints the ratios.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include "flow/flow.hpp"
#include "flow/likelihood.hpp"
#include "graph/kernels/kernels.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"
#include "sample/sampler.hpp"
#include "score/objective.hpp"

using namespace pushforward;

namespace {

double seconds_of(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

TrainingRows normal_rows(std::size_t count, std::size_t columns) {
  TrainingRows rows;
  rows.columns = columns;
  rows.values.resize(count * columns);
  Random(1, Stream::data).fill_normal(rows.values.data(), count, columns, 0);
  return rows;
}

// Seconds of one training step: runs of two lengths, so that set-up cancels.
double training_step(const Objective& objective, const ParameterTable& table, std::int64_t batch,
                     int threads) {
  const TrainingRows rows = normal_rows(20000, 2);
  TrainingOptions options;
  options.batch = batch;
  options.threads = threads;
  const auto run = [&](std::int64_t steps) {
    options.steps = steps;
    TrainingState state;
    return seconds_of([&] { train<float>(objective, table, rows, {}, options, {}, &state); });
  };
  std::vector<double> times;
  run(100);
  for (int i = 0; i < 7; ++i) {
    const double short_run = run(50), long_run = run(450);
    times.push_back((long_run - short_run) / 400);
  }
  return median(times);
}

// Where a training step of the flow spends its time, kernel by kernel.
void print_profile() {
  FlowSpec spec;
  spec.dimension = 2;
  const Flow flow(spec, {}, 0);
  const NegativeLogLikelihood objective(&flow);
  const LossProgram<float> program(objective, flow.parameters(), lane_rows, 2, true, 1);
  std::fputs(program.plan().profile(200).c_str(), stdout);
}

double real_nvp_step(int threads) {
  FlowSpec spec;
  spec.dimension = 2;
  const Flow flow(spec, {}, 0);
  return training_step(NegativeLogLikelihood(&flow), flow.parameters(), 256, threads);
}

// Four hidden layers of 128, ten noise levels, denoising score matching.
ScoreModel score_network() {
  ScoreDescription description;
  description.dimension = 2;
  description.process = Process::with_defaults(ProcessKind::ve);
  description.parametrization = Parametrization::noise;
  description.depth = 4;
  description.mean = {0, 0};
  description.sigma_data = {1, 1};
  return ScoreModel(description, 0);
}

double dsm_step(int threads) {
  const ScoreModel model = score_network();
  return training_step(DenoisingScoreMatching(&model), model.parameters(), 512, threads);
}

double langevin_step(int threads) {
  const ScoreModel model = score_network();
  constexpr std::size_t chains = 4096;
  constexpr std::uint64_t steps = 40;
  Workers workers(threads);
  const ModelScore source(&model);
  Sampler<float> sampler(source, ula_moves(1e-4, steps, 0.5), sampler_lane_rows(chains), &workers);
  const TrainingRows start = normal_rows(chains, 2);
  std::vector<float> rows(2 * chains);
  ChainOptions options;
  options.rows = {steps, 1, 1};
  std::vector<double> times;
  for (int i = 0; i < 8; ++i)
    times.push_back(seconds_of([&] {
                      sampler.run(0, chains, start.values.data(), options, rows.data(), nullptr);
                    }) /
                    steps);
  times.erase(times.begin());  // the warm-up
  return median(times);
}

void print(const char* name, double seconds) { std::printf("%s\t%.9f\n", name, seconds); }

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "profile") == 0) {
    print_profile();
    return 0;
  }
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  print("realnvp_step", real_nvp_step(threads));
  print("dsm_step", dsm_step(threads));
  print("langevin_step", langevin_step(threads));
  return 0;
}
