// Score models with a U-Net: through files, what they measure, flips and dropout.
#include <catch2/catch.hpp>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "graph/plan.hpp"
#include "score/objective.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr int side = 4, columns = 2 * side * side;

ScoreDescription description(const std::string& kind) {
  ScoreDescription d;
  d.dimension = columns;
  d.process = Process(ProcessSettings::with_defaults(kind));
  d.mean.assign(columns, 0.2);
  d.sigma_data.assign(columns, 0.5);
  d.classes = 3;
  d.label_dropout = 0.1;
  UnetShape shape;
  shape.height = shape.width = side;
  shape.channels = 4;
  shape.multipliers = {1, 2};
  shape.blocks = 1;
  shape.attention = {2};
  shape.heads = 2;
  shape.dropout = 0.25;
  d.unet = shape;
  return d;
}

// A model whose network puts out something.
ScoreModel moved_model(const std::string& kind) {
  ScoreModel model(description(kind), 1);
  std::vector<double>& values = model.parameters().values;
  std::vector<double> moves(values.size());
  Random(2, Stream::evaluation).fill_normal(moves.data(), 1, moves.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * moves[i];
  return model;
}

std::string complaint(const std::function<void(ContainerWriter&)>& spoil) {
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_score_model(&writer, ScoreModel(description("edm"), 0), {2, side, side}, "dsm",
                    ElementType::float32);
  spoil(writer);
  writer.commit();
  try {
    const ContainerReader reader(file.path);
    static_cast<void>(read_score_model(reader));
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(message.rfind(file.path + ": ", 0) == 0);
    return message.substr(file.path.size() + 2);
  }
  return "none";
}

// The loss of one row under these uniform numbers.
double loss_of(const ScoreObjective& objective, const ScoreModel& model,
               const std::vector<double>& row, const std::vector<double>& uniforms, bool training) {
  Graph graph;
  Binding binding(&graph, &model.parameters());
  const Expr x = graph.input("x", 1, columns + 3), weights = graph.input("weights", 1, 1);
  const Expr normals = graph.input("normals", 1, objective.normal_columns());
  const Expr u = graph.input("uniforms", 1, objective.uniform_columns());
  const Expr level = graph.input("level", 1, 1);
  const Expr loss = objective.loss(Scope(&binding), {x, weights, normals, u, level, training});
  Evaluator<double> evaluator({x, weights, normals, u, level}, binding.expressions(), {loss});
  evaluator.set_parameters(model.parameters().values);
  const std::vector<double> zeros(columns), one = {1}, sigma = {0.4};
  double value = 0;
  evaluator.run(0, {row.data(), one.data(), zeros.data(), uniforms.data(), sigma.data()}, {&value});
  return value;
}

}  // namespace

TEST_CASE("a U-Net is read back as it was written", "[image_model]") {
  for (const std::string kind : {"edm", "ddpm"}) {
    ScoreDescription written = description(kind);
    written.learned_variance = kind == "ddpm";
    const ScoreModel model(written, 9);
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_score_model(&writer, model, {2, side, side}, "dsm", ElementType::float32);
    writer.commit();
    const ContainerReader reader(file.path);
    const auto again = read_score_model(reader);
    CHECK(again->parameters().values == model.parameters().values);
    REQUIRE(again->description().unet);
    const UnetShape &a = *written.unet, &b = *again->description().unet;
    CHECK(b.height == a.height);
    CHECK(b.width == a.width);
    CHECK(b.channels == a.channels);
    CHECK(b.multipliers == a.multipliers);
    CHECK(b.blocks == a.blocks);
    CHECK(b.attention == a.attention);
    CHECK(b.heads == a.heads);
    CHECK(b.dropout == a.dropout);
  }
}

