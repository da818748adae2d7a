#include "io/torch_checkpoint.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/checks.hpp"
#include "io/half_float.hpp"
#include "io/hdf5_types.hpp"
#include "io/pickle.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

using Kind = PickleNode::Kind;

constexpr int max_depth = 32;  // of dictionaries in dictionaries
// A file may refer to one tensor, or to itself, again and again. Visits of its values, and bytes of
// the tensors they give, are at most so many times its size.
constexpr std::uint64_t max_repeats = 64;

// The pickle of 0x1950a86a20f9469cfc6c, and of the version 1001 of the format.
const std::string legacy_magic("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
const std::string pickle_name = "data.pkl";

struct NumberType {
  StoredType stored;
  bool bfloat16 = false;
};

std::optional<NumberType> number_type(const std::string& storage) {
  static const std::map<std::string, NumberType> types = {
      {"torch.DoubleStorage", {{ElementType::float64}}},
      {"torch.FloatStorage", {{ElementType::float32}}},
      {"torch.HalfStorage", {{ElementType::float32, true}}},
      {"torch.BFloat16Storage", {{ElementType::float32, true}, true}},
      {"torch.LongStorage", {{ElementType::int64}}},
      {"torch.IntStorage", {{ElementType::int32}}},
      {"torch.ShortStorage", {{ElementType::int16}}},
      {"torch.CharStorage", {{ElementType::int8}}},
      {"torch.ByteStorage", {{ElementType::uint8}}},
      {"torch.BoolStorage", {{ElementType::uint8}}}};
  const auto found = types.find(storage);
  return found == types.end() ? std::nullopt : std::optional<NumberType>(found->second);
}

// The numbers that tensors are parts of: ("storage", type, key, device, count).
struct Storage {
  NumberType type;
  std::uint64_t count = 0;
  std::string bytes;
};

// The bytes of the storage of a key; empty where there is none.
using StorageBytes = std::function<std::string(const std::string& key)>;

bool is_call(const PickleNode* node, const char* function) {
  return node->kind == Kind::call && node->function->text == function;
}

class Reader {
 public:
  Reader(const InputFile& file, std::string only, StorageBytes bytes)
      : name_(file.name()),
        only_(std::move(only)),
        bytes_(std::move(bytes)),
        budget_(max_repeats * file.size()) {}

  std::vector<NamedArray> read(const PickleValue& value) {
    walk(value, "", 0);
    if (count_ == 0) fail_no_tensors(value);
    if (tensors_.empty()) fail_not_found(name_ + ": has no tensor " + only_ + ", it has " + names_);
    if (only_.empty() && !passed_over_.empty()) warn(not_passed_on(name_, passed_over_));
    return std::move(tensors_);
  }

 private:
  [[noreturn]] void fail_no_tensors(const PickleValue& value) const {
    const PickleNode* whole = pickle_node(value, Kind::call);
    if (whole == nullptr) fail_invalid(name_ + ": holds no tensors");
    fail_invalid(name_ + ": holds a " + whole->function->text +
                 ", tensors and dictionaries of them are read; of a model, its state_dict()");
  }

  // Takes the tensors of a value; false if there is none.
  bool walk(const PickleValue& value, const std::string& path, int depth) {
    spend(1);
    const auto* held = std::get_if<const PickleNode*>(&value);
    if (held == nullptr || depth > max_depth) return false;
    const PickleNode* node = *held;
    if (is_call(node, "torch._utils._rebuild_parameter") && !node->arguments->items.empty())
      return walk(node->arguments->items[0], path, depth + 1);
    if (is_call(node, "torch._utils._rebuild_tensor_v2") ||
        is_call(node, "torch._utils._rebuild_tensor")) {
      take(*node->arguments, path.empty() ? "/x" : path);
      return true;
    }
    if (node->kind != Kind::dictionary && !is_call(node, "collections.OrderedDict") &&
        node->kind != Kind::sequence)
      return false;
    const std::size_t first = passed_over_.size();
    bool any = false;
    const auto visit = [&](const std::string& key, const PickleValue& part) {
      const std::string at = path + "/" + key;
      if (walk(part, at, depth + 1))
        any = true;
      else
        passed_over_.push_back(at);
    };
    for (const auto& [key, part] : node->entries) visit(key_text(key), part);
    for (std::size_t i = 0; i < node->items.size(); ++i) visit(std::to_string(i), node->items[i]);
    if (!any) passed_over_.resize(first);  // it is named as a whole
    return any;
  }

  void spend(std::uint64_t amount) {
    if (amount > budget_) fail_invalid(name_ + ": is damaged: it refers to itself again and again");
    budget_ -= amount;
  }

  std::string key_text(const PickleValue& key) const {
    if (const PickleNode* text = pickle_node(key, Kind::text)) return text->text;
    if (const auto* number = std::get_if<std::int64_t>(&key)) return std::to_string(*number);
    fail_invalid(name_ + ": has a dictionary with keys that are neither text nor whole numbers");
  }

  [[noreturn]] void damaged(const std::string& path) const {
    fail_invalid(name_ + ": is damaged: " + path + " is not valid");
  }

  std::vector<std::uint64_t> extents(const PickleValue& value, const std::string& path) const {
    const PickleNode* tuple = pickle_node(value, Kind::sequence);
    if (tuple == nullptr || tuple->items.size() > 8) damaged(path);
    std::vector<std::uint64_t> result;
    for (const PickleValue& item : tuple->items) result.push_back(whole(item, path));
    return result;
  }

  std::uint64_t whole(const PickleValue& value, const std::string& path) const {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < 0) damaged(path);
    return static_cast<std::uint64_t>(*number);
  }

  // (storage, offset, shape, strides, ...)
  void take(const PickleNode& arguments, const std::string& path) {
    require_plain_path(path.substr(1), name_);
    ++count_;
    if (names_.size() < 60) names_ += (names_.empty() ? "" : ", ") + path;
    if (!only_.empty() && only_ != path) return;
    if (arguments.items.size() < 4) damaged(path);
    const Storage& storage = storage_of(arguments.items[0], path);
    const std::uint64_t offset = whole(arguments.items[1], path);
    const std::vector<std::uint64_t> sizes = extents(arguments.items[2], path),
                                     strides = extents(arguments.items[3], path);
    const Shape shape(sizes.begin(), sizes.end());
    const std::size_t size = storage.type.stored.size();
    const std::optional<std::size_t> bytes = checked_product(shape, size);
    if (strides.size() != sizes.size() || !bytes) damaged(path);
    // The last number lies in the storage, and none is used twice (a stride of 0).
    const std::size_t count = *bytes / size;
    std::uint64_t end = offset;
    for (std::size_t i = 0; i < sizes.size() && count > 0; ++i)
      if (sizes[i] > 1) {
        if (strides[i] == 0 || end >= storage.count ||
            sizes[i] - 1 > (storage.count - 1 - end) / strides[i])
          damaged(path);
        end += (sizes[i] - 1) * strides[i];
      }
    if (count > 0 && end >= storage.count) damaged(path);
    spend(*bytes);
    Array array = Array::make(storage.type.stored.type, shape);
    copy(storage, offset, sizes, strides, &array);
    tensors_.push_back({path, std::move(array), {}});
  }

  // Row-major, whatever the strides.
  void copy(const Storage& storage, std::uint64_t offset, const std::vector<std::uint64_t>& sizes,
            const std::vector<std::uint64_t>& strides, Array* array) const {
    const std::size_t size = storage.type.stored.size(), count = array->size();
    std::vector<std::byte> packed(count * size);
    std::vector<std::uint64_t> at(sizes.size(), 0);
    std::uint64_t from = offset;
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(packed.data() + i * size, storage.bytes.data() + from * size, size);
      for (std::size_t axis = sizes.size(); axis-- > 0;) {
        from += strides[axis];
        if (++at[axis] < sizes[axis]) break;
        from -= strides[axis] * sizes[axis];
        at[axis] = 0;
      }
    }
    if (!storage.type.bfloat16)
      return decode_numbers(storage.type.stored, packed.data(), count, array->bytes.data());
    for (std::size_t i = 0; i < count; ++i) {
      std::uint16_t bits;
      std::memcpy(&bits, packed.data() + 2 * i, 2);
      array->data<float>()[i] = float_from_bfloat16(bits);
    }
  }

  const Storage& storage_of(const PickleValue& value, const std::string& path) {
    const PickleNode* outside = pickle_node(value, Kind::persistent);
    const PickleNode* id =
        outside == nullptr ? nullptr : pickle_node(outside->items[0], Kind::sequence);
    if (id == nullptr || id->items.size() < 5) damaged(path);
    const PickleNode* type = pickle_node(id->items[1], Kind::global);
    const PickleNode* key = pickle_node(id->items[2], Kind::text);
    if (type == nullptr || key == nullptr) damaged(path);
    if (id->items.size() > 5 && !std::holds_alternative<std::monostate>(id->items[5]))
      fail_invalid(name_ + ": is of a version of PyTorch before 0.4, which is not read");
    const std::optional<NumberType> numbers = number_type(type->text);
    if (!numbers)
      fail_invalid(name_ + ": " + path + " is of the type " + type->text +
                   "; tensors of floats of 16 to 64 bits, whole numbers and bool are read");
    const auto [place, is_new] = storages_.try_emplace({key->text, type->text});
    if (!is_new) return place->second;
    Storage& storage = place->second;
    storage.type = *numbers;
    storage.count = whole(id->items[4], path);
    const std::optional<std::size_t> size =
        checked_product({static_cast<std::size_t>(storage.count)}, numbers->stored.size());
    if (!size) damaged(path);
    storage.bytes = bytes_(key->text);
    if (storage.bytes.size() != *size) damaged(path);
    return storage;
  }

  std::string name_, only_;
  StorageBytes bytes_;
  std::uint64_t budget_;
  std::map<std::pair<std::string, std::string>, Storage> storages_;  // by key and type
  std::vector<NamedArray> tensors_;
  std::vector<std::string> passed_over_;
  std::size_t count_ = 0;
  std::string names_;
};

