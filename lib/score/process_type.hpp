// The definition of a forward process: a class and a row, in a file of its own in score/processes.
// Adding a process takes that file and its name in process_types.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "score/process.hpp"

namespace pushforward {

// x_t = a(t) x_0 + b(t) z for valid settings. The functions are those of Process
// (score/process.hpp).
class ProcessForm {
 public:
  virtual ~ProcessForm() = default;

  // Whether the data must have mean 0 and standard deviation 1.
  [[nodiscard]] virtual bool standardizes() const { return false; }
  // False for a process of a single noise level, which has no time.
  [[nodiscard]] virtual bool has_levels() const { return true; }
  // The number of steps T if time is discrete, with step k at k / T; 0 for a continuum.
  [[nodiscard]] virtual int steps() const { return 0; }
  // The ladder that training draws from, highest level first; empty if there is none.
  [[nodiscard]] virtual std::vector<double> ladder() const { return {}; }
  // The levels that training draws from with equal probability; empty for a continuum.
  [[nodiscard]] virtual std::vector<double> rungs() const { return ladder(); }
  // The level of a training row from a uniform number, if there are no rungs.
  [[nodiscard]] virtual double draw_sigma(double uniform) const {
    return sigma(min_time() + (last_time() - min_time()) * uniform);
  }

  [[nodiscard]] virtual double first_time() const { return 0; }
  [[nodiscard]] virtual double last_time() const { return 1; }
  [[nodiscard]] virtual double min_time() const { return first_time(); }
  [[nodiscard]] virtual double scale(double) const { return 1; }
  [[nodiscard]] virtual double sigma(double t) const = 0;
  [[nodiscard]] virtual double time_of(double sigma) const = 0;
  [[nodiscard]] virtual double drift(double) const { return 0; }
  [[nodiscard]] virtual double diffusion(double t) const = 0;
  [[nodiscard]] virtual double prior_deviation() const = 0;

  // The default method of langevin-sample for models of this process.
  [[nodiscard]] virtual const char* sampling_method() const = 0;
  // How samplers reverse a step and space their times.
  [[nodiscard]] virtual ReverseStep reverse_step() const { return ReverseStep::exploding; }
  [[nodiscard]] virtual bool large_step_variance() const { return false; }
  [[nodiscard]] virtual bool grid_has_rho() const { return false; }
};

struct ProcessType {
  const char* name;
  std::vector<std::string> constants;  // the settings that it uses
  // The settings of the papers, with `levels` levels unless it is 0.
  ProcessSettings (*defaults)(int levels);
  // The settings of the papers without a ladder of levels.
  ProcessSettings (*continuous)();
  // Error(invalid), beginning with `where`, if the settings are invalid.
  std::unique_ptr<const ProcessForm> (*make)(const ProcessSettings& settings,
                                             const std::string& where);

  [[nodiscard]] bool has(const std::string& constant) const;
};

// In the order of the manual.
[[nodiscard]] const std::vector<ProcessType>& process_types();
// Error(invalid), beginning with `where`, for an unknown name.
[[nodiscard]] const ProcessType& process_type(const std::string& name, const std::string& where);
// The names of the processes that have levels, which can noise a model.
[[nodiscard]] std::vector<std::string> leveled_process_names();
// The names of the processes whose time is discrete.
[[nodiscard]] std::vector<std::string> stepwise_process_names();
// The names of the processes that use a constant.
[[nodiscard]] std::vector<std::string> processes_with(const std::string& constant);

}  // namespace pushforward
