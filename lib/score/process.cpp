#include "score/process.hpp"

#include <algorithm>
#include <cmath>

#include "base/named.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

const std::vector<Named<BetaSchedule>>& schedules() {
  static const std::vector<Named<BetaSchedule>> all = {{BetaSchedule::linear, "linear"},
                                                       {BetaSchedule::cosine, "cosine"}};
  return all;
}

}  // namespace

const char* beta_schedule_name(BetaSchedule schedule) { return name_of(schedules(), schedule); }

BetaSchedule beta_schedule_named(const std::string& name, const std::string& where) {
  return value_named(schedules(), name, "beta schedule", where);
}

ProcessSettings ProcessSettings::with_defaults(const std::string& process, int levels) {
  ProcessSettings settings = process_type(process, "process").defaults(levels);
  settings.process = process;
  return settings;
}

ProcessSettings ProcessSettings::continuous(const std::string& process) {
  ProcessSettings settings = process_type(process, "process").continuous();
  settings.process = process;
  return settings;
}

Process::Process(const ProcessSettings& settings, const std::string& where)
    : settings_(settings),
      type_(&process_type(settings.process, where)),
      form_(type_->make(settings, where)),
      rungs_(form_->rungs()) {}

bool Process::has(const std::string& constant) const { return type_->has(constant); }
bool Process::standardizes() const { return form_->standardizes(); }
bool Process::has_levels() const { return form_->has_levels(); }
double Process::first_time() const { return form_->first_time(); }
double Process::last_time() const { return form_->last_time(); }
double Process::min_time() const { return form_->min_time(); }
int Process::steps() const { return form_->steps(); }
double Process::scale(double t) const { return form_->scale(t); }
double Process::sigma(double t) const { return form_->sigma(t); }
double Process::time_of(double sigma) const { return form_->time_of(sigma); }
double Process::drift(double t) const { return form_->drift(t); }
double Process::diffusion(double t) const { return form_->diffusion(t); }
double Process::prior_deviation() const { return form_->prior_deviation(); }
std::vector<double> Process::ladder() const { return form_->ladder(); }
const char* Process::sampling_method() const { return form_->sampling_method(); }
ReverseStep Process::reverse_step() const { return form_->reverse_step(); }
bool Process::large_step_variance() const { return form_->large_step_variance(); }
bool Process::grid_has_rho() const { return form_->grid_has_rho(); }

std::size_t Process::draw_rung(double uniform) const {
  const double count = static_cast<double>(rungs_.size());
  return static_cast<std::size_t>(std::min(std::floor(uniform * count), count - 1));
}

double Process::draw_sigma(double uniform) const {
  return rungs_.empty() ? form_->draw_sigma(uniform) : rungs_[draw_rung(uniform)];
}

}  // namespace pushforward
