// The variational bound of a denoising diffusion model.
#include <optional>

#include "base/error.hpp"
#include "io/context.hpp"
#include "likelihood/ddpm_bound.hpp"
#include "likelihood/density_method.hpp"

namespace pushforward {
namespace {

struct BoundPlan {
  const ScoreModel* model;
  int draws;  // of the noise of a step
  bool large_variance;
};

template <class T>
class BoundScorer : public Scorer<T> {
 public:
  BoundScorer(const BoundPlan& plan, const RowReader& rows, const DensityRun& run, Workers* workers)
      : run_(run), rows_(rows), model_(*plan.model), bound_(model_, workers) {
    settings_.draws = plan.draws;
    settings_.large_variance = plan.large_variance;
    settings_.eight_bit = rounded_to_whole_numbers(rows);
    settings_.seed = run.seed;
    if (model_.description().classes > 0)
      labels_.emplace(&rows, "/label", model_.description().classes);
  }

  [[nodiscard]] std::vector<DensityTerm> terms() const override {
    return {{"/bound_prior", "prior"},
            {"/bound_diffusion", "diffusion"},
            {"/bound_decoder", "decoder"}};
  }
  [[nodiscard]] std::vector<double> origin() const override { return model_.description().origin; }

  [[nodiscard]] ScoredRows<T> score(std::size_t first, std::size_t count,
                                    std::vector<T> x) override {
    std::vector<T> context;
    if (labels_) context = labels_->template read<T>(first, count);
    settings_.first = first;
    settings_.progress = block_progress(run_, rows_, first, count);
    const BoundRows out = bound_.bound(settings_, x.data(), context.data(), count);
    ScoredRows<T> scored;
    for (std::size_t r = 0; r < count; ++r)
      scored.log_density.push_back(
          static_cast<T>(-(out.prior[r] + out.diffusion[r] + out.decoder[r])));
    scored.error.assign(out.error.begin(), out.error.end());
    for (const std::vector<double>* term : {&out.prior, &out.diffusion, &out.decoder})
      scored.terms.emplace_back(term->begin(), term->end());
    const int evaluations = settings_.draws * model_.process().settings().levels;
    scored.evaluations.assign(count, static_cast<std::uint32_t>(evaluations));
    return scored;
  }

 private:
  const DensityRun& run_;
  const RowReader& rows_;
  const ScoreModel& model_;
  DdpmBound<T> bound_;
  BoundRun settings_;
  std::optional<ContextReader> labels_;
};

std::string obstacle(const SampledModel& model) {
  if (model.score() != nullptr && model.score()->process().steps() > 0) return {};
  return setting("method") + " bound is for a score model of the process ddpm";
}

void fill_plan(const DensityRequest& request, DensityPlan* plan) {
  const ScoreModel& model = *request.model.score();
  const DensityOptions& options = request.options;
  if (!options.variance.empty() && model.description().learned_variance)
    fail_usage("option " + setting("variance") + ": the model has learned its own");
  plan->estimated = true;
  plan->randomness = Randomness::of_all;
  plan->scorers = ScorerMakers::of<BoundScorer>(BoundPlan{
      &model, options.probes > 0 ? options.probes : 1, options.variance != "fixed-small"});
}

}  // namespace

namespace likelihoods {

DensityMethod bound() {
  return {"bound",
          [](const SampledModel&) { return false; },
          obstacle,
          {"probes", "variance"},
          fill_plan};
}

}  // namespace likelihoods
}  // namespace pushforward
