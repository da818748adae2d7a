// The list of forward processes. Each is defined in score/processes, in the file of its name.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "score/process_type.hpp"

namespace pushforward {

namespace processes {
ProcessType none(), ve(), vp(), subvp(), ddpm(), edm();
}  // namespace processes

const std::vector<ProcessType>& process_types() {
  using namespace processes;
  static const std::vector<ProcessType> types = {none(), ve(), vp(), subvp(), ddpm(), edm()};
  return types;
}

bool ProcessType::has(const std::string& constant) const {
  return std::find(constants.begin(), constants.end(), constant) != constants.end();
}

std::vector<std::string> process_names() {
  std::vector<std::string> names;
  for (const ProcessType& type : process_types()) names.emplace_back(type.name);
  return names;
}

std::vector<std::string> leveled_process_names() {
  std::vector<std::string> names;
  for (const std::string& name : process_names())
    if (Process(ProcessSettings::with_defaults(name)).has_levels()) names.push_back(name);
  return names;
}

std::vector<std::string> stepwise_process_names() {
  std::vector<std::string> names;
  for (const std::string& name : process_names())
    if (Process(ProcessSettings::with_defaults(name)).steps() > 0) names.push_back(name);
  return names;
}

const ProcessType& process_type(const std::string& name, const std::string& where) {
  for (const ProcessType& type : process_types())
    if (type.name == name) return type;
  fail_invalid(where + ": unknown process '" + name + "'; this version knows " +
               joined(process_names()));
}

std::vector<std::string> processes_with(const std::string& constant) {
  std::vector<std::string> names;
  for (const ProcessType& type : process_types())
    if (type.has(constant)) names.emplace_back(type.name);
  return names;
}

}  // namespace pushforward
