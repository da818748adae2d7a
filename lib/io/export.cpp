#include "io/export.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "base/stop.hpp"
#include "io/export_sink.hpp"
#include "io/names.hpp"
#include "io/npy.hpp"
#include "io/rows.hpp"
#include "io/summary.hpp"
#include "io/text_field.hpp"
#include "io/texts.hpp"

namespace pushforward {
namespace {

struct Column {
  DatasetInfo info;
  std::size_t width;  // numbers per row; a text is one
};

// The selected rows of a container, block by block.
class SelectedRows {
 public:
  SelectedRows(const ContainerReader& reader, const RowSelection& selection, std::size_t rows)
      : reader_(reader),
        first_(selection.range.first),
        end_(selection.range.end_of(rows, reader.name())) {
    if (!selection.sort_by.empty())
      order_ = sorted_rows(reader, selection.sort_by, selection.direction);
  }
  [[nodiscard]] std::size_t count() const { return end_ - first_; }
  // Rows [first, first + count) of those that are selected.
  [[nodiscard]] Array read(const DatasetInfo& info, std::size_t first, std::size_t count) const {
    const std::size_t from = first_ + first;
    if (order_.empty()) return reader_.read_row_block(info, from, count);
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(from);
    return gathered_rows(reader_, info, {begin, begin + static_cast<std::ptrdiff_t>(count)});
  }
  // How many to read at once. Sorted rows come from everywhere: the more at once, the fewer times
  // the file is read.
  [[nodiscard]] std::size_t step(const DatasetInfo& info) const {
    return block_rows(info) * (order_.empty() ? 1 : 64);
  }

 private:
  const ContainerReader& reader_;
  std::size_t first_, end_;
  std::vector<std::size_t> order_;
};

template <class T>
void append_numbers(const Array& rows, std::size_t row, std::size_t width, char separator,
                    bool first_column, std::string* line) {
  const T* values = rows.data<T>() + row * width;
  std::array<char, 64> buffer;
  for (std::size_t i = 0; i < width; ++i) {
    if (i > 0 || !first_column) *line += separator;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), values[i]).ptr;
    line->append(buffer.data(), end);
  }
}

void append_row(const Array& rows, std::size_t row, std::size_t width, char separator,
                bool first_column, std::string* line) {
  const auto append = [&](auto number) {
    append_numbers<decltype(number)>(rows, row, width, separator, first_column, line);
  };
  switch (rows.type) {
    case ElementType::uint8:
      return append(std::uint8_t{});
    case ElementType::int8:
      return append(std::int8_t{});
    case ElementType::uint16:
      return append(std::uint16_t{});
    case ElementType::int16:
      return append(std::int16_t{});
    case ElementType::uint32:
      return append(std::uint32_t{});
    case ElementType::int32:
      return append(std::int32_t{});
    case ElementType::uint64:
      return append(std::uint64_t{});
    case ElementType::int64:
      return append(std::int64_t{});
    case ElementType::float32:
      return append(float{});
    case ElementType::float64:
      return append(double{});
  }
}

DatasetInfo row_dataset(const ContainerReader& reader, const std::string& path) {
  // Texts stand beside rows; a file without rows has none.
  if (!reader.has(path))
    for (DatasetInfo& text : reader.row_texts())
      if (text.path == path) return std::move(text);
  DatasetInfo info = reader.info(path);
  if (info.shape.empty())
    fail_invalid(reader.name() + ": " + path + " is a single number, rows are wanted");
  if (info.shape[0] > 0 && product(info.shape) == 0)
    fail_invalid(reader.name() + ": " + path + " has shape " + to_string(info.shape) +
                 ", its rows hold no numbers");
  warn_of_column_major(reader, path);
  return info;
}

std::vector<Column> choose_columns(const ContainerReader& reader,
                                   const std::vector<std::string>& datasets) {
  std::vector<DatasetInfo> infos;
  if (datasets.empty()) {
    infos.push_back(row_dataset(reader, reader.main_dataset()));
    for (auto list : {reader.row_datasets(), reader.row_texts()})
      for (DatasetInfo& other : list) infos.push_back(std::move(other));
  }
  for (const std::string& name : datasets)
    infos.push_back(row_dataset(reader, name.empty() || name[0] != '/' ? "/" + name : name));
  std::vector<Column> columns;
  for (const DatasetInfo& info : infos) {
    if (info.shape[0] != infos[0].shape[0])
      fail_invalid(reader.name() + ": " + info.path + " has " + std::to_string(info.shape[0]) +
                   " rows, " + infos[0].path + " has " + std::to_string(infos[0].shape[0]));
    columns.push_back(
        {info, info.is_text ? 1 : product(Shape(info.shape.begin() + 1, info.shape.end()))});
  }
  return columns;
}

