#include "nn/field_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/unet.hpp"

namespace pushforward {

void AttributeWriter::operator()(const ModelField& field, int value) const {
  if (field.is_stored(value != 0)) writer->set_integer("/model", field.name, value);
}

void AttributeWriter::operator()(const ModelField& field, double value) const {
  if (field.is_stored(value != 0)) writer->set_number("/model", field.name, value);
}

void AttributeWriter::operator()(const ModelField& field, bool value) const {
  if (field.is_stored(value)) writer->set_integer("/model", field.name, value ? 1 : 0);
}

void AttributeWriter::operator()(const ModelField& field, const std::string& value) const {
  if (field.is_stored(value != field.unset)) writer->set_text("/model", field.name, value);
}

void AttributeWriter::operator()(const ModelField& field, const std::vector<int>& value) const {
  if (field.is_stored(!value.empty()))
    writer->set_text("/model", field.name, joined_integers(value));
}

void AttributeReader::operator()(const ModelField& field, int& value) const {
  if (field.is_stored(reader.number("/model", field.name).has_value()))
    value = model_integer(reader, field.name, static_cast<int>(field.range.low),
                          static_cast<int>(field.range.high));
}

void AttributeReader::operator()(const ModelField& field, double& value) const {
  if (field.is_stored(reader.number("/model", field.name).has_value()))
    value = model_number(reader, field.name, field.range.low, field.range.high);
}

void AttributeReader::operator()(const ModelField& field, bool& value) const {
  if (field.is_stored(reader.number("/model", field.name).has_value()))
    value = model_integer(reader, field.name, 0, 1) == 1;
}

void AttributeReader::operator()(const ModelField& field, std::string& value) const {
  if (field.is_stored(reader.text("/model", field.name).has_value()))
    value = model_text(reader, field.name);
  const std::vector<std::string>& known = field.choices;
  if (!known.empty() && std::find(known.begin(), known.end(), value) == known.end())
    fail_invalid(reader.name() + ": its " + field.noun + " is '" + value +
                 "', which this version does not know");
}

void AttributeReader::operator()(const ModelField& field, std::vector<int>& value) const {
  if (!field.is_stored(reader.text("/model", field.name).has_value())) return;
  const std::string text = model_text(reader, field.name);
  value.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool number = !word.empty() && word.size() < 8 &&
                        word.find_first_not_of("0123456789") == std::string::npos;
    const int item = number ? std::stoi(word) : 0;
    if (!field.range.contains(item) || item < 1 || value.size() == max_items)
      fail_invalid(reader.name() + ": /model says " + field.name + " = '" + text +
                   "', not numbers from 1 to " +
                   std::to_string(static_cast<int>(field.range.high)));
    value.push_back(item);
    at = end + 1;
  }
}

}  // namespace pushforward
