#include "likelihood/density_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/random.hpp"
#include "base/stop.hpp"
#include "flow/dequantization.hpp"
#include "flow/dequantizer.hpp"
#include "flow/flow.hpp"
#include "io/carried_rows.hpp"
#include "io/checks.hpp"
#include "io/context.hpp"
#include "io/names.hpp"
#include "likelihood/ddpm_bound.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 16384;

constexpr const char *error_path = "/log_density_error", *evaluations_path = "/evaluations";

// A term of the log density, one number per row: its dataset, and what its mean is called.
struct Term {
  const char *path, *name;
};

// Of a block of rows, one number per row except for the score.
template <class T>
struct Scored {
  std::vector<T> log_density, score;
  std::vector<T> error;                    // empty for exact
  std::vector<std::uint32_t> evaluations;  // empty for exact
  std::vector<std::vector<T>> terms;       // in the order of Scorer::terms()
};

// What rows of whole numbers stand for.
enum class WholeNumbers {
  points,       // themselves
  dequantized,  // what a flow of 8-bit data makes of them with its noise
  rounded       // the numbers that are rounded to them
};

WholeNumbers whole_numbers(const DensityPlan& plan, const RowReader& rows) {
  if (plan.eight_bit) return WholeNumbers::dequantized;
  return plan.method != "exact" && rows.info().type == ElementType::uint8 ? WholeNumbers::rounded
                                                                          : WholeNumbers::points;
}

// From the fraction of rows [first, first + count) that is done to that of `all` rows.
std::function<void(double)> progress_of(const DensityRun& run, std::size_t first, std::size_t count,
                                        std::size_t all) {
  if (!run.progress) return {};
  return [&run, first, count, all](double fraction) {
    run.progress((static_cast<double>(first) + fraction * static_cast<double>(count)) /
                 static_cast<double>(all));
  };
}

// Computes log densities of the rows [first, first + count), whose numbers are given.
template <class T>
class Scorer {
 public:
  virtual ~Scorer() = default;
  [[nodiscard]] virtual std::vector<Term> terms() const { return {}; }
  // What is subtracted from rows in double before they are scored; empty: 0.
  [[nodiscard]] virtual std::vector<double> origin() const { return {}; }
  // x: less origin().
  [[nodiscard]] virtual Scored<T> score(std::size_t first, std::size_t count, std::vector<T> x) = 0;
};

template <class T>
class ExactScorer : public Scorer<T> {
 public:
  ExactScorer(const Density& density, const DensityPlan& plan, const RowReader& rows,
              const DensityRun& run, Workers* workers)
      : columns_(rows.columns()),
        rows_(rows),
        run_(run),
        draws_(whole_numbers(plan, rows) == WholeNumbers::dequantized ? plan.draws : 0),
        origin_(density.origin()),
        evaluator_([&](Scope scope, Expr x) { return outputs(density, plan, run.score, scope, x); },
                   density.parameters(), density.dimension() + density.context_columns(), workers,
                   density.lane_rows(RowEvaluator<T>::max_lane)) {
    if (plan.noised)
      for (double& v : origin_) v *= plan.scale;
    if (density.context_columns() > 0)
      context_ = flow_context(dynamic_cast<const Flow&>(density), rows);
    if (draws_ > 0)
      dequantizer_.emplace(dynamic_cast<const Flow&>(density), density.parameters(), workers);
  }

  [[nodiscard]] std::vector<double> origin() const override { return origin_; }
  [[nodiscard]] Scored<T> score(std::size_t first, std::size_t count, std::vector<T> x) override {
    Scored<T> scored;
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
    const std::vector<T> told = context(first, count);
    // The sum is of exp(. - largest).
    std::vector<double> largest(count, std::numeric_limits<double>::lowest()), sum(count, 0);
    const std::function<void(double)> progress = progress_of(run_, first, count, rows_.rows());
    for (int draw = 0; draw < draws_; ++draw) {
      throw_if_stopped();
      std::vector<T> noisy = x;
      const std::vector<T> log_noise = dequantizer_->add_noise(
          &noisy, told, {run_.seed, first, static_cast<std::uint32_t>(draw)});
      const std::vector<T> logs = evaluate(noisy, told)[0];
      for (std::size_t r = 0; r < count; ++r) {
        const double log = static_cast<double>(logs[r]) - static_cast<double>(log_noise[r]);
        const double most = std::max(largest[r], log);
        sum[r] = sum[r] * std::exp(largest[r] - most) + std::exp(log - most);
        largest[r] = most;
      }
      if (progress) progress((draw + 1.0) / draws_);
    }
    std::vector<T> result(count);
    for (std::size_t r = 0; r < count; ++r)
      result[r] = static_cast<T>(largest[r] + std::log(sum[r] / draws_));
    return result;
  }

