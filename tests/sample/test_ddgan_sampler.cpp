// Rows drawn from a denoising diffusion GAN.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "sample/method.hpp"
#include "sample/starting_rows.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t dimension = 2;

// A model that says something: output layers start at 0.
SampledModel generator(const char* base) {
  DdganDescription d;
  d.dimension = static_cast<int>(dimension);
  d.denoise_steps = 3;
  d.latent = 2;
  d.shape = {16, 2};
  d.classes = 2;
  d.mean = {5, -1};
  d.deviation = {2, 0.5};
  std::shared_ptr<Flow> flow;
  if (*base != '\0') {
    FlowSpec spec;
    spec.flow = "realnvp";
    spec.base = base;
    spec.dimension = 2;
    spec.layers = 2;
    spec.hidden = 8;
    spec.components = 3;
    flow = std::make_shared<Flow>(spec, Standardization{}, 4);
  }
  SampledModel model;
  model.name = "m.h5";
  model.family = "ddgan";
  auto ddgan = std::make_unique<Ddgan>(d, flow, 7);
  std::vector<double>& values = ddgan->parameters().values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.2 * std::sin(1.7 * double(i));
  model.model = std::move(ddgan);
  return model;
}

SamplingPlan plan_of(const SampledModel& model) {
  MethodOptions options;
  options.count = 100;
  options.label = 1;
  const StartingRows start("normal:1", static_cast<std::size_t>(model.dimension()), 0);
  return plan_sampling(model, options, start);
}

std::vector<double> starting_rows(std::uint64_t first, std::size_t count) {
  std::vector<double> rows(count * dimension);
  Random(11, Stream::init).fill_normal(rows.data(), count, dimension, first);
  return rows;
}

std::vector<double> run(const SamplingPlan& plan, std::uint64_t first, std::size_t count,
                        int threads) {
  Workers workers(threads);
  Sampler<double> sampler(plan.target, plan.transitions, sampler_lane_rows(plan.target, count),
                          &workers);
  ChainOptions options;
  options.seed = 5;
  options.rows = plan.rows;
  const std::vector<double> start = starting_rows(first, count);
  std::vector<double> rows(count * dimension);
  sampler.run(first, count, start.data(), options, rows.data(), nullptr);
  return rows;
}

}  // namespace

TEST_CASE("a row depends on neither its neighbours nor threads", "[ddgan]") {
  for (const char* base : {"", "mixture"}) {
    const SampledModel model = generator(base);
    const SamplingPlan plan = plan_of(model);
    const std::vector<double> all = run(plan, 0, 600, 1);
    CHECK(run(plan, 0, 600, 3) == all);
    const std::vector<double> some = run(plan, 301, 40, 2);
    CHECK(some == std::vector<double>(all.begin() + 602, all.begin() + 682));
  }
}

TEST_CASE("sampling is x_{k-1} ~ q(x_{k-1} | x_k, G(x_k, z, k)), fresh z a step", "[ddgan]") {
  for (const char* base : {"", "logistic", "mixture", "rad"}) {
    INFO("base '" << base << "'");
    const SampledModel model = generator(base);
    const Ddgan& ddgan = *model.ddgan();
    const SamplingPlan plan = plan_of(model);
    CHECK(plan.method == "ddgan");
    CHECK(total_steps(plan.transitions) == 3);
    CHECK(total_evaluations(plan.transitions) == 3);
    CHECK(plan.units.offset == ddgan.description().mean);
    CHECK(plan.units.unit == ddgan.description().deviation);

    constexpr int n = 7;
    const int normals = ddgan.latent_normals(), uniforms = ddgan.latent_uniforms();
    Graph graph;
    Binding binding(&graph, &ddgan.parameters());
    const Scope scope(&binding);
    const Expr x = graph.input("x", n, dimension), sigma = graph.input("sigma", 1, 1);
    const Expr more = graph.input("more", n, std::max(normals, 1));
    const Expr uniform = graph.input("uniform", n, std::max(uniforms, 1));
    const Expr z = ddgan.latent(scope, more, uniform);
    const Expr clean = ddgan.generate(scope, x, z, sigma, graph.constant(1, 2, {0, 1}));
    Evaluator<double> evaluator({x, sigma, more, uniform}, binding.expressions(), {clean});
    evaluator.set_parameters(ddgan.parameters().values);
    std::vector<double> state = starting_rows(0, n), made(state.size());
    for (std::uint32_t step = 0; step < 3; ++step) {
      const DdganStep& s = ddgan.steps()[2 - step];
      const std::size_t columns = dimension + static_cast<std::size_t>(normals);
      std::vector<double> drawn(n * columns), latent(n * std::size_t(std::max(normals, 1))),
          chosen(n * std::size_t(1 + uniforms)), last(n * std::size_t(std::max(uniforms, 1)));
      Random(5, Stream::sampler).fill_normal(drawn.data(), n, columns, 0, step);
      Random(5, Stream::sampler_uniform)
          .fill_uniform(chosen.data(), n, std::size_t(1 + uniforms), 0, step);
      for (std::size_t i = 0; i < n; ++i) {
        std::copy_n(drawn.data() + i * columns + dimension, normals,
                    latent.data() + i * std::size_t(std::max(normals, 1)));
        std::copy_n(chosen.data() + i * std::size_t(1 + uniforms) + 1, uniforms,
                    last.data() + i * std::size_t(std::max(uniforms, 1)));
      }
      const double level = s.sigma();
      evaluator.run(0, {state.data(), &level, latent.data(), last.data()}, {made.data()});
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < dimension; ++j)
          state[i * dimension + j] = s.from_clean * made[i * dimension + j] +
                                     s.from_noisy * state[i * dimension + j] +
                                     s.deviation * drawn[i * columns + j];
    }
    const std::vector<double> rows = run(plan, 0, n, 1);
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i] == Approx(state[i]).margin(1e-12));
  }
}

TEST_CASE("a generator has its own method, and others have theirs", "[ddgan]") {
  const SampledModel model = generator("");
  MethodOptions options;
  options.count = 10;
  options.label = 0;
  CHECK(std::string(chosen_method(model, options).name) == "ddgan");
  const StartingRows start("normal:1", static_cast<std::size_t>(model.dimension()), 0);
  for (const char* method : {"ula", "mala", "ddpm", "ode", "annealed"}) {
    options.method = method;
    CHECK_THROWS_AS(plan_sampling(model, options, start), Error);
  }
}
