#include "eval/metrics/pair_rows.hpp"

namespace pushforward {
namespace {

constexpr std::size_t default_size = 10000;

}  // namespace

RowNumbers pair_rows(const EvaluationSettings& settings, std::size_t count, Side side) {
  const std::size_t size =
      settings.subset_size > 0 ? static_cast<std::size_t>(settings.subset_size) : default_size;
  return random_row_numbers(count, size, settings.seed, static_cast<std::uint32_t>(side));
}

void gather_pair_rows(const OpenPair& pair, Gathering* generated, Gathering* reference) {
  generated->keep({pair_rows(pair.settings, pair.generated.source->count, Side::generated)});
  reference->keep({pair_rows(pair.settings, pair.reference.source->count, Side::reference)});
}

Matrix<double> rows_of_pairs(const FeatureSet& set, const EvaluationSettings& settings, Side side) {
  const RowNumbers numbers = pair_rows(settings, *set.count, side);
  return rows_at(set.rows, positions_in(set.row_numbers, {numbers})[0]);
}

}  // namespace pushforward