// The members' common folder, "archive/": where data.pkl is; empty where there is none.
std::optional<std::string> archive_folder(const ZipReader& archive) {
  for (const std::string& member : archive.names()) {
    const std::size_t slash = member.find('/');
    if (slash != std::string::npos && member.substr(slash + 1) == pickle_name)
      return member.substr(0, slash + 1);
  }
  return std::nullopt;
}

std::vector<NamedArray> read_archive(const InputFile& file, const std::string& only) {
  const ZipReader archive(file);
  const std::optional<std::string> folder = archive_folder(archive);
  const auto member = [&](const std::string& name) {
    const auto& names = archive.names();
    const auto found = std::find(names.begin(), names.end(), *folder + name);
    if (found == names.end()) fail_invalid(file.name() + ": is damaged: it has no " + name);
    return archive.read(static_cast<std::size_t>(found - names.begin()));
  };
  if (!folder) fail_invalid(file.name() + ": is no checkpoint of PyTorch");
  const auto& names = archive.names();
  if (std::count(names.begin(), names.end(), *folder + "byteorder") > 0 &&
      member("byteorder") != "little")
    fail_invalid(file.name() + ": has its numbers' highest byte first, which is not read");
  const Pickle pickle = read_pickle(member(pickle_name), file.name());
  return Reader(file, only, [&](const std::string& key) { return member("data/" + key); })
      .read(pickle.value);
}

