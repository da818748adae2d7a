#include "cli/training_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/precision.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "cli/parse_number.hpp"
#include "cli/training.hpp"
#include "flow/dequantization.hpp"
#include "flow/flow.hpp"
#include "io/context.hpp"
#include "io/rows.hpp"
#include "nn/row_warnings.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 20;

// Rows of [x | context] of a file.
class PairedRows {
 public:
  PairedRows(const RowReader& reader, const ContextSource& source, int classes) : reader_(reader) {
    if (!source.path.empty()) context_.emplace(&reader, source.path, classes);
  }
  [[nodiscard]] const RowReader& reader() const { return reader_; }
  [[nodiscard]] std::size_t columns() const {
    return reader_.columns() + (context_ ? context_->columns() : 0);
  }
  [[nodiscard]] std::size_t block_rows() const {
    return std::max<std::size_t>(1, block_numbers / columns());
  }
  void set_origin(const std::vector<double>& origin) {
    if (origin.empty()) return;
    const auto split = origin.begin() + static_cast<std::ptrdiff_t>(reader_.columns());
    origin_.assign(origin.begin(), split);
    if (context_) context_->set_origin({split, origin.end()});
  }
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const {
    std::vector<T> x = reader_.read<T>(first, count, origin_);
    if (!context_) return x;
    return hstack(x, reader_.columns(), context_->read<T>(first, count), context_->columns());
  }

 private:
  const RowReader& reader_;
  std::optional<ContextReader> context_;
  std::vector<double> origin_;
};

TrainingRows read_rows(const PairedRows& paired, Elements elements) {
  const RowReader& reader = paired.reader();
  TrainingRows result;
  result.columns = paired.columns();
  result.values.reserve(reader.rows() * result.columns);
  for (std::size_t first = 0; first < reader.rows(); first += paired.block_rows()) {
    const std::size_t count = std::min(paired.block_rows(), reader.rows() - first);
    if (elements == Elements::eight_bit)
      require_eight_bit(reader.read<float>(first, count), reader, first);
    const std::vector<float> block = paired.read<float>(first, count);
    for (std::size_t i = 0; i < block.size(); ++i)
      if (!std::isfinite(block[i]))
        fail_invalid(reader.container().name() + ": " + reader.info().path + " row " +
                     std::to_string(first + i / result.columns) +
                     " holds a number beyond 3.4e38, the range of training rows; scale it down");
    result.values.insert(result.values.end(), block.begin(), block.end());
  }
  return result;
}

// Mean and variance of each column in double, close to `about`.
ColumnMoments exact_moments(const PairedRows& paired, const std::vector<double>& about) {
  const std::size_t columns = paired.columns(), rows = paired.reader().rows();
  std::vector<double> sum(columns), squares(columns);
  for (std::size_t first = 0; first < rows; first += paired.block_rows()) {
    const std::vector<double> block =
        paired.read<double>(first, std::min(paired.block_rows(), rows - first));
    for (std::size_t i = 0; i < block.size(); ++i) {
      const double d = block[i] - about[i % columns];
      sum[i % columns] += d;
      squares[i % columns] += d * d;
    }
  }
  ColumnMoments m{about, squares};
  for (std::size_t j = 0; j < columns; ++j) {
    const double mean = sum[j] / static_cast<double>(rows);
    m.mean[j] += mean;
    m.variance[j] = std::max(0.0, squares[j] / static_cast<double>(rows) - mean * mean);
  }
  return m;
}

// A shift by a whole number leaves whole numbers whole.
double shift_near(double mean, double deviation) { return deviation > 1 ? std::round(mean) : mean; }

// Warns of columns [x | those of `context`] that float32 is too coarse for, and returns a 1 for
// each of x; empty for none. An empty `context`: of x alone.
std::vector<char> warn_of_coarse_columns(std::vector<double> mean, std::vector<double> deviation,
                                         std::size_t x_columns, const std::string& context,
                                         const RowUse& use, TrainingData* data) {
  if (!context.empty()) {
    const auto split = static_cast<std::ptrdiff_t>(x_columns);
    const std::string phrase =
        coarse_columns({mean.begin() + split, mean.end()},
                       {deviation.begin() + split, deviation.end()}, {{}, 0, context});
    data->coarse_context = !phrase.empty();
    if (data->coarse_context) warn(phrase + "; " + use.advice);
  }
  mean.resize(x_columns);
  deviation.resize(x_columns);
  const std::string phrase = coarse_columns(mean, deviation, {data->names.columns});
  if (phrase.empty()) return {};
  warn(phrase + "; " + use.advice);
  std::vector<char> coarse;
  for (std::size_t j = 0; j < x_columns; ++j)
    coarse.push_back(static_cast<char>(float32_is_coarse(mean[j], deviation[j])));
  return coarse;
}

