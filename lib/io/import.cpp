#include "io/import.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.hpp"
#include "io/idx.hpp"
#include "io/image_decoder.hpp"
#include "io/npy.hpp"
#include "io/safetensors.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

enum class Content { hdf5, npy, npz, idx, safetensors, image, text };

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
  if (begins(head, "\x89HDF\r\n\x1a\n", 8)) return Content::hdf5;
  if (begins(head, "\x93NUMPY", 6)) return Content::npy;
  if (begins(head, "PK\x03\x04", 4) || begins(head, "PK\x05\x06", 4)) return Content::npz;
  if (is_image(head)) return Content::image;
  if (is_idx(head)) return Content::idx;
  if (is_safetensors(head, file.size())) return Content::safetensors;
  if (looks_like_text(head)) return Content::text;
  fail_invalid(file.name() +
               ": is of no known format; CSV, NPY, NPZ, IDX, PNG, JPEG, BMP, safetensors and HDF5 "
               "are read");
}

bool is_gzip(const InputFile& file) { return begins(file.bytes(0, 2), "\x1f\x8b", 2); }

// /x, and the datasets that have as many rows.
Table read_container(const std::string& file, std::vector<std::string>* left_behind) {
  const ContainerReader reader(file);
  Table table;
  table.history = reader.history();
  const auto add = [&](const std::string& from, const std::string& path) {
    NamedArray one{path, reader.read(from), {}};
    for (const char* attribute : {"columns", "classes"})
      if (const std::optional<std::string> text = reader.text(from, attribute))
        one.attributes.emplace_back(attribute, *text);
    table.datasets.push_back(std::move(one));
  };
  add(reader.main_dataset(), "/x");
  const std::vector<DatasetInfo> others = reader.row_datasets();
  for (const DatasetInfo& other : others)
    if (other.path != "/x") add(other.path, other.path);
  const std::string left = reader.left_behind(others);
  if (!left.empty()) left_behind->push_back(left);
  return table;
}

// The member x, or the only one, is /x.
Table npz_table(const InputFile& file) {
  Table table;
  table.datasets = read_npz(file);
  if (table.datasets.size() == 1) table.datasets[0].path = "/x";
  return table;
}

Table idx_table(const InputFile& file) {
  Array array = read_idx(file);
  if (array.shape.size() == 3) array.shape.insert(array.shape.begin() + 1, 1);
  Table table;
  table.datasets.push_back({"/x", std::move(array), {}});
  return table;
}

Table read_file(const InputFile& file, const std::string& path, Content content,
                const ImportOptions& options, std::vector<std::string>* left_behind) {
  switch (content) {
    case Content::hdf5:
      if (path == "-")
        fail_invalid(file.name() + ": is HDF5 already, name a file to take rows from it");
      return read_container(path, left_behind);
    case Content::npy: {
      Table table;
      table.datasets.push_back(
          {"/x", read_npy(file.bytes(0, static_cast<std::size_t>(file.size())), file.name()), {}});
      return table;
    }
    case Content::npz:
      return npz_table(file);
    case Content::idx:
      return idx_table(file);
    case Content::safetensors: {
      Table table;
      table.datasets = read_safetensors(file);
      return table;
    }
    case Content::text:
      return read_csv(file, options.csv);
    case Content::image:
      break;
  }
  fail_invalid(file.name() + ": pictures are read from files and folders, each for itself");
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

// IDX files come in pairs: the rank-one file is the label of the other.
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

Imported import_files(const std::vector<std::string>& files, const ImportOptions& options) {
  Imported result;
  std::vector<Table> tables;
  std::vector<Content> contents;
  for (const std::string& path : files) {
    std::error_code error;
    if (path != "-" && std::filesystem::is_directory(path, error)) {
      contents.push_back(Content::image);
      continue;
    }
    InputFile file(Location::parse(path).file);
    if (is_gzip(file)) file = gunzip(file);
    contents.push_back(content_of(file));
    if (contents.back() == Content::image && path != "-") continue;
    tables.push_back(read_file(file, path, contents.back(), options, &result.left_behind));
    refuse_twins(tables.back(), file.name());
  }
  const auto all = [&](Content kind) {
    return std::all_of(contents.begin(), contents.end(), [&](Content c) { return c == kind; });
  };
  result.text = std::count(contents.begin(), contents.end(), Content::text) > 0;
  if (all(Content::image)) {
    result.table = read_images(files, options.image, &result.passed_over);
  } else if (std::count(contents.begin(), contents.end(), Content::image) > 0) {
    fail_invalid(files[0] + ": pictures and other files are not joined, import them one by one");
  } else if (all(Content::safetensors)) {
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
