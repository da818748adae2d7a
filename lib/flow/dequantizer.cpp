#include "flow/dequantizer.hpp"

#include "flow/dequantization.hpp"

namespace pushforward {

template <class T>
Dequantizer<T>::Dequantizer(const Flow& flow, const ParameterTable& parameters, Workers* workers)
    : columns_(static_cast<std::size_t>(flow.dimension())),
      context_columns_(static_cast<std::size_t>(flow.context_columns())) {
  if (!flow.spec().variational()) return;
  const int d = flow.dimension();
  const auto noise = [&flow, d](Scope scope, Expr both, const Conditions& c) {
    const Mapped u = flow.noise(scope, slice_columns(both, 0, d), slice_columns(both, d, d), c);
    return std::vector<Expr>{u.value, -u.log_det};
  };
  noise_.emplace(flow_function(flow, 2 * d, noise), parameters, 2 * d + flow.context_columns(),
                 workers, flow.lane_rows(RowEvaluator<T>::most_lane));
}

template <class T>
std::vector<T> Dequantizer<T>::add_noise(std::vector<T>* rows, const std::vector<T>& context,
                                         const NoiseDraw& draw) {
  const std::size_t count = rows->size() / columns_;
  std::vector<T> noise =
      dequantization_uniforms<T>(count, columns_, draw.seed, draw.first_row, draw.draw);
  std::vector<T> log_density(count);
  if (noise_) {
    const std::vector<T> both = concatenate_columns(*rows, columns_, noise, columns_);
    std::vector<std::vector<T>> out = noise_->run(
        concatenate_columns(both, 2 * columns_, context, context_columns_).data(), count);
    noise = std::move(out[0]);
    log_density = std::move(out[1]);
  }
  pushforward::add_noise(noise, rows);
  return log_density;
}

template class Dequantizer<float>;
template class Dequantizer<double>;

}  // namespace pushforward
