// Log densities by the probability-flow ODE.
#include "likelihood/methods/ode.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "io/context.hpp"

namespace pushforward {
namespace {

constexpr int max_exact_dimension = 64;
constexpr int default_probes = 4;  // enough to tell how much they differ

template <class T>
class OdeScorer : public Scorer<T> {
 public:
  OdeScorer(const OdePlan& plan, const RowReader& rows, const DensityRun& run, Workers* workers)
      : run_(run),
        rows_(rows),
        origin_(plan.model.origin),
        density_(plan.model, plan.settings, plan.time, workers) {
    if (plan.classes > 0) labels_.emplace(&rows, "/label", plan.classes);
  }

  [[nodiscard]] std::vector<double> origin() const override { return origin_; }
  [[nodiscard]] ScoredRows<T> score(std::size_t first, std::size_t count,
                                    std::vector<T> x) override {
    const std::vector<int> labels = read_labels(first, count);
    if (rounded_to_whole_numbers(rows_)) spread(first, count, &x);
    OdeRun ode;
    ode.first = first;
    ode.seed = run_.seed;
    ode.progress = block_progress(run_, rows_, first, count);
    OdeLogDensity out = density_.log_density(ode, x.data(), count, labels);
    ScoredRows<T> scored;
    scored.log_density.assign(out.log_density.begin(), out.log_density.end());
    scored.error.assign(out.error.begin(), out.error.end());
    scored.evaluations = std::move(out.evaluations);
    if (run_.score) scored.score = density_.score(x.data(), count, labels);
    return scored;
  }

 private:
  [[nodiscard]] std::vector<int> read_labels(std::size_t first, std::size_t count) const {
    std::vector<int> labels;
    if (!labels_) return labels;
    const std::vector<T> one = labels_->template read<T>(first, count);
    const auto classes = static_cast<std::ptrdiff_t>(labels_->columns());
    for (auto row = one.begin(); row != one.end(); row += classes)
      labels.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
    return labels;
  }

  // A whole number stands for the numbers that are rounded to it: the mean log density of one of
  // them, drawn at random, is a lower bound on the log probability of the whole number.
  void spread(std::size_t first, std::size_t count, std::vector<T>* x) const {
    std::vector<T> uniform(x->size());
    Random(run_.seed, Stream::dequantize)
        .fill_uniform(uniform.data(), count, x->size() / count, first);
    for (std::size_t i = 0; i < x->size(); ++i) (*x)[i] += uniform[i] - T(0.5);
  }

  const DensityRun& run_;
  const RowReader& rows_;
  std::vector<double> origin_;
  OdeDensity<T> density_;
  std::optional<ContextReader> labels_;
};

std::string obstacle(const SampledModel& model) {
  if (const ScoreModel* score = model.score())
    return score->process().has_levels() ? ""
                                         : "was trained at one noise level, which gives no density";
  return model.density()->noised()
             ? ""
             : "has no noised density, which " + setting("method") + " ode needs";
}

void fill_plan(const DensityRequest& request, DensityPlan* plan) {
  const OdePlan ode = plan_ode(request);
  plan->estimated = true;
  plan->randomness = Randomness::of_rounded_rows;
  if (ode.settings.trace == Trace::hutchinson) {
    plan->randomness = Randomness::of_all;
    plan->probes = ode.settings.probes;
  }
  plan->scorers = ScorerMakers::of<OdeScorer>(ode);
}

OdeSettings asked_settings(const DensityOptions& options, int dimension) {
  OdeSettings settings;
  settings.atol = options.atol;
  settings.rtol = options.rtol;
  const bool few = dimension <= max_exact_dimension;
  settings.trace =
      options.trace == "exact" || (options.trace.empty() && few) ? Trace::exact : Trace::hutchinson;
  if (settings.trace == Trace::hutchinson)
    settings.probes = options.probes > 0 ? options.probes : default_probes;
  else if (options.probes > 0)
    fail_usage("option " + setting("probes") + ": " + setting("trace") +
               " exact does not use it; hutchinson does");
  return settings;
}

}  // namespace

OdePlan plan_ode(const DensityRequest& request) {
  const SampledModel& model = request.model;
  const DensityOptions& options = request.options;
  OdePlan plan;
  if (const ScoreModel* score = model.score()) {
    plan.model = noised_model(*score);
    plan.classes = score->description().classes;
  } else {
    if (!options.process)
      fail_usage(setting("method") + " ode needs " + setting("process") +
                 ", what noises the model");
    plan.model = noised_model(*model.density(), Process(*options.process));
  }
  const Process& process = plan.model.process;
  const std::optional<double> time = asked_corruption(process, options);
  plan.time = time.value_or(process.min_time());
  if (model.density() != nullptr && time)
    for (double& v : plan.model.origin) v *= process.scale(plan.time);
  if (plan.time < process.min_time())
    fail_usage("option " + setting("time") + ": " + setting("method") + " ode begins at " +
               short_number(process.min_time(), 6) + " or later");
  plan.settings = asked_settings(options, model.dimension());
  return plan;
}

namespace likelihoods {

DensityMethod ode() {
  return {"ode",
          [](const SampledModel& model) { return model.score() != nullptr; },
          obstacle,
          {"trace", "probes", "atol", "rtol", "time", "sigma", "score"},
          fill_plan};
}

}  // namespace likelihoods
}  // namespace pushforward
