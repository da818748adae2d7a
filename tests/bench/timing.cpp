#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "base/random.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"

namespace pushforward {
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

}  // namespace

double median_of(int times, const std::function<void()>& body) {
  std::vector<double> all;
  body();
  for (int i = 0; i < times; ++i) all.push_back(seconds_of(body));
  return median(all);
}

TrainingRows normal_rows(std::size_t count, std::size_t columns) {
  TrainingRows rows;
  rows.columns = columns;
  rows.values.resize(count * columns);
  Random(1, Stream::data).fill_normal(rows.values.data(), count, columns, 0);
  return rows;
}

TrainingOptions step_options(std::int64_t batch, int threads) {
  TrainingOptions options;
  options.batch = batch;
  options.threads = threads;
  return options;
}

double training_step(const Objective& objective, const ParameterTable& table,
                     const TrainingRows& rows, TrainingOptions options, std::int64_t steps,
                     int repeats) {
  const auto run = [&](std::int64_t count) {
    options.steps = count;
    TrainingState state;
    return seconds_of([&] { train<float>({objective, table, rows, {}}, options, {}, &state); });
  };
  std::vector<double> times;
  const std::int64_t lead = std::max<std::int64_t>(1, steps / 8);
  run(2 * lead);
  for (int i = 0; i < repeats; ++i) {
    const double short_run = run(lead), long_run = run(lead + steps);
    times.push_back((long_run - short_run) / static_cast<double>(steps));
  }
  return median(times);
}

void print_profile(const std::string& name, const Objective& objective, const ParameterTable& table,
                   int columns) {
  const std::size_t rows = objective.lane_rows(training_lane_rows(table.size()));
  const LossProgram<float> program(objective, table, rows, static_cast<std::size_t>(columns), true,
                                   1);
  const int runs = columns <= 2 ? 200 : columns < 1000 ? 40 : 3;
  std::printf("%s, a lane of %zu rows\n%s", name.c_str(), rows,
              program.plan().profile(runs).c_str());
}

}  // namespace pushforward
