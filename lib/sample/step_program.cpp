#include "sample/step_program.hpp"

namespace pushforward {
namespace {

// Random numbers of a step: those that every step has, and the further ones it asks for.
struct RandomInput {
  Expr all, first, more;
};
RandomInput random_input(Graph& graph, const char* name, int rows, int first, std::size_t more) {
  const int further = static_cast<int>(more);
  const Expr all = graph.input(name, rows, first + further);
  if (further == 0) return {all, all, Expr()};
  return {all, slice_columns(all, 0, first), slice_columns(all, first, further)};
}

}  // namespace

template <class T>
StepProgram<T>::StepProgram(const Step& of, const ChainTarget& target,
                            const std::vector<std::size_t>& columns, std::size_t lane_rows,
                            int workers, Products products)
    : step(of), evaluator(compile(target, columns, lane_rows, workers, products)) {}

template <class T>
Evaluator<T> StepProgram<T>::compile(const ChainTarget& target,
                                     const std::vector<std::size_t>& columns, std::size_t lane_rows,
                                     int workers, Products products) {
  Graph graph;
  Binding binding(&graph, target.parameters);
  const int rows = static_cast<int>(lane_rows);
  StepInputs in;
  for (const std::size_t c : columns)
    in.state.push_back(graph.input("state", rows, static_cast<int>(c)));
  const RandomInput normals =
      random_input(graph, "normals", rows, target.dimension, step->more_normals);
  const RandomInput uniforms = random_input(graph, "uniforms", rows, 1, step->more_uniforms);
  in.normals = normals.first;
  in.more_normals = normals.more;
  in.uniforms = uniforms.first;
  in.more_uniforms = uniforms.more;
  in.sigma = graph.input("sigma", 1, 1);
  for (std::size_t i = 0; i < step->constants; ++i)
    in.constants.push_back(graph.input("constant", 1, 1));
  std::vector<Expr> inputs = in.state, outputs;
  inputs.insert(inputs.end(), {normals.all, uniforms.all, in.sigma});
  inputs.insert(inputs.end(), in.constants.begin(), in.constants.end());
  const std::vector<Expr> next = step->next(target.source, Scope(&binding), in);
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (next[i] == in.state[i]) continue;
    changed.push_back(i);
    outputs.push_back(broadcast(next[i], rows, static_cast<int>(columns[i])));
  }
  return Evaluator<T>(inputs, binding.expressions(), outputs, workers, products);
}

template struct StepProgram<float>;
template struct StepProgram<double>;

}  // namespace pushforward
