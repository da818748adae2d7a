// The rows of a run of flow-sample: drawn, decoded from noise or encoded, and written.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/row_path.hpp"
#include "flow/flow.hpp"
#include "flow/row_conditions.hpp"

namespace pushforward {

// between: rows are encoded, and what lies on a path between their noise is decoded.
enum class SampleTask { draw, decode, encode, between };

struct SampleRun {
  SampleTask task = SampleTask::draw;
  double temperature = 1;            // draw
  bool log_density = false;          // draw and decode: /log_density beside the rows
  std::uint64_t seed = 0;            // of what is drawn, and the noise of 8-bit rows
  std::uint64_t first = 0, end = 0;  // the rows to make
  std::optional<RowPath> path{};     // between: of the rows of the file
  int threads = 1;
  std::string model;                              // its file, for messages
  std::function<void(std::uint64_t)> progress{};  // rows done
};

// Writes /x, of decode and draw in the shape `row_shape` of the data (for a flow of 8-bit data as
// uint8; of encode the noise), /log_density or /log_det, and what the rows are conditioned on,
// block by block.
// `rows` are the noise or data, null for draw. T is float or double. Error(numerical) names a row
// that is not finite, Error(invalid) one that a flow of 8-bit data cannot encode, or rows to go
// between that differ in what they are conditioned on.
template <class T>
void write_samples(const Flow& flow, const Shape& row_shape, const SampleRun& run,
                   const RowReader* rows, const RowConditions& conditions, ContainerWriter* writer);

extern template void write_samples<float>(const Flow&, const Shape&, const SampleRun&,
                                          const RowReader*, const RowConditions&, ContainerWriter*);
extern template void write_samples<double>(const Flow&, const Shape&, const SampleRun&,
                                           const RowReader*, const RowConditions&,
                                           ContainerWriter*);

}  // namespace pushforward
