// Times the toolkit's hot loops: `bench THREADS` prints `name<TAB>seconds a step` rows.
//
// Medians of repeated blocks, as peers.py measures them. run.sh runs both and prints the ratios.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "flow/flow.hpp"
#include "flow/likelihood.hpp"
#include "graph/kernels/kernels.hpp"
#include "nn/train.hpp"

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

double real_nvp_step(int threads) {
  FlowSpec spec;
  spec.dimension = 2;
  const Flow flow(spec, {}, 0);
  return training_step(NegativeLogLikelihood(&flow), flow.parameters(), 256, threads);
}

void print(const char* name, double seconds) { std::printf("%s\t%.9f\n", name, seconds); }

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  print("realnvp_step", real_nvp_step(threads));
  return 0;
}
