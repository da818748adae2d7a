// Score models through files: what is written is read back, what is damaged is refused by name.
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <limits>
#include <new>
#include <stdexcept>

#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "score/score_model.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

ScoreDescription description(const std::string& kind) {
  ScoreDescription d;
  d.dimension = 2;
  ProcessSettings settings = ProcessSettings::with_defaults(kind);
  if (kind == "none") settings.sigma = 0.25;
  if (kind == "ve") settings.levels = 7;
  if (kind == "edm") settings.p_mean = -0.5;
  if (kind == "subvp") settings.beta_max = 12;
  if (kind == "ddpm") settings = ProcessSettings::ddpm(50, BetaSchedule::cosine);
  d.process = Process(settings);
  d.parametrization = Parametrization::data;
  d.embedding = Embedding::log_sigma;
  d.classes = kind == "vp" ? 3 : 0;
  d.hidden = 6;
  d.depth = 2;
  d.mean = {1, -0.1};
  d.sigma_data = {0.3, 4};
  return d;
}

// The message that reading ends with after `spoil` has had the file.
std::string complaint(const ScoreModel& model,
                      const std::function<void(ContainerWriter&)>& spoil = {}) {
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_score_model(&writer, model, {2}, "dsm", ElementType::float64);
  if (spoil) spoil(writer);
  writer.commit();
  try {
    const ContainerReader reader(file.path);
    static_cast<void>(read_score_model(reader));
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    const std::string message = error.what();
    CHECK(message.rfind(file.path + ": ", 0) == 0);
    return message.substr(file.path.size() + 2);
  }
  return "none";
}

std::string complaint(const ScoreDescription& d) { return complaint(ScoreModel(d, 0)); }

}  // namespace

TEST_CASE("a score model is read back as it was written", "[file]") {
  for (const std::string kind : {"none", "ve", "vp", "subvp", "ddpm", "edm"}) {
    const ScoreModel model(description(kind), 9);
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_score_model(&writer, model, {1, 2}, "dsm", ElementType::float32);
    writer.commit();
    const ContainerReader reader(file.path);
    const auto again = read_score_model(reader);
    const ScoreDescription &a = model.description(), &b = again->description();
    CHECK(again->parameters().values == model.parameters().values);
    const ProcessSettings &p = a.process.settings(), &q = b.process.settings();
    CHECK(q.process == kind);
    CHECK(q.sigma == p.sigma);
    CHECK(q.sigma_min == p.sigma_min);
    CHECK(q.sigma_max == p.sigma_max);
    CHECK(q.levels == p.levels);
    CHECK(q.beta_min == p.beta_min);
    CHECK(q.beta_max == p.beta_max);
    CHECK(q.beta_schedule == p.beta_schedule);
    CHECK(q.p_mean == p.p_mean);
    CHECK(q.p_std == p.p_std);
    CHECK(b.embedding == a.embedding);
    CHECK(b.classes == a.classes);
    CHECK(b.parametrization == a.parametrization);
    CHECK(b.hidden == a.hidden);
    CHECK(b.depth == a.depth);
    CHECK(b.mean == a.mean);
    CHECK(b.sigma_data == a.sigma_data);
  }
}

TEST_CASE("a model that cannot be is refused by name", "[file]") {
  const ScoreDescription good = description("ve");
  REQUIRE(complaint(good) == "none");
  CHECK(complaint(ScoreModel(good, 0), [](ContainerWriter& writer) {
          writer.set_number("/model", "sigma_min", 3);
        }) == "sigma_min must be below sigma_max, and both of them from 1e-18 to 1e18");
  ScoreDescription d = good;
  d.sigma_data[1] = 0;
  CHECK(complaint(d) == "/model/preprocess/sigma_data holds 0.000000, which should be above 0");
  d = good;
  d.mean[0] = std::numeric_limits<double>::infinity();
  CHECK(complaint(d) == "/model/preprocess/mean holds inf, which should be finite");
}

TEST_CASE("attributes that do not fit the parameters are refused", "[file]") {
  const ScoreModel model(description("edm"), 1);
  const auto integer = [](const char* name, std::int64_t value) {
    return [=](ContainerWriter& writer) { writer.set_integer("/model", name, value); };
  };
  const auto text = [](const char* name, const char* value) {
    return [=](ContainerWriter& writer) { writer.set_text("/model", name, value); };
  };
  CHECK(complaint(model, integer("hidden", 65536)) ==
        "/model/parameters holds fewer numbers than its attributes need");
  CHECK_THAT(complaint(model, integer("hidden", 5)), Catch::Contains("/model/parameters/hidden_0"));
  CHECK_THAT(complaint(model, integer("depth", 1)),
             Catch::Contains("/model/parameters/hidden_1") &&
                 Catch::Contains("is not a parameter of this model"));
  CHECK_THAT(complaint(model, integer("depth", 0)), Catch::Contains("depth"));
  CHECK(complaint(model, integer("dimension", 3)) ==
        "/model/preprocess/mean has shape [2], this model needs [3]");
  CHECK_THAT(complaint(model, text("process", "heat")), Catch::Contains("unknown process 'heat'"));
  CHECK_THAT(complaint(model, text("net", "resnet")), Catch::Contains("its network is 'resnet'"));
  CHECK_THAT(complaint(model, text("parametrization", "energy")),
             Catch::Contains("unknown parametrization 'energy'"));
  CHECK(complaint(model, text("family", "flow")) ==
        "a model of the family 'flow', where a score model is needed");
}

TEST_CASE("lack of memory while a model is built is not taken for a damaged file", "[file]") {
  const ScoreModel model(description("ve"), 9);
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_score_model(&writer, model, {2}, "dsm", ElementType::float32);
  writer.commit();
  const ContainerReader reader(file.path);
  const auto built = [&](const auto& failure) {
    return built_of_stored(reader, [&](std::size_t) -> int { throw failure; });
  };
  CHECK_THROWS_AS(built(std::length_error("a vector of too many elements")), std::length_error);
  CHECK_THROWS_AS(built(std::bad_alloc()), std::bad_alloc);
  CHECK_THROWS_AS(built(TooManyParameters()), Error);
}
