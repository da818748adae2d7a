#include "io/import.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/gzip.hpp"
#include "io/hdf5_signature.hpp"
#include "io/idx.hpp"
#include "io/image_decoder.hpp"
#include "io/image_files.hpp"
#include "io/names.hpp"
#include "io/npy.hpp"
#include "io/npz.hpp"
#include "io/picture_layout.hpp"
#include "io/rows.hpp"
#include "io/safetensors.hpp"
#include "io/text_encoding.hpp"
#include "io/torch_checkpoint.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

enum class Content { hdf5, npy, npz, idx, safetensors, torch, image, text };

bool begins(const std::string& head, const char* magic, std::size_t size) {
  return head.compare(0, size, std::string(magic, size)) == 0;
}

bool looks_like_text(const std::string& head) {
  return std::none_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  });
}

Content content_of(const InputFile& file) {
  const std::string head = file.bytes(0, 4096);
  if (head.empty()) fail_invalid(file.name() + ": is empty");
  if (is_hdf5(head)) return Content::hdf5;
  if (is_npy(head)) return Content::npy;
  // Tested before formats with signatures of two or three bytes, since it begins with a length that
  // may look like one of these.
  if (is_safetensors(head, file.size())) return Content::safetensors;
  if (is_legacy_torch(head)) return Content::torch;
  if (is_zip(head)) return is_torch_archive(file) ? Content::torch : Content::npz;
  if (is_image(head)) return Content::image;
  if (is_idx(head)) return Content::idx;
  if (looks_like_text(head) || is_utf16(head)) return Content::text;
  if (begins(head, "MATLAB 5.0", 10))
    fail_invalid(file.name() + ": is a MAT-file of an old version, save it with -v7.3");
  fail_invalid(
      file.name() +
      ": is of no known format; CSV, NPY, NPZ, IDX, PNG, JPEG, BMP, safetensors, PyTorch's "
      "checkpoints and HDF5 are read");
}

bool is_gzip(const InputFile& file) {
  const std::string head = file.bytes(0, 9);
  return begins(head, "\x1f\x8b\x08", 3) && !is_safetensors(head, file.size());
}

// Warns of the datasets of a container that are not in the table.
void warn_of_rest(const ContainerReader& reader, const Table& table) {
  std::vector<DatasetInfo> passed;
  for (const NamedArray& one : table.datasets)
    passed.push_back({one.path, one.array.type, one.array.shape, one.is_text});
  const std::string left = reader.left_behind(passed);
  if (!left.empty()) warn(left);
}

// /x, and the datasets with as many rows.
Table read_container(const ContainerReader& reader, bool transposing) {
  Table table;
  table.history = reader.history();
  const std::string main = reader.main_dataset();
  const auto add = [&](const std::string& from, const std::string& path) {
    NamedArray one{path, reader.read(from), stored_names(reader, from)};
    if (const std::optional<std::string> range = reader.text(from, "range"))
      one.attributes.emplace_back("range", *range);
    table.datasets.push_back(std::move(one));
  };
  if (!transposing) warn_of_column_major(reader, main);
  add(main, "/x");
  for (const DatasetInfo& other : transposing ? reader.datasets("/") : reader.row_datasets())
    if (other.path != "/x" && other.path != main) add(other.path, other.path);
  if (!transposing) {
    for (const DatasetInfo& info : reader.row_texts())
      table.datasets.push_back({info.path, reader.read_row_block(info, 0, info.shape[0]),
                                stored_names(reader, info.path), true});
    warn_of_rest(reader, table);
    return table;
  }
  transpose(&table);
  const Shape& x = table.datasets[0].array.shape;
  const auto is_apart = [&](const NamedArray& one) {
    return one.path != "/x" && (one.array.shape.empty() || one.array.shape[0] != x[0]);
  };
  if (!x.empty())
    table.datasets.erase(std::remove_if(table.datasets.begin(), table.datasets.end(), is_apart),
                         table.datasets.end());
  warn_of_rest(reader, table);
  return table;
}

// /x is the member x, the only member, or the one named `only`.
Table npz_table(const InputFile& file, const std::string& only) {
  Table table;
  table.datasets = read_npz(file, only);
  if (table.datasets.size() == 1) table.datasets[0].path = "/x";
  return table;
}

Table npy_table(const InputFile& file) {
  Table table;
  table.datasets.push_back(
      {"/x", read_npy(file.bytes(0, static_cast<std::size_t>(file.size())), file.name()), {}});
  return table;
}