// What an old file has behind its pickles: for every key of the list the number of elements, 8
// bytes, and the elements. Their type stands where a tensor refers to them.
std::map<std::string, std::string_view> legacy_storages(const Pickle& object, const Pickle& keys,
                                                        std::string_view bytes,
                                                        const std::string& name) {
  std::map<std::string, std::size_t> sizes;  // of an element
  for (const PickleNode& node : object.nodes) {
    if (node.kind != Kind::persistent) continue;
    const PickleNode* id = pickle_node(node.items[0], Kind::sequence);
    if (id == nullptr || id->items.size() < 5) continue;
    const PickleNode* type = pickle_node(id->items[1], Kind::global);
    const PickleNode* key = pickle_node(id->items[2], Kind::text);
    if (type == nullptr || key == nullptr) continue;
    if (const auto numbers = number_type(type->text)) sizes[key->text] = numbers->stored.size();
  }
  const PickleNode* list = pickle_node(keys.value, Kind::sequence);
  if (list == nullptr) fail_invalid(name + ": is damaged: it has no list of storages");
  std::map<std::string, std::string_view> storages;
  for (const PickleValue& item : list->items) {
    const PickleNode* key = pickle_node(item, Kind::text);
    const auto size = key == nullptr ? sizes.end() : sizes.find(key->text);
    if (size == sizes.end())
      fail_invalid(name + ": has a storage of a type that is not read, or is damaged");
    std::uint64_t count = 0;
    if (bytes.size() < sizeof count) fail_invalid(name + ": is cut short");
    std::memcpy(&count, bytes.data(), sizeof count);
    bytes.remove_prefix(sizeof count);
    if (count > bytes.size() / size->second) fail_invalid(name + ": is cut short");
    const std::size_t length = static_cast<std::size_t>(count) * size->second;
    storages[key->text] = bytes.substr(0, length);
    bytes.remove_prefix(length);
  }
  return storages;
}

// The pickles of the version, of the writer's number types, of the object and of the storages'
// keys, then the storages in the order of the keys: a count of 8 bytes and the numbers.
std::vector<NamedArray> read_legacy(const InputFile& file, const std::string& only) {
  const std::string bytes = file.bytes(0, static_cast<std::size_t>(file.size()));
  std::size_t at = legacy_magic.size();
  const auto next = [&] {
    Pickle pickle = read_pickle(std::string_view(bytes).substr(at), file.name());
    at += pickle.size;
    return pickle;
  };
  static_cast<void>(next());  // the version
  static_cast<void>(next());  // sizes of the writer's number types
  const Pickle object = next(), keys = next();
  const std::map<std::string, std::string_view> storages =
      legacy_storages(object, keys, std::string_view(bytes).substr(at), file.name());
  return Reader(file, only,
                [&](const std::string& key) {
                  const auto found = storages.find(key);
                  return found == storages.end() ? std::string() : std::string(found->second);
                })
      .read(object.value);
}

}  // namespace

bool is_legacy_torch(const std::string& head) {
  return head.compare(0, legacy_magic.size(), legacy_magic) == 0;
}

bool is_torch_archive(const InputFile& file) {
  return is_zip(file.bytes(0, 4)) && archive_folder(ZipReader(file)).has_value();
}

std::vector<NamedArray> read_torch_checkpoint(const InputFile& file, const std::string& only) {
  return is_zip(file.bytes(0, 4)) ? read_archive(file, only) : read_legacy(file, only);
}

}  // namespace pushforward
