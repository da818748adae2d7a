#include "density/formula/targets.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "density/formula/source.hpp"

namespace pushforward {
namespace {

FormulaSource plane(const std::string& text) {
  FormulaSource source;
  source.text = text;
  return source;
}

// Rezende, Mohamed (2015), table 1: energies, whose negatives these are. The second to the fourth
// have no integral over all of the plane, so the first column is bounded.
FormulaSource between_fours(const std::string& text) {
  FormulaSource source = plane("let w1 = sin(pi * x[1] / 2);\n" + text);
  source.bounds = {{-4, -HUGE_VAL}, {4, HUGE_VAL}};
  return source;
}

FormulaSource u1(const Distribution&) {
  return plane(
      "-0.5 * ((norm(x) - 2) / 0.4)^2\n"
      "+ logsumexp(-0.5 * ((x[1] - 2) / 0.6)^2, -0.5 * ((x[1] + 2) / 0.6)^2)");
}

FormulaSource u2(const Distribution&) { return between_fours("-0.5 * ((x[2] - w1) / 0.4)^2"); }

FormulaSource u3(const Distribution&) {
  return between_fours(
      "let w2 = 3 * exp(-0.5 * ((x[1] - 1) / 0.6)^2);\n"
      "logsumexp(-0.5 * ((x[2] - w1) / 0.35)^2, -0.5 * ((x[2] - w1 + w2) / 0.35)^2)");
}

FormulaSource u4(const Distribution&) {
  return between_fours(
      "let w3 = 3 * sigmoid((x[1] - 1) / 0.3);\n"
      "logsumexp(-0.5 * ((x[2] - w1) / 0.4)^2, -0.5 * ((x[2] - w1 + w3) / 0.35)^2)");
}

// Columns in pairs, of each of which a and b are the first and the second.
FormulaSource pairs(const Distribution& d, const std::string& text) {
  if (d.dimension % 2 != 0)
    fail_usage("option " + setting("dim") + ": a " + d.name + " has pairs of columns, so " +
               std::to_string(d.dimension) + " should be even");
  FormulaSource source;
  source.dimension = static_cast<int>(d.dimension);
  const std::string last = std::to_string(d.dimension);
  source.text = "let a = x[1:" + last + ":2];\nlet b = x[2:" + last + ":2];\n" + text;
  return source;
}

FormulaSource double_well(const Distribution& d) {
  return pairs(d, "sum(-a^4 + 6 * a^2 + a / 2 - b^2 / 2)");
}

// Rosenbrock's function over 20 (Goodman, Weare 2010), of each pair.
FormulaSource rosenbrock(const Distribution& d) {
  return pairs(d, "sum(-(100 * (b - a^2)^2 + (1 - a)^2) / 20)");
}

FormulaSource ring(const Distribution&) { return plane("-0.5 * ((norm(x) - 2) / 0.4)^2"); }

// The action of Albergo, Kanwar, Shanahan (2019), equation 24, on a square with periodic edges;
// phi(x) (2 phi(x) - phi(x + 1) - phi(x - 1)) sums to the squared differences.
FormulaSource phi4(const Distribution& d) {
  const std::size_t side = d.size.value_or(8);
  FormulaSource source;
  source.dimension = static_cast<int>(side * side);
  const std::string size = std::to_string(side);
  source.text = "let right = roll(x, -1, " + size + ") - x;\nlet down = roll(x, -" + size +
                ") - x;\n-sum(right^2 + down^2 + " + short_number(d.mass, 17) + " * x^2 + " +
                short_number(d.coupling, 17) + " * x^4)";
  return source;
}

// Rubin (1981), as Gelman et al. (Bayesian Data Analysis, section 5.5) treat it.
FormulaSource eight_schools(const Distribution&) {
  FormulaSource source;
  source.names = formula_column_names("mu,tau,theta[8]");
  source.dimension = static_cast<int>(source.names.size());
  source.bounds.lower.assign(source.names.size(), -HUGE_VAL);
  source.bounds.upper.assign(source.names.size(), HUGE_VAL);
  source.bounds.lower[1] = 0;
  source.text =
      "let y = [28, 8, -3, 7, -1, 1, 18, 12];\nlet sd = [15, 10, 16, 11, 9, 11, 10, 18];\n"
      "normal_lpdf(mu, 0, 5) + half_cauchy_lpdf(tau, 5)\n"
      "+ normal_lpdf(theta, mu, tau) + normal_lpdf(y, theta, sd)";
  return source;
}

// An intercept and a weight a column of `features`, each N(0, 2.5^2).
FormulaSource logistic_regression(const Distribution& d) {
  FormulaSource source;
  source.data = read_formula_data(d);
  const ModelArray *features = nullptr, *labels = nullptr;
  for (const ModelArray& data : source.data) {
    if (data.name == "features") features = &data;
    if (data.name == "labels") labels = &data;
  }
  if (features == nullptr || labels == nullptr || source.data.size() != 2)
    fail_usage("logistic-regression needs " + setting("data") + " features=FILE and " +
               setting("data") + " labels=FILE");
  const std::size_t rows = features->array.rows(), columns = features->array.row_size();
  if (labels->array.size() != rows)
    fail_invalid("logistic-regression: " + std::to_string(rows) + " rows of features and " +
                 std::to_string(labels->array.size()) + " labels; every row needs one");
  if (rows == 1 && columns > 1)
    fail_invalid("logistic-regression: one row of features is too few, there should be 2 or more");
  for (const double label : labels->array.to<double>())
    if (label != 0 && label != 1)
      fail_invalid("logistic-regression: a label is " + short_number(label) +
                   ", it should be 0 or 1");
  source.names = formula_column_names("intercept,weight[" + std::to_string(columns) + "]");
  source.dimension = static_cast<int>(source.names.size());
  source.text = std::string("bernoulli_logit_lpmf(labels, intercept + ") +
                (columns == 1 ? "features * weight" : "matmul(features, weight)") +
                ")\n+ normal_lpdf(intercept, 0, 2.5) + normal_lpdf(weight, 0, 2.5)";
  return source;
}

}  // namespace

const std::vector<FormulaTarget>& formula_targets() {
  static const std::vector<FormulaTarget> targets = {
      {"formula", {"dim", "names", "data", "lower", "upper", "model"}, formula_of},
      {"u1", {"model"}, u1},
      {"u2", {"model"}, u2},
      {"u3", {"model"}, u3},
      {"u4", {"model"}, u4},
      {"double-well", {"dim", "model"}, double_well},
      {"rosenbrock", {"dim", "model"}, rosenbrock},
      {"ring", {"model"}, ring},
      {"phi4", {"size", "mass", "coupling", "model"}, phi4},
      {"eight-schools", {"model"}, eight_schools},
      {"logistic-regression", {"data", "model"}, logistic_regression}};
  return targets;
}

}  // namespace pushforward
