#include "likelihood/density_run.hpp"

#include <algorithm>
#include <memory>

#include "base/stop.hpp"
#include "io/carried_rows.hpp"
#include "io/checks.hpp"
#include "io/names.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 16384;

constexpr const char *error_path = "/log_density_error", *evaluations_path = "/evaluations";

}  // namespace

bool uses_seed(const DensityPlan& plan, const RowReader& rows) {
  return plan.randomness == Randomness::of_all ||
         (plan.randomness == Randomness::of_rounded_rows && rounded_to_whole_numbers(rows));
}

template <class T>
DensityTotals score_rows(const DensityPlan& plan, const RowReader& rows, const DensityRun& run,
                         ContainerWriter* writer) {
  Workers workers(run.threads);
  const std::unique_ptr<Scorer<T>> scorer = plan.scorers.make<T>(rows, run, &workers);
  const bool estimated = plan.estimated;
  std::vector<std::string> made = {"/log_density"};
  if (run.score) made.emplace_back("/score");
  if (estimated) made.insert(made.end(), {error_path, evaluations_path});
  const std::vector<DensityTerm> terms = scorer->terms();
  for (const DensityTerm& term : terms) made.emplace_back(term.path);
  const CarriedRows carried(rows.container(), made);
  if (writer != nullptr) {
    writer->create_rows("/x", rows.info().type, rows.row_shape());
    carried.create(writer);
    writer->create_rows("/log_density", element_type<T>(), {});
    if (estimated) writer->create_rows(error_path, element_type<T>(), {});
    for (const DensityTerm& term : terms) writer->create_rows(term.path, element_type<T>(), {});
    if (estimated) writer->create_rows(evaluations_path, element_type<std::uint32_t>(), {});
    if (run.score) writer->create_rows("/score", element_type<T>(), rows.row_shape());
  }
  DensityTotals totals;
  if (estimated) totals.estimate.emplace();
  for (const DensityTerm& term : terms) totals.terms.emplace_back(term.name, 0);
  const std::vector<double> origin = scorer->origin();
  const double all = static_cast<double>(run.end - run.first);
  for (std::size_t row = run.first; row < run.end; row += block_rows) {
    throw_if_stopped();
    const std::size_t count = std::min(block_rows, run.end - row);
    const Array block = rows.read_array(row, count);
    const ScoredRows<T> scored = scorer->score(row, count, less_origin<T>(block, origin));
    require_finite_results(scored.log_density, 1, row, run.model + ": the log density of row",
                           Infinity::negative_allowed);
    require_finite_results(scored.score, rows.columns(), row, run.model + ": the score of row");
    if (run.progress)
      run.progress(static_cast<double>(row + count) / static_cast<double>(rows.rows()));
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

template DensityTotals score_rows<float>(const DensityPlan&, const RowReader&, const DensityRun&,
                                         ContainerWriter*);
template DensityTotals score_rows<double>(const DensityPlan&, const RowReader&, const DensityRun&,
                                          ContainerWriter*);

}  // namespace pushforward
