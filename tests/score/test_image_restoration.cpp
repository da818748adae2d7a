// Restoration models with a U-Net: through files, flips, dropout, and what training comes to.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"
#include "score/cosine_transform.hpp"
#include "score/restoration_kinds.hpp"
#include "score/restoration_objective.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr int height = 3, width = 4, columns = 2 * height * width;
const Shape row_shape = {2, height, width};

TrainingRows pictures(std::size_t count, std::uint64_t seed) {
  TrainingRows rows;
  rows.columns = columns;
  rows.values.resize(count * columns);
  Random(seed, Stream::data).fill_normal(rows.values.data(), count, columns, 0);
  return rows;
}

UnetShape unet_shape(double dropout) {
  UnetShape shape;
  shape.height = height;
  shape.width = width;
  shape.channels = 8;
  shape.multipliers = {1, 2};
  shape.blocks = 1;
  shape.attention = {2};
  shape.dropout = dropout;
  return shape;
}

RestorationModel model_of(RestorationKind kind, DegradationKind degradation,
                          const TrainingRows& rows, double dropout = 0.25, int levels = 2) {
  DegradationSettings s;
  s.kind = degradation;
  s.picture = {2, height, width};
  s.levels = levels;
  s.blur_min = 0.3;
  s.blur_max = 2;
  RestorationDescription d;
  d.kind = kind;
  d.degradation = make_degradation(s, "test");
  d.network.unet = unet_shape(dropout);
  measure_pictures(rows, "test", &d);
  return RestorationModel(d, 1);
}

// Its network puts out something.
RestorationModel moved(RestorationModel model) {
  std::vector<double>& values = model.parameters().values;
  std::vector<double> moves(values.size());
  Random(2, Stream::evaluation).fill_normal(moves.data(), 1, moves.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * moves[i];
  return model;
}

// The loss at level 1 of one row under these uniform numbers, without noise.
double loss_of(const RestorationObjective& objective, const RestorationModel& model,
               const std::vector<double>& row, const std::vector<double>& uniforms, bool training) {
  Graph graph;
  Binding binding(&graph, &model.parameters());
  const std::vector<double> zeros(columns), one = {1}, level_row = model.level(1);
  const Expr x = graph.input("x", 1, columns), weights = graph.input("weights", 1, 1);
  const Expr u = graph.input("uniforms", 1, objective.uniform_columns());
  const Expr level = graph.input("level", 1, model.level_numbers());
  std::vector<Expr> inputs = {x, weights, u, level};
  std::vector<const double*> values = {row.data(), one.data(), uniforms.data(), level_row.data()};
  Expr normals;
  if (objective.normal_columns() > 0) {
    normals = graph.input("normals", 1, objective.normal_columns());
    inputs.push_back(normals);
    values.push_back(zeros.data());
  }
  const Expr loss = objective.loss(Scope(&binding), {x, weights, normals, u, level, training});
  Evaluator<double> evaluator(inputs, binding.expressions(), {loss});
  evaluator.set_parameters(model.parameters().values);
  double value = 0;
  evaluator.run(0, values, {&value});
  return value;
}

std::string complaint(const std::function<void(ContainerWriter&)>& spoil) {
  const RestorationModel model =
      model_of(RestorationKind::cold, DegradationKind::mask, pictures(50, 1));
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_restoration(&writer, model, RestorationStart(), row_shape, ElementType::float32);
  spoil(writer);
  writer.commit();
  try {
    static_cast<void>(read_restoration(ContainerReader(file.path)));
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    return std::string(error.what()).substr(file.path.size() + 2);
  }
  return "none";
}

}  // namespace

TEST_CASE("a restoration's U-Net is read back as it was written", "[image_restoration]") {
  const TrainingRows rows = pictures(50, 1);
  for (const auto& [kind, degradation] : all_kinds) {
    const RestorationModel model = moved(model_of(kind, degradation, rows));
    const RestorationDescription& d = model.description();
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_restoration(&writer, model, measure_start(*d.degradation, rows, d.mean, d.deviation),
                      row_shape, ElementType::float64);
    writer.commit();
    const StoredRestoration again = read_restoration(ContainerReader(file.path));
    CHECK(again.model->parameters().values == model.parameters().values);
    REQUIRE(again.model->description().network.unet);
    CHECK(again.model->description().network.unet->dropout == 0.25);
    // The same numbers make the same picture.
    const RestorationObjective a(&model), b(again.model.get());
    const std::vector<double> row(rows.values.begin(), rows.values.begin() + columns);
    const std::vector<double> uniforms(std::size_t(a.uniform_columns()), 0.4);
    CHECK(loss_of(a, model, row, uniforms, true) == loss_of(b, *again.model, row, uniforms, true));
  }
}

TEST_CASE("a restoration's U-Net that cannot be is refused by name", "[image_restoration]") {
  CHECK(complaint([](ContainerWriter&) {}) == "none");
  CHECK(complaint([](ContainerWriter& w) { w.set_text("/model", "net", "vit"); }) ==
        "its network is 'vit', which this version does not know");
  CHECK(complaint([](ContainerWriter& w) {
          w.set_integer("/model", "height", 2);
          w.set_integer("/model", "width", 6);
        }) == "a U-Net for images of 2 x 6, where rows have the shape [2, 3, 4]");
  CHECK(complaint([](ContainerWriter& w) { w.set_integer("/model", "channels", 4096); }) ==
        "/model/parameters holds fewer numbers than its attributes need");
  CHECK_THAT(complaint([](ContainerWriter& w) { w.set_text("/model", "attention", "3"); }),
             Catch::Contains("no level has the side 3"));
  CHECK_THAT(complaint([](ContainerWriter& w) { w.set_number("/model", "dropout", 1); }),
             Catch::Contains("drops everything"));
}

