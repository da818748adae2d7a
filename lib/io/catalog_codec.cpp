#include "io/catalog_codec.hpp"

#include <cstring>
#include <stdexcept>

namespace pushforward {
namespace {

// One list of members serves both directions: a Writer appends them, a Reader fills them in.
class Writer {
 public:
  template <class T>
  void plain(T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string& value) {
    std::size_t size = value.size();
    plain(size);
    bytes_ += value;
  }
  template <class T, class Visit>
  void list(std::vector<T>& values, Visit&& visit) {
    std::size_t size = values.size();
    plain(size);
    for (T& value : values) visit(value);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  template <class T>
  void plain(T& value) {
    need(sizeof value);
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
  }
  void text(std::string& value) {
    std::size_t size = 0;
    plain(size);
    need(size);
    value.assign(bytes_, at_, size);
    at_ += size;
  }
  template <class T, class Visit>
  void list(std::vector<T>& values, Visit&& visit) {
    std::size_t size = 0;
    plain(size);
    need(size);  // an element has at least one byte
    values.resize(size);
    for (T& value : values) visit(value);
  }

 private:
  void need(std::size_t count) const {
    if (count > bytes_.size() - at_) throw std::runtime_error("a catalog is cut short");
  }

  const std::string& bytes_;
  std::size_t at_ = 0;
};

template <class Stream>
void visit_attribute(Stream& stream, StoredAttribute& attribute) {
  stream.list(attribute.lines, [&](std::string& line) { stream.text(line); });
  bool has_number = attribute.number.has_value();
  double number = attribute.number.value_or(0);
  stream.plain(has_number);
  stream.plain(number);
  attribute.number = has_number ? std::optional<double>(number) : std::nullopt;
}

template <class Stream>
void visit_dataset(Stream& stream, StoredDataset& dataset) {
  const auto plain = [&](auto& value) { stream.plain(value); };
  stream.text(dataset.info.path);
  plain(dataset.info.type);
  plain(dataset.info.is_text);
  stream.list(dataset.info.shape, plain);
  plain(dataset.stored);
  plain(dataset.layout);
  stream.text(dataset.inside);
  plain(dataset.address);
  plain(dataset.absent);
  stream.list(dataset.chunk, plain);
  stream.list(dataset.filters, plain);
  stream.list(dataset.chunks, plain);
  stream.list(dataset.sums, plain);
  stream.text(dataset.fill);
}

template <class Stream>
void visit_other(Stream& stream, StoredOther& other) {
  stream.text(other.type);
  stream.text(other.reason);
  stream.list(other.shape, [&](auto& extent) { stream.plain(extent); });
}

// A flag, and the value if there is one.
template <class Stream, class T, class Visit>
void visit_optional(Stream& stream, std::optional<T>& value, Visit&& visit) {
  bool has_value = value.has_value();
  stream.plain(has_value);
  if (!has_value) return;
  if (!value) value.emplace();
  visit(stream, *value);
}

struct NamedAttribute {
  std::string name;
  StoredAttribute attribute;
};

struct Entry {
  std::string path;
  StoredObject object;
};

template <class Stream>
void visit_entry(Stream& stream, Entry& entry) {
  stream.text(entry.path);
  visit_optional(stream, entry.object.dataset, visit_dataset<Stream>);
  visit_optional(stream, entry.object.other, visit_other<Stream>);
  visit_optional(stream, entry.object.texts, visit_dataset<Stream>);
  std::vector<NamedAttribute> attributes;
  for (auto& [name, attribute] : entry.object.attributes) attributes.push_back({name, attribute});
  stream.list(attributes, [&](NamedAttribute& one) {
    stream.text(one.name);
    visit_attribute(stream, one.attribute);
  });
  for (NamedAttribute& one : attributes)
    entry.object.attributes[one.name] = std::move(one.attribute);
}

}  // namespace

std::string encode_catalog(const Catalog& catalog) {
  Writer writer;
  std::vector<Entry> entries;
  for (const auto& [path, object] : catalog) entries.push_back({path, object});
  writer.list(entries, [&](Entry& entry) { visit_entry(writer, entry); });
  return writer.take();
}

Catalog decode_catalog(const std::string& bytes) {
  Reader reader(bytes);
  std::vector<Entry> entries;
  reader.list(entries, [&](Entry& entry) { visit_entry(reader, entry); });
  Catalog catalog;
  for (Entry& entry : entries) catalog.emplace(std::move(entry.path), std::move(entry.object));
  return catalog;
}

}  // namespace pushforward
