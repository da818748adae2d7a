#include "sample/adaptive_run.hpp"

#include <numeric>

namespace pushforward {

template <class T>
AdaptiveRows<T>::AdaptiveRows(const SamplingPlan& plan, std::uint64_t seed, Workers* workers)
    : plan_(plan), seed_(seed) {
  const AdaptivePlan& adaptive = *plan.adaptive;
  if (adaptive.equation == AdaptivePlan::Equation::ordinary) {
    OdeSettings settings;
    if (adaptive.atol > 0) settings.atol = adaptive.atol;
    if (adaptive.rtol > 0) settings.rtol = adaptive.rtol;
    settings.centre = plan.start.centre;
    settings.scale = adaptive.data_scale;
    ode_ = std::make_unique<OdeSolver<T>>(plan.target, settings, workers);
    return;
  }
  SdeSettings settings;
  if (adaptive.atol > 0) settings.atol = adaptive.atol;
  if (adaptive.rtol > 0) settings.rtol = adaptive.rtol;
  settings.scale = adaptive.data_scale;
  sde_ = std::make_unique<AdaptiveSde<T>>(plan.target, adaptive.process, settings, workers);
}

template <class T>
double AdaptiveRows<T>::run(std::uint64_t first, std::size_t count,
                            const std::function<void(double)>& progress, std::vector<T>* x) {
  const AdaptivePlan& adaptive = *plan_.adaptive;
  const double low = adaptive.process.first_time(), high = adaptive.process.last_time();
  std::vector<std::uint32_t> evaluations;
  if (ode_ != nullptr) {
    OdeRun run;
    run.first = first;
    run.seed = seed_;
    run.from = adaptive.process.sigma(high);
    run.to = adaptive.process.sigma(low);
    run.denoise = adaptive.denoise;
    run.progress = progress;
    OdeRows<T> rows = ode_->solve(run, x->data(), count);
    *x = std::move(rows.x);
    evaluations = std::move(rows.evaluations);
  } else {
    SdeRun run;
    run.first = first;
    run.seed = seed_;
    run.from = high;
    run.to = low;
    run.denoise = adaptive.denoise;
    run.progress = progress;
    SdeRows<T> rows = sde_->solve(run, x->data(), count);
    *x = std::move(rows.x);
    evaluations = std::move(rows.evaluations);
  }
  return std::accumulate(evaluations.begin(), evaluations.end(), 0.0);
}

template <class T>
void AdaptiveRows<T>::run_back(std::uint64_t first, std::size_t count,
                               const std::function<void(double)>& progress, std::vector<T>* x) {
  const Process& process = plan_.adaptive->process;
  OdeRun run;
  run.first = first;
  run.seed = seed_;
  run.from = process.sigma(process.first_time());
  run.to = process.sigma(process.last_time());
  run.progress = progress;
  *x = ode_->solve(run, x->data(), count).x;
}

template class AdaptiveRows<float>;
template class AdaptiveRows<double>;

}  // namespace pushforward