// The origin of rows that were read without one; empty where no column lies far from 0. Where `use`
// takes none but a column needs one, warns and sets data->coarse.
// `context`: the path of vectors beside the rows, empty for none.
std::vector<double> find_origin(const PairedRows& paired, const RowUse& use,
                                const std::string& context, TrainingData* data) {
  const TrainingRows& rows = data->rows;
  const std::size_t x_columns = paired.reader().columns();
  const std::size_t looked_at = context.empty() ? x_columns : rows.columns;
  if (use.elements == Elements::eight_bit || element_size(paired.reader().info().type) < 4)
    return {};
  const ColumnMoments coarse = column_moments(rows.values, rows.columns);
  bool candidate = false;
  // What float32 has made of such a column may be constant.
  for (std::size_t j = 0; j < looked_at; ++j)
    candidate = candidate || (coarse.mean[j] != 0 &&
                              std::abs(coarse.mean[j]) > 500 * std::sqrt(coarse.variance[j]));
  if (!candidate) return {};
  ColumnMoments exact = exact_moments(paired, coarse.mean);
  for (double& v : exact.variance) v = std::sqrt(v);
  const std::vector<double>& deviation = exact.variance;
  if (use.centring == Centring::none) {
    data->coarse = warn_of_coarse_columns(exact.mean, deviation, x_columns, context, use, data);
    return {};
  }
  std::vector<double> origin(rows.columns);
  bool any = false;
  if (use.centring == Centring::together) {
    double mean = 0, wide = 0;
    for (std::size_t j = 0; j < x_columns; ++j) {
      mean += exact.mean[j] / static_cast<double>(x_columns);
      wide += deviation[j] / static_cast<double>(x_columns);
    }
    any = far_from_zero(mean, wide);
    if (any) std::fill_n(origin.begin(), x_columns, shift_near(mean, wide));
    return any ? origin : std::vector<double>();
  }
  for (std::size_t j = 0; j < looked_at; ++j) {
    if (!far_from_zero(exact.mean[j], deviation[j])) continue;
    origin[j] = shift_near(exact.mean[j], deviation[j]);
    any = true;
  }
  return any ? origin : std::vector<double>();
}

// How many of the rows are held out. Unless it was asked for, none of very few rows, and of many
// rows no more than tell one set of weights from another.
std::size_t held_out(double fraction, bool by_default, std::size_t count) {
  constexpr std::size_t few = 20, enough = 10000;
  if (by_default && count < few) return 0;
  const auto held = static_cast<std::size_t>(fraction * static_cast<double>(count));
  return by_default ? std::min(held, enough) : std::max<std::size_t>(1, held);
}

// Moves some rows, chosen by the seed, to `validation`.
void split_rows(std::size_t held, std::uint64_t seed, TrainingRows* rows,
                TrainingRows* validation) {
  const std::size_t count = rows->count(), columns = rows->columns;
  if (held == 0) return;
  if (held >= count)
    fail_invalid(setting("validation") + ": " + std::to_string(count) +
                 " rows are too few to hold some out");
  const std::vector<std::uint64_t> order = permutation(count, Random(seed, Stream::split), 0);
  TrainingRows kept;
  kept.columns = validation->columns = columns;
  kept.origin = validation->origin = rows->origin;
  kept.values.reserve((count - held) * columns);
  validation->values.reserve(held * columns);
  for (std::size_t i = 0; i < count; ++i) {
    const auto from = rows->values.begin() + static_cast<std::ptrdiff_t>(order[i] * columns);
    auto& to = i < held ? validation->values : kept.values;
    to.insert(to.end(), from, from + static_cast<std::ptrdiff_t>(columns));
  }
  *rows = std::move(kept);
}

// How many of the rows [x | one column a class] are of each class.
std::vector<std::int64_t> count_classes(const TrainingRows& rows, std::size_t classes) {
  std::vector<std::int64_t> counts(classes);
  for (std::size_t i = 0; i < rows.count(); ++i) {
    const float* label = rows.values.data() + (i + 1) * rows.columns - classes;
    for (std::size_t k = 0; k < classes; ++k) counts[k] += label[k] > 0 ? 1 : 0;
  }
  return counts;
}

// "class 3 ONE", "classes 3, 4 and 7 more MANY"; empty for none.
std::string about_classes(const std::vector<std::string>& names, const std::string& one,
                          const std::string& many) {
  if (names.empty()) return "";
  return (names.size() == 1 ? "class " : "classes ") + listed(names, " and ", "") + " " +
         (names.size() == 1 ? one : many);
}

// Classes between the labels that no row has. Before rows are read: each takes a column of them.
void warn_of_empty_classes(const std::vector<std::int64_t>& counts) {
  std::vector<std::string> empty;
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k] == 0) empty.push_back(std::to_string(k));
  const std::string phrase = about_classes(empty, "has no rows", "have no rows");
  if (!phrase.empty())
    warn(phrase + ": labels are counted from 0 to the largest, " +
         std::to_string(counts.size() - 1) +
         ", and every class takes a column; number them from 0 without gaps");
}

