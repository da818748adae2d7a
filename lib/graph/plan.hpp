// Compiled expressions: a fixed list of kernel calls over planned buffers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "graph/expr.hpp"

namespace pushforward {

// How a float plan multiplies matrices.
enum class Products { exact, bf16 };

// Compiled once per set of outputs and shapes, run millions of times; running allocates nothing.
// Immutable after construction: one Plan serves all threads, each with a workspace of its own.
// T is float or double.
template <class T>
class Plan {
 public:
  // `inputs` and `parameters` fix the order in which run() is given their values; every input or
  // parameter that an output depends on must be listed, others may be. The parameters' values
  // stand one after another in one flat buffer, in the order listed.
  // Products::bf16 is for float, where bf16_products() is not none (graph/bf16.hpp).
  Plan(const std::vector<Expr>& inputs, const std::vector<Expr>& parameters,
       const std::vector<Expr>& outputs, Products products = Products::exact);
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  [[nodiscard]] std::size_t parameter_count() const;  // numbers in the flat buffer
  [[nodiscard]] std::size_t prepared_size() const;    // numbers that depend on parameters alone
  [[nodiscard]] std::size_t workspace_size() const;   // numbers a thread needs while running

  // Computes what depends on parameters alone (transposed weights, for example) into `prepared`.
  // To be called after every change of the parameters.
  void prepare(const T* parameters, T* prepared) const;

  // Runs the rest. inputs[i] and outputs[i] are row-major matrices of the shapes declared; an
  // output must not overlap an input.
  void run(const T* const* inputs, const T* parameters, const T* prepared, T* workspace,
           T* const* outputs) const;

  // A line per step with its kernel, shape and share of the time of `runs` runs on zeros.
  [[nodiscard]] std::string profile(int runs) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

extern template class Plan<float>;
extern template class Plan<double>;

// A plan with buffers for `workers` threads and a copy of the parameters: what callers use.
template <class T>
class Evaluator {
 public:
  Evaluator(const std::vector<Expr>& inputs, const std::vector<Expr>& parameters,
            const std::vector<Expr>& outputs, int workers = 1, Products products = Products::exact);

  [[nodiscard]] const Plan<T>& plan() const { return plan_; }
  // Copies plan().parameter_count() numbers and prepares.
  void set_parameters(const double* values);
  void set_parameters(const std::vector<double>& values) { set_parameters(values.data()); }
  // Uses the caller's buffer, which must outlive the evaluator's use of it, and prepares.
  void bind_parameters(const T* values);
  void run(int worker, const std::vector<const T*>& inputs, const std::vector<T*>& outputs);

 private:
  Plan<T> plan_;
  std::vector<T> own_parameters_;
  const T* parameters_ = nullptr;
  std::vector<T> prepared_;
  std::vector<std::vector<T>> workspaces_;
};

extern template class Evaluator<float>;
extern template class Evaluator<double>;

}  // namespace pushforward
