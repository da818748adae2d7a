#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"
#include "score/ddgan_objective.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr int columns = 3, classes = 2;

DdganDescription description_of(int latent) {
  DdganDescription d;
  d.dimension = columns;
  d.denoise_steps = 3;
  d.latent = latent;
  d.shape = {12, 2};
  d.classes = classes;
  d.mean = {1, -2, 0.5};
  d.deviation = {2, 1, 0.3};
  return d;
}

// Pictures of 1 x 4 x 3.
DdganDescription pictures_of(int latent, double dropout) {
  DdganDescription d;
  d.dimension = 12;
  d.denoise_steps = 2;
  d.latent = latent;
  UnetShape unet;
  unet.height = 4;
  unet.width = 3;
  unet.channels = 4;
  unet.multipliers = {1, 2};
  unet.blocks = 1;
  unet.attention = {2};
  unet.heads = 2;
  unet.dropout = dropout;
  d.shape.unet = unet;
  d.classes = classes;
  d.mean.assign(12, 0.3);
  d.deviation.assign(12, 1.5);
  return d;
}

std::shared_ptr<const Flow> flow_of(const char* flow, const char* base) {
  FlowSpec spec;
  spec.flow = flow;
  spec.base = base;
  spec.dimension = 2;
  spec.layers = 2;
  spec.hidden = 8;
  spec.components = 3;
  auto made = std::make_shared<Flow>(spec, Standardization{}, 4);
  std::vector<double>& values = made->parameters().values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * std::sin(double(i));
  return made;
}

// Rows of [data | label].
TrainingRows labelled_rows(std::size_t count, std::size_t numbers = columns) {
  TrainingRows rows;
  rows.columns = numbers + classes;
  std::vector<float> normals(count * numbers);
  Random(3, Stream::data).fill_normal(normals.data(), count, numbers, 0);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < numbers; ++j) rows.values.push_back(normals[i * numbers + j]);
    for (std::size_t k = 0; k < classes; ++k) rows.values.push_back(k == i % classes ? 1 : 0);
  }
  return rows;
}

// Output layers start at 0; a model that says something.
ParameterTable shaken(const Ddgan& model) {
  ParameterTable table = model.training_parameters(7);
  for (std::size_t i = 0; i < table.size(); ++i) table.values[i] += 0.2 * std::sin(1.7 * double(i));
  return table;
}

// The sum of a loss over rows, as a function of the parameters.
class SummedLoss {
 public:
  SummedLoss(const DdganObjective& objective, const ParameterTable& table, const TrainingRows& rows,
             const char* scope)
      : objective_(objective),
        rows_(rows),
        program_(objective_, table, rows.count(), rows.columns, true, 1, Products::exact, scope) {
    for (std::size_t i = 0; i < rows.count(); ++i) index_.push_back(i);
    gradient.resize(table.below(scope).size);
  }
  double at(const std::vector<double>& values) {
    program_.bind_parameters(values.data());
    return program_.run(0, rows_, index_.data(), index_.size(),
                        {Random(0, Stream::loss_noise), Random(0, Stream::loss_level), 0, 0},
                        gradient.data());
  }
  std::vector<double> gradient;

 private:
  DdganObjective objective_;
  const TrainingRows& rows_;
  LossProgram<double> program_;
  std::vector<std::uint64_t> index_;
};

}  // namespace