// The classes of a model that goes on learning: rows need not have all of them.
void take_classes(const RowReader& reader, int classes, std::vector<std::int64_t>* counts) {
  if (counts->size() > static_cast<std::size_t>(classes))
    fail_invalid(reader.container().name() + ": labels up to " +
                 std::to_string(counts->size() - 1) + ", the model has classes 0 to " +
                 std::to_string(classes - 1));
  counts->resize(static_cast<std::size_t>(classes));
}

// Classes that are all held out.
void warn_of_unseen_classes(const TrainingData& data) {
  if (data.classes == 0 || data.validation.count() == 0) return;
  const std::vector<std::int64_t> held =
      count_classes(data.validation, static_cast<std::size_t>(data.classes));
  std::vector<std::string> unseen;
  for (std::size_t k = 0; k < held.size(); ++k)
    if (held[k] > 0 && data.class_rows[k] == 0) unseen.push_back(std::to_string(k));
  const std::string phrase = about_classes(unseen, "has validation rows, but no training rows",
                                           "have validation rows, but no training rows");
  if (!phrase.empty()) warn(phrase + ": the validation loss counts what no step can learn");
}

std::uint64_t hash_rows(std::uint64_t hash, const TrainingRows& rows) {
  for (const float value : rows.values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3ull;
  }
  return hash;
}

std::uint64_t hash_origin(std::uint64_t hash, const std::vector<double>& origin) {
  for (const double value : origin) {
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 0x100000001b3ull;
  }
  return hash;
}

}  // namespace

TrainingData read_training_data(const TrainingCommand& command, const ContextSource& context,
                                const RowUse& wanted) {
  TrainingData data;
  RowUse use = wanted;
  {
    const RowReader reader(command.input());
    data.history = reader.container().history();
    data.row_shape = reader.row_shape();
    if (use.centring == Centring::vector_columns)
      use.centring = data.row_shape.size() == 1 ? Centring::columns : Centring::none;
    data.names = names_of_rows(reader.container(), reader.columns(),
                               context.is_label ? context.path : std::string());
    if (context.is_label) {
      std::vector<std::int64_t> counts = rows_by_class(reader, context.path);
      if (use.fixed) take_classes(reader, use.fixed->classes, &counts);
      data.classes = static_cast<int>(counts.size());
      if (!use.fixed) warn_of_empty_classes(counts);
    }
    PairedRows paired(reader, context, data.classes);
    data.rows = read_rows(paired, use.elements);
    data.context = static_cast<int>(data.rows.columns - reader.columns());
    const std::vector<double> origin =
        use.fixed ? use.fixed->origin
                  : find_origin(paired, use, context.is_label ? "" : context.path, &data);
    if (!origin.empty()) {
      paired.set_origin(origin);
      data.rows = {};  // before as much again is taken
      data.rows = read_rows(paired, use.elements);
      data.rows.origin = origin;
    }
    // A bright pixel in one picture is no slip.
    if (use.centring == Centring::columns && element_size(reader.info().type) >= 4)
      for (const std::string& warning :
           outlier_warnings(data.rows, reader.columns(), data.names.columns))
        warn(warning);
  }
  if (const auto fraction = number_in(command.validation)) {
    split_rows(held_out(*fraction, command.default_validation, data.rows.count()),
               command.options.seed, &data.rows, &data.validation);
  } else if (!command.validation.empty()) {
    const RowReader reader(command.validation);
    if (reader.row_shape() != data.row_shape)
      fail_invalid(reader.container().name() + ": rows of shape " + to_string(reader.row_shape()) +
                   ", the training rows have " + to_string(data.row_shape));
    PairedRows paired(reader, context, data.classes);
    if (paired.columns() != data.rows.columns)
      fail_invalid(reader.container().name() + ": " + context.path + " has " +
                   std::to_string(paired.columns() - reader.columns()) +
                   " columns, that of the training rows has " + std::to_string(data.context));
    paired.set_origin(data.rows.origin);
    data.validation = read_rows(paired, use.elements);
    data.validation.origin = data.rows.origin;
  }
  if (data.classes > 0)
    data.class_rows = count_classes(data.rows, static_cast<std::size_t>(data.classes));
  warn_of_unseen_classes(data);
  const std::uint64_t hash = hash_origin(
      hash_rows(hash_rows(0xcbf29ce484222325ull, data.rows), data.validation), data.rows.origin);
  data.checksum = std::to_string(data.rows.count()) + "x" + std::to_string(data.rows.columns) +
                  "/" + std::to_string(hash);
  return data;
}

}  // namespace pushforward
