// The exact log density of an analytic model or a flow; for a flow of 8-bit data that of whole
// numbers, by way of the noise between them.
#include "likelihood/methods/exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "density/row_evaluator.hpp"
#include "flow/dequantization.hpp"
#include "flow/dequantizer.hpp"
#include "flow/flow.hpp"
#include "io/context.hpp"

namespace pushforward {
namespace {

template <class T>
class ExactScorer : public Scorer<T> {
 public:
  ExactScorer(const ExactPlan& plan, const RowReader& rows, const DensityRun& run, Workers* workers)
      : columns_(rows.columns()),
        rows_(rows),
        run_(run),
        draws_(plan.draws),
        origin_(plan.density->origin()),
        evaluator_([&](Scope scope, Expr x) { return outputs(plan, run.score, scope, x); },
                   plan.density->parameters(),
                   plan.density->dimension() + plan.density->context_columns(), workers,
                   plan.density->lane_rows(RowEvaluator<T>::max_lane)) {
    if (plan.noised)
      for (double& v : origin_) v *= plan.scale;
    if (plan.density->context_columns() > 0)
      context_ = flow_context(dynamic_cast<const Flow&>(*plan.density), rows);
    if (draws_ > 0)
      dequantizer_.emplace(dynamic_cast<const Flow&>(*plan.density), plan.density->parameters(),
                           workers);
  }

  [[nodiscard]] std::vector<double> origin() const override { return origin_; }
  [[nodiscard]] ScoredRows<T> score(std::size_t first, std::size_t count,
                                    std::vector<T> x) override {
    ScoredRows<T> scored;
    if (draws_ > 0) {
      require_eight_bit(x, rows_, first);
      scored.log_density = mean_density(first, count, x);
      return scored;
    }
    std::vector<std::vector<T>> out = evaluate(x, context(first, count));
    scored.log_density = std::move(out[0]);
    if (out.size() > 1) scored.score = std::move(out[1]);
    return scored;
  }

 private:
  std::vector<std::vector<T>> evaluate(const std::vector<T>& x, const std::vector<T>& context) {
    const std::size_t count = x.size() / columns_;
    return evaluator_.run(hstack(x, columns_, context, context.size() / count).data(), count);
  }
  [[nodiscard]] std::vector<T> context(std::size_t first, std::size_t count) const {
    return context_ ? context_->template read<T>(first, count) : std::vector<T>();
  }

  // The logarithm of the mean over draws of p(x + noise) / q(noise).
  std::vector<T> mean_density(std::size_t first, std::size_t count, const std::vector<T>& x) {
    const std::vector<T> condition = context(first, count);
    // The sum is of exp(. - largest).
    std::vector<double> largest(count, std::numeric_limits<double>::lowest()), sum(count, 0);
    const std::function<void(double)> progress = block_progress(run_, rows_, first, count);
    for (int draw = 0; draw < draws_; ++draw) {
      throw_if_stopped();
      std::vector<T> noisy = x;
      const std::vector<T> log_noise = dequantizer_->add_noise(
          &noisy, condition, {run_.seed, first, static_cast<std::uint32_t>(draw)});
      const std::vector<T> logs = evaluate(noisy, condition)[0];
      for (std::size_t r = 0; r < count; ++r) {
        const double log = static_cast<double>(logs[r]) - static_cast<double>(log_noise[r]);
        const double larger = std::max(largest[r], log);
        sum[r] = sum[r] * std::exp(largest[r] - larger) + std::exp(log - larger);
        largest[r] = larger;
      }
      if (progress) progress((draw + 1.0) / draws_);
    }
    std::vector<T> result(count);
    for (std::size_t r = 0; r < count; ++r)
      result[r] = static_cast<T>(largest[r] + std::log(sum[r] / draws_));
    return result;
  }

  static std::vector<Expr> outputs(const ExactPlan& plan, bool score, Scope scope, Expr x) {
    Graph& graph = x.graph();
    const Density& density = *plan.density;
    const Expr value = plan.noised
                           ? density.noised_log_density(scope, x, graph.constant(plan.scale),
                                                        graph.constant(plan.deviation))
                           : density.log_density(scope, x);
    if (!score) return {value};
    return {value, slice_columns(gradient(value, x), 0, density.dimension())};
  }

  std::size_t columns_;
  const RowReader& rows_;
  const DensityRun& run_;
  int draws_;  // of noise; 0: rows are scored as they are
  std::vector<double> origin_;
  std::optional<Dequantizer<T>> dequantizer_;
  RowEvaluator<T> evaluator_;
  std::optional<ContextReader> context_;
};

void fill_plan(const DensityRequest& request, DensityPlan* plan) {
  const ExactPlan exact = plan_exact(request);
  if (exact.draws > 0) plan->randomness = Randomness::of_all;
  plan->scorers = ScorerMakers::of<ExactScorer>(exact);
}

}  // namespace

ExactPlan plan_exact(const DensityRequest& request) {
  const SampledModel& model = request.model;
  const DensityOptions& options = request.options;
  ExactPlan plan;
  plan.density = model.density();
  if (model.eight_bit()) {
    if (options.score)
      fail_usage("option " + setting("score") +
                 ": the probability of whole numbers has no gradient");
    plan.draws = std::max(options.draws, 1);
  }
  plan.noised = options.process || (options.sigma && *options.sigma > 0);
  if (!plan.noised) return plan;
  if (!model.density()->noised())
    fail_invalid(model.name + ": this model has no exact density under noise; " +
                 (options.process ? setting("process") : setting("sigma")) + " needs a mixture");
  if (!options.process) {
    plan.deviation = *options.sigma;
    return plan;
  }
  const Process process(*options.process);
  const std::optional<double> time = asked_corruption(process, options);
  if (!time)
    fail_usage("option " + setting("process") + ": " + setting("method") + " exact takes it with " +
               setting("time") + " or " + setting("sigma") + ", how much of it");
  plan.scale = process.scale(*time);
  plan.deviation = plan.scale * process.sigma(*time);
  return plan;
}

namespace likelihoods {

DensityMethod exact() {
  return {"exact",
          [](const SampledModel& model) { return model.density() != nullptr; },
          [](const SampledModel& model) {
            return model.density() != nullptr
                       ? std::string()
                       : "a score model has no exact density; use " + setting("method") + " ode";
          },
          {"time", "sigma", "score"},
          fill_plan};
}

}  // namespace likelihoods
}  // namespace pushforward
