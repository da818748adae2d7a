// Reading the rows that a model is trained on, and what is worth a warning about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/array.hpp"
#include "io/names.hpp"
#include "nn/training_rows.hpp"

namespace pushforward {

struct TrainingCommand;

// What a conditional model is conditioned on: a dataset beside the rows (io/context.hpp).
struct ContextSource {
  std::string path;       // empty: nothing
  bool is_label = false;  // whole numbers, one column a class
};

// What the numbers of training rows have to be: any finite ones, or whole numbers 0 to 255.
enum class Elements { any, eight_bit };

// Which columns far from 0 are shifted in double before they become float32 (TrainingRows::origin):
// none; each by itself, vectors of a context too; each by itself of rows that are vectors, and none
// of images; or all columns of a row by the same number.
enum class Centring { none, columns, vector_columns, together };

// What a model that goes on learning fixes: the origin of its rows [x | context], and its classes.
struct FixedRows {
  std::vector<double> origin;
  int classes = 0;
};

struct RowUse {
  Elements elements = Elements::any;
  Centring centring = Centring::none;
  // Of none: what would keep the digits of a column that float32 is too coarse for.
  std::string advice = "subtract a number near its mean beforehand";
  std::optional<FixedRows> fixed = {};
};

struct TrainingData {
  TrainingRows rows, validation;         // of [x | context]
  int context = 0, classes = 0;          // columns of the context; classes, where it is a label
  std::vector<std::int64_t> class_rows;  // training rows of each class
  Shape row_shape;                       // of one row, [2] or [1, 8, 8]
  RowNames names;                        // of columns and classes
  std::vector<std::string> history;      // of the input
  std::string checksum;                  // of rows and validation rows
  std::vector<char> coarse;     // columns of x whose digits float32 has not kept; empty: none
  bool coarse_context = false;  // whether a column of vectors beside x is such a one
};

// Reads all rows of INPUT (and of --validation FILE, or splits a fraction off). Empty sets, values
// that are not finite or not the elements asked for and shapes that differ are Error(invalid).
// Warns of classes without training rows, and of columns that float32 is too coarse for.
[[nodiscard]] TrainingData read_training_data(const TrainingCommand& command,
                                              const ContextSource& context = {},
                                              const RowUse& use = {});

}  // namespace pushforward
