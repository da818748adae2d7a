// Fields of a description, such as FlowSpec: one table of them serves the options of a program,
// the attributes of model files and the settings that --resume compares.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/range.hpp"

namespace pushforward {

// What is said of one field besides its value. A table is a function template
// each_field(description, visit) that calls visit(ModelField, value) for every field in the order
// of model files; what it says of a field may depend on the values of the fields before it.
struct ModelField {
  const char* name;  // of the attribute; the option has dashes in place of underscores
  Range range{};     // of a number
  std::vector<std::string> choices{};  // of a word; empty: any
  std::string help{};                  // of the option; empty: there is none
  const char* noun;                    // in messages about files
  const char* item = "N";              // one of a list, in the help
  std::string_view part{};             // of the description, where only some models have that part
  bool stored = true;                  // whether this description's file has the attribute
  // Files leave the attribute out where the value is 0, false or the word for "not set".
  bool optional = false;
  std::string unset{};
  std::string misfit{};  // why this description does not use the field: "has no splines"

  explicit ModelField(const char* its_name, Range its_range = {})
      : name(its_name), range(its_range), noun(its_name) {}
  // Whether a file has the attribute; is_set: the value, or the file that is read, says something.
  [[nodiscard]] bool is_stored(bool is_set) const { return stored && (is_set || !optional); }
  // Setters, for rows of the tables.
  ModelField& one_of(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
  ModelField& option(std::string its_help) {
    help = std::move(its_help);
    return *this;
  }
  ModelField& called(const char* word) {
    noun = word;
    return *this;
  }
  ModelField& list_of(const char* word) {
    item = word;
    return *this;
  }
  ModelField& in_part(std::string_view its_part) {
    part = its_part;
    return *this;
  }
  ModelField& stored_if(bool is_stored) {
    stored = is_stored;
    return *this;
  }
  ModelField& left_out_if_unset(std::string word = "") {
    optional = true;
    unset = std::move(word);
    return *this;
  }
  ModelField& used_if(bool used, const char* otherwise) {
    if (!used) misfit = otherwise;
    return *this;
  }
};

}  // namespace pushforward
