#include "cli/sampling_command.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sample/run.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

// "hmc: leapfrog steps ..." for an option that hmc alone looks at.
std::string of_methods(const std::string& option, const std::string& help) {
  return joined(methods_with(option)) + ": " + help;
}

// What --steps 0 stands for: "0 is 18 (heun), ..., 1000 (the others)".
std::string default_steps_help() {
  std::vector<std::pair<std::string, std::vector<std::string>>> users;  // of each number of steps
  for (const Method& method : sampling_methods()) {
    const std::string steps = method.default_steps;
    if (steps.empty()) continue;
    const auto known = std::find_if(users.begin(), users.end(),
                                    [&](const auto& entry) { return entry.first == steps; });
    if (known != users.end())
      known->second.emplace_back(method.name);
    else
      users.push_back({steps, {method.name}});
  }
  const auto common = std::max_element(
      users.begin(), users.end(),
      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  std::string help = "0 is ";
  for (auto entry = users.begin(); entry != users.end(); ++entry)
    if (entry != common) help += entry->first + " (" + joined(entry->second) + "), ";
  return help + common->first + " (the others)";
}

// The process that --process names, over which --levels and the constants have their say.
ProcessSettings named_process(const CommandLine& line, const SamplingCommand& o) {
  const std::string& name = o.process.process;
  const bool ladder = o.method.method.empty() || o.method.method == "annealed";
  ProcessSettings s = ladder || o.method.levels > 0
                          ? ProcessSettings::with_defaults(name, static_cast<int>(o.method.levels))
                          : ProcessSettings::continuous(name);
  apply_process_constants(line, o.process, &s);
  return s;
}

}  // namespace

