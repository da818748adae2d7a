// What each row that a program makes is conditioned on: classes that share the rows, or the dataset
// beside the rows of a file.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "flow/flow.hpp"

namespace pushforward {

// Classes that share `rows` rows out evenly, in order: of 10 rows, two classes have 5 each.
struct SharedClasses {
  std::vector<int> labels;  // empty: no class is asked for
  std::uint64_t rows = 0;
  [[nodiscard]] int at(std::uint64_t row) const {
    return labels[static_cast<std::size_t>(row * labels.size() / rows)];
  }
};

class RowConditions {
 public:
  // `rows` null: no file was given. Error(invalid), naming the model's file, where flow, classes
  // and file do not go together. Both pointers must outlive this.
  RowConditions(const Flow* flow, SharedClasses classes, const RowReader* rows,
                const std::string& model);

  // [count, context columns]; empty for a flow that is not conditional.
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const;

  // The labels or contexts go beside the rows of the output.
  void create(ContainerWriter* writer) const;
  void append(ContainerWriter* writer, std::size_t first, std::size_t count) const;

 private:
  const Flow* flow_;
  [[nodiscard]] std::vector<int> labels(std::size_t first, std::size_t count) const;
  SharedClasses classes_;
  const RowReader* rows_;
  std::optional<ContextReader> reader_;
};

}  // namespace pushforward
