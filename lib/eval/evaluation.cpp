#include "eval/evaluation.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "eval/metric.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

// The names of the metrics for which `holds`.
template <class Predicate>
std::vector<std::string> names_where(const Predicate& holds) {
  std::vector<std::string> names;
  for (const Metric& metric : all_metrics())
    if (holds(metric)) names.insert(names.end(), metric.names.begin(), metric.names.end());
  return names;
}

bool statistics_do(const Metric& metric) { return metric.needs == Metric::Needs::statistics; }

std::vector<Metric> wanted_metrics(const EvaluationSettings& settings) {
  std::vector<Metric> wanted;
  for (const Metric& metric : all_metrics())
    if (std::any_of(metric.names.begin(), metric.names.end(),
                    [&](const std::string& name) { return settings.wants(name); }))
      wanted.push_back(metric);
  return wanted;
}

// Error(invalid), naming the set that lacks what the metric needs.
void require_needs(const Metric& metric, const OpenPair& pair) {
  switch (metric.needs) {
    case Metric::Needs::statistics:
      return;
    case Metric::Needs::logits:
      if (!pair.generated.source || pair.generated.source->logits == 0)
        fail_invalid(pair.generated.name() + ": has no class probabilities; " + setting("metrics") +
                     " " + metric.names[0] + " needs " + setting("features") +
                     " inception and pictures");
      return;
    case Metric::Needs::rows:
      for (const OpenSet* set : {&pair.generated, &pair.reference})
        if (!set->source) {
          const auto chosen =
              std::find_if(metric.names.begin(), metric.names.end(),
                           [&](const std::string& name) { return pair.settings.wants(name); });
          fail_invalid(set->name() + ": holds statistics alone, which do for " +
                       setting("metrics") + " " + joined(names_where(statistics_do)) + "; " +
                       *chosen + " needs rows");
        }
      return;
  }
}

// Numbers of [H, W, C] are not those of [C, H, W].
void require_same_layout(const OpenSet& a, const OpenSet& b) {
  if (!a.source || !b.source) return;
  const Shape &last = a.source->row_shape, &first = b.source->row_shape;
  if (looks_channels_last(last) && first.size() == 3 && !looks_channels_last(first))
    fail_invalid(a.name() + ": rows of shape " + to_string(last) + " look like [H, W, C] and " +
                 b.name() + " has [C, H, W], " + to_string(first) + "; tensor-import " +
                 setting("channels_last") + " makes them the same");
}

}  // namespace

std::vector<std::string> metric_names() {
  return names_where([](const Metric&) { return true; });
}

std::vector<std::string> metric_settings() {
  std::set<std::string> fields;
  for (const Metric& metric : all_metrics())
    fields.insert(metric.settings.begin(), metric.settings.end());
  return {fields.begin(), fields.end()};
}

std::vector<std::string> metrics_with(const std::string& field) {
  return names_where([&](const Metric& metric) {
    return std::count(metric.settings.begin(), metric.settings.end(), field) > 0;
  });
}

bool EvaluationSettings::wants(const std::string& metric) const {
  return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
}

bool EvaluationSettings::wants_logits() const {
  const std::vector<Metric> wanted = wanted_metrics(*this);
  return std::any_of(wanted.begin(), wanted.end(),
                     [](const Metric& metric) { return metric.needs == Metric::Needs::logits; });
}

std::vector<std::string> fitting_metrics(const OpenSet& generated, const OpenSet& reference) {
  const bool have_rows = generated.source && reference.source;
  const auto of_these = have_rows && generated.source->description.name == "identity"
                            ? Metric::Default::of_numbers
                            : Metric::Default::of_features;
  return names_where([&](const Metric& metric) {
    return (have_rows || statistics_do(metric)) &&
           (metric.by_default == Metric::Default::always || metric.by_default == of_these);
  });
}

void require_fitting(const OpenSet& generated, const OpenSet& reference,
                     const EvaluationSettings& settings) {
  require_same_features(generated.name(), generated.description(), reference.name(),
                        reference.description());
  if (generated.dimension() != reference.dimension())
    fail_invalid(generated.name() + ": rows have " + std::to_string(generated.dimension()) +
                 " numbers and those of " + reference.name() + " have " +
                 std::to_string(reference.dimension()) + ", they should have as many");
  require_same_layout(generated, reference);
  require_same_layout(reference, generated);
  const OpenPair pair{generated, reference, settings};
  const std::vector<Metric> wanted = wanted_metrics(settings);
  for (const Metric& metric : wanted) require_needs(metric, pair);
  for (const Metric& metric : wanted)
    if (metric.check != nullptr) metric.check(pair);
}

std::pair<Gathering, Gathering> gatherings_for(const OpenSet& generated, const OpenSet& reference,
                                               const EvaluationSettings& settings) {
  std::pair<Gathering, Gathering> both;
  both.first.seed = both.second.seed = settings.seed;
  const OpenPair pair{generated, reference, settings};
  for (const Metric& metric : wanted_metrics(settings))
    metric.gather(pair, &both.first, &both.second);
  return both;
}

Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                         const EvaluationSettings& settings, Workers& workers) {
  Evaluation result;
  if (generated.count) result.add("n_generated", static_cast<double>(*generated.count));
  if (reference.count) result.add("n_reference", static_cast<double>(*reference.count));
  result.add("dimension", static_cast<double>(generated.dimension));
  const GatheredPair pair{generated, reference, settings, workers};
  for (const Metric& metric : wanted_metrics(settings)) metric.compute(pair, &result);
  return result;
}

}  // namespace pushforward
