#include "cli/field_options.hpp"

#include <algorithm>

#include "cli/program.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

// Where 0 says that there is none, it is in the range.
Range option_range(const ModelField& field) {
  Range range = field.range;
  if (field.optional) range.low = std::min(range.low, 0.0);
  return range;
}

}  // namespace

void FieldOptions::operator()(const ModelField& field, int& value) const {
  if (!field.help.empty())
    line.integer(option_of(field.name), &value, option_range(field), field.help);
}

void FieldOptions::operator()(const ModelField& field, std::int64_t& value) const {
  if (!field.help.empty())
    line.integer(option_of(field.name), &value, option_range(field), field.help);
}

void FieldOptions::operator()(const ModelField& field, double& value) const {
  if (!field.help.empty())
    line.number(option_of(field.name), &value, option_range(field), field.help);
}

void FieldOptions::operator()(const ModelField& field, bool& value) const {
  if (!field.help.empty()) line.flag(option_of(field.name), &value, field.help);
}

void FieldOptions::operator()(const ModelField& field, std::string& value) const {
  if (!field.help.empty()) line.choice(option_of(field.name), &value, field.choices, field.help);
}

void FieldOptions::operator()(const ModelField& field, std::vector<int>& value) const {
  if (!field.help.empty())
    line.integers(option_of(field.name), &value, field.range, std::string(field.item) + ",...",
                  field.help);
}

std::string setting_text(const ModelField& field, int value) {
  return setting_text(field, std::int64_t{value});
}

std::string setting_text(const ModelField& field, std::int64_t value) {
  return field.optional && value == 0 ? "" : std::to_string(value);
}

std::string setting_text(const ModelField& field, double value) {
  return field.optional && value == 0 ? "" : number_text(value);
}

std::string setting_text(const ModelField&, bool value) { return value ? "yes" : "no"; }

std::string setting_text(const ModelField& field, const std::string& value) {
  return field.optional && value == field.unset ? "" : value;
}

std::string setting_text(const ModelField&, const std::vector<int>& value) {
  return joined_integers(value);
}

}  // namespace pushforward
