// Fields of a description (nn/field.hpp) on the command line and among the settings of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/messages.hpp"
#include "cli/command_line.hpp"
#include "nn/checkpoint_file.hpp"
#include "nn/field.hpp"

namespace pushforward {

// Visitors for tables of fields; they pass over fields without an option.

// Declares the options, bound to the values that are visited.
struct FieldOptions {
  CommandLine& line;

  void operator()(const ModelField& field, int& value) const;
  void operator()(const ModelField& field, std::int64_t& value) const;
  void operator()(const ModelField& field, double& value) const;
  void operator()(const ModelField& field, bool& value) const;
  void operator()(const ModelField& field, std::string& value) const;
  void operator()(const ModelField& field, std::vector<int>& value) const;
};

// The value as a text; empty where a number or word is not set and need not be.
[[nodiscard]] std::string setting_text(const ModelField& field, int value);
[[nodiscard]] std::string setting_text(const ModelField& field, std::int64_t value);
[[nodiscard]] std::string setting_text(const ModelField& field, double value);
[[nodiscard]] std::string setting_text(const ModelField& field, bool value);
[[nodiscard]] std::string setting_text(const ModelField& field, const std::string& value);
[[nodiscard]] std::string setting_text(const ModelField& field, const std::vector<int>& value);

// Adds the values as settings of the run.
struct FieldSettings {
  RunSettings& settings;

  template <class T>
  void operator()(const ModelField& field, const T& value) const {
    if (!field.help.empty()) settings[option_of(field.name)] = setting_text(field, value);
  }
};

// Calls refuse(field, option) for every field whose option was given.
template <class Refuse>
struct GivenFields {
  const CommandLine& line;
  Refuse refuse;

  template <class T>
  void operator()(const ModelField& field, const T&) const {
    if (field.help.empty()) return;
    if (const std::string option = option_of(field.name); line.given(option)) refuse(field, option);
  }
};
template <class Refuse>
GivenFields(const CommandLine&, Refuse) -> GivenFields<Refuse>;

}  // namespace pushforward
