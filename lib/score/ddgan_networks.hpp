// The two networks of a denoising diffusion GAN (Xiao, Kreis, Vahdat 2022): dense networks for any
// rows, convolutional ones for pictures.
#pragma once

#include "nn/conditional_network.hpp"

namespace pushforward {

// What both networks are conditioned on: sigma [n, 1] or [1, 1] as in DdganStep; label [n, classes]
// or [1, classes], invalid for none.
struct DdganContext {
  Expr sigma, label;
};

// x_k [n, D] and z [n, latent] -> the clean row [n, D]; 0 at initialization. `uniforms` as in
// Conditioning. A dense network also gets sines and cosines of the columns of x_k, if these are at
// most 16, and of z likewise. For a U-Net, a mapping network turns z into rows of mean square 1,
// which scale and shift each block (the paper's section 5 and appendix, after Karras et al. 2019).
[[nodiscard]] Expr ddgan_generator(Scope scope, Expr x, Expr z, const DdganContext& context,
                                   Expr uniforms, const ConditionalShape& shape);

// x_{k-1} and x_k, [n, D] each -> log odds [n, 1]; 0 at initialization. For pictures: the encoder
// of a U-Net of the same shape, the mean over the pixels of its last level, a hidden and a linear
// layer. A row's odds do not depend on other rows; the authors' discriminator also sees the
// standard deviation over a minibatch.
[[nodiscard]] Expr ddgan_discriminator(Scope scope, Expr before, Expr x,
                                       const DdganContext& context, const ConditionalShape& shape);

}  // namespace pushforward