TEST_CASE("a step's coefficients are the closed forms", "[ddgan]") {
  for (const int count : {1, 4, 50}) {
    const std::vector<DdganStep> steps = ddgan_steps(count, 0.1, 20);
    REQUIRE(steps.size() == static_cast<std::size_t>(count));
    const auto retained = [&](int k) {  // of the data's variance at t_k, and none lost at t_0
      const auto integral = [](double t) { return 0.1 * t + 0.5 * 19.9 * t * t; };
      return std::exp(integral(0.001) - integral(0.001 + 0.999 * k / count));
    };
    for (int k = 1; k <= count; ++k) {
      INFO(count << " steps, step " << k);
      const DdganStep& s = steps[static_cast<std::size_t>(k - 1)];
      const double alpha = retained(k) / retained(k - 1), beta = 1 - alpha;
      CHECK(s.signal == Approx(std::sqrt(retained(k))).epsilon(1e-12));
      CHECK(s.noise == Approx(std::sqrt(1 - retained(k))).epsilon(1e-10));
      CHECK(s.signal_before == Approx(std::sqrt(retained(k - 1))).epsilon(1e-12));
      CHECK(s.noise_before == Approx(std::sqrt(1 - retained(k - 1))).epsilon(1e-10).margin(1e-12));
      CHECK(s.keep == Approx(std::sqrt(alpha)).epsilon(1e-12));
      CHECK(s.fresh == Approx(std::sqrt(beta)).epsilon(1e-10));
      // Ho et al. (2020), equation 7.
      CHECK(s.from_clean ==
            Approx(beta * std::sqrt(retained(k - 1)) / (1 - retained(k))).epsilon(1e-9));
      CHECK(s.from_noisy ==
            Approx((1 - retained(k - 1)) * std::sqrt(alpha) / (1 - retained(k))).margin(1e-10));
      CHECK(s.deviation * s.deviation ==
            Approx(beta * (1 - retained(k - 1)) / (1 - retained(k))).margin(1e-10));
      // Bayes, from the two normal laws.
      if (k == 1) continue;
      const double prior = 1 / (s.noise_before * s.noise_before);
      const double told = s.keep * s.keep / (s.fresh * s.fresh);
      CHECK(s.from_clean == Approx(prior * s.signal_before / (prior + told)));
      CHECK(s.from_noisy == Approx(told / s.keep / (prior + told)));
      CHECK(s.deviation == Approx(1 / std::sqrt(prior + told)));
    }
    CHECK(steps[0].from_clean == 1);
    CHECK(steps[0].from_noisy == 0);
    CHECK(steps[0].deviation == 0);
    CHECK(steps[0].signal_before == 1);
  }
}

namespace {

// Every `stride`-th derivative of the sum of a loss, in the parameters that it moves.
void check_gradient(const Ddgan& model, const DdganObjective& objective, const char* scope,
                    const TrainingRows& rows, std::size_t stride) {
  ParameterTable table = shaken(model);
  SummedLoss summed(objective, table, rows, scope);
  static_cast<void>(summed.at(table.values));
  const std::vector<double> gradient = summed.gradient;
  const std::size_t offset = table.below(scope).offset;
  double largest = 0;
  for (const double g : gradient) largest = std::max(largest, std::abs(g));
  CHECK(largest > 0.01);
  for (std::size_t i = 0; i < gradient.size(); i += stride) {
    double& value = table.values[offset + i];
    const double at = value, h = 1e-5;
    value = at + h;
    const double after = summed.at(table.values);
    value = at - h;
    const double before = summed.at(table.values);
    value = at;
    CHECK((after - before) / (2 * h) == Approx(gradient[i]).epsilon(1e-5).margin(1e-6 * largest));
  }
}

constexpr DdganLoss all_losses[] = {DdganLoss::generator, DdganLoss::discriminator,
                                    DdganLoss::penalised};

const char* scope_of(DdganLoss loss) {
  return loss == DdganLoss::generator ? Ddgan::generator_scope : Ddgan::discriminator_scope;
}

}  // namespace

TEST_CASE("the gradients of both losses and of the penalty are difference quotients", "[ddgan]") {
  const TrainingRows rows = labelled_rows(30);
  const std::shared_ptr<const Flow> flows[] = {nullptr, flow_of("maf", "mixture"),
                                               flow_of("realnvp", "logistic")};
  for (const auto& flow : flows)
    for (const DdganLoss loss : all_losses) {
      INFO("loss " << int(loss) << (flow == nullptr ? "" : ", latent flow"));
      const Ddgan model(description_of(2), flow, 7);
      const AdversarialSettings settings{
          flow == nullptr ? AdversarialLoss::nonsaturating : AdversarialLoss::relativistic, 0.7,
          flow == nullptr ? 0 : 0.4};
      check_gradient(model, DdganObjective(&model, loss, settings), scope_of(loss), rows, 11);
    }
}

