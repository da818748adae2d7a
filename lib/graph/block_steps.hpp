// The steps of operators on blocks of rows, images and runs of columns; for lib/graph alone.
#pragma once

#include <string>

#include "graph/steps.hpp"

namespace pushforward {

template <class T>
void set_convolution(const Node& node, Step<T>* step);
template <class T>
void run_convolution(const Step<T>& step, const Kernels<T>& kernel, const T* a, const T* b,
                     const T* bias, T* scratch, T* out);
template <class T>
[[nodiscard]] std::string convolution_name(const Step<T>& step);

// A binary step with one operand repeated over blocks of rows.
template <class T>
void run_repeated(const Step<T>& step, const Kernels<T>& kernel, const T* a, const T* b, T* out);

template <class T>
void run_row_blocks(const Step<T>& step, const Kernels<T>& kernel, const T* a, T* out);

// What a batched product needs beside its operands, in numbers.
[[nodiscard]] std::size_t batched_matmul_scratch(const Node& node);
template <class T>
void run_batched_matmul(const Step<T>& step, const Kernels<T>& kernel, const T* a, const T* b,
                        T* scratch, T* out);

// Finds the runs of neighbouring columns that a gather or scatter moves, where they are long enough
// to be moved as such.
template <class T>
void set_runs(const Node& node, Step<T>* step);
template <class T>
void gather_runs(const Step<T>& step, const T* a, T* out);
template <class T>
void scatter_runs(const Step<T>& step, const T* a, T* out);

}  // namespace pushforward
