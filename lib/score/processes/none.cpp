// A single noise level, or no noise: denoising score matching of Vincent (2011).
#include "base/error.hpp"
#include "score/process_type.hpp"
#include "score/processes/sigma_range.hpp"

namespace pushforward {
namespace {

class None : public ProcessForm {
 public:
  explicit None(double sigma) : sigma_(sigma) {}
  [[nodiscard]] bool has_levels() const override { return false; }
  [[nodiscard]] double draw_sigma(double) const override { return sigma_; }
  [[nodiscard]] double sigma(double) const override { return sigma_; }
  [[nodiscard]] double time_of(double) const override { return 0; }
  [[nodiscard]] double diffusion(double) const override { return 0; }
  [[nodiscard]] double prior_deviation() const override { return sigma_; }
  [[nodiscard]] const char* sampling_method() const override { return "ula"; }

 private:
  double sigma_;
};

ProcessSettings defaults(int) { return {}; }
ProcessSettings continuous() { return {}; }

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  if (s.sigma != 0 && !is_level(s.sigma))
    fail_invalid(where + ": the noise level must be 0 or from 1e-18 to 1e18");
  return std::make_unique<None>(s.sigma);
}

}  // namespace

namespace processes {
ProcessType none() { return {"none", {"sigma"}, defaults, continuous, make}; }
}  // namespace processes

}  // namespace pushforward
