#include "flow/trajectory.hpp"

#include "flow/dequantization.hpp"
#include "flow/draw.hpp"

namespace pushforward {

Trajectory::Trajectory(const Flow& flow, const TrainingRows& training_rows, std::size_t rows,
                       const Shape& row_shape, std::uint64_t seed, int threads,
                       ContainerWriter writer)
    : flow_(flow.spec(), flow.standardization(), std::nullopt),
      frame_shape_{1, rows},
      seed_(seed),
      workers_(threads),
      writer_(std::move(writer)) {
  for (std::size_t i = 0; i < rows; ++i) {
    const float* row =
        training_rows.values.data() + i % training_rows.count() * training_rows.columns;
    context_.insert(context_.end(), row + flow.dimension(), row + training_rows.columns);
  }
  frame_shape_.insert(frame_shape_.end(), row_shape.begin(), row_shape.end());
  writer_.create_rows("/x", flow.spec().eight_bit() ? ElementType::uint8 : ElementType::float32,
                      Shape(frame_shape_.begin() + 1, frame_shape_.end()));
  writer_.create_rows("/step", ElementType::int64, {});
}

void Trajectory::add(std::int64_t step, const std::vector<double>& parameters) {
  flow_.parameters().values = parameters;
  FlowSampler<float> sampler(flow_, 1, &workers_);
  const std::vector<float> x = sampler.draw(frame_shape_[1], seed_, 0, context_).x;
  writer_.append_rows("/x", flow_.spec().eight_bit() ? eight_bit_array(x, frame_shape_)
                                                     : Array::of(x, frame_shape_));
  writer_.append_rows("/step", Array::of(&step, {1}));
}

}  // namespace pushforward
