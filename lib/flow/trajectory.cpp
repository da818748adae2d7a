#include "flow/trajectory.hpp"

#include "density/row_evaluator.hpp"
#include "flow/base.hpp"

namespace pushforward {

Trajectory::Trajectory(const Flow* flow, std::size_t rows, const Shape& row_shape,
                       std::uint64_t seed, int threads, ContainerWriter writer)
    : flow_(flow),
      frame_shape_{1, rows},
      noise_(rows * static_cast<std::size_t>(flow->dimension())),
      workers_(threads),
      writer_(std::move(writer)) {
  frame_shape_.insert(frame_shape_.end(), row_shape.begin(), row_shape.end());
  fill_base(flow->spec().base, noise_.data(), rows, static_cast<std::size_t>(flow->dimension()),
            seed, 0, 1);
  writer_.create_rows("/x", ElementType::float32,
                      Shape(frame_shape_.begin() + 1, frame_shape_.end()));
  writer_.create_rows("/step", ElementType::int64, {});
}

void Trajectory::add(std::int64_t step, const std::vector<double>& parameters) {
  ParameterTable table = flow_->parameters();
  table.values = parameters;
  RowEvaluator<float> decoder(
      [&](Scope scope, Expr z) { return std::vector<Expr>{flow_->decode(scope, z).value}; }, table,
      flow_->dimension(), &workers_);
  writer_.append_rows("/x",
                      Array::of(decoder.run(noise_.data(), frame_shape_[1])[0], frame_shape_));
  writer_.append_rows("/step", Array::of(&step, {1}));
}

}  // namespace pushforward
