#include "io/csv_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "io/context.hpp"
#include "io/names.hpp"
#include "io/text_field.hpp"
#include "io/texts.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_indicators = 1000;

}  // namespace

NumberColumns::NumberColumns(std::vector<Column> columns, ElementType type)
    : columns_(std::move(columns)), tallies_(columns_.size()), type_(type) {
  for (const Column& column : columns_) {
    if (file_names_.size() <= column.place) file_names_.resize(column.place + 1);
    file_names_[column.place] = column.name;
  }
}

void NumberColumns::put(double value) {
  if (type_ == ElementType::float64)
    wide_.push_back(value);
  else
    narrow_.push_back(static_cast<float>(value));
}

void NumberColumns::add_number(std::size_t column, double value) {
  Tally& tally = tallies_[column];
  ++tally.count;
  tally.sum += value;
  if (type_ != ElementType::float64) narrowed_.see(columns_[column].place, value);
  put(value);
}

void NumberColumns::add_text(std::size_t column, const std::string& text) {
  Tally& tally = tallies_[column];
  ++tally.count;
  ++tally.texts[text];
  put(tally.codes.emplace(text, static_cast<double>(tally.codes.size())).first->second);
}

void NumberColumns::add_missing(std::size_t column) {
  ++tallies_[column].missing;
  put(std::numeric_limits<double>::quiet_NaN());
}

std::size_t NumberColumns::width() const {
  std::size_t width = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    width += columns_[c].indicators ? tallies_[c].texts.size() : 1;
  return width;
}

template <class T>
Array NumberColumns::array(const std::vector<T>& cells) const {
  const std::size_t rows = cells.size() / columns_.size();
  bool plain = true;
  for (std::size_t c = 0; c < columns_.size(); ++c)
    plain = plain && !columns_[c].indicators && tallies_[c].missing == 0;
  if (plain) return Array::of(cells, {rows, columns_.size()});
  Array result = Array::make(element_type<T>(), {rows, width()});
  T* to = result.data<T>();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const T cell = cells[row * columns_.size() + c];
      const Tally& tally = tallies_[c];
      const double count = static_cast<double>(tally.count);
      if (!columns_[c].indicators) {
        *to++ = std::isnan(cell) ? static_cast<T>(tally.sum / count) : cell;
        continue;
      }
      for (const auto& [text, rows_of] : tally.texts) {
        const bool here = static_cast<double>(cell) == tally.codes.at(text);
        *to++ = std::isnan(cell) ? static_cast<T>(static_cast<double>(rows_of) / count)
                                 : static_cast<T>(here ? 1 : 0);
      }
    }
  return result;
}

NamedArray NumberColumns::dataset(const std::string& file, bool named) const {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    const std::string where = file + ": " + numbered_column(column.place, column.name);
    if (tallies_[c].count == 0)
      fail_invalid(where + " has no values at all; " + setting("drop") + " leaves it out");
    if (tallies_[c].texts.size() > max_indicators)
      fail_invalid(where + " has " + std::to_string(tallies_[c].texts.size()) +
                   " different texts, more than the " + std::to_string(max_indicators) +
                   " that may become columns; " + setting("keep") + " passes them on as texts");
    if (!column.indicators) names.push_back(column.name);
    const std::string base =
        column.name.empty() ? "column_" + std::to_string(column.place + 1) : column.name;
    for (const auto& [text, rows] : tallies_[c].texts) names.push_back(base + "=" + text);
    named = named || column.indicators;
  }
  NamedArray x{"/x", type_ == ElementType::float64 ? array(wide_) : array(narrow_), {}};
  if (named) x.attributes.emplace_back("columns", join_names(names));
  return x;
}

std::vector<std::string> NumberColumns::filled() const {
  std::vector<std::string> lines;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Tally& tally = tallies_[c];
    if (tally.missing == 0) continue;
    const bool one = tally.missing == 1;
    lines.push_back(
        numbered_column(columns_[c].place, columns_[c].name) + ": " +
        std::to_string(tally.missing) + " of " + std::to_string(tally.missing + tally.count) +
        (one ? " values is missing and becomes " : " values are missing and become ") +
        (columns_[c].indicators ? "the share of each text among the others"
                                : "the mean of the others, " +
                                      short_number(tally.sum / static_cast<double>(tally.count))));
  }
  return lines;
}

std::vector<std::size_t> NumberColumns::filled_places() const {
  std::vector<std::size_t> places;
  const bool any = std::any_of(tallies_.begin(), tallies_.end(),
                               [](const Tally& tally) { return tally.missing > 0; });
  const std::size_t cells = any ? std::max(narrow_.size(), wide_.size()) : 0;
  std::size_t place = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    const std::size_t c = i % columns_.size();
    const std::size_t width = columns_[c].indicators ? tallies_[c].texts.size() : 1;
    const bool missing =
        type_ == ElementType::float64 ? std::isnan(wide_[i]) : std::isnan(narrow_[i]);
    for (std::size_t k = 0; k < width; ++k, ++place)
      if (missing) places.push_back(place);
  }
  return places;
}

std::string kept_path(const std::string& name, std::size_t place, const std::string& where) {
  std::string plain = name.empty() ? "column_" + std::to_string(place + 1) : name;
  for (char& c : plain)
    if (c == '/' || static_cast<unsigned char>(c) < 32 || c == 127) c = '_';
  if (plain == "." || plain == "..") plain = "_";
  const std::string path = "/" + plain;
  if (!is_context_path(path) || path == "/label")
    fail_invalid(where + ": a column " + shown_field(name) + " cannot be kept under its name, " +
                 "which programs give to a dataset of their own; rename it");
  return path;
}

NamedArray kept_texts(const std::string& path, const std::string& name,
                      const std::vector<std::string>& texts) {
  NamedArray kept{path, array_of_texts(texts), {}, true};
  if (path != "/" + name && !name.empty())
    kept.attributes.emplace_back("columns", join_names({name}));
  return kept;
}

}  // namespace pushforward
