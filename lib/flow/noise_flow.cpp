#include "flow/noise_flow.hpp"

#include <cmath>

#include "flow/coupling.hpp"
#include "flow/image_coupling.hpp"
#include "flow/image_flow.hpp"

namespace pushforward {
namespace {

constexpr int coupling_count = 4;
// The largest float below 1 is 1 - edge.
const double edge = std::ldexp(1, -24), width = 1 - 2 * edge;

// ln of the slope of a sigmoid at y, and so minus that of a logit at sigmoid(y).
Expr log_slope(Expr y) { return -softplus(y) - softplus(-y); }

}  // namespace

NoiseFlow::NoiseFlow(const FlowSpec& spec) {
  if (!spec.convolutional()) {
    FlowSpec dense = spec;
    dense.layers = coupling_count;
    couplings_ = real_nvp_layers(dense);
    return;
  }
  ImageShape shape = image_shape(spec);
  arrangement_.push_back(channels_last(shape));
  const bool even = shape.height % 2 == 0 && shape.width % 2 == 0;
  if (even) {
    arrangement_.push_back(squeezing(shape));
    shape = squeezed(shape);
  }
  for (int i = 0; i < coupling_count; ++i) {
    const bool odd = i % 2 == 1;
    const KeptPart kept = even ? (odd ? KeptPart::second_channels : KeptPart::first_channels)
                               : (odd ? KeptPart::odd_pixels : KeptPart::even_pixels);
    couplings_.push_back(
        {"coupling_" + std::to_string(i),
         image_coupling(shape, kept, CouplingKind::affine, {0, spec.image.channels})});
  }
}

Expr NoiseFlow::arranged(Scope scope, Expr rows) const {
  for (const auto& map : arrangement_) rows = map->encode(scope, rows, {}).value;
  return rows;
}

Conditions NoiseFlow::told(Scope scope, Expr seen, Conditions c) const {
  if (!arrangement_.empty())
    c.image = arranged(scope, seen);
  else
    c.context = c.context.valid() ? hstack({seen, c.context}) : seen;
  return c;
}

Mapped NoiseFlow::decode(Scope scope, Expr e, Expr seen, const Conditions& given) const {
  const Conditions c = told(scope, seen, given);
  // Both from e, not one from the other: digits near 1 are kept.
  const Expr log_up = log(e * width + edge), log_down = log((1 - e) * width + edge);
  Expr log_det = sum_columns(std::log(width) - log_up - log_down);
  Expr y = arranged(scope, log_up - log_down);
  for (std::size_t i = couplings_.size(); i-- > 0;) {
    const Mapped next = couplings_[i].map->decode(scope / couplings_[i].name, y, c);
    y = next.value;
    log_det = log_det + next.log_det;
  }
  log_det = log_det + sum_columns(log_slope(y));
  for (std::size_t i = arrangement_.size(); i-- > 0;)
    y = arrangement_[i]->decode(scope, y, {}).value;
  return {sigmoid(y), log_det};
}

Mapped NoiseFlow::encode(Scope scope, Expr u, Expr seen, const Conditions& given) const {
  const Conditions c = told(scope, seen, given);
  Expr y = arranged(scope, log(u) - log(1 - u));
  Expr log_det = -sum_columns(log_slope(y));
  for (const FlowLayer& coupling : couplings_) {
    const Mapped next = coupling.map->encode(scope / coupling.name, y, c);
    y = next.value;
    log_det = log_det + next.log_det;
  }
  log_det = log_det + sum_columns(log_slope(y) - std::log(width));
  for (std::size_t i = arrangement_.size(); i-- > 0;)
    y = arrangement_[i]->decode(scope, y, {}).value;
  return {(sigmoid(y) - edge) / width, log_det};
}

}  // namespace pushforward