TEST_CASE("so they are with convolutions, flips, dropout and a latent flow", "[ddgan]") {
  const TrainingRows rows = labelled_rows(5, 12);
  for (const double dropout : {0.0, 0.3})
    for (const DdganLoss loss : all_losses) {
      INFO("loss " << int(loss) << ", dropout " << dropout);
      const Ddgan model(pictures_of(2, dropout), dropout > 0 ? flow_of("realnvp", "rad") : nullptr,
                        7);
      const AdversarialSettings settings{AdversarialLoss::relativistic, 0.7, 0.4};
      DdganObjective objective(&model, loss, settings);
      if (dropout > 0) objective.flip_pictures(3);
      check_gradient(model, objective, scope_of(loss), rows, 37);
    }
}

TEST_CASE("a picture's numbers are those it has alone, and z and the label are heard", "[ddgan]") {
  const Ddgan model(pictures_of(3, 0), nullptr, 7);
  const ParameterTable table = shaken(model);
  // [clean row | log odds] of n rows made of 12 + 12 + 3 normal numbers each.
  const auto run = [&](int n, std::vector<double> x, std::vector<double> z, int label) {
    Graph graph;
    Binding binding(&graph, &table);
    const Expr in = graph.input("x", n, 24), noise = graph.input("z", n, 3);
    const Expr before = slice_columns(in, 0, 12), now = slice_columns(in, 12, 12);
    const Expr sigma = graph.constant(0.8);
    const Expr one = graph.constant(1, classes, {label == 0 ? 1.0 : 0.0, label == 1 ? 1.0 : 0.0});
    const Expr out = hstack({model.generate(Scope(&binding), now, noise, sigma, one),
                             model.discriminate(Scope(&binding), before, now, sigma, one)});
    Evaluator<double> evaluator({in, noise}, binding.expressions(), {out});
    evaluator.set_parameters(table.values);
    std::vector<double> values(static_cast<std::size_t>(n) * 13);
    evaluator.run(0, {x.data(), z.data()}, {values.data()});
    return values;
  };
  std::vector<double> x(5 * 24), z(5 * 3);
  Random(1, Stream::data).fill_normal(x.data(), 5, 24, 0);
  Random(1, Stream::data).fill_normal(z.data(), 5, 3, 100);
  const std::vector<double> together = run(5, x, z, 0);
  const auto row = [](const std::vector<double>& all, std::size_t size, std::size_t i) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * size);
    return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size));
  };
  for (std::size_t i = 0; i < 5; ++i) {
    const std::vector<double> alone = run(1, row(x, 24, i), row(z, 3, i), 0);
    for (std::size_t j = 0; j < 13; ++j)
      CHECK(alone[j] == Approx(together[i * 13 + j]).epsilon(1e-12).margin(1e-12));
  }
  // Another z moves the picture and not the odds, another label both.
  const std::vector<double> other_z = run(1, row(x, 24, 0), row(z, 3, 1), 0);
  CHECK(std::abs(other_z[0] - together[0]) > 1e-4);
  CHECK(other_z[12] == Approx(together[12]).epsilon(1e-12));
  const std::vector<double> other_label = run(1, row(x, 24, 0), row(z, 3, 0), 1);
  CHECK(std::abs(other_label[0] - together[0]) > 1e-4);
  CHECK(std::abs(other_label[12] - together[12]) > 1e-4);
}

