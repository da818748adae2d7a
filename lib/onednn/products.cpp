// Matrix products by oneDNN, each thread on its own.
#include <omp.h>

#include <algorithm>
#include <array>
#include <dnnl.hpp>
#include <map>
#include <unordered_map>
#include <vector>

#include "graph/onednn_module.hpp"
#include "onednn/element.hpp"

namespace pushforward {
namespace onednn {
namespace {

// out = a b + bias, [m, k] [k, n]: everything a primitive is made from.
struct Form {
  std::size_t m, n, k, row_stride, inner_stride, out_stride;
  bool bias;
  [[nodiscard]] std::array<std::size_t, 7> key() const {
    return {m, n, k, row_stride, inner_stride, out_stride, bias ? std::size_t{1} : 0};
  }
};

struct Primitive {
  dnnl::memory::desc a, b, bias, out;
  dnnl::matmul product;
};

template <bool bf16>
Primitive make_primitive(const Form& f) {
  const auto number = Element<bf16>::tag, real = dnnl::memory::data_type::f32;
  Primitive p;
  p.a = {Dims{extent(f.m), extent(f.k)}, number,
         Dims{extent(f.row_stride), extent(f.inner_stride)}};
  p.b = {Dims{extent(f.k), extent(f.n)}, number, Dims{extent(f.n), 1}};
  p.out = {Dims{extent(f.m), extent(f.n)}, real, Dims{extent(f.out_stride), 1}};
  if (f.bias) p.bias = {Dims{1, extent(f.n)}, real, Dims{extent(f.n), 1}};
  const dnnl::matmul::desc description =
      f.bias ? dnnl::matmul::desc(p.a, p.b, p.bias, p.out) : dnnl::matmul::desc(p.a, p.b, p.out);
  p.product = dnnl::matmul(dnnl::matmul::primitive_desc(description, engine()));
  return p;
}

// A thread's primitives, stream and operands in the numbers of the product.
template <bool bf16>
class Worker {
 public:
  using Number = typename Element<bf16>::Type;

  static Worker& mine() {
    thread_local Worker worker;
    return worker;
  }

  const Number* left(const float* x, std::size_t count) {
    left_.resize(std::max(left_.size(), count));
    for (std::size_t i = 0; i < count; ++i) left_[i] = Element<bf16>::from(x[i]);
    return left_.data();
  }
  Number* right(std::size_t count) {
    right_.resize(std::max(right_.size(), count));
    return right_.data();
  }

  void run(const Form& form, const Number* a, const Number* b, const float* bias, float* out) {
    auto at = primitives_.find(form.key());
    if (at == primitives_.end())
      at = primitives_.emplace(form.key(), make_primitive<bf16>(form)).first;
    const Primitive& p = at->second;
    std::unordered_map<int, dnnl::memory> arguments = {
        {DNNL_ARG_SRC, memory(p.a, a)},
        {DNNL_ARG_WEIGHTS, memory(p.b, b)},
        {DNNL_ARG_DST, dnnl::memory(p.out, engine(), out)}};
    if (form.bias) arguments.emplace(DNNL_ARG_BIAS, memory(p.bias, bias));
    p.product.execute(stream_, arguments);
    stream_.wait();
  }

