// Symbolic matrices: the one language in which networks, losses, log-determinants, scores and
// divergences are written.
//
// An Expr is a rows x columns matrix that will be computed. Rows are the batch (one row a sample)
// or 1. Operators build nodes of static shape; a node equal to an older one *is* the older one
// (hash-consing), and products with constant 0 or 1 and the like fold when built. gradient() and
// tangent() return expressions, so they can be differentiated again. Nothing is computed here:
// graph/plan.hpp compiles expressions and runs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pushforward {

class Graph;
struct Node;

// A handle, as cheap to copy as a pointer; lives as long as its Graph.
class Expr {
 public:
  Expr() = default;
  explicit Expr(const Node* node) : node_(node) {}
  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] Graph& graph() const;
  [[nodiscard]] const Node* node() const { return node_; }
  [[nodiscard]] bool valid() const { return node_ != nullptr; }
  friend bool operator==(Expr a, Expr b) { return a.node_ == b.node_; }
  friend bool operator!=(Expr a, Expr b) { return a.node_ != b.node_; }

 private:
  const Node* node_ = nullptr;
};

// Owns the nodes of its expressions.
class Graph {
 public:
  Graph();
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  // A matrix given at every run. Each call makes a new input, equal names or not.
  Expr input(const std::string& name, int rows, int columns);
  // A matrix that stays the same over many runs (weights). What depends on parameters alone is
  // computed once, not at every run.
  Expr parameter(const std::string& name, int rows, int columns);
  Expr constant(double value);  // 1 x 1, broadcasts
  Expr constant(int rows, int columns, const std::vector<double>& values);

  struct Store;
  [[nodiscard]] Store& store() { return *store_; }

 private:
  std::unique_ptr<Store> store_;
};

// Elementwise. Operands broadcast: an extent of 1 is repeated. Shapes that do not fit throw
// std::invalid_argument (a mistake in this program, not of its user).
Expr operator+(Expr a, Expr b);
Expr operator-(Expr a, Expr b);
Expr operator*(Expr a, Expr b);
Expr operator/(Expr a, Expr b);
Expr operator-(Expr a);
Expr operator+(Expr a, double b);
Expr operator+(double a, Expr b);
Expr operator-(Expr a, double b);
Expr operator-(double a, Expr b);
Expr operator*(Expr a, double b);
Expr operator*(double a, Expr b);
Expr operator/(Expr a, double b);
Expr operator/(double a, Expr b);
Expr exp(Expr x);
Expr log(Expr x);
Expr tanh(Expr x);
Expr sigmoid(Expr x);   // 1 / (1 + exp(-x))
Expr softplus(Expr x);  // log(1 + exp(x))
Expr silu(Expr x);      // x sigmoid(x)
Expr relu(Expr x);      // max(x, 0); derivative 0 at 0
Expr sqrt(Expr x);
Expr square(Expr x);
Expr reciprocal(Expr x);
Expr abs(Expr x);        // derivative 0 at 0
Expr sign(Expr x);       // -1, 0 or 1; derivative 0
Expr heaviside(Expr x);  // 1 where x > 0, else 0; derivative 0
Expr sin(Expr x);        // |x| < 8192 in float
Expr cos(Expr x);
Expr erf(Expr x);       // 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x
Expr log1p(Expr x);     // log(1 + x), also for x near 0
Expr expm1(Expr x);     // exp(x) - 1, also for x near 0
Expr lgamma(Expr x);    // log Gamma(x), x >= 0, else NaN
Expr digamma(Expr x);   // its derivative
Expr trigamma(Expr x);  // its second derivative; has no derivative itself (std::logic_error)
// yes where condition > 0, else no. Only the chosen branch receives a gradient, and a NaN in the
// other one does not leak into value or gradient.
Expr select(Expr condition, Expr yes, Expr no);
Expr stop_gradient(Expr x);  // x, with derivative 0

// Linear algebra.
Expr matmul(Expr a, Expr b);             // [m, k] [k, n] -> [m, n]
Expr matmul_transposed(Expr a, Expr b);  // transpose(a) b: [k, m] [k, n] -> [m, n]
Expr transpose(Expr a);

Expr inverse_lower(Expr a);  // of the lower triangle of a, diagonal included: [n, n] -> [n, n]

// Products with a weight matrix whose non-zero entries form a staircase, as the masked layers of
// autoregressive networks have them once their units are sorted by degree (Germain et al. 2015):
// column j of w has entries in its first limit[j % limit.size()] rows only, limit rising. What lies
// outside is neither read nor, in masked_outer, computed (it is 0 there). Each one's derivatives
// are of the three.
using Staircase = std::vector<int>;
Expr masked_matmul(Expr a, Expr w, const Staircase& limit);            // a w
Expr masked_matmul_back(Expr a, Expr w_transposed, const Staircase&);  // a transpose(w)
Expr masked_outer(Expr a, Expr b, const Staircase& limit);  // transpose(a) b, the same hole

// Reductions, and their transposes.
Expr sum_columns(Expr x);                       // over the columns: [m, n] -> [m, 1]
Expr sum_rows(Expr x);                          // over the rows: [m, n] -> [1, n]
Expr sum(Expr x);                               // -> [1, 1]
Expr broadcast(Expr x, int rows, int columns);  // extents of 1 repeated
Expr max_columns(Expr x);                       // [m, n] -> [m, 1]; derivative 0 (for stabilising)
Expr logsumexp_columns(Expr x);                 // [m, n] -> [m, 1], safe for large values

// Columns.
Expr gather_columns(Expr x, const std::vector<int>& index);  // out[:, j] = x[:, index[j]]
Expr scatter_columns(Expr x, const std::vector<int>& index,
                     int columns);  // out[:, index[j]] += x[:, j]
Expr slice_columns(Expr x, int first, int count);
Expr hstack(const std::vector<Expr>& parts);

// Blocks of rows: the pixels of an image, say, when pixels are rows.
Expr reshape(Expr x, int rows, int columns);  // the same numbers, row by row; costs nothing
Expr sum_row_blocks(Expr x, int block);       // [n block, c] -> [n, c]
Expr repeat_rows(Expr x, int block);          // its transpose: [n, c] -> [n block, c]
// One product a block of rows; attention is made of these. Each one's derivatives are of the three.
Expr batched_matmul(Expr a, Expr b, int batches);                // [m, k] [k, n] -> [m, n], a block
Expr batched_matmul_transposed(Expr a, Expr b, int batches);     // transpose(a) b: [k, m] [k, n]
Expr batched_matmul_by_transposed(Expr a, Expr b, int batches);  // a transpose(b): [m, k] [n, k]

// d(sum of all elements of y)/dx for every x, by reverse accumulation. Where row i of y depends on
// row i of x alone, row i of the result is that row's own gradient. An x that y does not depend on
// gets zeros.
[[nodiscard]] std::vector<Expr> gradient(Expr y, const std::vector<Expr>& xs);
[[nodiscard]] Expr gradient(Expr y, Expr x);

// Directional derivatives: for every y, d/dt y(xs + t vs) at t = 0 (forward accumulation). v has
// the shape of its x.
[[nodiscard]] std::vector<Expr> tangent(const std::vector<Expr>& ys, const std::vector<Expr>& xs,
                                        const std::vector<Expr>& vs);

}  // namespace pushforward