TEST_CASE("the penalty is that of the discriminator's slope in the real row", "[ddgan]") {
  const TrainingRows rows = labelled_rows(20);
  const Ddgan model(description_of(2), nullptr, 7);
  const ParameterTable table = shaken(model);
  const auto loss = [&](DdganLoss kind, double gamma) {
    return SummedLoss(DdganObjective(&model, kind, {AdversarialLoss::relativistic, gamma, 0}),
                      table, rows, Ddgan::discriminator_scope)
        .at(table.values);
  };
  const double penalty = loss(DdganLoss::penalised, 3) - loss(DdganLoss::discriminator, 0);

  // The same rows, levels and noise by hand, the slope by differences.
  const int n = static_cast<int>(rows.count());
  Graph graph;
  Binding binding(&graph, &table);
  const Scope scope(&binding);
  const Expr before = graph.input("before", n, columns), now = graph.input("now", n, columns);
  const Expr sigma = graph.input("sigma", n, 1), label = graph.input("label", n, classes);
  const Expr odds = model.discriminate(scope, before, now, sigma, label);
  Evaluator<double> evaluator({before, now, sigma, label}, binding.expressions(), {odds});
  evaluator.set_parameters(table.values);
  const DdganObjective objective(&model, DdganLoss::penalised, {});
  const std::size_t normal_columns = static_cast<std::size_t>(objective.normal_columns());
  std::vector<double> normals(rows.count() * normal_columns), x(rows.count() * columns), x_now(x),
      sigmas(rows.count()), labels(rows.count() * classes);
  Random(0, Stream::loss_noise).fill_normal(normals.data(), rows.count(), normal_columns, 0);
  for (std::size_t i = 0; i < rows.count(); ++i) {
    double level[8];
    objective.draw_level(Random(0, Stream::loss_level).uniform(i, 0, 0), level);
    sigmas[i] = level[0];
    for (std::size_t j = 0; j < columns; ++j) {
      const double clean =
          (double(rows.values[i * rows.columns + j]) - model.description().mean[j]) /
          model.description().deviation[j];
      const double* noise = normals.data() + i * normal_columns;
      x[i * columns + j] = level[1] * clean + level[2] * noise[j];
      x_now[i * columns + j] = level[3] * x[i * columns + j] + level[4] * noise[columns + j];
    }
    for (std::size_t k = 0; k < classes; ++k)
      labels[i * classes + k] = double(rows.values[i * rows.columns + columns + k]);
  }
  std::vector<double> after(rows.count()), earlier(rows.count());
  double squares = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    const double h = 1e-5;
    std::vector<double> up = x, down = x;
    for (std::size_t i = 0; i < rows.count(); ++i) {
      up[i * columns + j] += h;
      down[i * columns + j] -= h;
    }
    evaluator.run(0, {up.data(), x_now.data(), sigmas.data(), labels.data()}, {after.data()});
    evaluator.run(0, {down.data(), x_now.data(), sigmas.data(), labels.data()}, {earlier.data()});
    for (std::size_t i = 0; i < rows.count(); ++i)
      squares += std::pow((after[i] - earlier[i]) / (2 * h), 2);
  }
  CHECK(penalty == Approx(1.5 * squares).epsilon(1e-6));
}

TEST_CASE("a learner moves its own parameters and leaves the others", "[ddgan]") {
  const TrainingRows rows = labelled_rows(100);
  const Ddgan model(description_of(2), flow_of("realnvp", "normal"), 7);
  const ParameterTable table = model.training_parameters(7);
  const DdganObjective generator(&model, DdganLoss::generator, {});
  const DdganObjective discriminator(&model, DdganLoss::discriminator, {});
  const DdganObjective penalised(&model, DdganLoss::penalised,
                                 {AdversarialLoss::relativistic, 5, 5});
  TrainingOptions options;
  options.steps = 1;
  options.batch = 64;
  const auto after = [&](double rate, const Objective* rare) {
    Learner critic{&discriminator, Ddgan::discriminator_scope};
    critic.rate = rate;
    critic.rare_objective = rare;
    critic.rare_every = 2;
    TrainingState state;
    train<double>({{{&generator, Ddgan::generator_scope}, critic}, table, rows, {}}, options, {},
                  &state);
    return state.parameters;
  };
  const auto changed = [&](const std::vector<double>& values, const char* scope) {
    const ParameterRange range = table.below(scope);
    return !std::equal(values.begin() + std::ptrdiff_t(range.offset),
                       values.begin() + std::ptrdiff_t(range.offset + range.size),
                       table.values.begin() + std::ptrdiff_t(range.offset));
  };
  const std::vector<double> fast = after(1, nullptr), slow = after(1e-3, nullptr);
  CHECK(changed(fast, Ddgan::generator_scope));
  CHECK(changed(fast, Ddgan::discriminator_scope));
  CHECK_FALSE(changed(fast, "latent"));
  CHECK(fast != slow);
  // At step 0, where the odds are 0 everywhere, their slope is too.
  options.steps = 3;
  CHECK(after(1, &penalised) != after(1, nullptr));
  CHECK(table.below("").size == table.size());
  CHECK_THROWS_AS(table.below("no such scope"), std::logic_error);
}

