#include <utility>

#include "base/kernels/simd.hpp"
#include "graph/kernels/error_function.hpp"
#include "graph/kernels/gamma_function.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

template <class T>
PUSHFORWARD_INLINE Vector<T> sine(Vector<T> x) {
  Vector<T> s, c;
  sine_cosine<T>(x, &s, &c);
  return s;
}
template <class T>
PUSHFORWARD_INLINE Vector<T> cosine(Vector<T> x) {
  Vector<T> s, c;
  sine_cosine<T>(x, &s, &c);
  return c;
}

// log(1 + x), exp(x) - 1 that keep the digits of a small x.
template <class T>
PUSHFORWARD_INLINE Vector<T> logarithm_of_one_plus(Vector<T> x) {
  return choose<T>(absolute<T>(x - T(0.0625)) < T(0.34375), log_core(x, Vector<T>{}),
                   logarithm<T>(T(1) + x));
}
template <class T>
PUSHFORWARD_INLINE Vector<T> exponential_minus_one(Vector<T> x) {
  const Vector<T> t = hyperbolic_tangent<T>(T(0.5) * x);
  return choose<T>(absolute<T>(x) < T(1), (t + t) / (T(1) - t), exponential<T>(x) - T(1));
}

// One function of one vector register each; map() below turns them into loops.
template <Unary>
struct Function;
#define PUSHFORWARD_UNARY(name, expression)        \
  template <>                                      \
  struct Function<Unary::name> {                   \
    template <class T>                             \
    PUSHFORWARD_INLINE Vector<T> of(Vector<T> x) { \
      return expression;                           \
    }                                              \
  };
PUSHFORWARD_UNARY(exp, exponential<T>(x))
PUSHFORWARD_UNARY(log, logarithm<T>(x))
PUSHFORWARD_UNARY(tanh, hyperbolic_tangent<T>(x))
PUSHFORWARD_UNARY(tanh_slope, T(1) - x * x)
PUSHFORWARD_UNARY(sigmoid, sigmoid<T>(x))
PUSHFORWARD_UNARY(sigmoid_slope, x*(T(1) - x))
PUSHFORWARD_UNARY(softplus, softplus<T>(x))
PUSHFORWARD_UNARY(relu, maximum<T>(T(0), x))
PUSHFORWARD_UNARY(heaviside, choose<T>(x > T(0), spread<T>(T(1)), Vector<T>{}))
PUSHFORWARD_UNARY(sqrt, square_root<T>(x))
PUSHFORWARD_UNARY(square, x* x)
PUSHFORWARD_UNARY(reciprocal, T(1) / x)
PUSHFORWARD_UNARY(abs, absolute<T>(x))
PUSHFORWARD_UNARY(sign, choose<T>(x == T(0), Vector<T>{}, copy_sign<T>(spread<T>(T(1)), x)))
PUSHFORWARD_UNARY(sin, sine<T>(x))
PUSHFORWARD_UNARY(cos, cosine<T>(x))
PUSHFORWARD_UNARY(erf, error_function<T>(x))
PUSHFORWARD_UNARY(log1p, logarithm_of_one_plus<T>(x))
PUSHFORWARD_UNARY(expm1, exponential_minus_one<T>(x))
PUSHFORWARD_UNARY(lgamma, log_gamma<T>(x))
PUSHFORWARD_UNARY(digamma, digamma<T>(x))
PUSHFORWARD_UNARY(trigamma, trigamma<T>(x))
#undef PUSHFORWARD_UNARY

template <class T>
PUSHFORWARD_INLINE Vector<T> load_some(const T* from, std::size_t count, T filler) {
  Vector<T> v = spread<T>(filler);
  for (std::size_t i = 0; i < count; ++i) v[i] = from[i];
  return v;
}
template <class T>
PUSHFORWARD_INLINE void store_some(T* to, Vector<T> v, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = v[i];
}

template <class Function, class T>
void map(std::size_t n, const T* x, T* out) {
  std::size_t i = 0;
  for (; i + width<T> <= n; i += width<T>)
    store<T>(out + i, Function::template of<T>(load<T>(x + i)));
  if (i < n)
    store_some<T>(out + i, Function::template of<T>(load_some<T>(x + i, n - i, T(1))), n - i);
}

