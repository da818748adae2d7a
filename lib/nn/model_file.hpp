// What the containers of all trained models hold: parameters, attributes, preprocessing.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"
#include "io/names.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// Writes the parameters below `scope` as /model/parameters/NAME, in `type`: float32, or float64 for
// a model trained in that.
void write_parameters(ContainerWriter* writer, const ParameterTable& table, ElementType type,
                      const std::string& scope = "");

// Fills in the values below `scope` of a table whose names and shapes are known (the model has been
// built once). Error(invalid), naming file and dataset, if a dataset is missing, unknown, not
// finite, or of another shape.
void read_parameters(const ContainerReader& reader, ParameterTable* table,
                     const std::string& scope = "");

// Attributes of /model, with errors that name the file.
[[nodiscard]] std::string model_text(const ContainerReader& reader, const std::string& attribute);
[[nodiscard]] int model_integer(const ContainerReader& reader, const std::string& attribute,
                                int low, int high);
[[nodiscard]] double model_number(const ContainerReader& reader, const std::string& attribute,
                                  double low, double high);

// The shape of a data row ([2], [1, 8, 8]), which the model's samples get as well. It is read as
// [dimension] if the file does not say.
void write_row_shape(ContainerWriter* writer, const Shape& shape);
[[nodiscard]] Shape read_row_shape(const ContainerReader& reader, int dimension);

// The names of the columns and classes of the rows that a model was trained on, which its samples
// get as well: the attributes "columns" and "class_names" of /model (io/names.hpp). Names that are
// not those of `dimension` columns are read as none.
void write_row_names(ContainerWriter* writer, const RowNames& names);
[[nodiscard]] RowNames read_row_names(const ContainerReader& reader, int dimension);

// One number per column at `path`, finite, and above 0 if `positive`; Error(invalid), naming file
// and dataset, otherwise.
[[nodiscard]] std::vector<double> model_columns(const ContainerReader& reader,
                                                const std::string& path, int dimension,
                                                bool positive);

// The same, or empty if the file does not have it: an origin (flow/flow.hpp).
[[nodiscard]] std::vector<double> origin_or_none(const ContainerReader& reader,
                                                 const std::string& path, int dimension);

// /model/class_rows: the number of training rows of each class. Nothing is written for an empty
// vector, which is also read from a file that does not have it.
void write_class_rows(ContainerWriter* writer, const std::vector<std::int64_t>& class_rows);
[[nodiscard]] std::vector<std::int64_t> read_class_rows(const ContainerReader& reader, int classes);

// Error(invalid), naming the file, for a class without training rows, of which a model knows
// nothing. `label` is below the number of classes, or -1 for none.
void require_trained_label(const std::vector<std::int64_t>& class_rows, int label,
                           const std::string& file);

// The number of numbers in /model/parameters.
[[nodiscard]] std::size_t stored_parameters(const ContainerReader& reader);

// Error(invalid): /model/parameters holds fewer numbers than the attributes need.
[[noreturn]] void fail_few_parameters(const ContainerReader& reader);

// Returns build(n) with n the number of parameters that the file holds, as a maximum;
// Error(invalid), naming the file, if the model needs more.
template <class Build>
[[nodiscard]] auto built_of_stored(const ContainerReader& reader, const Build& build) {
  try {
    return build(stored_parameters(reader));
  } catch (const TooManyParameters&) {
    fail_few_parameters(reader);
  }
}

// Error(invalid) unless /model/parameters holds at least `count` numbers. Called before anything of
// the size that attributes declare is allocated.
void require_stored_parameters(const ContainerReader& reader, double count);

// "analytic", "flow", "score"; Error(invalid) if the container is not a model.
[[nodiscard]] std::string model_family(const ContainerReader& reader);

}  // namespace pushforward