TEST_CASE("a model of pictures read back is the model written, and a damaged one is refused",
          "[ddgan]") {
  const TemporaryFile file;
  const auto write = [&](const Ddgan& model, const Shape& row_shape) {
    ContainerWriter writer(file.path, "model", {"test", "test", {}, true, 0});
    write_ddgan(&writer, model, row_shape, ElementType::float64);
    writer.commit();
  };
  const Ddgan model(pictures_of(2, 0.25), flow_of("realnvp", "student"), 7);
  write(model, {1, 4, 3});
  const std::unique_ptr<Ddgan> read = read_ddgan(ContainerReader(file.path));
  CHECK(read->parameters().values == model.parameters().values);
  REQUIRE(read->description().shape.unet);
  const UnetShape& unet = *read->description().shape.unet;
  CHECK(unet.height == 4);
  CHECK(unet.width == 3);
  CHECK(unet.multipliers == std::vector<int>{1, 2});
  CHECK(unet.attention == std::vector<int>{2});
  CHECK(unet.dropout == 0.25);
  write(model, {1, 3, 4});
  CHECK_THROWS_AS(read_ddgan(ContainerReader(file.path)), Error);
}

TEST_CASE("a generator has no more parameters than it may", "[ddgan]") {
  const std::size_t size = Ddgan(pictures_of(2, 0), nullptr, 7).parameters().size();
  CHECK_NOTHROW(Ddgan(pictures_of(2, 0), nullptr, 7, size));
  CHECK_THROWS_AS(Ddgan(pictures_of(2, 0), nullptr, 7, size - 1), TooManyParameters);
}

TEST_CASE("a model read back is the model written, its latent flow with it", "[ddgan]") {
  const TemporaryFile file;
  for (const char* base : {"", "normal", "logistic", "student", "mixture", "rad"}) {
    INFO("base '" << base << "'");
    const auto flow = *base == '\0' ? nullptr : flow_of("realnvp", base);
    const Ddgan model(description_of(flow == nullptr ? 5 : 2), flow, 7);
    {
      ContainerWriter writer(file.path, "model", {"test", "test", {}, true, 0});
      write_ddgan(&writer, model, {columns}, ElementType::float64);
      writer.commit();
    }
    const ContainerReader reader(file.path);
    const std::unique_ptr<Ddgan> read = read_ddgan(reader);
    CHECK(read->parameters().values == model.parameters().values);
    CHECK(read->parameters().list().size() == model.parameters().list().size());
    CHECK(read->description().denoise_steps == 3);
    CHECK(read->description().latent == model.description().latent);
    CHECK(read->description().mean == model.description().mean);
    CHECK(read->description().deviation == model.description().deviation);
    CHECK(read->latent_normals() == model.latent_normals());
    CHECK(read->latent_uniforms() == model.latent_uniforms());
    CHECK((read->latent_flow() == nullptr) == (flow == nullptr));
    CHECK_THROWS_AS(read_density(reader), Error);
  }
}
