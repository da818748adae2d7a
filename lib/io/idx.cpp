#include "io/idx.hpp"

#include <optional>

#include "base/error.hpp"
#include "io/checks.hpp"
#include "io/hdf5_types.hpp"

namespace pushforward {
namespace {

std::optional<ElementType> idx_type(unsigned char code) {
  switch (code) {
    case 0x08:
      return ElementType::uint8;
    case 0x09:
      return ElementType::int8;
    case 0x0b:
      return ElementType::int16;
    case 0x0c:
      return ElementType::int32;
    case 0x0d:
      return ElementType::float32;
    case 0x0e:
      return ElementType::float64;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_idx(const std::string& head) {
  return head.size() >= 4 && head[0] == 0 && head[1] == 0 &&
         idx_type(static_cast<unsigned char>(head[2])) && head[3] >= 1 && head[3] <= 8;
}

Array read_idx(const InputFile& file) {
  const std::string head = file.bytes(0, 4 + 4 * 8);
  if (!is_idx(head)) fail_invalid(file.name() + ": is not an IDX file");
  const auto rank = static_cast<std::size_t>(head[3]);
  const std::size_t start = 4 + 4 * rank;
  if (head.size() < start) fail_invalid(file.name() + ": is cut short within its IDX header");
  Shape shape;
  for (std::size_t d = 0; d < rank; ++d) {
    std::size_t extent = 0;
    for (std::size_t i = 0; i < 4; ++i)
      extent = (extent << 8) | static_cast<unsigned char>(head[4 + 4 * d + i]);
    shape.push_back(extent);
  }
  const StoredType type{*idx_type(static_cast<unsigned char>(head[2])), false, true};
  const std::optional<std::size_t> needed = checked_product(shape, type.size());
  require_exactly(file.size() - start, needed, shape, type.size(), file.name());
  Array array = Array::make(type.type, std::move(shape));
  if (file.read_at(start, array.bytes.data(), array.bytes.size()) != array.bytes.size())
    fail_invalid(file.name() + ": is cut short");
  decode_numbers(type, array.bytes.data(), array.size(), array.bytes.data());
  return array;
}

}  // namespace pushforward