Table idx_table(const InputFile& file) {
  Array array = read_idx(file);
  if (array.shape.size() == 3) array.shape.insert(array.shape.begin() + 1, 1);
  Table table;
  table.datasets.push_back({"/x", std::move(array), {}});
  return table;
}

// Named tensors. One that is asked for by its name is rows.
Table tensors_table(std::vector<NamedArray> tensors, const std::string& only) {
  Table table;
  table.datasets = std::move(tensors);
  if (!only.empty()) table.datasets[0].path = "/x";
  return table;
}

void refuse_path(const Location& location, const char* what) {
  if (location.dataset_named)
    fail_invalid(location.name() + ": " + what + " has no " + location.dataset +
                 "; FILE:/path is for HDF5, NPZ, safetensors and PyTorch's checkpoints");
}

Table read_content(InputFile file, const Location& location, Content content,
                   const ImportOptions& options) {
  const std::string only = location.dataset_named ? location.dataset : "";
  switch (content) {
    case Content::hdf5:
      return read_container(ContainerReader(std::move(file), location), options.transpose);
    case Content::npy:
      refuse_path(location, "an NPY file");
      return npy_table(file);
    case Content::npz:
      return npz_table(file, only);
    case Content::idx:
      refuse_path(location, "an IDX file");
      return idx_table(file);
    case Content::safetensors:
      return tensors_table(read_safetensors(file, only), only);
    case Content::torch:
      return tensors_table(read_torch_checkpoint(file, only), only);
    case Content::text:
      refuse_path(location, "text");
      return read_csv(file, options.csv);
    case Content::image:
      break;
  }
  fail_invalid(file.name() + ": pictures are read from files and folders, each for itself");
}

// Error(invalid) if /x or /label is empty, or if all arrays are. Other empty arrays beside /x are
// left out, with a warning.
void require_numbers(const std::string& name, Table* table) {
  std::vector<NamedArray>& all = table->datasets;
  const auto is_empty = [](const NamedArray& one) { return one.array.size() == 0; };
  const bool all_empty = std::all_of(all.begin(), all.end(), is_empty);
  const bool rows = table->find("/x") != nullptr;
  std::vector<std::string> left_out;
  for (const NamedArray& one : all) {
    const bool needed = one.path == "/x" || one.path == "/label" || all_empty;
    if (is_empty(one) && needed && (rows || all_empty))
      fail_invalid(name + ": is empty: " + one.path + " has shape " + to_string(one.array.shape));
    if (one.path == "/x" && one.array.shape.empty())
      fail_invalid(name + ": holds a single number, rows are wanted");
    if (is_empty(one)) left_out.push_back(one.path + " (empty)");
  }
  if (!rows || left_out.empty()) return;
  all.erase(std::remove_if(all.begin(), all.end(), is_empty), all.end());
  warn(not_passed_on(name, left_out));
}

void warn_of_channels_last(const Table& table, const std::string& name) {
  const NamedArray* x = table.find("/x");
  if (x == nullptr || x->array.shape.size() != 4) return;
  if (looks_channels_last(Shape(x->array.shape.begin() + 1, x->array.shape.end())))
    warn(name + ": shape " + to_string(x->array.shape) +
         " looks like [N, H, W, C]; --channels-last makes it [N, C, H, W]");
}

Table read_file(InputFile file, const Location& location, Content content,
                const ImportOptions& options) {
  const std::string name = file.name();
  const CsvOptions& csv = options.csv;
  if (content == Content::text && options.transpose &&
      !(csv.choice.is_all() && csv.label_column.empty() && csv.keep.empty() && csv.one_hot.empty()))
    fail_usage(
        "--transpose of text goes without --columns, --drop, --label-column, --keep and "
        "--one-hot; " +
        name + " is text");
  Table table = read_content(std::move(file), location, content, options);
  require_numbers(name, &table);
  if (options.transpose && content != Content::hdf5) transpose(&table);
  if (options.channels_last)
    move_channels_first(name, &table);
  else if (options.image.width == 0 && options.image.channels == 0)
    warn_of_channels_last(table, name);
  if (content != Content::text && !options.csv.choice.is_all())
    select_columns(options.csv.choice, name, &table);
  if (content == Content::npz && table.find("/x") == nullptr)
    warn(name + ": holds " + std::to_string(table.datasets.size()) +
         " arrays and none is called x, so there are no rows; " + name + ":" +
         table.datasets[0].path + " makes one of them the rows");
  return table;
}

