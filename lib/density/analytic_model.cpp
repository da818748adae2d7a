#include "density/analytic_model.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "density/banana.hpp"
#include "density/formula/formula_density.hpp"
#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

const std::string parameters = "/model/parameters/";

Array read_parameter(const ContainerReader& reader, const std::string& name) {
  if (!reader.has(parameters + name))
    fail_not_found(reader.name() + ": " + parameters + name + " is missing");
  return reader.read(parameters + name);
}

// A dataset of one finite number, positive if `positive`.
double read_number(const ContainerReader& reader, const std::string& name, bool positive) {
  const Array array = read_parameter(reader, name);
  const std::string source = reader.name() + ": " + parameters + name;
  if (array.size() != 1)
    fail_invalid(source + ": has shape " + to_string(array.shape) + ", it should hold one number");
  const double value = array.to<double>()[0];
  if (!std::isfinite(value) || (positive && value <= 0))
    fail_invalid(source + ": should be a finite " + (positive ? "positive " : "") + "number");
  return value;
}

}  // namespace

void write_analytic_model(ContainerWriter& writer, const std::string& name,
                          const AnalyticDensity& density) {
  for (const ModelArray& part : density.arrays()) writer.write(parameters + part.name, part.array);
  writer.set_text("/model", "family", "analytic");
  writer.set_text("/model", "name", name);
  for (const ModelText& part : density.texts()) writer.set_text("/model", part.name, part.text);
  writer.set_integer("/model", "dimension", density.dimension());
}

std::unique_ptr<AnalyticDensity> read_analytic_model(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != "analytic")
    fail_invalid(reader.name() + ": a model of family \"" + family +
                 "\", it should be an analytic model");
  const std::string name = model_text(reader, "name");
  const int dimension = model_integer(reader, "dimension", 1, std::numeric_limits<int>::max());
  if (is_formula_model(reader)) return read_formula(reader, dimension);
  if (name == "funnel" || name == "banana") {
    if (dimension < 2)
      fail_invalid(reader.name() + ": the attribute dimension of /model is 1, a " + name +
                   " has at least 2");
    const double deviation = read_number(reader, "deviation", true);
    if (name == "funnel") return std::make_unique<Funnel>(dimension, deviation);
    return std::make_unique<Banana>(dimension, deviation, read_number(reader, "curvature", false));
  }
  if (name != "gaussian" && name != "mixture" && name != "8gaussians" && name != "25gaussians")
    fail_invalid(reader.name() + ": no analytic model is named \"" + name +
                 "\", it should be gaussian, mixture, 8gaussians, 25gaussians, funnel or banana, "
                 "or have a formula");
  const auto source = [&](const char* dataset) {
    return reader.name() + ": " + parameters + dataset;
  };
  MixtureParameters mixture =
      make_mixture(read_parameter(reader, "weights"), read_parameter(reader, "means"),
                   read_parameter(reader, "covariances"),
                   {source("weights"), source("means"), source("covariances")});
  if (static_cast<std::size_t>(dimension) != mixture.dimension())
    fail_invalid(reader.name() + ": the attribute dimension of /model does not agree with " +
                 parameters + "means");
  return std::make_unique<GaussianMixture>(std::move(mixture));
}

}  // namespace pushforward
