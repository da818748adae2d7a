// Attributes of an HDF5 object, as text and numbers.
#pragma once

#include <map>
#include <string>

#include "io/hdf5_catalog.hpp"

namespace pushforward {

// All attributes of numbers and text; others are passed over. `name` begins the messages.
[[nodiscard]] std::map<std::string, StoredAttribute> read_attributes(hid_t object,
                                                                     const std::string& name);

void write_text_attribute(hid_t object, const std::string& attribute,
                          const std::vector<std::string>& lines, bool scalar);
void write_number_attribute(hid_t object, const std::string& attribute, double value);
void write_integer_attribute(hid_t object, const std::string& attribute, std::int64_t value);
void write_unsigned_attribute(hid_t object, const std::string& attribute, std::uint64_t value);

}  // namespace pushforward