void refuse_twins(const Table& table, const std::string& name) {
  std::set<std::string> paths;
  for (const NamedArray& one : table.datasets)
    if (!paths.insert(one.path).second) fail_invalid(name + ": holds " + one.path + " twice");
  for (const std::string& path : paths) {
    const auto below = paths.lower_bound(path + "/");
    if (below != paths.end() && below->compare(0, path.size() + 1, path + "/") == 0)
      fail_invalid(name + ": holds both " + path + " and " + *below +
                   ", a dataset cannot be a folder");
  }
}

// IDX files come in pairs: the file of rank 1 holds the labels of the other.
Table join_idx(std::vector<Table> tables, std::vector<std::string> names) {
  std::vector<Table> rows, labels;
  std::vector<std::string> row_names, label_names;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool is_label = tables[i].datasets[0].array.shape.size() == 1;
    (is_label ? labels : rows).push_back(std::move(tables[i]));
    (is_label ? label_names : row_names).push_back(names[i]);
  }
  if (rows.empty() || labels.empty())
    return join_rows(std::move(rows.empty() ? labels : rows),
                     rows.empty() ? label_names : row_names);
  Table result = join_rows(std::move(rows), row_names);
  Table label = join_rows(std::move(labels), label_names);
  if (label.datasets[0].array.shape[0] != result.datasets[0].array.shape[0])
    fail_invalid(label_names[0] + ": holds " + std::to_string(label.datasets[0].array.shape[0]) +
                 " labels, " + row_names[0] + " holds " +
                 std::to_string(result.datasets[0].array.shape[0]) + " rows");
  label.datasets[0].path = "/label";
  result.datasets.push_back(std::move(label.datasets[0]));
  return result;
}

}  // namespace

ContainerReader numpy_rows(const Location& location) {
  const InputFile file(location.file);
  Table table;
  if (is_npy(file.bytes(0, 16))) {
    refuse_path(location, "an NPY file");
    table = npy_table(file);
  } else {
    table = npz_table(file, location.dataset_named ? location.dataset : "");
    if (table.find("/x") == nullptr)
      if (NamedArray* first = table.find("/arr_0")) first->path = "/x";
    if (table.find("/x") == nullptr)
      fail_invalid(file.name() + ": holds " + std::to_string(table.datasets.size()) +
                   " arrays and none is called x or arr_0; name one as " + file.name() + ":" +
                   table.datasets[0].path);
  }
  refuse_twins(table, file.name());
  require_numbers(file.name(), &table);
  return ContainerReader::in_memory(file.name(), std::move(table));
}

bool is_numpy(const std::string& head) { return is_npy(head) || is_zip(head); }

Imported import_files(const std::vector<std::string>& files, const ImportOptions& options) {
  Imported result;
  std::vector<Table> tables;
  std::vector<Content> contents;
  std::size_t named = 0;  // arguments of the form FILE:/path
  for (const std::string& path : files) {
    std::error_code error;
    if (path != "-" && std::filesystem::is_directory(path, error)) {
      contents.push_back(Content::image);
      continue;
    }
    const Location location = Location::parse(path);
    named += location.dataset_named ? 1 : 0;
    InputFile file(location.file);
    if (is_gzip(file)) file = gunzip(file);
    contents.push_back(content_of(file));
    if (contents.back() == Content::image) refuse_path(location, "a picture");
    if (contents.back() == Content::image && path != "-") continue;
    tables.push_back(read_file(std::move(file), location, contents.back(), options));
    refuse_twins(tables.back(), location.name());
  }
  const auto all = [&](Content kind) {
    return std::all_of(contents.begin(), contents.end(), [&](Content c) { return c == kind; });
  };
  result.text = std::count(contents.begin(), contents.end(), Content::text) > 0;
  if (all(Content::image)) {
    if (options.transpose || options.channels_last || !options.csv.choice.is_all())
      fail_usage("--transpose, --channels-last, --columns and --drop are not for picture files");
    const ImageFiles images = find_images(files);
    result.passed_over = images.passed_over;
    result.first_passed_over = images.first_passed_over;
    result.table = read_images(images, options.image);
  } else if (std::count(contents.begin(), contents.end(), Content::image) > 0) {
    fail_invalid(files[0] + ": pictures and other files are not joined, import them one by one");
  } else if (named == 0 && (all(Content::safetensors) || all(Content::torch))) {
    result.weights = true;
    for (Table& table : tables)
      for (NamedArray& one : table.datasets) result.table.datasets.push_back(std::move(one));
    refuse_twins(result.table, files[0]);
  } else if (all(Content::idx)) {
    result.table = join_idx(std::move(tables), files);
  } else {
    result.table = join_rows(std::move(tables), files);
  }
  if (!all(Content::image)) apply_image_options(options.image, files[0], &result.table);
  return result;
}

}  // namespace pushforward
