#include "score/ddgan.hpp"

#include <algorithm>
#include <limits>

#include "score/ddgan_networks.hpp"

namespace pushforward {
namespace {

constexpr const char* latent_scope = "latent";

}  // namespace

Ddgan::Ddgan(DdganDescription description, std::shared_ptr<const Flow> latent_flow,
             std::uint64_t seed, std::size_t max_parameters)
    : description_(std::move(description)),
      latent_flow_(std::move(latent_flow)),
      steps_(
          ddgan_steps(description_.denoise_steps, description_.beta_min, description_.beta_max)) {
  table_.most = max_parameters;
  Graph graph;
  Binding binding(&graph, &table_, seed);
  const int classes = description_.classes;
  static_cast<void>(generate(Scope(&binding), graph.input("x", 1, dimension()),
                             graph.input("z", 1, description_.latent), graph.input("sigma", 1, 1),
                             classes > 0 ? graph.input("label", 1, classes) : Expr()));
  table_.most = std::numeric_limits<std::size_t>::max();
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
  return latent_flow_->draw(scope / latent_scope, hstack(numbers), 1).x;
}

Expr Ddgan::generate(Scope scope, Expr x, Expr z, Expr sigma, Expr label, Expr uniforms) const {
  return ddgan_generator(scope / generator_scope, x, z,
                         {sigma, description_.classes > 0 ? label : Expr()}, uniforms,
                         description_.shape);
}

Expr Ddgan::discriminate(Scope scope, Expr before, Expr x, Expr sigma, Expr label) const {
  return ddgan_discriminator(scope / discriminator_scope, before, x,
                             {sigma, description_.classes > 0 ? label : Expr()},
                             description_.shape);
}

}  // namespace pushforward
