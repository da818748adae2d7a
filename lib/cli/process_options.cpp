#include "cli/process_options.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/field_options.hpp"
#include "cli/program.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::vector<std::string>& processes,
                         const std::string& process) {
  fail_usage("option --" + option + ": belongs to --process " + joined(processes) + ", not " +
             process);
}

}  // namespace

void add_process_constants(CommandLine& line, ProcessOptions* o) {
  line.number("sigma-min", &o->sigma_min, {0, max_level},
              "lowest level; 0 is 0.01 (ve), 0.002 (edm)");
  line.number("sigma-max", &o->sigma_max, {0, max_level},
              "highest level; 0 is 1 (ve, a ladder), 50 (ve), 80 (edm)");
  line.number("beta-min", &o->beta_min, {0, 1000},
              "beta at the start; 0 is 0.1 (vp, subvp), 0.1 / T (ddpm)");
  line.number("beta-max", &o->beta_max, {0, 1000},
              "beta at the end; 0 is 20 (vp, subvp), 20 / T (ddpm)");
  line.choice("beta-schedule", &o->beta_schedule, {"linear", "cosine"},
              "ddpm: linear unless given");
}

void require_constants(const CommandLine& line, const std::string& process,
                       const std::vector<const char*>& constants) {
  for (const std::string constant : constants) {
    const std::string option = option_of(constant);
    if (line.given(option) && !process_type(process, "--process").has(constant))
      refuse(option, processes_with(constant), process);
  }
}

void require_steps(const CommandLine& line, const std::string& process) {
  const std::vector<std::string> stepwise = stepwise_process_names();
  if (line.given("levels") &&
      std::find(stepwise.begin(), stepwise.end(), process) == stepwise.end())
    refuse("levels", stepwise, process);
}

void apply_process_constants(const CommandLine& line, const ProcessOptions& o,
                             ProcessSettings* settings) {
  ProcessSettings& s = *settings;
  require_constants(line, s.process,
                    {"sigma_min", "sigma_max", "beta_min", "beta_max", "beta_schedule"});
  if (o.beta_schedule == "cosine") {
    if (o.beta_min != 0 || o.beta_max != 0)
      fail_usage("--beta-schedule cosine has no --beta-min and --beta-max");
    s = ProcessSettings::ddpm(s.levels, BetaSchedule::cosine);
  }
  if (o.sigma_min != 0) s.sigma_min = o.sigma_min;
  if (o.sigma_max != 0) s.sigma_max = o.sigma_max;
  if (o.beta_min != 0) s.beta_min = o.beta_min;
  if (o.beta_max != 0) s.beta_max = o.beta_max;
  if (s.sigma_max > 0 && s.sigma_min >= s.sigma_max)
    fail_usage("--sigma-min " + number_text(s.sigma_min) + " is not below --sigma-max " +
               number_text(s.sigma_max));
  if (s.beta_min > s.beta_max)
    fail_usage("--beta-min " + number_text(s.beta_min) + " is above --beta-max " +
               number_text(s.beta_max));
  try {
    const Process process(s, "--process");
  } catch (const Error& error) {
    fail_usage(error.what());
  }
}

}  // namespace pushforward
