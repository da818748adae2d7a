// What a person asks of a sampler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sample/method_field.hpp"
#include "score/process.hpp"

namespace pushforward {

// Of Markov chains.
struct MarkovOptions {
  double sigma = 0;            // noise level of the density; 0: none, or the model's lowest
  std::int64_t chains = 0;     // 0: one for each row
  std::int64_t burn_in = -1;   // -1: 0, or 1000 where chains are given
  std::int64_t thin = 0;       // steps between rows of a chain; 0: 1
  std::optional<bool> adapt;   // by default where there is a burn-in and no step size
  std::string preconditioner;  // file
};

// Of methods that run a process backwards.
struct ReverseOptions {
  std::optional<ProcessSettings> process;      // noises an analytic model
  std::optional<double> sigma_min, sigma_max;  // 0 is the process's own as well
  std::int64_t levels = 0;
  std::optional<double> rho;
  bool denoise = true;
  double atol = 0, rtol = 0;  // of methods whose rows choose their steps
};

// Of methods that undo a degradation.
struct RestorationOptions {
  bool init_degraded = false;   // the pictures that chains start at are degraded already
  std::string start;            // rows, gaussian: what is drawn where no pictures are given
  int start_level = 0;          // 0: the last
  std::optional<double> delta;  // noise, in ranges of the data
};

// 0 and empty mean the default of the method and the model.
struct MethodOptions {
  std::string method;
  std::int64_t count = 0;  // rows to draw
  std::int64_t steps = 0;
  double step_size = 0;
  int label = -1;  // class of a model with classes; -1: none
  double guidance = 0;
  MarkovOptions markov;
  ReverseOptions reverse;
  RestorationOptions restoration;
  FieldValues fields;  // those that belong to one method
};

}  // namespace pushforward
