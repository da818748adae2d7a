// Base distributions: what a flow turns data into. All of them can be scored and drawn; some are
// learned along with the flow.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "flow/flow_spec.hpp"

namespace pushforward {

class Base {
 public:
  virtual ~Base() = default;
  // Log density of each row, nats: z [n, D] -> [n, 1].
  [[nodiscard]] virtual Expr log_density(Scope scope, Expr z) const = 0;

  // A row of z is made of this many standard normal and uniform numbers.
  [[nodiscard]] virtual int normal_columns() const = 0;
  [[nodiscard]] virtual int uniform_columns() const = 0;
  // z [n, D], its spread multiplied by `temperature`, from normals [n, normal_columns()] and
  // uniforms [n, uniform_columns()] (invalid for none).
  [[nodiscard]] virtual Expr draw(Scope scope, Expr normals, Expr uniforms,
                                  double temperature) const = 0;
};

// normal    standard normal
// logistic  independent standard logistic columns (NICE)
// student   independent Student t columns, each with its own learned degrees of freedom
// mixture   a learned autoregressive mixture of normals (the MoG of MAF MoG)
// rad       a folded normal and a learned gate (flow/rad.hpp)
[[nodiscard]] std::vector<std::string> base_names();
[[nodiscard]] std::unique_ptr<Base> make_base(const FlowSpec& spec);

// The numbers behind `rows` draws, [rows, normal_columns() + uniform_columns()], row i being row
// first_row + i of the seed.
template <class T>
void fill_base_numbers(const Base& base, T* out, std::size_t rows, std::uint64_t seed,
                       std::uint64_t first_row);

// base.draw from such numbers.
[[nodiscard]] Expr draw_from_numbers(const Base& base, Scope scope, Expr numbers,
                                     double temperature);

}  // namespace pushforward
