#include "score/ddgan.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

constexpr const char* latent_scope = "latent";

// A dense network learns what is coarse first (Rahaman et al. 2019, On the spectral bias of neural
// networks), and a discriminator that is late to see detail teaches none: rows are stretched before
// the first layer, which starts with weights for numbers of about 1.
constexpr double discriminator_stretch = 10, generator_stretch = 2;

Expr level_of(Expr sigma) { return level_features(0.25 * log(sigma)); }

}  // namespace

Ddgan::Ddgan(DdganDescription description, std::shared_ptr<const Flow> latent_flow,
             std::uint64_t seed)
    : description_(std::move(description)),
      latent_flow_(std::move(latent_flow)),
      steps_(
          ddgan_steps(description_.denoise_steps, description_.beta_min, description_.beta_max)) {
  Graph graph;
  Binding binding(&graph, &table_, seed);
  const int classes = description_.classes;
  static_cast<void>(generate(Scope(&binding), graph.input("x", 1, dimension()),
                             graph.input("z", 1, description_.latent), graph.input("sigma", 1, 1),
                             classes > 0 ? graph.input("label", 1, classes) : Expr()));
  if (latent_flow_ == nullptr) return;
  const ParameterTable& of_flow = latent_flow_->parameters();
  for (const Parameter& p : of_flow.list())
    table_.add(std::string(latent_scope) + "/" + p.name, p.rows, p.columns, Initializer::zeros(),
               seed);
  std::copy(of_flow.values.rbegin(), of_flow.values.rend(), table_.values.rbegin());
}

ParameterTable Ddgan::training_parameters(std::uint64_t seed) const {
  ParameterTable table = table_;
  Graph graph;
  Binding binding(&graph, &table, seed);
  const int classes = description_.classes;
  const Expr x = graph.input("x", 1, dimension());
  static_cast<void>(discriminate(Scope(&binding), x, x, graph.input("sigma", 1, 1),
                                 classes > 0 ? graph.input("label", 1, classes) : Expr()));
  return table;
}

int Ddgan::latent_normals() const {
  return latent_flow_ == nullptr ? description_.latent : latent_flow_->base().normal_columns();
}

int Ddgan::latent_uniforms() const {
  return latent_flow_ == nullptr ? 0 : latent_flow_->base().uniform_columns();
}

Expr Ddgan::latent(Scope scope, Expr normals, Expr uniforms) const {
  if (latent_flow_ == nullptr) return normals;
  std::vector<Expr> numbers;
  if (latent_normals() > 0) numbers.push_back(normals);
  if (latent_uniforms() > 0) numbers.push_back(uniforms);
  return latent_flow_->draw(scope / latent_scope, concatenate_columns(numbers), 1).x;
}

Expr Ddgan::generate(Scope scope, Expr x, Expr z, Expr sigma, Expr label) const {
  // z is told like a label, so that a network can take it in wherever it takes that. Scaled, it
  // starts with as much weight as a row.
  std::vector<Expr> told = {z / std::sqrt(double(description_.latent))};
  if (description_.classes > 0) told.push_back(broadcast(label, z.rows(), description_.classes));
  return conditional_network(scope / generator_scope, generator_stretch * x,
                             {level_of(sigma), concatenate_columns(told)}, dimension(),
                             description_.shape);
}

Expr Ddgan::discriminate(Scope scope, Expr before, Expr x, Expr sigma, Expr label) const {
  return conditional_network(
      scope / discriminator_scope, discriminator_stretch * concatenate_columns({before, x}),
      {level_of(sigma), description_.classes > 0 ? label : Expr()}, 1, description_.shape);
}

}  // namespace pushforward