TEST_CASE("a flipped picture is restored as its mirror image is", "[image_restoration]") {
  const TrainingRows rows = pictures(50, 1);
  for (const auto& [kind, degradation] : all_kinds) {
    INFO(restoration_name(kind) << " " << degradation_name(degradation));
    const RestorationModel model = moved(model_of(kind, degradation, rows));
    RestorationObjective objective(&model);
    const int before = objective.uniform_columns();
    objective.flip_pictures();
    REQUIRE(objective.uniform_columns() == before + 1);
    const std::vector<double> row(rows.values.begin(), rows.values.begin() + columns);
    std::vector<double> mirror = row;
    for (std::size_t j = 0; j < columns; ++j)
      mirror[j] = row[j / width * width + width - 1 - j % width];
    std::vector<double> heads(std::size_t(before) + 1, 0.9), tails = heads;
    tails[0] = 0.1;
    const double plain = loss_of(objective, model, row, heads, true);
    CHECK(loss_of(objective, model, mirror, tails, true) == Approx(plain).epsilon(1e-12));
    CHECK(loss_of(objective, model, row, tails, true) != Approx(plain).epsilon(1e-9));
    CHECK(loss_of(objective, model, row, tails, false) ==
          loss_of(objective, model, row, heads, false));
  }
}

TEST_CASE("a restoration's dropout is for training alone", "[image_restoration]") {
  const TrainingRows rows = pictures(50, 1);
  for (const auto& [kind, degradation] : all_kinds) {
    const RestorationModel model = moved(model_of(kind, degradation, rows));
    const RestorationObjective objective(&model);
    REQUIRE(objective.uniform_columns() == dropout_columns(model.description().network));
    const std::vector<double> row(rows.values.begin(), rows.values.begin() + columns);
    std::vector<double> kept(std::size_t(objective.uniform_columns()), 0.9), dropped = kept;
    dropped.front() = 0.1;
    CHECK(loss_of(objective, model, row, dropped, true) !=
          loss_of(objective, model, row, kept, true));
    CHECK(loss_of(objective, model, row, dropped, false) ==
          loss_of(objective, model, row, kept, false));
  }
}

TEST_CASE("pixels that a mask leaves are restored as they are", "[image_restoration]") {
  const TrainingRows rows = pictures(500, 1);
  const RestorationModel model =
      moved(model_of(RestorationKind::cold, DegradationKind::mask, rows, 0, 4));
  const RestorationDescription& d = model.description();
  // White pixels of variance 1 in v, where any are covered.
  CHECK(d.output_scale[3] == Approx(1).epsilon(0.02));
  std::size_t kept = 0, restored = 0;
  for (const int s : {1, 4}) {
    Graph graph;
    Binding binding(&graph, &model.parameters());
    const Expr v = graph.input("v", 1, columns);
    const Expr level = graph.input("level", 1, model.level_numbers());
    const Expr y = model.degrade(v, Expr(), level);
    Evaluator<double> evaluator({v, level}, binding.expressions(),
                                {y, model.restore(Scope(&binding), y, level)});
    evaluator.set_parameters(model.parameters().values);
    const std::vector<double> row(rows.values.begin(), rows.values.begin() + columns);
    const std::vector<double> numbers = model.level(s);
    std::vector<double> spoilt(columns), whole(columns);
    evaluator.run(0, {row.data(), numbers.data()}, {spoilt.data(), whole.data()});
    for (std::size_t j = 0; j < columns; ++j) {
      const bool seen = spoilt[j] == row[j];
      kept += seen ? 1 : 0;
      restored += whole[j] != spoilt[j] ? 1 : 0;
      if (seen) CHECK(whole[j] == row[j]);
    }
  }
  CHECK(kept > 0);
  CHECK(restored >= columns);  // all of level 4
}

TEST_CASE("a U-Net comes near the floor known for Gaussian pictures", "[image_restoration]") {
  // Pixels are independent, so cosine coefficients are, of equal variance: the best correction is
  // a factor for each.
  const TrainingRows rows = pictures(20000, 3), fresh = pictures(5000, 4);
  const RestorationModel model = model_of(RestorationKind::blur, DegradationKind::blur, rows, 0);
  const RestorationDescription& d = model.description();
  const RestorationObjective objective(&model);
  const CosineTransform transform({2, height, width});
  const double n = model.noise(), unit = d.deviation / d.range;
  double floor = 0;
  for (int s = 1; s <= 2; ++s)
    for (const double squared : transform.squared_frequencies()) {
      const auto factor = [&](int level) {
        return std::exp(-0.5 * squared * std::pow(d.degradation->shown(level), 2));
      };
      const double a = factor(s), b = factor(s - 1);
      floor += unit * unit * b * b * n * n / (a * a + n * n) / 2;
    }
  const double start = mean_loss<float>(objective, model.parameters(), fresh, 0, 2);
  TrainingOptions options;
  options.steps = 300;
  options.batch = 128;
  options.learning_rate = 4e-3;
  options.schedule = Schedule::cosine;
  options.threads = 2;
  TrainingState state;
  train<float>({objective, model.parameters(), rows, {}}, options, {}, &state);
  ParameterTable trained = model.parameters();
  trained.values = final_parameters(state);
  const double after = mean_loss<float>(objective, trained, fresh, 0, 2);
  INFO("floor " << floor << ", from " << start << " to " << after);
  CHECK(after > 0.98 * floor);
  CHECK(after < floor + 0.25 * (start - floor));
}
