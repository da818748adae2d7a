#include "sample/encoding.hpp"

#include <algorithm>
#include <functional>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "base/matrix.hpp"
#include "base/stop.hpp"
#include "io/checks.hpp"
#include "sample/adaptive_run.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 23;

// The noise of rows [first, first + count) of a file.
template <class T>
std::vector<T> encoded(const SamplingPlan& plan, const RowReader& rows, AdaptiveRows<T>* solver,
                       std::uint64_t first, std::size_t count, const SamplingRun& run,
                       const std::function<void(double)>& progress) {
  // In double, since rows may lie so far from 0 that T would lose their digits.
  std::vector<double> exact = rows.read<double>(static_cast<std::size_t>(first), count);
  from_data(plan.units, &exact);
  for (double& v : exact) v /= plan.units.end_scale;
  std::vector<T> x(exact.begin(), exact.end());
  solver->run_back(first, count, progress, &x);
  const std::size_t dimension = plan.start.centre.size();
  auto noise = as_rows(x, dimension);
  const auto centre = as_rows(plan.start.centre, dimension);
  xt::noalias(noise) = xt::cast<T>((xt::cast<double>(noise) - centre) / plan.start.scale);
  require_finite_results(x, dimension, first, run.model + ": noise of row");
  return x;
}

}  // namespace

template <class T>
void encode_rows(const SamplingPlan& plan, const RowReader& rows, const SamplingRun& run,
                 ContainerWriter* output) {
  const std::size_t dimension = plan.start.centre.size();
  Workers workers(run.threads);
  AdaptiveRows<T> solver(plan, run.seed, &workers);
  output->create_rows("/x", element_type<T>(), {dimension});
  if (run.output.label >= 0) output->create_rows("/label", ElementType::int32, {});
  const std::size_t block = std::max<std::size_t>(block_numbers / dimension, 1);
  const double all = static_cast<double>(run.end - run.first);
  for (std::uint64_t first = run.first; first < run.end; first += block) {
    throw_if_stopped();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(block, run.end - first));
    std::function<void(double)> progress;
    if (run.progress)
      progress = [&, before = static_cast<double>(first - run.first)](double fraction) {
        run.progress((before + fraction * static_cast<double>(count)) / all);
      };
    output->append_rows("/x", Array::of(encoded(plan, rows, &solver, first, count, run, progress),
                                        {count, dimension}));
    if (run.output.label >= 0)
      output->append_rows("/label",
                          Array::of(std::vector<std::int32_t>(count, run.output.label), {count}));
  }
}

template <class T>
ChosenRows noise_between(const SamplingPlan& plan, const RowReader& rows, const RowPath& path,
                         const SamplingRun& run) {
  Workers workers(run.threads);
  AdaptiveRows<T> solver(plan, run.seed, &workers);
  std::vector<double> points;
  for (const std::uint64_t row : path.through) {
    const std::vector<T> noise = encoded(plan, rows, &solver, row, 1, run, {});
    points.insert(points.end(), noise.begin(), noise.end());
  }
  return [path, points](std::uint64_t first, std::size_t count) {
    return path_rows(path, points, first, count);
  };
}

template void encode_rows<float>(const SamplingPlan&, const RowReader&, const SamplingRun&,
                                 ContainerWriter*);
template void encode_rows<double>(const SamplingPlan&, const RowReader&, const SamplingRun&,
                                  ContainerWriter*);
template ChosenRows noise_between<float>(const SamplingPlan&, const RowReader&, const RowPath&,
                                         const SamplingRun&);
template ChosenRows noise_between<double>(const SamplingPlan&, const RowReader&, const RowPath&,
                                          const SamplingRun&);

}  // namespace pushforward
