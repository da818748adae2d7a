#include "cli/process_options.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/program.hpp"

namespace pushforward {

void add_process_constants(CommandLine& line, ProcessOptions* o) {
  line.number("sigma-min", &o->sigma_min, {0, most_level},
              "lowest level; 0 is 0.01 (ve), 0.002 (edm)");
  line.number("sigma-max", &o->sigma_max, {0, most_level},
              "highest level; 0 is 1 (ve, a ladder), 50 (ve), 80 (edm)");
  line.number("beta-min", &o->beta_min, {0, 1000},
              "beta at the start; 0 is 0.1 (vp, subvp), 0.1 / T (ddpm)");
  line.number("beta-max", &o->beta_max, {0, 1000},
              "beta at the end; 0 is 20 (vp, subvp), 20 / T (ddpm)");
  line.choice("beta-schedule", &o->beta_schedule, {"linear", "cosine"},
              "ddpm: linear unless given");
}

void require_process(const CommandLine& line, ProcessKind process,
                     const std::vector<ProcessKind>& kinds,
                     const std::vector<const char*>& options) {
  if (std::find(kinds.begin(), kinds.end(), process) != kinds.end()) return;
  std::vector<std::string> names;
  for (const ProcessKind kind : kinds) names.emplace_back(process_name(kind));
  for (const char* option : options)
    if (line.given(option))
      fail_usage(std::string("option --") + option + ": belongs to --process " + joined(names) +
                 ", not " + process_name(process));
}

void apply_process_constants(const CommandLine& line, const ProcessOptions& o,
                             ProcessSettings* settings) {
  ProcessSettings& s = *settings;
  require_process(line, s.kind, {ProcessKind::ve, ProcessKind::edm}, {"sigma-min", "sigma-max"});
  require_process(line, s.kind, {ProcessKind::vp, ProcessKind::subvp, ProcessKind::ddpm},
                  {"beta-min", "beta-max"});
  require_process(line, s.kind, {ProcessKind::ddpm}, {"beta-schedule"});
  if (s.kind == ProcessKind::ddpm && o.beta_schedule == "cosine") {
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