void add_sampling(CommandLine& line, SamplingCommand* o) {
  MethodOptions& m = o->method;
  m.count = 1000;
  m.burn_in = 0;
  line.group("Sampling");
  line.input_file("model,m", &o->model, "MODEL",
                  "model to sample: analytic, flow or score (required)");
  line.integer("count,n", &m.count, {1, 1e15}, "rows to draw");
  line.choice("method", &m.method, sampling_method_names(),
              "what the model was trained for unless given; mala for a density");
  line.integer("steps", &m.steps, {0, most_chain_steps}, default_steps_help());
  line.number("step-size", &m.step_size, Range::at_least(0),
              "0 is 0.01 (ula), by the curvature (other chains), 0.2 sigma-min^2 (annealed)");
  line.integer("label", &m.label, {0, 65535}, "class to draw, of a model trained with --label");
  line.number("guidance", &m.guidance, {0, 1000},
              "W: score (1 + W) s(x | label) - W s(x); needs --label-dropout in training");
  line.input_file("init", &o->init, "FILE|normal:SIGMA",
                  "chains: starting rows; blur, cold: pictures to degrade and restore; the others: "
                  "noise of deviation 1, scaled to the highest level",
                  StartingRows::names_file);
  line.input_file(
      "mask", &o->mask, "FILE",
      "inpainting: 1 for numbers that are known, 0 for those to draw: the main dataset, or "
      "/mask beside known rows");
  line.input_file("known", &o->known, "FILE",
                  "the known rows, where --mask FILE does not hold them");
  line.text("shard", &o->shard, "I/N", "draw the I-th of N parts of the rows, I from 1");
  line.group("Chains (ula, mala, hmc, underdamped)");
  line.integer("chains", &m.chains, {0, 1e15}, "chains that share the rows; 0 is one a row");
  line.integer("burn-in", &m.burn_in, {0, most_chain_steps},
               "steps before the first row counts; 1000 with --chains unless given");
  line.integer("thin", &m.thin, {0, most_chain_steps}, "steps between rows of a chain; 0 is 1");
  line.number("sigma", &m.sigma, Range::at_least(0),
              "noise level to sample at; 0 is none, or the model's lowest");
  line.choice("adapt", &o->adapt, {"yes", "no"}, of_methods("adapt", "find step sizes in burn-in"));
  line.integer("leapfrog", &m.leapfrog, {1, 1000},
               of_methods("leapfrog", "leapfrog steps a proposal"));
  line.number(
      "jitter", &m.jitter, {0, 1},
      of_methods("jitter",
                 "a proposal's step size is drawn from 1 - X to 1 times it; 0 is a fixed one"));
  line.number("friction", &m.friction, Range::above(0), of_methods("friction", "friction"));
  line.input_file("preconditioner", &m.preconditioner, "FILE",
                  "[D, D] that scores are multiplied by");
  line.flag("strict", &o->strict, "status 3 where R-hat is above 1.01; needs --chains");
  line.group("Process (all other methods)");
  line.choice("process", &o->process.process, leveled_process_names(),
              "noises an analytic model, exactly");
  add_process_constants(line, &o->process);
  line.integer("levels", &m.levels, {0, most_levels},
               "annealed: levels; --process ddpm: steps; 0 is the process's");
  line.choice("denoise", &o->denoise, {"yes", "no"}, "end with the mean of the clean row");
  line.number("rho", &m.rho, Range::above(0).at_most(1000),
              "methods over the levels of edm, process edm: they are even in sigma^(1/rho)");
  line.number("churn", &m.churn.amount, Range::at_least(0),
              of_methods("churn", "S_churn, fresh noise; 0 is none"));
  line.number("s-min", &m.churn.low, Range::at_least(0),
              of_methods("s-min", "lowest level that is churned"));
  line.number("s-max", &m.churn.high, Range::at_least(0),
              of_methods("s-max", "highest; 0 is no bound"));
  line.number("s-noise", &m.churn.noise, Range::above(0),
              of_methods("s-noise", "scale of the fresh noise"));
  line.integer("corrector-steps", &m.corrector_steps, {0, 1000},
               of_methods("corrector-steps", "Langevin steps after each step in time"));
  line.number("snr", &m.snr, Range::above(0).at_most(100),
              of_methods("snr", "signal-to-noise ratio of the corrector"));
  line.choice(
      "variance", &m.variance, {"fixed-small", "fixed-large", "learned"},
      of_methods("variance",
                 "of the noise of a step; learned where the model has it, else fixed-small"));
  line.number("eta", &m.eta, {0, 1}, of_methods("eta", "noise, from none to that of ddpm"));
  line.number("atol", &m.atol, {0, 1e6}, "ode, adaptive: absolute tolerance; 0 is 1e-5, 0.0078");
  line.number("rtol", &m.rtol, {0, 1}, "ode, adaptive: relative tolerance; 0 is 1e-5, 0.01");
  line.group("Restoration (blur, cold)");
  line.choice("start", &m.start, {"rows", "gaussian"},
              "blurred training rows (blur), or a Gaussian of what is left of them (cold)");
  line.integer("start-level", &m.start_level, {0, most_degradation_levels},
               "level that --init is degraded to; 0 is the last");
  line.flag("init-degraded", &m.init_degraded, "the rows of --init are degraded already");
  line.number("delta", &m.delta, {0, 10},
              "blur: noise of a step, 0.01 of the data's range unless given; cold: of the start");
  line.choice("algorithm", &o->algorithm, {"1", "2"},
              "cold: degrade the restored row again (1), or take one degradation for another (2)");
}

void complete_sampling(const CommandLine& line, SamplingCommand* o) {
  MethodOptions& m = o->method;
  if (o->model.empty()) fail_usage("-m MODEL is needed");
  if (line.given("known") && o->mask.empty()) fail_usage("--known needs --mask");
  if (!line.given("burn-in")) m.burn_in = -1;
  m.denoise = o->denoise == "yes";
  m.algorithm = o->algorithm == "1" ? 1 : 2;
  if (!o->adapt.empty()) m.adapt = o->adapt == "yes";
  m.sigma_min = o->process.sigma_min;
  m.sigma_max = o->process.sigma_max;
  if (!o->process.process.empty()) {
    m.process = named_process(line, *o);
    return;
  }
  for (const char* option : {"beta-min", "beta-max", "beta-schedule"})
    if (line.given(option))
      fail_usage(std::string("option --") + option +
                 ": needs --process, the one that noises an analytic model");
}

}  // namespace pushforward
