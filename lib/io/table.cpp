#include "io/table.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "io/names.hpp"
#include "io/permute.hpp"
#include "io/texts.hpp"

namespace pushforward {
namespace {

Shape row_shape(const Array& array) {
  return array.shape.empty() ? Shape{} : Shape(array.shape.begin() + 1, array.shape.end());
}

}  // namespace

const NamedArray* Table::find(const std::string& path) const {
  for (const NamedArray& one : datasets)
    if (one.path == path) return &one;
  return nullptr;
}

NamedArray* Table::find(const std::string& path) {
  return const_cast<NamedArray*>(std::as_const(*this).find(path));
}

std::size_t require_rows(const Table& table, const std::string& name) {
  const NamedArray* main = table.find("/x");
  if (main == nullptr || main->array.shape.empty())
    fail_invalid(name + ": holds no rows in /x, so there is nothing to choose from");
  const std::size_t rows = main->array.shape[0];
  if (main->array.size() == 0) fail_invalid(name + ": holds no rows");
  for (const NamedArray& one : table.datasets)
    if (one.array.shape.empty() || one.array.shape[0] != rows)
      fail_invalid(name + ": " + one.path + " has shape " + to_string(one.array.shape) +
                   ", one row for each of the " + std::to_string(rows) + " rows of /x is wanted");
  return rows;
}

void select_columns(const ColumnChoice& choice, const std::string& name, Table* table) {
  NamedArray* x = table->find("/x");
  if (x == nullptr || x->array.shape.size() != 2)
    fail_invalid(name + ": " +
                 (x == nullptr ? "has no /x" : "/x has shape " + to_string(x->array.shape)) +
                 "; columns are chosen of rows [N, D]");
  const std::size_t rows = x->array.shape[0], count = x->array.shape[1];
  std::vector<std::string> names;
  for (const auto& [attribute, text] : x->attributes)
    if (attribute == "columns") names = split_names(text);
  if (names.size() != count) names.clear();
  const std::vector<std::size_t> places = chosen_columns(choice, names, count, name);
  const std::size_t size = element_size(x->array.type);
  Array chosen = Array::make(x->array.type, {rows, places.size()});
  std::byte* to = chosen.bytes.data();
  for (std::size_t row = 0; row < rows; ++row)
    for (const std::size_t place : places) {
      std::memcpy(to, x->array.bytes.data() + (row * count + place) * size, size);
      to += size;
    }
  x->array = std::move(chosen);
  x->attributes.clear();
  table->filled.clear();
  if (names.empty()) return;
  std::vector<std::string> left;
  for (const std::size_t place : places) left.push_back(names[place]);
  x->attributes.emplace_back("columns", join_names(left));
}

void transpose(Table* table) {
  table->filled.clear();
  for (NamedArray& one : table->datasets) {
    if (one.array.shape.size() < 2 || one.is_text) continue;
    one.array = transposed(one.array);
    if (one.path == "/x") one.attributes.clear();
  }
}

void move_channels_first(const std::string& name, Table* table) {
  NamedArray* x = table->find("/x");
  if (x == nullptr || x->array.shape.size() != 4)
    fail_invalid(name + ": " +
                 (x == nullptr ? "has no /x" : "/x has shape " + to_string(x->array.shape)) +
                 "; --channels-last is for pictures [N, H, W, C]");
  x->array = permuted(x->array, {0, 3, 1, 2});
}

Table select_rows(const Table& table, const std::vector<std::uint64_t>& order) {
  Table result;
  result.history = table.history;
  for (const NamedArray& one : table.datasets) {
    Shape shape = one.array.shape;
    shape[0] = order.size();
    NamedArray chosen{one.path, Array::make(one.array.type, std::move(shape)), one.attributes,
                      one.is_text};
    const std::size_t row = one.array.row_size() * element_size(one.array.type);
    for (std::size_t i = 0; i < order.size() && row > 0; ++i)
      std::memcpy(chosen.array.bytes.data() + i * row,
                  one.array.bytes.data() + static_cast<std::size_t>(order[i]) * row, row);
    result.datasets.push_back(std::move(chosen));
  }
  return result;
}

Table join_rows(std::vector<Table> tables, const std::vector<std::string>& names) {
  Table result = std::move(tables.front());
  if (tables.size() == 1) return result;
  static_cast<void>(require_rows(result, names[0]));
  for (std::size_t t = 1; t < tables.size(); ++t) {
    Table& table = tables[t];
    static_cast<void>(require_rows(table, names[t]));
    const std::size_t before = product(result.find("/x")->array.shape);
    for (const std::size_t place : table.filled) result.filled.push_back(before + place);
    if (table.datasets.size() != result.datasets.size())
      fail_invalid(names[t] + ": has " + std::to_string(table.datasets.size()) + " datasets, " +
                   names[0] + " has " + std::to_string(result.datasets.size()));
    for (NamedArray& into : result.datasets) {
      NamedArray* from = table.find(into.path);
      if (from == nullptr)
        fail_invalid(names[t] + ": has no " + into.path + ", which " + names[0] + " has");
      if (from->is_text && into.is_text) {
        const std::size_t size = std::max(from->array.shape[1], into.array.shape[1]);
        for (NamedArray* one : {from, &into})
          if (one->array.shape[1] < size) one->array = widened_texts(one->array, size);
      }
      if (from->array.type != into.array.type || row_shape(from->array) != row_shape(into.array))
        fail_invalid(names[t] + ": " + into.path + " has rows of shape " +
                     to_string(row_shape(from->array)) + " and type " +
                     element_type_name(from->array.type) + ", those of " + names[0] + " have " +
                     to_string(row_shape(into.array)) + " and " +
                     element_type_name(into.array.type));
      if (from->attributes != into.attributes)
        fail_invalid(names[t] + ": " + into.path + " has other columns or classes than that of " +
                     names[0] + ", import them one by one");
      into.array.bytes.insert(into.array.bytes.end(), from->array.bytes.begin(),
                              from->array.bytes.end());
      into.array.shape[0] += from->array.shape[0];
    }
  }
  return result;
}

void write_table(const Table& table, ContainerWriter* writer) {
  for (const NamedArray& one : table.datasets) {
    if (one.is_text)
      writer->write_texts(one.path, one.array);
    else
      writer->write(one.path, one.array);
    for (const auto& [attribute, text] : one.attributes)
      writer->set_text(one.path, attribute, text);
  }
}

}  // namespace pushforward
