#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/container.hpp"
#include "io/hdf5_catalog.hpp"
#include "io/hdf5_signature.hpp"
#include "io/input_file.hpp"
#include "io/stored_rows.hpp"
#include "io/table.hpp"

namespace pushforward {
namespace {

constexpr double format_version = 1;

}  // namespace

struct ContainerReader::Implementation {
  explicit Implementation(const std::string& text)
      : location(Location::parse(text)), input(location.file, [this](const std::string& head) {
          require_hdf5_signature(head, location.name());
        }) {
    read_file();
  }

  Implementation(InputFile file, Location where)
      : location(std::move(where)), input(std::move(file)) {
    require_hdf5_signature(input.bytes(0, hdf5_head_size), location.name());
    read_file();
  }

  Implementation(const std::string& name, Table table)
      : location{name, "/x", false}, input(InputFile::empty(name)) {
    for (NamedArray& one : table.datasets) {
      StoredDataset dataset;
      dataset.info = {one.path, one.array.type, one.array.shape};
      dataset.stored = {one.array.type};
      dataset.layout = StoredDataset::Layout::inside;
      dataset.inside.assign(reinterpret_cast<const char*>(one.array.bytes.data()),
                            one.array.bytes.size());
      one.array = {};
      StoredObject& object = catalog[one.path];
      object.dataset = std::move(dataset);
      for (const auto& [attribute, text] : one.attributes)
        object.attributes[attribute] = {{text}, {}};
    }
  }

  void read_file() {
    require_whole_hdf5(input);
    catalog = read_catalog(input);
    const std::optional<double> version = attribute_number("/", "format_version");
    if (version && *version > format_version)
      fail_invalid(input.name() +
                   ": was written by a newer version of the format, this program "
                   "reads version 1");
  }

  const StoredObject* object(const std::string& path) const {
    const auto found = catalog.find(path);
    return found == catalog.end() ? nullptr : &found->second;
  }

  const StoredDataset& dataset(const std::string& path) const {
    const StoredObject* found = object(path);
    if (found == nullptr) fail_missing("dataset", path);
    if (!found->dataset)
      fail_invalid(input.name() + ": " + path +
                   (found->other ? " " + found->other->reason : " is a group, not a dataset"));
    return *found->dataset;
  }

  [[noreturn]] void fail_missing(const std::string& what, const std::string& path) const {
    std::string names;
    for (const auto& [other, entry] : catalog)
      if (entry.dataset && names.size() < 60) names += (names.empty() ? "" : ", ") + other;
    fail_not_found(input.name() + ": has no " + what + " " + path +
                   (names.empty() ? "" : ", it has " + names));
  }

  // The group that FILE:/path names, which becomes the root; empty if it names none.
  std::string take_group() {
    if (!location.dataset_named) return "";
    const std::string path = location.dataset;
    const StoredObject* named = object(path);
    if (named == nullptr) fail_missing("dataset or group", path);
    if (!named->is_group()) return "";
    location = {location.file, Location{}.dataset, false};
    return path;
  }

  const StoredAttribute* attribute(const std::string& path, const std::string& name) const {
    const StoredObject* found = object(path);
    if (found == nullptr) return nullptr;
    const auto entry = found->attributes.find(name);
    return entry == found->attributes.end() ? nullptr : &entry->second;
  }

  std::optional<double> attribute_number(const std::string& path, const std::string& name) const {
    const StoredAttribute* found = attribute(path, name);
    return found == nullptr ? std::nullopt : found->number;
  }

