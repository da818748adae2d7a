// Variational dequantization (Ho et al. 2019, Flow++, section 3.1): the noise that fills the gap
// between whole numbers is a flow of its own, which sees the numbers x it is added to.
//
// For any density q(u | x) of the unit cube, E_q p(x + u) / q(u | x) = P(x), and
// E_q [ln p(x + u) - ln q(u | x)] <= ln P(x) (their equation 7); the better q fits, the tighter.
#pragma once

#include <memory>
#include <vector>

#include "flow/flow_spec.hpp"

namespace pushforward {

// q as a map of the unit cube to itself: the logits of numbers e that are uniform go through four
// affine couplings that see x, then through a sigmoid. Couplings start as the identity, so u starts
// as e, the noise of uniform dequantization.
//
// Couplings of images, where the flow is convolutional, keep one half of the channels of squeezed
// images in turn (of every second pixel where the sides are odd), by networks as Glow's with the
// hidden channels of the flow's; other rows have Real NVP's with its hidden layers.
class NoiseFlow {
 public:
  explicit NoiseFlow(const FlowSpec& spec);

  // u [n, D] from e [n, D]; log_det is -ln q(u | x). `seen` [n, D] is x as the networks see it. e
  // may be 0 or 1: it is first drawn in to [2^-24, 1 - 2^-24].
  [[nodiscard]] Mapped decode(Scope scope, Expr e, Expr seen, const Conditions& c) const;
  // e from u in (0, 1); log_det is ln q(u | x).
  [[nodiscard]] Mapped encode(Scope scope, Expr u, Expr seen, const Conditions& c) const;

 private:
  [[nodiscard]] Conditions told(Scope scope, Expr seen, Conditions c) const;
  [[nodiscard]] Expr arranged(Scope scope, Expr rows) const;
  std::vector<std::unique_ptr<Bijector>> arrangement_;  // of an image's numbers: no parameters
  std::vector<FlowLayer> couplings_;
};

}  // namespace pushforward
