#include "density/bounds.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

enum class Kind { none, lower, upper, both };

Kind kind_of(double lower, double upper) {
  if (std::isfinite(lower)) return std::isfinite(upper) ? Kind::both : Kind::lower;
  return std::isfinite(upper) ? Kind::upper : Kind::none;
}

// The columns of one kind, and their bounds as rows; `columns` may be empty.
struct Group {
  std::vector<int> columns;
  std::vector<double> lower, upper;

  Group(const Bounds& bounds, Kind kind) {
    for (std::size_t j = 0; j < bounds.lower.size(); ++j) {
      if (kind_of(bounds.lower[j], bounds.upper[j]) != kind) continue;
      columns.push_back(static_cast<int>(j));
      lower.push_back(bounds.lower[j]);
      upper.push_back(bounds.upper[j]);
    }
  }
  [[nodiscard]] bool empty() const { return columns.empty(); }
  [[nodiscard]] Expr of(Expr x) const { return gather_columns(x, columns); }
  [[nodiscard]] Expr low(Graph& graph) const { return row(graph, lower); }
  [[nodiscard]] Expr high(Graph& graph) const { return row(graph, upper); }

 private:
  static Expr row(Graph& graph, const std::vector<double>& values) {
    return graph.constant(1, static_cast<int>(values.size()), values);
  }
};

Expr bounded_part(const Group& group, Kind kind, Expr y) {
  Graph& graph = y.graph();
  switch (kind) {
    case Kind::lower:
      return group.low(graph) + exp(y);
    case Kind::upper:
      return group.high(graph) - exp(y);
    case Kind::both:
      // From the bound that is nearer, so that a number near it keeps its digits.
      return select(y, group.high(graph) - (group.high(graph) - group.low(graph)) * sigmoid(-y),
                    group.low(graph) + (group.high(graph) - group.low(graph)) * sigmoid(y));
    case Kind::none:
      break;
  }
  return y;
}

constexpr Kind bounded_kinds[] = {Kind::lower, Kind::upper, Kind::both};

}  // namespace

double Bounds::to_unbounded(std::size_t j, double x) const {
  const double a = lower[j], b = upper[j];
  switch (kind_of(a, b)) {
    case Kind::lower:
      return std::log(x - a);
    case Kind::upper:
      return std::log(b - x);
    case Kind::both:
      return std::log(x - a) - std::log(b - x);
    case Kind::none:
      break;
  }
  return x;
}

double Bounds::to_bounded(std::size_t j, double y) const {
  const double a = lower[j], b = upper[j];
  switch (kind_of(a, b)) {
    case Kind::lower:
      return a + std::exp(y);
    case Kind::upper:
      return b - std::exp(y);
    case Kind::both:
      return y > 0 ? b - (b - a) / (1 + std::exp(y)) : a + (b - a) / (1 + std::exp(-y));
    case Kind::none:
      break;
  }
  return y;
}

void Bounds::to_unbounded(std::vector<double>* rows, std::uint64_t first,
                          const std::string& name) const {
  for (std::size_t i = 0; !none() && i < rows->size(); ++i) {
    const std::size_t j = i % lower.size();
    double& x = (*rows)[i];
    if (!inside(j, x))
      fail_invalid(name + ": row " + std::to_string(first + i / lower.size()) + ", column " +
                   std::to_string(j + 1) + " is " + short_number(x, 6) + ", it should be between " +
                   short_number(lower[j], 6) + " and " + short_number(upper[j], 6));
    x = to_unbounded(j, x);
  }
}

Expr Bounds::to_bounded(Expr y) const {
  if (none()) return y;
  Expr x;
  for (const Kind kind : {Kind::none, Kind::lower, Kind::upper, Kind::both}) {
    const Group group(*this, kind);
    if (group.empty()) continue;
    const Expr part =
        scatter_columns(bounded_part(group, kind, group.of(y)), group.columns, y.columns());
    x = x.valid() ? x + part : part;
  }
  return x;
}

Expr Bounds::log_jacobian(Expr y) const {
  Expr sum = y.graph().constant(0);
  for (const Kind kind : bounded_kinds) {
    const Group group(*this, kind);
    if (group.empty()) continue;
    const Expr part = group.of(y);
    Expr logs = part;
    if (kind == Kind::both)
      logs = log(group.high(y.graph()) - group.low(y.graph())) - softplus(part) - softplus(-part);
    sum = sum + sum_columns(logs);
  }
  return sum;
}

Expr Bounds::outside(Expr x) const {
  Expr count;
  const auto add = [&](Expr part) {
    const Expr sum = sum_columns(heaviside(part));
    count = count.valid() ? count + sum : sum;
  };
  for (const Kind kind : bounded_kinds) {
    const Group group(*this, kind);
    if (group.empty()) continue;
    const Expr part = group.of(x);
    if (kind != Kind::upper) add(group.low(x.graph()) - part);
    if (kind != Kind::lower) add(part - group.high(x.graph()));
  }
  return count;
}

}  // namespace pushforward