template <class T>
void affine(std::size_t n, const T* x, T scale, T shift, T* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = scale * x[i] + shift;
}

template <class T>
void silu_backward(std::size_t n, const T* g, const T* s, const T* y, T* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = g[i] * (s[i] + y[i] * (T(1) - s[i]));
}

template <Binary op, class T>
PUSHFORWARD_INLINE T combine(T a, T b) {
  if constexpr (op == Binary::add) {
    return a + b;
  } else if constexpr (op == Binary::subtract) {
    return a - b;
  } else if constexpr (op == Binary::multiply) {
    return a * b;
  } else if constexpr (op == Binary::divide) {
    return a / b;
  } else if constexpr (op == Binary::silu_slope) {
    return a + b * (T(1) - a);
  } else if constexpr (op == Binary::tanh_backward) {
    return a * (T(1) - b * b);
  } else {
    static_assert(op == Binary::relu_backward, "an operator without its formula");
    return b > T(0) ? a : T(0);
  }
}

template <Binary op, class T>
void combine_rows(std::size_t rows, std::size_t columns, const T* a, Operand as, const T* b,
                  Operand bs, T* out) {
  if (columns == 1 && rows > 1) {  // a column is one long row
    const Operand at{0, as.row_stride != 0 ? std::size_t{1} : 0};
    const Operand bt{0, bs.row_stride != 0 ? std::size_t{1} : 0};
    combine_rows<op, T>(1, rows, a, at, b, bt, out);
    return;
  }
  if (as.row_stride == columns && bs.row_stride == columns && as.column_stride == 1 &&
      bs.column_stride == 1) {
    columns *= rows;
    rows = 1;
  }
  for (std::size_t r = 0; r < rows; ++r, a += as.row_stride, b += bs.row_stride, out += columns) {
    if (as.column_stride != 0 && bs.column_stride != 0) {
      for (std::size_t c = 0; c < columns; ++c) out[c] = combine<op, T>(a[c], b[c]);
    } else if (as.column_stride != 0) {
      const T one = *b;
      for (std::size_t c = 0; c < columns; ++c) out[c] = combine<op, T>(a[c], one);
    } else if (bs.column_stride != 0) {
      const T one = *a;
      for (std::size_t c = 0; c < columns; ++c) out[c] = combine<op, T>(one, b[c]);
    } else {
      const T one = combine<op, T>(*a, *b);
      for (std::size_t c = 0; c < columns; ++c) out[c] = one;
    }
  }
}

template <class T>
void select_rows(std::size_t rows, std::size_t columns, const T* condition, Operand cs,
                 const T* yes, Operand ys, const T* no, Operand ns, T* out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c)
      out[c] = condition[c * cs.column_stride] > T(0) ? yes[c * ys.column_stride]
                                                      : no[c * ns.column_stride];
    condition += cs.row_stride;
    yes += ys.row_stride;
    no += ns.row_stride;
    out += columns;
  }
}

// Every function has its row in the table: one without a formula does not compile.
template <class T, std::size_t... unary, std::size_t... binary>
void fill_table(Kernels<T>* table, std::index_sequence<unary...>, std::index_sequence<binary...>) {
  ((table->unary[unary] = map<Function<static_cast<Unary>(unary)>, T>), ...);
  ((table->binary[binary] = combine_rows<static_cast<Binary>(binary), T>), ...);
  table->affine = affine<T>;
  table->silu_backward = silu_backward<T>;
  table->select = select_rows<T>;
}

using UnaryFunctions = std::make_index_sequence<static_cast<std::size_t>(Unary::count)>;
using BinaryFunctions = std::make_index_sequence<static_cast<std::size_t>(Binary::count)>;

}  // namespace

void add_elementwise_kernels(Kernels<float>* table) {
  fill_table(table, UnaryFunctions{}, BinaryFunctions{});
}
void add_elementwise_kernels(Kernels<double>* table) {
  fill_table(table, UnaryFunctions{}, BinaryFunctions{});
}

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
