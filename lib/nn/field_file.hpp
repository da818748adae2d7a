// Fields of a description as attributes of /model.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"
#include "nn/field.hpp"

namespace pushforward {

// Visitors for tables of fields (nn/field.hpp).
struct AttributeWriter {
  ContainerWriter* writer;

  void operator()(const ModelField& field, int value) const;
  void operator()(const ModelField& field, double value) const;
  void operator()(const ModelField& field, bool value) const;
  void operator()(const ModelField& field, const std::string& value) const;
  void operator()(const ModelField& field, const std::vector<int>& value) const;  // "1,2,2"
};

// Error(invalid), naming the file, for an attribute that is missing or outside what the field says.
struct AttributeReader {
  const ContainerReader& reader;
  std::size_t max_items = 0;  // of a list

  void operator()(const ModelField& field, int& value) const;
  void operator()(const ModelField& field, double& value) const;
  void operator()(const ModelField& field, bool& value) const;
  void operator()(const ModelField& field, std::string& value) const;
  void operator()(const ModelField& field, std::vector<int>& value) const;
};

}  // namespace pushforward
