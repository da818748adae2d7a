#include "graph/plan.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>
#include <type_traits>

#include "graph/bf16.hpp"
#include "graph/buffer_planner.hpp"
#include "graph/items.hpp"

namespace pushforward {
namespace {

// The run's buffers: these three, then the inputs, then the outputs.
constexpr int parameter_base = 0, prepared_base = 1, workspace_base = 2, first_input_base = 3;

template <class T>
const Kernels<T>* kernels_for(Products products) {
  if constexpr (std::is_same_v<T, float>)
    if (products == Products::bf16) return &bf16_kernels(bf16_products());
  return &kernels<T>();
}

}  // namespace

template <class T>
struct Plan<T>::Implementation {
  const Kernels<T>* kernels = nullptr;
  std::vector<Step<T>> prepare_steps, run_steps;
  std::vector<std::pair<std::size_t, std::vector<T>>> constants;  // offset in `prepared`, values
  std::size_t parameter_count = 0, prepared_size = 0, workspace_size = 0;
  std::vector<std::size_t> input_sizes, output_sizes;

  std::map<const Node*, Place> places;  // while compiling
  BufferPlanner planner;

  Step<T> place_step(const Item& item, Place out) const {
    Step<T> step;
    step.kernel = item.op->name;
    step.shape = shape_name(*item.compute);
    item.op->step(*item.compute, &step);
    for (const Node* operand : item.operands) step.in.push_back(places.at(operand));
    step.out = out;
    return step;
  }

  void compile_fixed(const Item& item) {
    const Place out{prepared_base, prepared_size};
    prepared_size += (size_of(item.result) + 15) / 16 * 16;
    if (item.result->op == &constant_operator) {
      const std::vector<double>& values = item.result->get<ConstantValues>().values;
      constants.emplace_back(out.offset, std::vector<T>(values.begin(), values.end()));
    } else {
      prepare_steps.push_back(place_step(item, out));
    }
    places[item.result] = out;
  }

  // Where a result may overwrite an operand that nobody reads afterwards.
  const Node* operand_to_overwrite(const Item& item, std::size_t at,
                                   const std::map<const Node*, std::size_t>& last_use) const {
    if (!item.op->has(Operator::overwrites)) return nullptr;
    for (const Node* operand : item.operands)
      if (places.at(operand).base == workspace_base && last_use.at(operand) == at &&
          size_of(operand) == size_of(item.result))
        return operand;
    return nullptr;
  }

  void compile_varying(const std::vector<Item>& items) {
    std::map<const Node*, std::size_t> last_use;
    for (std::size_t at = 0; at < items.size(); ++at)
      for (const Node* operand : items[at].operands) last_use[operand] = at;
    for (std::size_t at = 0; at < items.size(); ++at) {
      const Item& item = items[at];
      Place out;
      const Node* overwritten = nullptr;
      if (const auto given = places.find(item.result); given != places.end()) {
        out = given->second;  // an output's own buffer
      } else {
        overwritten = operand_to_overwrite(item, at, last_use);
        out = overwritten != nullptr ? places.at(overwritten)
                                     : Place{workspace_base, planner.take(size_of(item.result))};
      }
      run_steps.push_back(place_step(item, out));
      if (const std::size_t scratch = run_steps.back().scratch_size; scratch > 0) {
        run_steps.back().scratch = Place{workspace_base, planner.take(scratch)};
        planner.give_back(run_steps.back().scratch.offset, scratch);
      }
      places[item.result] = out;
      std::vector<const Node*> dead;
      for (const Node* operand : item.operands)
        if (operand != overwritten && places.at(operand).base == workspace_base &&
            last_use.at(operand) == at &&
            std::find(dead.begin(), dead.end(), operand) == dead.end())
          dead.push_back(operand);
      for (const Node* operand : dead)
        planner.give_back(places.at(operand).offset, size_of(operand));
    }
    workspace_size = planner.size();
  }

  void copy_to_output(const Node* node, int base) {
    Step<T> step;
    step.kernel = "copy";
    step.shape = shape_name(*node);
    step.run = [n = size_of(node)](const Kernels<T>&, const StepBuffers<T>& at) {
      std::memcpy(at.out(), at.in(0), n * sizeof(T));
    };
    step.in = {places.at(node)};
    step.out = Place{base, 0};
    run_steps.push_back(std::move(step));
  }

  template <class Around>
  void run(const T* const* inputs, const T* parameters, const T* prepared, T* workspace,
           T* const* outputs, const Around& around) const {
    // Places of inputs are only read from: the constness is given back by Step's use of them.
    constexpr std::size_t at_hand = 64;
    std::array<T*, at_hand> few;
    std::vector<T*> many;
    const std::size_t count = 3 + input_sizes.size() + output_sizes.size();
    if (count > at_hand) many.resize(count);
    T** bases = count > at_hand ? many.data() : few.data();
    bases[parameter_base] = const_cast<T*>(parameters);
    bases[prepared_base] = const_cast<T*>(prepared);
    bases[workspace_base] = workspace;
    std::size_t base = first_input_base;
    for (std::size_t i = 0; i < input_sizes.size(); ++i) bases[base++] = const_cast<T*>(inputs[i]);
    for (std::size_t i = 0; i < output_sizes.size(); ++i) bases[base++] = outputs[i];
    const Kernels<T>& kernel = *kernels;
    for (const Step<T>& step : run_steps)
      around(step, [&] { step.run(kernel, StepBuffers<T>(step, bases)); });
  }
};

template <class T>
Plan<T>::Plan(const std::vector<Expr>& inputs, const std::vector<Expr>& parameters,
              const std::vector<Expr>& outputs, Products products)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& plan = *implementation_;
  plan.kernels = kernels_for<T>(products);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    plan.places[inputs[i].node()] = Place{first_input_base + static_cast<int>(i), 0};
    plan.input_sizes.push_back(size_of(inputs[i].node()));
  }
  for (const Expr parameter : parameters) {
    plan.places[parameter.node()] = Place{parameter_base, plan.parameter_count};
    plan.parameter_count += size_of(parameter.node());
  }
  std::vector<Item> varying;
  for (Item& item : order_items(outputs)) {
    for (const Node* operand : item.operands)
      if (is_leaf(operand) && plan.places.count(operand) == 0)
        throw std::invalid_argument("Plan: " + operand->get<LeafName>().text +
                                    " is needed but not listed");
    if (item.result->varying)
      varying.push_back(std::move(item));
    else
      plan.compile_fixed(item);
  }
  const int first_output = first_input_base + static_cast<int>(inputs.size());
  std::vector<bool> direct(outputs.size(), false);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Node* node = value_of(outputs[i].node());
    plan.output_sizes.push_back(size_of(node));
    if (!node->varying || is_leaf(node) || plan.places.count(node) != 0) continue;
    plan.places[node] = Place{first_output + static_cast<int>(i), 0};
    direct[i] = true;
  }
  plan.compile_varying(varying);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (!direct[i])
      plan.copy_to_output(value_of(outputs[i].node()), first_output + static_cast<int>(i));
  plan.places.clear();
}

