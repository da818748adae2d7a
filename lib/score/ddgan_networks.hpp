// The two networks of a denoising diffusion GAN (Xiao, Kreis, Vahdat 2022): dense ones for rows of
// any kind, convolutional ones for pictures.
#pragma once

#include "nn/conditional_network.hpp"

namespace pushforward {

// What either network is told beside rows: sigma [n, 1] or [1, 1], that of DdganStep; label
// [n, classes] or [1, classes], invalid for none.
struct DdganContext {
  Expr sigma, label;
};

// x_k [n, D] and z [n, latent] -> the clean row [n, D]; starts as 0. `uniforms` as in Told. A dense
// network of up to 16 columns sees sines and cosines of them beside these, and so of z. To a
// U-Net z is told by way of a mapping network, whose rows are scaled to a mean square of 1: each
// block is scaled and shifted by them (the paper's section 5 and appendix, after Karras et al.
// 2019).
[[nodiscard]] Expr ddgan_generator(Scope scope, Expr x, Expr z, const DdganContext& context,
                                   Expr uniforms, const ConditionalShape& shape);

// x_{k-1} and x_k, [n, D] each -> log odds [n, 1]; starts as 0. For pictures the first end of a
// U-Net of the same shape, the mean over the pixels of its last level, a hidden layer and a linear
// one. A row's odds do not depend on other rows, where the authors' discriminator has a
// minibatch's deviation among its channels.
[[nodiscard]] Expr ddgan_discriminator(Scope scope, Expr before, Expr x,
                                       const DdganContext& context, const ConditionalShape& shape);

}  // namespace pushforward
