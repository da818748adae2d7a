// Names of the values of an enumeration, on command lines and in files.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {

template <class Enum>
struct Named {
  Enum value;
  const char* name;
};

template <class Enum>
[[nodiscard]] const char* name_of(const std::vector<Named<Enum>>& all, Enum value) {
  for (const Named<Enum>& one : all)
    if (one.value == value) return one.name;
  return "";
}

template <class Enum>
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Named<Enum>>& all) {
  std::vector<std::string> names;
  for (const Named<Enum>& one : all) names.emplace_back(one.name);
  return names;
}

// The value of that name. If there is none, Error(invalid): `where` begins the message, `what`
// ("process") says what was named, and all names are listed.
template <class Enum>
[[nodiscard]] Enum value_named(const std::vector<Named<Enum>>& all, const std::string& name,
                               const std::string& what, const std::string& where) {
  for (const Named<Enum>& one : all)
    if (name == one.name) return one.value;
  fail_invalid(where + ": unknown " + what + " '" + name + "'; this version knows " +
               joined(names_of(all)));
}

}  // namespace pushforward
