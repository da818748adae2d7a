// What every trained model's container holds: parameters, the training log, the checkpoint.
#pragma once

#include <map>
#include <string>

#include "io/container.hpp"
#include "nn/parameters.hpp"
#include "nn/training_state.hpp"

namespace pushforward {

// /model/parameters/NAME, in float32, or float64 for a model trained in that; of the table those
// below `scope`, here and when reading.
void write_parameters(ContainerWriter* writer, const ParameterTable& table, ElementType type,
                      const std::string& scope = "");

// Fills the values of a table whose names and shapes are known (the model has been built once).
// A missing, extra, misshapen or non-finite dataset is Error(invalid) naming file and dataset.
void read_parameters(const ContainerReader& reader, ParameterTable* table,
                     const std::string& scope = "");

// /training/log, a column a dataset: step, loss, validation, learning_rate, gradient_norm, and
// discriminator_loss where there is an adversary. No clock time, so that equal runs give equal
// files.
void write_training_log(ContainerWriter* writer, const std::vector<LogRow>& log);

// The settings that decide a run's bits ("batch" to "256"); resuming under others is refused. Only
// a run that ended because its numbers failed may go on with another learning rate or clipping
// norm.
using RunSettings = std::map<std::string, std::string>;

// /checkpoint: what --resume reads.
void write_checkpoint(ContainerWriter* writer, const TrainingState& state,
                      const RunSettings& settings);
[[nodiscard]] TrainingState read_checkpoint(const ContainerReader& reader,
                                            const ParameterTable& table,
                                            const RunSettings& settings);

// Attributes of /model, with errors that name the file.
[[nodiscard]] std::string model_text(const ContainerReader& reader, const std::string& attribute);
[[nodiscard]] int model_integer(const ContainerReader& reader, const std::string& attribute,
                                int low, int high);
[[nodiscard]] double model_number(const ContainerReader& reader, const std::string& attribute,
                                  double low, double high);

// The shape of a data row ([2], [1, 8, 8]), which a model's samples are given again. Read back as
// [dimension] where the file says nothing.
void write_row_shape(ContainerWriter* writer, const Shape& shape);
[[nodiscard]] Shape read_row_shape(const ContainerReader& reader, int dimension);

// A number a column at `path`, finite, and above 0 where `positive`; Error(invalid) naming the file
// and the dataset otherwise.
[[nodiscard]] std::vector<double> model_columns(const ContainerReader& reader,
                                                const std::string& path, int dimension,
                                                bool positive);

// The same, or empty where the file does not have it: an origin (flow/flow.hpp).
[[nodiscard]] std::vector<double> origin_or_none(const ContainerReader& reader,
                                                 const std::string& path, int dimension);

// /model/class_rows: how many training rows each class of the label had. Nothing is written for an
// empty vector; empty when read from a file that does not have it.
void write_class_rows(ContainerWriter* writer, const std::vector<std::int64_t>& class_rows);
[[nodiscard]] std::vector<std::int64_t> read_class_rows(const ContainerReader& reader, int classes);

// Error(invalid), naming the file, for a class that had no training rows, of which a model knows
// nothing. `label` is below the number of classes, or -1 for none.
void require_trained_label(const std::vector<std::int64_t>& class_rows, int label,
                           const std::string& file);

// How many numbers /model/parameters holds.
[[nodiscard]] std::size_t stored_parameters(const ContainerReader& reader);

// Error(invalid): that is fewer than the attributes of the model promise.
[[noreturn]] void fail_few_parameters(const ContainerReader& reader);

// What `build` makes with at most so many parameters as the file holds; Error(invalid), naming the
// file, where that takes more.
template <class Build>
[[nodiscard]] auto built_of_stored(const ContainerReader& reader, const Build& build) {
  try {
    return build(stored_parameters(reader));
  } catch (const TooManyParameters&) {
    fail_few_parameters(reader);
  }
}

// Error(invalid) unless /model/parameters holds at least `count` numbers: what the attributes of a
// model promise is there before anything of that size is made.
void require_stored_parameters(const ContainerReader& reader, double count);

// "analytic", "flow", "score"; Error(invalid) if the container is not a model.
[[nodiscard]] std::string model_family(const ContainerReader& reader);

}  // namespace pushforward