// A field is quoted (RFC 4180) if it holds the separator or a quote. So is one that would be lost
// or read as a comment: with blanks at its ends, with a # at its beginning, empty on a line of its
// own.
std::string quoted(const std::string& text, char separator, bool alone) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  const bool delicate =
      text.empty() ? alone : is_blank(text.front()) || is_blank(text.back()) || text.front() == '#';
  if (!delicate && text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos)
    return text;
  std::string result = "\"";
  for (char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + '"';
}

std::vector<std::string> column_names(const ContainerReader& reader, const Column& column) {
  std::vector<std::string> names = read_names(reader, column.info.path, "columns", column.width);
  if (!names.empty()) return names;
  const std::string base = column.info.path.substr(1);
  const Shape& shape = column.info.shape;
  for (std::size_t i = 0; i < column.width; ++i) {
    std::string index;
    for (std::size_t d = shape.size(), rest = i; d-- > 1; rest /= shape[d])
      index.insert(0, "_" + std::to_string(rest % shape[d]));
    names.push_back(base + (column.width == 1 ? "" : index));
  }
  return names;
}

}  // namespace

RowRange RowRange::parse(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto number = [&](const std::string& part) {
    std::size_t value = 0;
    const char* stop = part.data() + part.size();
    const auto [read_to, error] = std::from_chars(part.data(), stop, value);
    if (error != std::errc() || read_to != stop)
      fail_usage("option " + setting("rows") + ": \"" + text +
                 "\" is not A:B with whole numbers, such as 0:100");
    return value;
  };
  if (colon == std::string::npos) number("");
  RowRange range;
  if (colon > 0) range.first = number(text.substr(0, colon));
  if (colon + 1 < text.size()) range.end = number(text.substr(colon + 1));
  if (range.end && *range.end <= range.first)
    fail_usage("option " + setting("rows") + ": \"" + text +
               "\" holds no rows, the end must be above the beginning");
  return range;
}

std::size_t RowRange::end_of(std::size_t rows, const std::string& name) const {
  if (rows == 0) fail_invalid(name + ": holds no rows");
  if (first >= rows || end.value_or(rows) > rows)
    fail_invalid(name + ": has " + std::to_string(rows) + " rows, rows " + std::to_string(first) +
                 " to " + std::to_string(end ? *end - 1 : first) + " are wanted");
  return end.value_or(rows);
}

void export_text(const ContainerReader& reader, const std::vector<std::string>& datasets,
                 const RowSelection& rows, char separator, const std::string& output) {
  const std::vector<Column> columns = choose_columns(reader, datasets);
  const SelectedRows selected(reader, rows, columns[0].info.shape[0]);
  std::size_t step = std::size_t{1} << 20, width = 0;
  for (const Column& column : columns) {
    step = std::min(step, selected.step(column.info));
    width += column.width;
  }
  std::string text;
  bool only_numbers = true;
  for (const Column& column : columns)
    for (const std::string& name : column_names(reader, column)) {
      text += quoted(name, separator, width == 1) + separator;
      only_numbers = only_numbers && parsed_number(name, DecimalMark::point).has_value();
    }
  if (text.empty()) text = " ";
  text.back() = '\n';
  ExportSink sink(output);
  for (std::size_t first = 0; first < selected.count(); first += step) {
    throw_if_stopped();
    const std::size_t count = std::min(step, selected.count() - first);
    std::vector<Array> blocks;
    for (const Column& column : columns) blocks.push_back(selected.read(column.info, first, count));
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!columns[c].info.is_text) {
          append_row(blocks[c], row, columns[c].width, separator, c == 0, &text);
          continue;
        }
        if (c > 0) text += separator;
        text += quoted(std::string(text_of(blocks[c], row)), separator, width == 1);
      }
      text += '\n';
    }
    sink.write(text.data(), text.size());
    text.clear();
  }
  sink.commit();
  if (only_numbers)
    warn(reader.name() +
         ": all names of columns are numbers; to read the text again, tell tensor-import "
         "--header yes, or they are taken for a row");
}

void export_npy(const ContainerReader& reader, const RowSelection& rows,
                const std::string& output) {
  const DatasetInfo info = row_dataset(reader, reader.main_dataset());
  const SelectedRows selected(reader, rows, info.shape[0]);
  Shape shape = info.shape;
  shape[0] = selected.count();
  ExportSink sink(output);
  const std::string header = npy_header(info.type, shape);
  sink.write(header.data(), header.size());
  const std::size_t step = selected.step(info);
  for (std::size_t first = 0; first < shape[0]; first += step) {
    throw_if_stopped();
    const Array block = selected.read(info, first, std::min(step, shape[0] - first));
    sink.write(block.bytes.data(), block.bytes.size());
  }
  sink.commit();
}

}  // namespace pushforward
