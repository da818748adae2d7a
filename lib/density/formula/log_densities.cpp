// Log densities by name, summed over the elements of their arguments. Numbers that depend on no row
// are part of them, so values are those of the normalised density.
#include <algorithm>
#include <cmath>

#include "base/constants.hpp"
#include "density/formula/value.hpp"

namespace pushforward {
namespace {

using Arguments = std::vector<FormulaValue>;

// The sum over elements of of(arguments), with every argument repeated to the common size.
template <class Of>
FormulaValue summed(std::size_t at, const Arguments& arguments, const Of& of) {
  const int size = common_size(at, arguments);
  std::vector<Expr> parts;
  int rows = 1;
  for (const FormulaValue& argument : arguments) {
    parts.push_back(argument.expr);
    rows = std::max(rows, argument.expr.rows());
  }
  return {sum_columns(broadcast(of(parts), rows, size))};
}

Expr impossible(Expr like) { return like.graph().constant(-HUGE_VAL); }

// of(v) where `inside` is above 0, -inf elsewhere; `usual` is a place where of() is finite.
template <class Of>
Expr supported(Expr inside, Expr v, double usual, const Of& of) {
  const Expr value = of(select(inside, v, v.graph().constant(usual)));
  return select(inside, value, impossible(value));
}

Expr log_beta(Expr a, Expr b) { return lgamma(a) + lgamma(b) - lgamma(a + b); }

FormulaValue normal(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return -0.5 * square((p[0] - p[1]) / p[2]) - log(p[2]) - 0.5 * log_two_pi;
  });
}

// Of a standard normal, doubled: the place is 0.
FormulaValue half_normal(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    const Expr value = -0.5 * square(p[0] / p[1]) - log(p[1]) + (std::log(2.0) - 0.5 * log_two_pi);
    return select(-p[0], impossible(value), value);
  });
}

FormulaValue lognormal(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return supported(p[0], p[0], 1, [&](Expr v) {
      const Expr y = log(v);
      return -0.5 * square((y - p[1]) / p[2]) - y - log(p[2]) - 0.5 * log_two_pi;
    });
  });
}

FormulaValue student_t(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    const Expr nu = p[1], z = (p[0] - p[2]) / p[3], half = 0.5 * (nu + 1);
    return lgamma(half) - lgamma(0.5 * nu) - 0.5 * log(nu) - 0.5 * std::log(pi) - log(p[3]) -
           half * log1p(square(z) / nu);
  });
}

FormulaValue cauchy(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return -log1p(square((p[0] - p[1]) / p[2])) - log(p[2]) - std::log(pi);
  });
}

FormulaValue half_cauchy(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    const Expr value = -log1p(square(p[0] / p[1])) - log(p[1]) + std::log(2 / pi);
    return select(-p[0], impossible(value), value);
  });
}

FormulaValue laplace(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return -abs((p[0] - p[1]) / p[2]) - log(2.0 * p[2]);
  });
}

FormulaValue logistic(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    const Expr z = (p[0] - p[1]) / p[2];
    return -z - 2.0 * softplus(-z) - log(p[2]);
  });
}

FormulaValue exponential(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    const Expr value = log(p[1]) - p[1] * p[0];
    return select(-p[0], impossible(value), value);
  });
}

FormulaValue gamma(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return supported(p[0], p[0], 1, [&](Expr v) {
      return p[1] * log(p[2]) - lgamma(p[1]) + (p[1] - 1) * log(v) - p[2] * v;
    });
  });
}

FormulaValue inverse_gamma(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return supported(p[0], p[0], 1, [&](Expr v) {
      return p[1] * log(p[2]) - lgamma(p[1]) - (p[1] + 1) * log(v) - p[2] / v;
    });
  });
}

FormulaValue beta(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return supported(p[0] * (1 - p[0]), p[0], 0.5, [&](Expr v) {
      return (p[1] - 1) * log(v) + (p[2] - 1) * log1p(-v) - log_beta(p[1], p[2]);
    });
  });
}

FormulaValue bernoulli_logit(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) { return p[0] * p[1] - softplus(p[1]); });
}

FormulaValue binomial_logit(std::size_t at, const Arguments& a) {
  return summed(at, a, [](const std::vector<Expr>& p) {
    return p[0] * p[2] - p[1] * softplus(p[2]) + lgamma(p[1] + 1) - lgamma(p[0] + 1) -
           lgamma(p[1] - p[0] + 1);
  });
}

FormulaValue poisson_log(std::size_t at, const Arguments& a) {
  return summed(
      at, a, [](const std::vector<Expr>& p) { return p[0] * p[1] - exp(p[1]) - lgamma(p[0] + 1); });
}

}  // namespace

const std::vector<FormulaFunction>& formula_log_densities() {
  static const std::vector<FormulaFunction> functions = {
      {"normal_lpdf", "normal_lpdf(v, mean, sd)", 3, 3, normal},
      {"half_normal_lpdf", "half_normal_lpdf(v, sd)", 2, 2, half_normal},
      {"lognormal_lpdf", "lognormal_lpdf(v, mean, sd)", 3, 3, lognormal},
      {"student_t_lpdf", "student_t_lpdf(v, nu, place, scale)", 4, 4, student_t},
      {"cauchy_lpdf", "cauchy_lpdf(v, place, scale)", 3, 3, cauchy},
      {"half_cauchy_lpdf", "half_cauchy_lpdf(v, scale)", 2, 2, half_cauchy},
      {"laplace_lpdf", "laplace_lpdf(v, place, scale)", 3, 3, laplace},
      {"logistic_lpdf", "logistic_lpdf(v, place, scale)", 3, 3, logistic},
      {"exponential_lpdf", "exponential_lpdf(v, rate)", 2, 2, exponential},
      {"gamma_lpdf", "gamma_lpdf(v, shape, rate)", 3, 3, gamma},
      {"inverse_gamma_lpdf", "inverse_gamma_lpdf(v, shape, scale)", 3, 3, inverse_gamma},
      {"beta_lpdf", "beta_lpdf(v, a, b)", 3, 3, beta},
      {"bernoulli_logit_lpmf", "bernoulli_logit_lpmf(y, logit)", 2, 2, bernoulli_logit},
      {"binomial_logit_lpmf", "binomial_logit_lpmf(y, n, logit)", 3, 3, binomial_logit},
      {"poisson_log_lpmf", "poisson_log_lpmf(y, log_rate)", 2, 2, poisson_log}};
  return functions;
}

}  // namespace pushforward
