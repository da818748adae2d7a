// Serialization of a catalog, to send it from one process to another.
#pragma once

#include <string>

#include "io/hdf5_catalog.hpp"

namespace pushforward {

[[nodiscard]] std::string encode_catalog(const Catalog& catalog);
// The inverse. Throws std::runtime_error on bytes that encode_catalog did not make.
[[nodiscard]] Catalog decode_catalog(const std::string& bytes);

}  // namespace pushforward
