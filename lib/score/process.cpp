#include "score/process.hpp"

#include <cmath>

#include "base/error.hpp"

namespace pushforward {

const char* process_name(ProcessKind kind) {
  switch (kind) {
    case ProcessKind::none:
      return "none";
    case ProcessKind::ve:
      return "ve";
    case ProcessKind::edm:
      break;
  }
  return "edm";
}

ProcessKind process_named(const std::string& name, const std::string& where) {
  for (const ProcessKind kind : {ProcessKind::none, ProcessKind::ve, ProcessKind::edm})
    if (name == process_name(kind)) return kind;
  fail_invalid(where + ": unknown process '" + name + "'; this version knows none, ve, edm");
}

Process Process::with_defaults(ProcessKind kind) {
  Process process;
  process.kind = kind;
  if (kind == ProcessKind::ve) {
    process.sigma_min = 0.01;
    process.sigma_max = 1;
    process.levels = 10;
  } else if (kind == ProcessKind::edm) {
    process.sigma_min = 0.002;
    process.sigma_max = 80;
  }
  return process;
}

std::vector<double> Process::ladder() const {
  std::vector<double> rungs;
  for (int i = 0; i < levels; ++i)
    rungs.push_back(i == 0 ? sigma_max
                           : sigma_max * std::pow(sigma_min / sigma_max, double(i) / (levels - 1)));
  return rungs;
}

Expr Process::draw_level(Graph& graph, Expr normals, Expr uniforms) const {
  switch (kind) {
    case ProcessKind::none:
      break;
    case ProcessKind::edm:
      return exp(p_mean + p_std * normals);
    case ProcessKind::ve: {
      if (levels == 1) return graph.constant(sigma_max);
      // The rung is the count of thresholds i / levels below the uniform number.
      std::vector<double> thresholds;
      for (int i = 1; i < levels; ++i) thresholds.push_back(double(i) / levels);
      const Expr rung = sum_columns(positive(uniforms - graph.constant(1, levels - 1, thresholds)));
      return exp(std::log(sigma_max) + std::log(sigma_min / sigma_max) / (levels - 1) * rung);
    }
  }
  return graph.constant(sigma);
}

double Process::marginal_std(double t) const {
  return kind == ProcessKind::edm ? t : sigma_min * std::pow(sigma_max / sigma_min, t);
}

double Process::diffusion(double t) const {
  return kind == ProcessKind::edm
             ? std::sqrt(2 * t)
             : marginal_std(t) * std::sqrt(2 * std::log(sigma_max / sigma_min));
}

void Process::check(const std::string& where) const {
  const auto positive_number = [](double value) { return value > 0 && std::isfinite(value); };
  if (kind == ProcessKind::none) {
    if (!positive_number(sigma)) fail_invalid(where + ": the noise level must be above 0");
    return;
  }
  if (!positive_number(sigma_min) || !positive_number(sigma_max) || sigma_min >= sigma_max)
    fail_invalid(where + ": sigma_min must be above 0 and below sigma_max");
  if (kind == ProcessKind::ve && (levels < 1 || levels > 1000))
    fail_invalid(where + ": a ladder has 1 to 1000 levels");
  if (kind == ProcessKind::edm && (!std::isfinite(p_mean) || !positive_number(p_std)))
    fail_invalid(where + ": p_mean must be finite and p_std above 0");
}

}  // namespace pushforward
