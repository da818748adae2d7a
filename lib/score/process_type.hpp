// What makes one forward process another: a class and a row, in a file of its own in
// score/processes. Adding one is that file and its name in process_types.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "score/process.hpp"

namespace pushforward {

// x_t = a(t) x_0 + b(t) z, as score/process.hpp describes it, for settings that make sense.
class ProcessForm {
 public:
  virtual ~ProcessForm() = default;

  // Whether data are to have mean 0 and deviation 1; otherwise noise is added to them as they are.
  [[nodiscard]] virtual bool standardizes() const { return false; }
  // A process of one noise level has no time and no way down.
  [[nodiscard]] virtual bool has_levels() const { return true; }
  // How many steps there are where time is discrete, step k at k / T; 0 for a continuum.
  [[nodiscard]] virtual int steps() const { return 0; }
  // Levels from the highest down where training draws from a ladder; empty otherwise.
  [[nodiscard]] virtual std::vector<double> ladder() const { return {}; }
  // The levels that training draws from, one as often as another; empty for a continuum.
  [[nodiscard]] virtual std::vector<double> rungs() const { return ladder(); }
  // The level of a training row from a uniform number, where there are no rungs.
  [[nodiscard]] virtual double draw_sigma(double uniform) const {
    return sigma(least_time() + (last_time() - least_time()) * uniform);
  }

  [[nodiscard]] virtual double first_time() const { return 0; }
  [[nodiscard]] virtual double last_time() const { return 1; }
  [[nodiscard]] virtual double least_time() const { return first_time(); }
  [[nodiscard]] virtual double scale(double) const { return 1; }
  [[nodiscard]] virtual double sigma(double t) const = 0;
  [[nodiscard]] virtual double time_of(double sigma) const = 0;
  [[nodiscard]] virtual double drift(double) const { return 0; }
  [[nodiscard]] virtual double diffusion(double t) const = 0;
  [[nodiscard]] virtual double prior_deviation() const = 0;

  // How langevin-sample draws from a model of this process unless told otherwise.
  [[nodiscard]] virtual const char* sampling_method() const = 0;
  // The rule by which samplers reverse a step, and whether --rho bends their grid of times.
  [[nodiscard]] virtual ReverseStep reverse_step() const { return ReverseStep::exploding; }
  [[nodiscard]] virtual bool large_step_variance() const { return false; }
  [[nodiscard]] virtual bool grid_has_rho() const { return false; }
};

struct ProcessType {
  const char* name;
  std::vector<std::string> constants;  // those of its settings that it looks at
  // Those of the papers; `levels`, where it is not 0, in place of their number of levels.
  ProcessSettings (*defaults)(int levels);
  // Those of the papers without a ladder of levels.
  ProcessSettings (*continuous)();
  // Error(invalid), beginning with `where`, unless the settings make sense together.
  std::unique_ptr<const ProcessForm> (*make)(const ProcessSettings& settings,
                                             const std::string& where);

  [[nodiscard]] bool has(const std::string& constant) const;
};

// In the order of the manual.
[[nodiscard]] const std::vector<ProcessType>& process_types();
// Error(invalid), beginning with `where`, for a name that there is not.
[[nodiscard]] const ProcessType& process_type(const std::string& name, const std::string& where);
// The names of those that have levels, so that they can noise a model.
[[nodiscard]] std::vector<std::string> leveled_process_names();
// The names of those whose time is discrete.
[[nodiscard]] std::vector<std::string> stepwise_process_names();
// The names of those that look at a constant.
[[nodiscard]] std::vector<std::string> processes_with(const std::string& constant);

}  // namespace pushforward
