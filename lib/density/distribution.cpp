#include "density/distribution.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "density/banana.hpp"
#include "density/formula/targets.hpp"
#include "density/funnel.hpp"
#include "density/mixture_file.hpp"

namespace pushforward {
namespace {

using Entry = std::pair<std::string, std::vector<std::string>>;

const std::vector<Entry> distributions_with_rows = {
    {"moons", {"noise", "label"}},
    {"circles", {"noise", "label"}},
    {"checkerboard", {"noise"}},
    {"pinwheel", {"noise", "label"}},
    {"spirals", {"noise", "label"}},
    {"rings", {"noise", "label"}},
    {"8gaussians", {"noise", "label", "model"}},
    {"25gaussians", {"noise", "label", "model"}},
    {"gaussian", {"dim", "correlation", "model"}},
    {"mixture", {"weights", "means", "covariances", "label", "model"}},
    {"funnel", {"dim", "model"}},
    {"banana", {"dim", "model"}},
    {"shapes", {"size"}}};

const std::vector<Entry>& distributions() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> list = distributions_with_rows;
    for (Entry& entry : list) entry.second.emplace_back("count");
    for (const FormulaTarget& target : formula_targets())
      list.emplace_back(target.name, target.options);
    return list;
  }();
  return all;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

MixtureParameters mixture_of(const Distribution& d) {
  if (d.name == "8gaussians") return eight_gaussians(d.noise.value_or(eight_gaussians_deviation));
  if (d.name == "25gaussians")
    return twenty_five_gaussians(d.noise.value_or(twenty_five_gaussians_deviation));
  if (d.name == "gaussian") return correlated_gaussian(d.dimension, d.correlation);
  return read_mixture(d.weights, d.means, d.covariances);
}

}  // namespace

const std::vector<std::string>& options_of(const std::string& name) {
  for (const auto& [known, options] : distributions())
    if (known == name) return options;
  fail_usage("no distribution is named '" + name + "', there are: " + distribution_names());
}

std::vector<std::string> particular_distribution_options() {
  std::vector<std::string> all;
  for (const auto& [name, options] : distributions())
    for (const std::string& option : options)
      if (option != "count" && !contains(all, option)) all.push_back(option);
  return all;
}

std::string distribution_names(const std::string& option) {
  std::string names;
  for (const auto& [name, options] : distributions())
    if (option.empty() || contains(options, option)) names += (names.empty() ? "" : " ") + name;
  return names;
}

void check(const Distribution& d, bool model) {
  if ((d.name == "funnel" || d.name == "banana") && d.dimension < 2)
    fail_usage("option --dim: 1 is too few, a " + d.name + " has 2 dimensions or more");
  const double others = static_cast<double>(d.dimension) - 1;
  if (d.name == "gaussian" && d.correlation * others <= -1)
    fail_usage("option --correlation: " + std::to_string(d.dimension) +
               " numbers cannot all be correlated so negatively, it should be above -1/" +
               std::to_string(d.dimension - 1));
  if (!model && !contains(options_of(d.name), "count"))
    fail_usage("there are no ready rows of " + d.name + ": " + setting("model") +
               " writes its density, and langevin-sample draws from that");
  if (d.name == "mixture" && (d.means.empty() || d.covariances.empty()))
    fail_usage("mixture needs --means FILE and --covariances FILE");
  if (model && d.noise && *d.noise == 0)
    fail_usage("option --noise: points without noise have no density, it should be above 0");
}

std::unique_ptr<RowGenerator> make_rows(const Distribution& d, std::uint64_t seed) {
  if (contains(planar_names(), d.name)) return make_planar_rows(d.name, seed, d.noise);
  if (d.name == "gaussian") return make_gaussian_rows(d.dimension, d.correlation, seed);
  if (d.name == "funnel") return make_funnel_rows(d.dimension, seed);
  if (d.name == "banana") return make_banana_rows(d.dimension, seed);
  return make_mixture_rows(mixture_of(d), seed);
}

std::unique_ptr<AnalyticDensity> make_density(const Distribution& d) {
  for (const FormulaTarget& target : formula_targets())
    if (d.name == target.name)
      // What is wrong with a file's text is the file's fault.
      return d.text.rfind('@', 0) == 0
                 ? std::make_unique<FormulaDensity>(target.source(d), d.text.substr(1),
                                                    ErrorKind::invalid)
                 : std::make_unique<FormulaDensity>(target.source(d), d.name, ErrorKind::usage);
  const int dimension = static_cast<int>(d.dimension);
  if (d.name == "funnel") return std::make_unique<Funnel>(dimension);
  if (d.name == "banana") return std::make_unique<Banana>(dimension);
  return std::make_unique<GaussianMixture>(mixture_of(d));
}

}  // namespace pushforward