template <class T>
Plan<T>::~Plan() = default;
template <class T>
Plan<T>::Plan(Plan&&) noexcept = default;
template <class T>
Plan<T>& Plan<T>::operator=(Plan&&) noexcept = default;

template <class T>
std::size_t Plan<T>::parameter_count() const {
  return implementation_->parameter_count;
}
template <class T>
std::size_t Plan<T>::prepared_size() const {
  return implementation_->prepared_size;
}
template <class T>
std::size_t Plan<T>::workspace_size() const {
  return implementation_->workspace_size;
}

template <class T>
void Plan<T>::prepare(const T* parameters, T* prepared) const {
  for (const auto& [offset, values] : implementation_->constants)
    std::copy(values.begin(), values.end(), prepared + offset);
  T* const bases[] = {const_cast<T*>(parameters), prepared};
  for (const Step<T>& step : implementation_->prepare_steps)
    step.run(kernels<T>(), StepBuffers<T>(step, bases));
}

template <class T>
void Plan<T>::run(const T* const* inputs, const T* parameters, const T* prepared, T* workspace,
                  T* const* outputs) const {
  implementation_->run(inputs, parameters, prepared, workspace, outputs,
                       [](const Step<T>&, const auto& step) { step(); });
}

template <class T>
std::string Plan<T>::profile(int runs) const {
  const Implementation& plan = *implementation_;
  std::vector<std::vector<T>> buffers;
  const auto zeros = [&](std::size_t count) {
    buffers.emplace_back(count + 1);
    return buffers.back().data();
  };
  T* parameters = zeros(plan.parameter_count);
  T* prepared = zeros(plan.prepared_size);
  T* workspace = zeros(plan.workspace_size);
  std::vector<const T*> inputs;
  std::vector<T*> outputs;
  for (const std::size_t size : plan.input_sizes) inputs.push_back(zeros(size));
  for (const std::size_t size : plan.output_sizes) outputs.push_back(zeros(size));
  prepare(parameters, prepared);
  std::map<std::string, std::pair<int, double>> lines;
  double total = 0;
  for (int i = 0; i < runs; ++i)
    plan.run(inputs.data(), parameters, prepared, workspace, outputs.data(),
             [&](const Step<T>& step, const auto& body) {
               const auto start = std::chrono::steady_clock::now();
               body();
               const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
               auto& line = lines[step.kernel + (" " + step.shape)];
               if (i == 0) ++line.first;
               line.second += spent.count();
               total += spent.count();
             });
  std::vector<std::pair<std::string, std::pair<int, double>>> sorted(lines.begin(), lines.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.second.second > b.second.second; });
  std::string text = "share\tmicroseconds\tsteps\tkernel\n";
  for (const auto& [name, line] : sorted) {
    char buffer[160];
    std::snprintf(buffer, sizeof buffer, "%.3f\t%.2f\t%d\t%s\n", line.second / total,
                  1e6 * line.second / runs, line.first, name.c_str());
    text += buffer;
  }
  return text;
}

template class Plan<float>;
template class Plan<double>;

template <class T>
Evaluator<T>::Evaluator(const std::vector<Expr>& inputs, const std::vector<Expr>& parameters,
                        const std::vector<Expr>& outputs, int workers, Products products)
    : plan_(inputs, parameters, outputs, products),
      prepared_(plan_.prepared_size()),
      workspaces_(static_cast<std::size_t>(workers)) {
  if (plan_.parameter_count() == 0) bind_parameters(nullptr);
}

template <class T>
void Evaluator<T>::set_parameters(const double* values) {
  own_parameters_.assign(values, values + plan_.parameter_count());
  bind_parameters(own_parameters_.data());
}

template <class T>
void Evaluator<T>::bind_parameters(const T* values) {
  parameters_ = values;
  plan_.prepare(parameters_, prepared_.data());
}

template <class T>
void Evaluator<T>::run(int worker, const std::vector<const T*>& inputs,
                       const std::vector<T*>& outputs) {
  std::vector<T>& workspace = workspaces_[static_cast<std::size_t>(worker)];
  if (workspace.size() < plan_.workspace_size()) workspace.resize(plan_.workspace_size());
  plan_.run(inputs.data(), parameters_, prepared_.data(), workspace.data(), outputs.data());
}

template class Evaluator<float>;
template class Evaluator<double>;

}  // namespace pushforward
