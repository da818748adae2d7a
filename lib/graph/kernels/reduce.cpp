#include <limits>

#include "base/kernels/simd.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t parts = 16;

template <class T>
T sum_of_row(std::size_t n, const T* x) {
  if (n < parts) {
    T sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += x[i];
    return sum;
  }
  T part[parts] = {};
  std::size_t i = 0;
  for (; i + parts <= n; i += parts)
    for (std::size_t k = 0; k < parts; ++k) part[k] += x[i + k];
  for (std::size_t k = 0; i < n; ++i, ++k) part[k] += x[i];
  for (std::size_t distance = parts / 2; distance > 0; distance /= 2)
    for (std::size_t k = 0; k < distance; ++k) part[k] += part[k + distance];
  return part[0];
}

template <class T>
void sum_columns(std::size_t rows, std::size_t columns, const T* x, T* out) {
  for (std::size_t r = 0; r < rows; ++r) out[r] = sum_of_row<T>(columns, x + r * columns);
}

template <class T>
void sum_rows(std::size_t rows, std::size_t columns, const T* x, T* out) {
  constexpr std::size_t across = 4 * width<T>;
  std::size_t c = 0;
  for (; c + across <= columns; c += across) {
    Vector<T> sum[4] = {};
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t v = 0; v < 4; ++v)
        sum[v] = sum[v] + load<T>(x + r * columns + c + v * width<T>);
    for (std::size_t v = 0; v < 4; ++v) store<T>(out + c + v * width<T>, sum[v]);
  }
  for (; c < columns; ++c) {
    T sum = 0;
    for (std::size_t r = 0; r < rows; ++r) sum += x[r * columns + c];
    out[c] = sum;
  }
}

template <class T>
void max_columns(std::size_t rows, std::size_t columns, const T* x, T* out) {
  for (std::size_t r = 0; r < rows; ++r, x += columns) {
    T best = x[0];
    for (std::size_t c = 1; c < columns; ++c) best = x[c] > best ? x[c] : best;
    out[r] = best < std::numeric_limits<T>::lowest() ? std::numeric_limits<T>::lowest() : best;
  }
}

template <class T>
void broadcast(std::size_t rows, std::size_t columns, const T* x, Operand spread, T* out) {
  for (std::size_t r = 0; r < rows; ++r, x += spread.row_stride, out += columns) {
    if (spread.column_stride != 0)
      for (std::size_t c = 0; c < columns; ++c) out[c] = x[c];
    else
      for (std::size_t c = 0; c < columns; ++c) out[c] = *x;
  }
}

// A few columns are moved one after another, down the rows; many of them row by row.
constexpr std::size_t few_columns = 8;

// Slices are common, and moved without looking at the index again.
bool neighbours(const int* index, std::size_t count) {
  for (std::size_t j = 1; j < count; ++j)
    if (index[j] != index[j - 1] + 1) return false;
  return true;
}

template <class T>
void gather(std::size_t rows, std::size_t columns, const T* x, const int* index, std::size_t count,
            T* out) {
  if (count <= few_columns) {
    for (std::size_t j = 0; j < count; ++j) {
      const T* from = x + index[j];
      for (std::size_t r = 0; r < rows; ++r) out[r * count + j] = from[r * columns];
    }
    return;
  }
  if (neighbours(index, count)) {
    for (std::size_t r = 0; r < rows; ++r)
      std::memcpy(out + r * count, x + r * columns + index[0], count * sizeof(T));
    return;
  }
  for (std::size_t r = 0; r < rows; ++r, x += columns, out += count)
    for (std::size_t j = 0; j < count; ++j) out[j] = x[index[j]];
}

template <class T>
void scatter(std::size_t rows, std::size_t columns, const T* x, const int* index, std::size_t count,
             T* out) {
  for (std::size_t i = 0; i < rows * columns; ++i) out[i] = T(0);
  if (count <= few_columns) {
    for (std::size_t j = 0; j < count; ++j) {
      T* to = out + index[j];
      for (std::size_t r = 0; r < rows; ++r) to[r * columns] += x[r * count + j];
    }
    return;
  }
  for (std::size_t r = 0; r < rows; ++r, x += count, out += columns)
    for (std::size_t j = 0; j < count; ++j) out[index[j]] += x[j];
}

template <class T>
void fill_table(Kernels<T>* table) {
  table->sum_columns = sum_columns<T>;
  table->sum_rows = sum_rows<T>;
  table->max_columns = max_columns<T>;
  table->broadcast = broadcast<T>;
  table->gather = gather<T>;
  table->scatter = scatter<T>;
}

}  // namespace

void add_reduce_kernels(Kernels<float>* table) { fill_table<float>(table); }
void add_reduce_kernels(Kernels<double>* table) { fill_table<double>(table); }

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
