// The part of plan_sampling (sample/method.hpp) that is about denoising diffusion GANs.
#pragma once

#include "sample/method.hpp"

namespace pushforward {

constexpr const char* ddgan_method = "ddgan";

// From x_T = z, T steps x_{k-1} ~ q(x_{k-1} | x_k, G(x_k, z, k)) with fresh z in each (Xiao, Kreis,
// Vahdat 2022, section 3); one evaluation a step. The model must outlive the plan.
void plan_ddgan(const Ddgan& model, const MethodOptions& options, SamplingPlan* plan);

}  // namespace pushforward
