// Numbers of the rows to draw that are known, for inpainting.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// Rows in data units with a mask: 1 for a number that is known, 0 for one that is to be drawn. The
// mask is held in memory, one byte per number.
class KnownNumbers {
 public:
  // Without `known`, the file `mask` holds the mask as /mask and the known rows beside it. With
  // `known`, that file holds the rows, and the mask is /mask or else the main dataset of `mask`. A
  // single mask is for all rows, and a single row for all chains. Error(invalid), naming file,
  // dataset and row, where they do not fit each other or the model, or where a mask holds a number
  // other than 0 and 1. Error(usage) where there are no known rows.
  KnownNumbers(const std::string& mask, const std::string& known, std::size_t dimension);

  // How many chains there are rows for; none where a single row is for all.
  [[nodiscard]] std::optional<std::uint64_t> count() const;
  [[nodiscard]] std::string name() const { return rows_->container().name(); }
  [[nodiscard]] const ContainerReader& container() const { return rows_->container(); }

  // Of chains first to first + count - 1, [count, dimension] each.
  template <class T>
  [[nodiscard]] std::vector<T> rows(std::uint64_t first, std::size_t count) const;
  [[nodiscard]] std::vector<std::uint8_t> mask(std::uint64_t first, std::size_t count) const;

 private:
  std::size_t dimension_;
  std::unique_ptr<RowReader> rows_;
  std::vector<std::uint8_t> mask_;  // [1 or rows, dimension]
};

}  // namespace pushforward