  Location location;
  InputFile input;
  Catalog catalog;
  StoredRows rows{&input};
};

ContainerReader::ContainerReader(const std::string& location)
    : implementation_(std::make_shared<Implementation>(location)),
      prefix_(implementation_->take_group()) {}
ContainerReader::ContainerReader(InputFile file, const Location& location)
    : implementation_(std::make_shared<Implementation>(std::move(file), location)),
      prefix_(implementation_->take_group()) {}
ContainerReader ContainerReader::in_memory(const std::string& name, Table table) {
  return ContainerReader(std::make_shared<Implementation>(name, std::move(table)), "");
}
ContainerReader::ContainerReader(std::shared_ptr<Implementation> implementation, std::string prefix)
    : implementation_(std::move(implementation)), prefix_(std::move(prefix)) {}
ContainerReader::~ContainerReader() = default;
ContainerReader::ContainerReader(ContainerReader&&) noexcept = default;
ContainerReader& ContainerReader::operator=(ContainerReader&&) noexcept = default;

ContainerReader ContainerReader::inside(const std::string& group) const {
  return ContainerReader(implementation_, at(group));
}

std::string ContainerReader::at(const std::string& path) const {
  return path == "/" && !prefix_.empty() ? prefix_ : prefix_ + path;
}

const Location& ContainerReader::location() const { return implementation_->location; }
std::string ContainerReader::name() const {
  return implementation_->input.name() + (prefix_.empty() ? "" : ":" + prefix_);
}
std::string ContainerReader::kind() const {
  return implementation_->location.dataset_named ? "tensors"
                                                 : text("/", "kind").value_or("tensors");
}

void ContainerReader::require_group(const std::string& what) const {
  const Location& named = implementation_->location;
  if (named.dataset_named)
    fail_invalid(name() + ": " + named.dataset + " is a dataset, and " + what +
                 " is a file, or a group in it");
}
std::string ContainerReader::main_dataset() const { return implementation_->location.dataset; }

std::vector<std::string> ContainerReader::history() const {
  std::vector<std::string> of_group = lines("/", "history");
  if (!of_group.empty()) return of_group;
  const StoredAttribute* found = implementation_->attribute("/", "history");
  return found == nullptr ? of_group : found->lines;
}

std::vector<std::string> ContainerReader::lines(const std::string& path,
                                                const std::string& attribute) const {
  const StoredAttribute* found = implementation_->attribute(at(path), attribute);
  return found == nullptr ? std::vector<std::string>{} : found->lines;
}

std::vector<DatasetInfo> ContainerReader::datasets(const std::string& group, bool recursive) const {
  const std::string from = at(group), prefix = from == "/" ? from : from + "/";
  std::vector<DatasetInfo> result;
  for (const auto& [path, object] : implementation_->catalog) {
    if (!object.dataset || path.compare(0, prefix.size(), prefix) != 0) continue;
    if (!recursive && path.find('/', prefix.size()) != std::string::npos) continue;
    result.push_back(object.dataset->info);
    result.back().path.erase(0, prefix_.size());
  }
  return result;
}

std::vector<OtherInfo> ContainerReader::other_datasets() const {
  const std::string prefix = prefix_ + "/";
  std::vector<OtherInfo> result;
  for (const auto& [path, object] : implementation_->catalog)
    if (object.other && path.compare(0, prefix.size(), prefix) == 0)
      result.push_back({path.substr(prefix_.size()), object.other->type, object.other->shape});
  return result;
}

bool ContainerReader::has(const std::string& path) const {
  return implementation_->object(at(path)) != nullptr;
}

DatasetInfo ContainerReader::info(const std::string& path) const {
  DatasetInfo info = implementation_->dataset(at(path)).info;
  info.path = path;
  return info;
}

Array ContainerReader::read(const std::string& path) const {
  const StoredDataset& dataset = implementation_->dataset(at(path));
  const Shape& shape = dataset.info.shape;
  return implementation_->rows.read(dataset, 0, shape.empty() ? 1 : shape[0]);
}

Array ContainerReader::read_rows(const std::string& path, std::size_t first,
                                 std::size_t count) const {
  const StoredDataset& dataset = implementation_->dataset(at(path));
  const Shape& shape = dataset.info.shape;
  if (shape.empty()) fail_invalid(name() + ": " + path + " is a single number, rows are wanted");
  if (first > shape[0] || count > shape[0] - first)
    fail_invalid(name() + ": " + path + ": has " + std::to_string(shape[0]) + " rows, rows " +
                 std::to_string(first) + " to " + std::to_string(first + count) + " are wanted");
  return implementation_->rows.read(dataset, first, count);
}

std::vector<DatasetInfo> ContainerReader::row_datasets() const {
  const DatasetInfo main = info(main_dataset());
  std::vector<DatasetInfo> result;
  for (DatasetInfo& other : datasets("/"))
    if (other.path != main.path && !other.shape.empty() && !main.shape.empty() &&
        other.shape[0] == main.shape[0])
      result.push_back(std::move(other));
  return result;
}

std::vector<DatasetInfo> ContainerReader::row_texts() const {
  const Shape main = info(main_dataset()).shape;
  const std::string prefix = prefix_ + "/";
  std::vector<DatasetInfo> result;
  for (const auto& [path, object] : implementation_->catalog) {
    if (!object.texts || path.compare(0, prefix.size(), prefix) != 0 ||
        path.find('/', prefix.size()) != std::string::npos)
      continue;
    if (main.empty() || object.texts->info.shape[0] != main[0]) continue;
    result.push_back(object.texts->info);
    result.back().path.erase(0, prefix_.size());
  }
  return result;
}

Array ContainerReader::read_row_block(const DatasetInfo& info, std::size_t first,
                                      std::size_t count) const {
  if (!info.is_text) return read_rows(info.path, first, count);
  return implementation_->rows.read(*implementation_->object(at(info.path))->texts, first, count);
}

std::string ContainerReader::left_behind(const std::vector<DatasetInfo>& passed,
                                         Behind which) const {
  const Shape main = info(main_dataset()).shape;
  const auto counts = [&](const Shape& shape) {
    return which == Behind::of_all || (!shape.empty() && !main.empty() && shape[0] == main[0]);
  };
  std::set<std::string> kept = {main_dataset(), "/x"};
  for (const DatasetInfo& one : passed) kept.insert(one.path);
  std::vector<std::string> names;
  for (const OtherInfo& other : other_datasets())
    if (counts(other.shape) && kept.count(other.path) == 0)
      names.push_back(other.path + " (" + other.type + ")");
  for (const DatasetInfo& one : datasets("/", true))
    if (counts(one.shape) && kept.count(one.path) == 0) names.push_back(one.path);
  return names.empty() ? std::string() : not_passed_on(name(), names);
}

std::optional<std::string> ContainerReader::text(const std::string& path,
                                                 const std::string& attribute) const {
  const StoredAttribute* found = implementation_->attribute(at(path), attribute);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->text());
}

std::optional<double> ContainerReader::number(const std::string& path,
                                              const std::string& attribute) const {
  return implementation_->attribute_number(at(path), attribute);
}

std::vector<std::pair<std::string, std::string>> ContainerReader::attributes(
    const std::string& path) const {
  std::vector<std::pair<std::string, std::string>> result;
  const StoredObject* found = implementation_->object(at(path));
  if (found == nullptr) return result;
  for (const auto& [attribute, value] : found->attributes)
    result.emplace_back(attribute, value.text());
  return result;
}

}  // namespace pushforward
