// Numbers of the rows to draw that are known, for inpainting.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// Rows of numbers in data units, and a 1 for each that is known, a 0 for each that is to be drawn.
// Masks are held in memory, a byte a number.
class KnownNumbers {
 public:
  // The mask is the dataset /mask of the file `mask`, whose rows are then the known ones; or, with
  // `known` not empty, of that file's rows, the mask being /mask or else the main dataset of
  // `mask`. One mask serves all rows, and one row all chains. Error(invalid) naming file, dataset
  // and row where they do not fit each other or the model, or a mask holds another number than 0
  // and 1; Error(usage) where there are no known rows.
  KnownNumbers(const std::string& mask, const std::string& known, std::size_t dimension);

  // How many chains there are rows for; none where one row serves all.
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
  std::vector<std::uint8_t> mask_;  // [1 or as many as there are rows, dimension]
};

}  // namespace pushforward