  static std::vector<Expr> outputs(const Density& density, const DensityPlan& plan, bool score,
                                   Scope scope, Expr x) {
    Graph& graph = x.graph();
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

template <class T>
class OdeScorer : public Scorer<T> {
 public:
  OdeScorer(const SampledModel& model, const DensityPlan& plan, const RowReader& rows,
            const DensityRun& run, Workers* workers)
      : run_(run),
        rows_(rows.rows()),
        rounded_(whole_numbers(plan, rows) == WholeNumbers::rounded),
        origin_(plan.model.origin),
        density_(plan.model, plan.settings, plan.time, workers) {
    if (model.score() != nullptr && model.score()->description().classes > 0)
      labels_.emplace(&rows, "/label", model.score()->description().classes);
  }

  [[nodiscard]] std::vector<double> origin() const override { return origin_; }
  [[nodiscard]] Scored<T> score(std::size_t first, std::size_t count, std::vector<T> x) override {
    std::vector<int> labels;
    if (labels_) {
      const std::vector<T> one = labels_->template read<T>(first, count);
      const auto classes = static_cast<std::ptrdiff_t>(labels_->columns());
      for (auto row = one.begin(); row != one.end(); row += classes)
        labels.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
    }
    if (rounded_) spread(first, count, &x);
    OdeRun ode;
    ode.first = first;
    ode.seed = run_.seed;
    ode.progress = progress_of(run_, first, count, rows_);
    OdeLogDensity out = density_.log_density(ode, x.data(), count, labels);
    Scored<T> scored;
    scored.log_density.assign(out.log_density.begin(), out.log_density.end());
    scored.error.assign(out.error.begin(), out.error.end());
    scored.evaluations = std::move(out.evaluations);
    if (run_.score) scored.score = density_.score(x.data(), count, labels);
    return scored;
  }

 private:
  // A whole number stands for the numbers that are rounded to it: the mean log density of one of
  // them, drawn at random, is a lower bound on the log probability of the whole number.
  void spread(std::size_t first, std::size_t count, std::vector<T>* x) const {
    std::vector<T> uniform(x->size());
    Random(run_.seed, Stream::dequantize)
        .fill_uniform(uniform.data(), count, x->size() / count, first);
    for (std::size_t i = 0; i < x->size(); ++i) (*x)[i] += uniform[i] - T(0.5);
  }

  const DensityRun& run_;
  std::size_t rows_;
  bool rounded_;
  std::vector<double> origin_;
  OdeDensity<T> density_;
  std::optional<ContextReader> labels_;
};

template <class T>
class BoundScorer : public Scorer<T> {
 public:
  BoundScorer(const ScoreModel& model, const DensityPlan& plan, const RowReader& rows,
              const DensityRun& run, Workers* workers)
      : run_(run), rows_(rows.rows()), model_(model), bound_(model, workers) {
    settings_.draws = plan.draws;
    settings_.large_variance = plan.large_variance;
    settings_.eight_bit = whole_numbers(plan, rows) == WholeNumbers::rounded;
    settings_.seed = run.seed;
    evaluations_ = static_cast<std::uint32_t>(plan.draws * model.process().settings().levels);
    if (model.description().classes > 0)
      labels_.emplace(&rows, "/label", model.description().classes);
  }

  [[nodiscard]] std::vector<Term> terms() const override {
    return {{"/bound_prior", "prior"},
            {"/bound_diffusion", "diffusion"},
            {"/bound_decoder", "decoder"}};
  }
  [[nodiscard]] std::vector<double> origin() const override { return model_.description().origin; }

  [[nodiscard]] Scored<T> score(std::size_t first, std::size_t count, std::vector<T> x) override {
    std::vector<T> context;
    if (labels_) context = labels_->template read<T>(first, count);
    settings_.first = first;
    settings_.progress = progress_of(run_, first, count, rows_);
    const BoundRows out = bound_.bound(settings_, x.data(), context.data(), count);
    Scored<T> scored;
    for (std::size_t r = 0; r < count; ++r)
      scored.log_density.push_back(
          static_cast<T>(-(out.prior[r] + out.diffusion[r] + out.decoder[r])));
    scored.error.assign(out.error.begin(), out.error.end());
    for (const std::vector<double>* term : {&out.prior, &out.diffusion, &out.decoder})
      scored.terms.emplace_back(term->begin(), term->end());
    scored.evaluations.assign(count, evaluations_);
    return scored;
  }

 private:
  const DensityRun& run_;
  std::size_t rows_;
  const ScoreModel& model_;
  DdpmBound<T> bound_;
  BoundRun settings_;
  std::uint32_t evaluations_;
  std::optional<ContextReader> labels_;
};

}  // namespace

template <class T>
DensityTotals score_rows(const SampledModel& model, const DensityPlan& plan, const RowReader& rows,
                         const DensityRun& run, ContainerWriter* writer) {
  const bool estimated = plan.method != "exact";  // with an error, by evaluations of the score
  Workers workers(run.threads);
  std::unique_ptr<Scorer<T>> scorer;
  if (plan.method == "bound")
    scorer = std::make_unique<BoundScorer<T>>(*model.score(), plan, rows, run, &workers);
  else if (plan.method == "ode")
    scorer = std::make_unique<OdeScorer<T>>(model, plan, rows, run, &workers);
  else
    scorer = std::make_unique<ExactScorer<T>>(*model.density(), plan, rows, run, &workers);
  std::vector<std::string> made = {"/log_density"};
  if (run.score) made.emplace_back("/score");
  if (estimated) made.insert(made.end(), {error_path, evaluations_path});
  const std::vector<Term> terms = scorer->terms();
  for (const Term& term : terms) made.emplace_back(term.path);
  const CarriedRows carried(rows.container(), made);
  if (writer != nullptr) {
    writer->create_rows("/x", rows.info().type, rows.row_shape());
    carried.create(writer);
    writer->create_rows("/log_density", element_type<T>(), {});
    if (estimated) writer->create_rows(error_path, element_type<T>(), {});
    for (const Term& term : terms) writer->create_rows(term.path, element_type<T>(), {});
    if (estimated) writer->create_rows(evaluations_path, element_type<std::uint32_t>(), {});
    if (run.score) writer->create_rows("/score", element_type<T>(), rows.row_shape());
  }
  DensityTotals totals;
  if (estimated) totals.estimate.emplace();
  for (const Term& term : terms) totals.terms.emplace_back(term.name, 0);
  const std::vector<double> origin = scorer->origin();
  const double all = static_cast<double>(rows.rows());
  for (std::size_t row = 0; row < rows.rows(); row += block_rows) {
    throw_if_stopped();
    const std::size_t count = std::min(block_rows, rows.rows() - row);
    const Array block = rows.read_array(row, count);
    const Scored<T> scored = scorer->score(row, count, less_origin<T>(block, origin));
    require_finite_results(scored.log_density, 1, row, run.model + ": the log density of row",
                           Infinity::negative_allowed);
    require_finite_results(scored.score, rows.columns(), row, run.model + ": the score of row");
    if (run.progress) run.progress(static_cast<double>(row + count) / all);
    for (const T error : scored.error) totals.estimate->error += static_cast<double>(error) / all;
    for (const std::uint32_t n : scored.evaluations) totals.estimate->evaluations += n / all;
    for (std::size_t i = 0; i < terms.size(); ++i)
      for (const T value : scored.terms[i])
        totals.terms[i].second += static_cast<double>(value) / all;
    if (writer == nullptr) {
      totals.log_density.insert(totals.log_density.end(), scored.log_density.begin(),
                                scored.log_density.end());
      continue;
    }
    writer->append_rows("/x", block);
    carried.append(writer, row, count);
    writer->append_rows("/log_density", Array::of(scored.log_density, {count}));
    if (estimated) writer->append_rows(error_path, Array::of(scored.error, {count}));
    for (std::size_t i = 0; i < terms.size(); ++i)
      writer->append_rows(terms[i].path, Array::of(scored.terms[i], {count}));
    if (estimated) writer->append_rows(evaluations_path, Array::of(scored.evaluations, {count}));
    if (run.score) writer->append_rows("/score", Array::of(scored.score, block.shape));
  }
  if (writer != nullptr) {
    copy_names(rows.container(), rows.info().path, writer, "/x");
    carried.name(writer);
  }
  return totals;
}

template DensityTotals score_rows<float>(const SampledModel&, const DensityPlan&, const RowReader&,
                                         const DensityRun&, ContainerWriter*);
template DensityTotals score_rows<double>(const SampledModel&, const DensityPlan&, const RowReader&,
                                          const DensityRun&, ContainerWriter*);

}  // namespace pushforward
