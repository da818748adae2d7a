#include "eval/evaluation.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "eval/frechet_extrapolated.hpp"
#include "eval/frechet_jackknife.hpp"
#include "eval/kid.hpp"
#include "eval/manifold.hpp"
#include "eval/mmd.hpp"
#include "eval/sliced_wasserstein.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

constexpr std::size_t kid_subset = 1000, most_pair_rows = 10000;

bool one_of(const std::string& metric, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), metric) != names.end();
}

bool is_manifold(const std::string& metric) {
  return one_of(metric, {"precision", "recall", "density", "coverage"});
}

bool wants_manifold(const EvaluationSettings& settings) {
  return std::any_of(settings.metrics.begin(), settings.metrics.end(), is_manifold);
}

enum class Side : std::uint32_t { generated = 1, reference = 2 };

// The rows of a set that enter metrics of pairs of rows.
RowNumbers pair_rows(const EvaluationSettings& settings, std::size_t count, Side side) {
  const std::size_t most =
      settings.subset_size > 0 ? static_cast<std::size_t>(settings.subset_size) : most_pair_rows;
  return random_row_numbers(count, most, settings.seed, static_cast<std::uint32_t>(side));
}

KidSubsets subsets_of_kid(const EvaluationSettings& settings, std::size_t n, std::size_t m) {
  const std::size_t size =
      settings.subset_size > 0 ? static_cast<std::size_t>(settings.subset_size) : kid_subset;
  return kid_subsets(n, m, static_cast<std::size_t>(settings.subsets), size, settings.seed);
}

double number(std::size_t count) { return static_cast<double>(count); }

class PairEvaluation {
 public:
  PairEvaluation(const FeatureSet& generated, const FeatureSet& reference,
                 const EvaluationSettings& settings, Workers* workers)
      : generated_(generated), reference_(reference), settings_(settings), workers_(*workers) {}

  Evaluation run() {
    if (generated_.count) say("n_generated", number(*generated_.count));
    if (reference_.count) say("n_reference", number(*reference_.count));
    say("dimension", number(generated_.dimension));
    if (settings_.wants("frechet")) frechet();
    if (settings_.wants("kid")) kid();
    if (settings_.wants("is")) inception_score();
    if (wants_manifold(settings_)) manifold();
    if (settings_.wants("mmd")) mmd();
    if (settings_.wants("sliced-wasserstein"))
      say("sliced-wasserstein",
          sliced_wasserstein(
              generated_.rows, reference_.rows,
              random_directions(settings_.projections, generated_.dimension, settings_.seed),
              workers_));
    return std::move(result_);
  }

 private:
  void say(const std::string& name, double value) { result_.values.emplace_back(name, value); }

  void warn_of_few_rows(const FeatureSet& set) {
    if (!set.count)
      result_.warnings.push_back(
          set.name + ": does not say of how many rows it is, on which the distance depends");
    else if (*set.count <= set.dimension)
      result_.warnings.push_back(
          set.name + ": the covariance of " + std::to_string(*set.count) + " rows in " +
          std::to_string(set.dimension) +
          " dimensions is rank-deficient, which makes the Frechet distance too large; more rows "
          "would be right");
  }

  void frechet() {
    warn_of_few_rows(generated_);
    warn_of_few_rows(reference_);
    say("frechet", frechet_distance(generated_.frechet_set(), reference_.frechet_set()));
    if (settings_.jackknife_groups > 0)
      say("frechet_stderr",
          reference_.jackknife
              ? frechet_jackknife(*generated_.jackknife, *reference_.jackknife, workers_)
              : frechet_jackknife(*generated_.jackknife, *reference_.statistics, workers_));
    if (settings_.extrapolate) {
      const Extrapolation line =
          frechet_extrapolated(*generated_.extrapolation, *reference_.statistics, workers_);
      say("frechet_extrapolated", line.value);
      say("frechet_extrapolated_fit_error", line.fit_error);
    }
  }

  void kid() {
    KidSubsets subsets = subsets_of_kid(settings_, *generated_.count, *reference_.count);
    subsets.generated = positions_in(generated_.row_numbers, std::move(subsets.generated));
    subsets.reference = positions_in(reference_.row_numbers, std::move(subsets.reference));
    const KidEstimate estimate =
        kernel_inception_distance(generated_.rows, reference_.rows, subsets, workers_);
    say("kid", estimate.mean);
    if (subsets.generated.size() > 1) {
      say("kid_deviation", estimate.deviation);
      say("kid_stderr", estimate.error);
    }
    say("kid_subset_size", number(subsets.size));
  }

  void inception_score() {
    const InceptionScoreResult score = generated_.score->result();
    say("is", score.mean);
    say("is_deviation", score.deviation);
  }

  Matrix<double> rows_of_pairs(const FeatureSet& set, Side side) const {
    const RowNumbers numbers = pair_rows(settings_, *set.count, side);
    return rows_at(set.rows, positions_in(set.row_numbers, {numbers})[0]);
  }