TEST_CASE("a U-Net that cannot be is refused by name", "[image_model]") {
  const auto integer = [](const char* name, std::int64_t value) {
    return [=](ContainerWriter& writer) { writer.set_integer("/model", name, value); };
  };
  const auto text = [](const char* name, const char* value) {
    return [=](ContainerWriter& writer) { writer.set_text("/model", name, value); };
  };
  CHECK(complaint([](ContainerWriter&) {}) == "none");
  CHECK(complaint(integer("channels", 4096)) ==
        "/model/parameters holds fewer numbers than its attributes need");
  CHECK_THAT(complaint(integer("channels", 2)), Catch::Contains("/model/parameters/"));
  CHECK(complaint(integer("height", 3)) ==
        "a U-Net for images of 3 x 4, where rows have the shape [2, 4, 4]");
  CHECK_THAT(complaint(integer("heads", 3)), Catch::Contains("do not divide into 3 heads"));
  CHECK_THAT(complaint(text("attention", "3")), Catch::Contains("no level has the side 3"));
  CHECK(complaint(text("multipliers", "1,x")) ==
        "/model says multipliers = '1,x', not numbers from 1 to 64");
  CHECK(complaint(text("multipliers", "")) ==
        "a U-Net without levels, or one that drops everything");
  CHECK_THAT(complaint(text("multipliers", "1,1,1,1,1")), Catch::Contains("halve 2 times at most"));
}

TEST_CASE("a U-Net's columns are measured as one", "[image_model]") {
  TrainingRows rows;
  rows.columns = columns;
  rows.values.resize(500 * columns);
  Random(3, Stream::data).fill_normal(rows.values.data(), 500, columns, 0);
  for (std::size_t i = 0; i < rows.values.size(); ++i)  // half of the columns hardly vary
    rows.values[i] = i % 2 == 0 ? 3.0f : 5 + 2 * rows.values[i];
  ScoreDescription d = description("edm");
  measure_data(rows, "rows", 0, &d);
  for (std::size_t j = 0; j < columns; ++j) {
    CHECK(d.mean[j] == d.mean[0]);
    CHECK(d.sigma_data[j] == d.sigma_data[0]);
  }
  CHECK(d.mean[0] == Approx(4).epsilon(0.01));
  // 2 within the columns, 1 between their means.
  CHECK(d.sigma_data[0] == Approx(std::sqrt(3.0)).epsilon(0.02));
}

TEST_CASE("a flipped picture is trained on as its mirror image", "[image_model]") {
  const ScoreModel model = moved_model("edm");
  ScoreObjective objective(&model, ScoreLoss::denoise, Projection::rademacher);
  const int before = objective.uniform_columns();
  objective.flip_pictures(side);
  REQUIRE(objective.uniform_columns() == before + 1);
  std::vector<double> row(columns + 3), mirror;
  Random(4, Stream::evaluation).fill_normal(row.data(), 1, columns, 0);
  row[columns + 1] = 1;  // the label
  mirror = row;
  for (int j = 0; j < columns; ++j)
    mirror[std::size_t(j)] = row[std::size_t(j / side * side + side - 1 - j % side)];
  std::vector<double> heads(std::size_t(objective.uniform_columns()), 0.9), tails = heads;
  tails[1] = 0.1;
  const double plain = loss_of(objective, model, row, heads, true);
  CHECK(loss_of(objective, model, mirror, tails, true) == Approx(plain).epsilon(1e-12));
  CHECK(loss_of(objective, model, row, tails, true) != Approx(plain).epsilon(1e-6));
  CHECK(loss_of(objective, model, row, tails, false) ==
        loss_of(objective, model, row, heads, false));
}

TEST_CASE("dropout and hidden labels are for training alone", "[image_model]") {
  const ScoreModel model = moved_model("edm");
  const ScoreObjective objective(&model, ScoreLoss::denoise, Projection::rademacher);
  std::vector<double> row(columns + 3);
  Random(5, Stream::evaluation).fill_normal(row.data(), 1, columns, 0);
  row[columns] = 1;
  std::vector<double> kept(std::size_t(objective.uniform_columns()), 0.9), dropped = kept;
  dropped.back() = 0.1;
  std::vector<double> hidden = kept;
  hidden[0] = 0.05;
  const double plain = loss_of(objective, model, row, kept, true);
  CHECK(loss_of(objective, model, row, dropped, true) != plain);
  CHECK(loss_of(objective, model, row, hidden, true) != plain);
  const double measured = loss_of(objective, model, row, kept, false);
  CHECK(loss_of(objective, model, row, dropped, false) == measured);
  CHECK(loss_of(objective, model, row, hidden, false) == measured);
}