 private:
  // A lane is one thread's: oneDNN's own threads stay out of it.
  Worker() : stream_(engine()) { omp_set_num_threads(1); }
  template <class T>
  static dnnl::memory memory(const dnnl::memory::desc& desc, const T* data) {
    return {desc, engine(), const_cast<T*>(data)};  // oneDNN only reads operands
  }
  dnnl::stream stream_;
  std::map<std::array<std::size_t, 7>, Primitive> primitives_;
  std::vector<Number> left_, right_;
};

constexpr std::size_t panel_columns = 128;

// The toolkit's own, for products with a side of one or two.
Kernels<float> own;

template <bool bf16>
void matmul(std::size_t m, std::size_t n, std::size_t k, const float* a, std::size_t row_stride,
            std::size_t inner_stride, const float* b, const float* bias, float* out) {
  if (m <= 2 || n <= 2 || k <= 2) {
    own.matmul(m, n, k, a, row_stride, inner_stride, b, bias, out);
    return;
  }
  auto& worker = Worker<bf16>::mine();
  auto* right = worker.right(k * n);
  for (std::size_t i = 0; i < k * n; ++i) right[i] = Element<bf16>::from(b[i]);
  worker.run({m, n, k, row_stride, inner_stride, n, bias != nullptr}, worker.left(a, m * k), right,
             bias, out);
}

// Panels of columns, each with the rows of b that some column of it has.
template <bool bf16>
void masked_matmul(std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b,
                   const float* bias, std::size_t groups, const int* begin, const int* end,
                   float* out) {
  auto& worker = Worker<bf16>::mine();
  const auto* left = worker.left(a, m * k);
  const std::size_t block = k / groups;
  for (std::size_t j = 0; j < n; j += panel_columns) {
    const std::size_t columns = std::min(panel_columns, n - j);
    std::size_t low = 0, high = k;
    if (groups == 1) {
      low = static_cast<std::size_t>(*std::min_element(begin + j, begin + j + columns));
      high = static_cast<std::size_t>(*std::max_element(end + j, end + j + columns));
    }
    if (low >= high) {
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t c = 0; c < columns; ++c)
          out[i * n + j + c] = bias != nullptr ? bias[j + c] : 0;
      continue;
    }
    auto* right = worker.right((high - low) * columns);
    for (std::size_t d = low; d < high; ++d) {
      const int at = static_cast<int>(d % block);
      for (std::size_t c = 0; c < columns; ++c)
        right[(d - low) * columns + c] =
            Element<bf16>::from(at >= begin[j + c] && at < end[j + c] ? b[d * n + j + c] : 0.0f);
    }
    worker.run({m, columns, high - low, k, 1, n, bias != nullptr}, left + low, right,
               bias != nullptr ? bias + j : nullptr, out + j);
  }
}

template <bool bf16>
void masked_outer(std::size_t m, std::size_t n, std::size_t k, const float* a, const float* b,
                  std::size_t groups, const int* end, float* out) {
  auto& worker = Worker<bf16>::mine();
  const auto* left = worker.left(a, m * k);
  for (std::size_t j = 0; j < n; j += panel_columns) {
    const std::size_t columns = std::min(panel_columns, n - j);
    const std::size_t most =
        static_cast<std::size_t>(*std::max_element(end + j, end + j + columns));
    auto* right = worker.right(k * columns);
    for (std::size_t d = 0; d < k; ++d)
      for (std::size_t c = 0; c < columns; ++c)
        right[d * columns + c] = Element<bf16>::from(b[d * n + j + c]);
    if (most > 0) worker.run({most, columns, k, 1, m, n, false}, left, right, nullptr, out + j);
  }
  const std::size_t size = n / groups;
  for (std::size_t i = 0, first = 0; i < m; ++i) {
    while (first < size && end[first] <= static_cast<int>(i)) ++first;
    for (std::size_t g = 0; g < groups; ++g) std::fill_n(out + i * n + g * size, first, 0.0f);
  }
}

template <bool bf16>
void set_products(Kernels<float>* table) {
  table->matmul = matmul<bf16>;
  table->masked_matmul = masked_matmul<bf16>;
  table->masked_outer = masked_outer<bf16>;
  add_convolutions<bf16>(table);
}

}  // namespace

extern "C" HasAmx onednn_has_amx;
bool onednn_has_amx() {
  const int set = dnnl_get_effective_cpu_isa();
  return (set & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
}

extern "C" SetProducts onednn_set_products;
void onednn_set_products(Operands operands, Kernels<float>* table) {
  own = *table;
  operands == Operands::bf16 ? set_products<true>(table) : set_products<false>(table);
}

}  // namespace onednn
}  // namespace pushforward
