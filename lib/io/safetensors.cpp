#include "io/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/error.hpp"
#include "io/checks.hpp"
#include "io/half_float.hpp"
#include "io/hdf5_types.hpp"

namespace pushforward {
namespace {

using nlohmann::json;

constexpr std::uint64_t max_header = 100000000;  // the limit of the format
constexpr int max_depth = 32;                    // of nesting in the header

std::uint64_t header_size(const std::string& head) {
  std::uint64_t size = 0;
  for (std::size_t i = 8; i-- > 0;) size = (size << 8) | static_cast<unsigned char>(head[i]);
  return size;
}

struct TensorType {
  StoredType stored;
  bool bfloat16 = false;
};

TensorType tensor_type(const std::string& name, const std::string& where) {
  if (name == "F32") return {{ElementType::float32}};
  if (name == "F64") return {{ElementType::float64}};
  if (name == "F16") return {{ElementType::float32, true}};
  if (name == "BF16") return {{ElementType::float32, true}, true};
  if (name == "I64") return {{ElementType::int64}};
  if (name == "I32") return {{ElementType::int32}};
  if (name == "I16") return {{ElementType::int16}};
  if (name == "I8") return {{ElementType::int8}};
  if (name == "U64") return {{ElementType::uint64}};
  if (name == "U32") return {{ElementType::uint32}};
  if (name == "U16") return {{ElementType::uint16}};
  if (name == "U8" || name == "BOOL") return {{ElementType::uint8}};
  fail_invalid(where + ": has the type " + name.substr(0, 20) +
               ", use F16 to F64, BF16, I8 to I64, U8 to U64 or BOOL");
}

class Reader {
 public:
  explicit Reader(const InputFile& file) : file_(file) {}

  std::vector<NamedArray> read(const std::string& only) {
    const std::string head = file_.bytes(0, 9);
    if (!is_safetensors(head, file_.size())) damaged("its header is missing");
    const std::uint64_t size = header_size(head);
    begin_ = end_ = 8 + size;
    std::vector<std::string> members;
    const json header = parse_header(file_.bytes(8, static_cast<std::size_t>(size)), &members);
    std::vector<NamedArray> result;
    std::string names;
    for (const std::string& name : members) {
      if (name == "__metadata__") continue;
      require_plain_path(name, file_.name());
      if (names.size() < 60) names += (names.empty() ? "/" : ", /") + name;
      if (!only.empty() && only != "/" + name) continue;
      result.push_back({"/" + name, tensor(name, header[name]), {}});
    }
    if (names.empty()) fail_invalid(file_.name() + ": holds no tensors");
    if (result.empty())
      fail_not_found(file_.name() + ": has no tensor " + only + ", it has " + names);
    if (only.empty() && end_ != file_.size())
      damaged("it holds " + std::to_string(file_.size() - end_) + " bytes more than its tensors");
    return result;
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    fail_invalid(file_.name() + ": is damaged: " + what);
  }

  // The header, and the names of its members in order. Refuses what the JSON parser would accept: a
  // zero byte, which it takes as the end of the text; two members of the same name, of which it
  // keeps the last; nesting of any depth.
  json parse_header(const std::string& text, std::vector<std::string>* members) const {
    std::vector<std::unordered_set<std::string>> open;  // names within the objects not yet closed
    const auto check = [&](int depth, json::parse_event_t event, const json& parsed) {
      const bool object = event == json::parse_event_t::object_start;
      if ((object || event == json::parse_event_t::array_start) && depth > max_depth)
        damaged("its header is nested more than " + std::to_string(max_depth) + " deep");
      if (object) open.emplace_back();
      if (event == json::parse_event_t::object_end) open.pop_back();
      if (event != json::parse_event_t::key) return true;
      const auto& name = parsed.get_ref<const std::string&>();
      if (!open.back().insert(name).second)
        damaged("its header has " + parsed.dump().substr(0, 60) + " twice");
      if (depth == 1) members->push_back(name);
      return true;
    };
    try {
      if (text.find('\0') == std::string::npos) return json::parse(text, check);
      damaged("its header is not JSON: it holds a zero");
    } catch (const json::parse_error& error) {
      damaged("its header is not JSON: it is not valid at byte " + std::to_string(error.byte));
    }
  }

  std::vector<std::uint64_t> numbers(const json& entry, const char* key,
                                     const std::string& name) const {
    const auto list = entry.find(key);
    if (list == entry.end() || !list->is_array()) damaged(name + " has no " + key);
    std::vector<std::uint64_t> result;
    for (const json& item : *list) {
      if (!item.is_number_unsigned()) damaged(name + " has " + key + " that are not whole numbers");
      result.push_back(item.get<std::uint64_t>());
    }
    return result;
  }

  Array tensor(const std::string& name, const json& entry) {
    const auto type_name = entry.find("dtype");
    if (type_name == entry.end() || !type_name->is_string()) damaged(name + " has no dtype");
    const TensorType type = tensor_type(type_name->get<std::string>(), file_.name() + ": " + name);
    const std::vector<std::uint64_t> extents = numbers(entry, "shape", name);
    const std::vector<std::uint64_t> offsets = numbers(entry, "data_offsets", name);
    if (extents.size() > 8) damaged(name + " has more than 8 dimensions");
    const Shape shape(extents.begin(), extents.end());
    const std::optional<std::size_t> bytes = checked_product(shape, type.stored.size());
    if (offsets.size() != 2 || offsets[0] > offsets[1] || !bytes ||
        offsets[1] - offsets[0] != *bytes)
      damaged(name + " has a shape and data_offsets that do not agree");
    if (offsets[1] > file_.size() - begin_)
      fail_invalid(file_.name() + ": is cut short: " + name + " reaches beyond its end");
    end_ = std::max(end_, begin_ + offsets[1]);
    Array array = Array::make(type.stored.type, shape);
    std::vector<std::byte> stored(*bytes);
    if (file_.read_at(begin_ + offsets[0], stored.data(), stored.size()) != stored.size())
      fail_invalid(file_.name() + ": is cut short within " + name);
    if (type.bfloat16)
      for (std::size_t i = 0; i < array.size(); ++i) {
        std::uint16_t half;
        std::memcpy(&half, stored.data() + 2 * i, 2);
        array.data<float>()[i] = float_from_bfloat16(half);
      }
    else
      decode_numbers(type.stored, stored.data(), array.size(), array.bytes.data());
    return array;
  }

  const InputFile& file_;
  std::uint64_t begin_ = 0;  // where the tensors' bytes begin
  std::uint64_t end_ = 0;    // where those of the tensors read so far end
};

}  // namespace

bool is_safetensors(const std::string& head, std::uint64_t size) {
  if (head.size() < 9 || head[8] != '{') return false;
  const std::uint64_t header = header_size(head);
  return header >= 2 && header <= max_header && header <= size - 8;
}

std::vector<NamedArray> read_safetensors(const InputFile& file, const std::string& only) {
  return Reader(file).read(only);
}

}  // namespace pushforward