  void manifold() {
    const Matrix<double> x = rows_of_pairs(generated_, Side::generated);
    const Matrix<double> y = rows_of_pairs(reference_, Side::reference);
    const auto k = static_cast<std::size_t>(settings_.neighbours);
    for (const FeatureSet* set : {&generated_, &reference_})
      if (std::min(*set->count, pair_rows(settings_, *set->count, Side::generated).size()) <= k)
        fail_invalid(set->name + ": has too few rows for --neighbours " + std::to_string(k) +
                     ", more than that are needed");
    const ManifoldMetrics metrics = manifold_metrics(x, y, k, workers_);
    const std::pair<const char*, const ManifoldEstimate*> all[] = {
        {"precision", &metrics.precision},
        {"recall", &metrics.recall},
        {"density", &metrics.density},
        {"coverage", &metrics.coverage}};
    for (const auto& [name, estimate] : all)
      if (settings_.wants(name)) {
        say(name, estimate->value);
        say(std::string(name) + "_stderr", estimate->error);
      }
  }

  void mmd() {
    const Matrix<double> x = rows_of_pairs(generated_, Side::generated);
    const Matrix<double> y = rows_of_pairs(reference_, Side::reference);
    std::vector<double> bandwidths = settings_.bandwidths;
    double median = 0;
    if (bandwidths.empty()) {
      median = median_distance(y);
      if (!(median > 0))
        fail_invalid(reference_.name +
                     ": all rows are equal, which leaves mmd without a scale; give --bandwidths");
      bandwidths = bandwidths_around(median);
    }
    say("mmd", mmd_squared(x, y, bandwidths, workers_));
    say("mmd_n_generated", number(x.shape(0)));
    say("mmd_n_reference", number(y.shape(0)));
    if (median > 0) say("mmd_bandwidth", median);
  }

  const FeatureSet &generated_, &reference_;
  const EvaluationSettings& settings_;
  Workers& workers_;
  Evaluation result_;
};

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = {"frechet",   "kid",    "is",
                                                 "precision", "recall", "density",
                                                 "coverage",  "mmd",    "sliced-wasserstein"};
  return names;
}

bool EvaluationSettings::wants(const std::string& metric) const {
  return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
}

std::vector<std::string> fitting_metrics(const OpenSet& generated, const OpenSet& reference) {
  if (!generated.source || !reference.source) return {"frechet"};
  if (generated.source->description.name == "identity")
    return {"frechet", "mmd", "sliced-wasserstein"};
  return {"frechet", "kid", "precision", "recall", "density", "coverage"};
}

namespace {

// Numbers of [H, W, C] are not those of [C, H, W].
void require_same_layout(const OpenSet& a, const OpenSet& b) {
  if (!a.source || !b.source) return;
  const Shape &last = a.source->row_shape, &first = b.source->row_shape;
  if (looks_channels_last(last) && first.size() == 3 && !looks_channels_last(first))
    fail_invalid(a.name() + ": rows of shape " + to_string(last) + " look like [H, W, C] and " +
                 b.name() + " has [C, H, W], " + to_string(first) +
                 "; tensor-import --channels-last makes them the same");
}

}  // namespace

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
  for (const std::string& metric : settings.metrics) {
    if (metric == "is" && (!generated.source || generated.source->logits == 0))
      fail_invalid(generated.name() +
                   ": has no class probabilities; --metrics is needs --features "
                   "inception and pictures");
    for (const OpenSet* set : {&generated, &reference})
      if (metric != "frechet" && metric != "is" && !set->source)
        fail_invalid(set->name() + ": holds statistics alone, which do for --metrics frechet; " +
                     metric + " needs rows");
  }
  if (!settings.wants("frechet")) return;
  if (settings.jackknife_groups > 0 && !generated.source)
    fail_invalid(generated.name() + ": holds statistics alone; --jackknife needs rows");
  const std::size_t groups = static_cast<std::size_t>(settings.jackknife_groups);
  for (const OpenSet* set : {&generated, &reference})
    if (groups > 0 && set->source && set->source->count < std::max<std::size_t>(groups, 3))
      fail_invalid(set->name() + ": has fewer rows than --jackknife has groups");
  if (settings.extrapolate && !generated.source)
    fail_invalid(generated.name() + ": holds statistics alone; --extrapolate needs rows");
}

std::pair<Gathering, Gathering> gatherings_for(const OpenSet& generated, const OpenSet& reference,
                                               const EvaluationSettings& settings) {
  const auto gathering = [&](const OpenSet& set, const OpenSet& other, Side side) {
    Gathering g;
    if (!set.source) return g;
    const std::size_t count = set.source->count;
    g.seed = settings.seed;
    g.statistics = settings.wants("frechet");
    if (g.statistics) g.groups = static_cast<std::size_t>(settings.jackknife_groups);
    const bool generates = side == Side::generated;
    if (generates && settings.wants("is")) g.splits = static_cast<std::size_t>(settings.splits);
    g.extrapolation = generates && g.statistics && settings.extrapolate;
    g.all_rows = settings.wants("sliced-wasserstein");
    if (g.all_rows || !other.source) return g;
    std::vector<RowNumbers> subsets;
    if (settings.wants("kid")) {
      KidSubsets both = subsets_of_kid(settings, generated.source->count, reference.source->count);
      subsets = std::move(generates ? both.generated : both.reference);
    }
    if (settings.wants("mmd") || wants_manifold(settings))
      subsets.push_back(pair_rows(settings, count, side));
    g.rows = numbers_in(subsets);
    return g;
  };
  return {gathering(generated, reference, Side::generated),
          gathering(reference, generated, Side::reference)};
}

Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                         const EvaluationSettings& settings, Workers& workers) {
  return PairEvaluation(generated, reference, settings, &workers).run();
}

}  // namespace pushforward
