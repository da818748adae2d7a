// What each row that a program makes is conditioned on: one label for all rows, or the dataset
// beside the rows of a file.
#pragma once

#include <optional>

#include "flow/flow.hpp"

namespace pushforward {

class RowConditions {
 public:
  // `label` -1: not given; `rows` null: no file was given. Error(invalid), naming the model's file,
  // where flow, label and file do not go together. Both pointers must outlive this.
  RowConditions(const Flow* flow, int label, const RowReader* rows, const std::string& model);

  // [count, context columns]; empty for a flow that is not conditional.
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const;

  // The labels or contexts go beside the rows of the output.
  void create(ContainerWriter* writer) const;
  void append(ContainerWriter* writer, std::size_t first, std::size_t count) const;

 private:
  const Flow* flow_;
  int label_;
  const RowReader* rows_;
  std::optional<ContextReader> reader_;
};

}  // namespace pushforward
