// An option that belongs to one method, defined in the file of that method: its name, its default,
// what values it takes and its line of help. The command line declares it from this row.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/range.hpp"

namespace pushforward {

template <class T>  // double or std::int64_t
struct NumberField {
  using Value = T;
  const char* name;
  T standard;  // the value unless one is given
  Range range;
  const char* help;
};

struct WordField {
  using Value = std::string;
  const char* name;
  std::string standard;
  std::vector<std::string> choices;
  const char* help;
};

using MethodField =
    std::variant<const NumberField<double>*, const NumberField<std::int64_t>*, const WordField*>;

// By the names of the fields; a field that is not there has its standard value.
using FieldValues = std::map<std::string, std::variant<double, std::int64_t, std::string>>;

template <class Field>
[[nodiscard]] typename Field::Value value_of(const Field& field, const FieldValues& values) {
  const auto at = values.find(field.name);
  return at == values.end() ? field.standard : std::get<typename Field::Value>(at->second);
}

[[nodiscard]] inline const char* name_of(const MethodField& field) {
  return std::visit([](const auto* one) { return one->name; }, field);
}

}  // namespace pushforward
