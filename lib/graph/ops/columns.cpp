// Columns picked from and put into a matrix.
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const std::vector<int>& index_of(const Node* node) { return node->get<ColumnIndex>().columns; }

// Neighbouring columns [place, place + length) whose indices are [index, index + length).
struct Run {
  std::size_t index, place, length;
};

// The runs of an index where they are long enough to be moved as such; otherwise none.
std::vector<Run> long_runs(const std::vector<int>& index) {
  constexpr std::size_t shortest = 4;  // numbers of a run, on average
  std::vector<Run> runs;
  for (std::size_t j = 0; j < index.size(); ++j) {
    if (j > 0 && index[j] == index[j - 1] + 1)
      ++runs.back().length;
    else
      runs.push_back({extent(index[j]), j, 1});
  }
  if (runs.size() * shortest > index.size()) runs.clear();
  return runs;
}

template <class T>
void set_gather(const Node& node, Step<T>* step) {
  const std::size_t rows = extent(node.rows), columns = extent(node.columns);
  const std::size_t inner = extent(node.inputs[0]->columns);
  const std::vector<Run> runs = long_runs(index_of(&node));
  if (runs.empty()) {
    step->run = [=, index = index_of(&node)](const Kernels<T>& kernel, const StepBuffers<T>& at) {
      kernel.gather(rows, inner, at.in(0), index.data(), columns, at.out());
    };
    return;
  }
  step->run = [=](const Kernels<T>&, const StepBuffers<T>& at) {
    const T* a = at.in(0);
    T* out = at.out();
    for (std::size_t row = 0; row < rows; ++row, a += inner, out += columns)
      for (const Run& run : runs)
        std::memcpy(out + run.place, a + run.index, run.length * sizeof(T));
  };
}

template <class T>
void set_scatter(const Node& node, Step<T>* step) {
  const std::size_t rows = extent(node.rows), columns = extent(node.columns);
  const std::size_t inner = extent(node.inputs[0]->columns);
  const std::vector<Run> runs = long_runs(index_of(&node));
  if (runs.empty()) {
    step->run = [=, index = index_of(&node)](const Kernels<T>& kernel, const StepBuffers<T>& at) {
      kernel.scatter(rows, columns, at.in(0), index.data(), inner, at.out());
    };
    return;
  }
  step->run = [=](const Kernels<T>&, const StepBuffers<T>& at) {
    const T* a = at.in(0);
    T* out = at.out();
    for (std::size_t row = 0; row < rows; ++row, a += inner, out += columns) {
      std::fill_n(out, columns, T(0));
      for (const Run& run : runs) {
        const T* from = a + run.place;
        T* to = out + run.index;
        for (std::size_t i = 0; i < run.length; ++i) to[i] += from[i];
      }
    }
  };
}

const Operator gather_operator = {
    "gather",
    [](const Node* node, Expr g, const Send& send) {
      send(0, scatter_columns(g, index_of(node), node->in(0).columns()));
    },
    [](const Node* node, const Tangents& t) { return gather_columns(t[0], index_of(node)); },
    [](const Node& node, auto* step) { set_gather(node, step); }};

const Operator scatter_operator = {
    "scatter",
    [](const Node* node, Expr g, const Send& send) { send(0, gather_columns(g, index_of(node))); },
    [](const Node* node, const Tangents& t) {
      return scatter_columns(t[0], index_of(node), node->columns);
    },
    [](const Node& node, auto* step) { set_scatter(node, step); }};

void check_index(const std::vector<int>& index, int columns) {
  if (index.empty()) throw std::invalid_argument("an empty list of columns");
  for (const int i : index)
    if (i < 0 || i >= columns) throw std::invalid_argument("a column outside the matrix");
}

// first, first + 1, ...
std::vector<int> counting(int first, int count) {
  std::vector<int> index;
  for (int j = 0; j < count; ++j) index.push_back(first + j);
  return index;
}

}  // namespace

Expr gather_columns(Expr x, const std::vector<int>& index) {
  check_index(index, x.columns());
  if (index == counting(0, x.columns())) return x;
  const int count = static_cast<int>(index.size());
  if (is_constant(x.node(), 0)) return filled(x.graph(), x.rows(), count, 0);
  return make_node({&gather_operator, x.rows(), count, {x.node()}, ColumnIndex{index}});
}

Expr scatter_columns(Expr x, const std::vector<int>& index, int columns) {
  check_index(index, columns);
  if (static_cast<int>(index.size()) != x.columns())
    throw std::invalid_argument("scatter_columns: an index a column");
  if (index == counting(0, columns)) return x;
  if (is_constant(x.node(), 0)) return filled(x.graph(), x.rows(), columns, 0);
  return make_node({&scatter_operator, x.rows(), columns, {x.node()}, ColumnIndex{index}});
}

Expr slice_columns(Expr x, int first, int count) {
  return gather_columns(x, counting(first, count));
}

Expr hstack(const std::vector<Expr>& parts) {
  int rows = 1, columns = 0;
  for (const Expr part : parts) {
    rows = common_extent(rows, part.rows());
    columns += part.columns();
  }
  Expr all = filled(parts.at(0).graph(), rows, columns, 0);
  int first = 0;
  for (const Expr part : parts) {
    const std::vector<int> index = counting(first, part.columns());
    first += part.columns();
    all = all + scatter_columns(broadcast(part, rows, part.columns()), index, columns);
  }
  return all;
}

}  // namespace pushforward
