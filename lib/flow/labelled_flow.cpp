#include "flow/labelled_flow.hpp"

#include "base/error.hpp"
#include "base/one_hot.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

class LabelledFlow : public Density {
 public:
  LabelledFlow(std::unique_ptr<Density> flow, int label) : flow_(std::move(flow)), label_(label) {}
  [[nodiscard]] int dimension() const override { return flow_->dimension(); }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override {
    return flow_->lane_rows(most);
  }
  [[nodiscard]] std::vector<double> origin() const override { return flow_->origin(); }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override {
    const int classes = flow_->context_columns();
    const Expr context = scope.graph().constant(1, classes, one_hot<double>({label_}, classes));
    return flow_->log_density(scope, hstack({x, context}));
  }
  [[nodiscard]] const ParameterTable& parameters() const override { return flow_->parameters(); }

 private:
  std::unique_ptr<Density> flow_;
  int label_;
};

}  // namespace

void require_fitting_label(const FlowSpec& spec, int label, const std::string& file) {
  if (label < spec.classes || label < 0) return require_trained_label(spec.class_rows, label, file);
  fail_invalid(file + ": --label " + std::to_string(label) + ", but " +
               (spec.context == 0   ? "this model is not conditional"
                : spec.classes == 0 ? "this flow is conditioned on vectors, " + spec.context_path
                                    : "its labels are 0 to " + std::to_string(spec.classes - 1)));
}

std::unique_ptr<Density> with_label(std::unique_ptr<Density> density, int label,
                                    const std::string& file) {
  const auto* flow = dynamic_cast<const Flow*>(density.get());
  const FlowSpec none, &spec = flow == nullptr ? none : flow->spec();
  require_fitting_label(spec, label, file);
  if (spec.context == 0) return density;
  const int classes = spec.classes;
  if (classes == 0)
    fail_invalid(file + ": this flow is conditioned on vectors, which only flow-sample and " +
                 "logdensity can give it");
  if (label < 0)
    fail_invalid(file + ": this flow is conditioned on a label, 0 to " +
                 std::to_string(classes - 1) +
                 "; say which by --label (tensor-plot: --model-label)");
  return std::make_unique<LabelledFlow>(std::move(density), label);
}

}  // namespace pushforward
