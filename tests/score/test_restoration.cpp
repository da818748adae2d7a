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

const ImageShape shape = {1, 3, 4};
constexpr double mean = 100, deviation = 20;  // of the pixels

// Pictures of independent Gaussian pixels, so of independent coefficients of equal variance.
TrainingRows gaussian_pictures(std::size_t count, std::uint64_t seed) {
  TrainingRows rows;
  rows.columns = static_cast<std::size_t>(shape.numbers());
  rows.values.resize(count * rows.columns);
  Random(seed, Stream::data).fill_normal(rows.values.data(), count, rows.columns, 0);
  for (float& value : rows.values)
    value = static_cast<float>(mean + deviation * static_cast<double>(value));
  return rows;
}

RestorationModel model_of(RestorationKind kind, DegradationKind degradation, int levels,
                          const TrainingRows& rows, int hidden = 16) {
  DegradationSettings s;
  s.kind = degradation;
  s.picture = shape;
  s.levels = levels;
  s.blur_min = 0.3;
  s.blur_max = 2;
  RestorationDescription d;
  d.kind = kind;
  d.degradation = make_degradation(s, "test");
  d.network = {hidden, 2};
  measure_pictures(rows, "test", &d);
  return RestorationModel(d, 1);
}

// Mean over levels s of a function of (s, squared frequency), summed over the coefficients.
double mean_over_levels(const RestorationModel& model,
                        const std::function<double(int s, double squared)>& of) {
  const CosineTransform transform(shape);
  const int levels = model.degradation().levels();
  double sum = 0;
  for (int s = 1; s <= levels; ++s)
    for (const double squared : transform.squared_frequencies()) sum += of(s, squared) / levels;
  return sum;
}

double factor(const RestorationModel& model, int s, double squared) {
  const double width = model.degradation().shown(s);
  return std::exp(-squared * width * width / 2);
}

double unit_of(const RestorationModel& model) {
  return model.description().deviation / model.description().range;
}

// Trains a model and returns the loss of fresh rows.
double trained_loss(const RestorationModel& model, const TrainingRows& rows,
                    const TrainingRows& fresh, std::int64_t steps) {
  const RestorationObjective objective(&model);
  TrainingOptions options;
  options.steps = steps;
  options.learning_rate = 3e-3;
  options.schedule = Schedule::cosine;
  options.threads = 2;
  TrainingState state;
  train<float>({objective, model.parameters(), rows, {}}, options, {}, &state);
  ParameterTable trained = model.parameters();
  trained.values = final_parameters(state);
  return mean_loss<float>(objective, trained, fresh, 0, 2);
}

}  // namespace

TEST_CASE("the data's mean, deviation and range are measured over all pixels", "[restoration]") {
  TrainingRows rows = gaussian_pictures(5000, 1);
  const RestorationModel model = model_of(RestorationKind::blur, DegradationKind::blur, 5, rows);
  const RestorationDescription& d = model.description();
  CHECK(d.mean == Approx(mean).epsilon(0.005));
  CHECK(d.deviation == Approx(deviation).epsilon(0.02));
  CHECK(model.noise() == Approx(0.01 * d.range / d.deviation));
  REQUIRE(d.output_scale.size() == 5);
  for (int s = 1; s <= 5; ++s) {
    // Of white pictures: the root mean square of what a level lacks, and of the noise.
    double sum = 0;
    const CosineTransform transform(shape);
    for (const double squared : transform.squared_frequencies())
      sum += std::pow(factor(model, s - 1, squared) - factor(model, s, squared), 2) / 12;
    CHECK(d.output_scale[static_cast<std::size_t>(s - 1)] ==
          Approx(std::sqrt(sum + model.noise() * model.noise())).epsilon(0.1));
  }
  rows.values.assign(rows.values.size(), 3.0F);
  RestorationDescription flat = d;
  CHECK_THROWS_WITH(measure_pictures(rows, "f", &flat), Catch::Contains("f: all pixels are equal"));
}

TEST_CASE("losses begin at what no correction costs", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(40000, 2);
  const double root = std::sqrt(2 / 3.14159265358979323846);  // E|z|
  const auto loss = [&](const RestorationModel& model) {
    return mean_loss<double>(RestorationObjective(&model), model.parameters(), rows, 0, 2);
  };
  const RestorationModel blur = model_of(RestorationKind::blur, DegradationKind::blur, 4, rows);
  const double noise = blur.noise(), unit = unit_of(blur);
  CHECK(loss(blur) == Approx(unit * unit *
                             mean_over_levels(blur,
                                              [&](int s, double squared) {
                                                const double lost = factor(blur, s - 1, squared) -
                                                                    factor(blur, s, squared);
                                                return lost * lost + noise * noise;
                                              }))
                          .epsilon(0.01));
  // v - a (a v + b z) is normal of variance b^4 + a^2 b^2 = b^2.
  const RestorationModel hot = model_of(RestorationKind::cold, DegradationKind::noise, 4, rows);
  CHECK(loss(hot) ==
        Approx(unit_of(hot) * root *
               mean_over_levels(hot, [&](int s, double) { return hot.degradation().at(s)[1]; }))
            .epsilon(0.01));
  // At the last level of pixelate a pixel less the mean of 12: a variance of 11 / 12.
  const RestorationModel one = model_of(RestorationKind::cold, DegradationKind::pixelate, 2, rows);
  const RestorationModel half = model_of(RestorationKind::cold, DegradationKind::pixelate, 1, rows);
  CHECK(2 * loss(one) - loss(half) ==
        Approx(unit_of(one) * root * 12 * std::sqrt(11.0 / 12)).epsilon(0.02));
}

TEST_CASE("the gradient of every restoration loss is its difference quotient", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(24, 3);
  for (const auto& [kind, degradation] : all_kinds) {
    INFO(restoration_name(kind) << " " << degradation_name(degradation));
    RestorationModel model = model_of(kind, degradation, 2, rows, 6);
    std::vector<double>& values = model.parameters().values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * std::sin(double(i));
    const RestorationObjective objective(&model);
    LossProgram<double> program(objective, model.parameters(), rows.count(), 12, true, 1);
    std::vector<std::uint64_t> index(rows.count());
    for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
    std::vector<double> gradient(values.size()), other(values.size());
    const auto loss = [&](std::vector<double>* to) {
      program.bind_parameters(values.data());
      return program.run(0, rows, index.data(), index.size(),
                         {Random(0, Stream::loss_noise), Random(0, Stream::loss_level), 0, 0},
                         to->data());
    };
    loss(&gradient);
    double largest = 0;
    for (const double g : gradient) largest = std::max(largest, std::abs(g));
    for (std::size_t i = 0; i < values.size(); i += values.size() / 23) {
      const double at = values[i], h = 1e-6;
      values[i] = at + h;
      const double after = loss(&other);
      values[i] = at - h;
      const double before = loss(&other);
      values[i] = at;
      CHECK((after - before) / (2 * h) == Approx(gradient[i]).epsilon(1e-5).margin(1e-6 * largest));
    }
  }
}

TEST_CASE("training comes to the floors known for Gaussian pictures", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(20000, 4), fresh = gaussian_pictures(20000, 5);
  {
    const RestorationModel model =
        model_of(RestorationKind::blur, DegradationKind::blur, 4, rows, 48);
    const double n = model.noise(), unit = unit_of(model);
    const double floor = unit * unit * mean_over_levels(model, [&](int s, double squared) {
                           const double a = factor(model, s, squared),
                                        b = factor(model, s - 1, squared);
                           return b * b * n * n / (a * a + n * n);
                         });
    const double start =
        mean_loss<float>(RestorationObjective(&model), model.parameters(), fresh, 0, 2);
    const double after = trained_loss(model, rows, fresh, 2000);
    INFO("floor " << floor << ", from " << start << " to " << after);
    CHECK(after > 0.98 * floor);
    CHECK(after < floor + 0.1 * (start - floor));
  }
  {
    // The median of v given a v + b z has a deviation of b.
    const RestorationModel model =
        model_of(RestorationKind::cold, DegradationKind::noise, 4, rows, 32);
    const double floor =
        unit_of(model) * std::sqrt(2 / 3.14159265358979323846) *
        mean_over_levels(model, [&](int s, double) { return model.degradation().at(s)[1]; });
    const double after = trained_loss(model, rows, fresh, 300);
    CHECK(after == Approx(floor).epsilon(0.01));
  }
}

TEST_CASE("a start is drawn from what was left of the training rows", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(3000, 6);
  const RestorationModel model =
      model_of(RestorationKind::cold, DegradationKind::pixelate, 2, rows);
  const RestorationDescription& d = model.description();
  const RestorationStart start = measure_start(*d.degradation, rows, d.mean, d.deviation).value();
  REQUIRE(start.count == 1);
  CHECK(start.rows.size() == 1000);
  for (const StartLaw law : {StartLaw::rows, StartLaw::gaussian}) {
    const std::vector<double> pictures = draw_start(start, *d.degradation, law, 7, 0, 20000);
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < 20000; ++i) {
      CHECK(pictures[12 * i + 11] == pictures[12 * i]);
      sum += pictures[12 * i] / 20000;
      squares += pictures[12 * i] * pictures[12 * i] / 20000;
    }
    CHECK(sum == Approx(0).margin(0.03));  // a mean of 12 pixels of variance 1
    CHECK(squares == Approx(1.0 / 12).epsilon(0.1));
    // Rows are functions of their numbers.
    const std::vector<double> some = draw_start(start, *d.degradation, law, 7, 500, 3);
    CHECK(std::equal(some.begin(), some.end(), pictures.begin() + 500 * 12));
    CHECK(draw_start(start, *d.degradation, law, 8, 500, 3) != some);
  }
}

TEST_CASE("a restoration model is read back as it was written", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(100, 7);
  for (const auto& [kind, degradation] : all_kinds) {
    const RestorationModel model = model_of(kind, degradation, 2, rows);
    const RestorationDescription& a = model.description();
    const auto start = measure_start(*a.degradation, rows, a.mean, a.deviation);
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_restoration(&writer, model, start, {3, 4}, ElementType::float64);
    writer.commit();
    const StoredRestoration again = read_restoration(ContainerReader(file.path));
    const RestorationDescription& b = again.model->description();
    CHECK(b.kind == kind);
    CHECK(b.degradation->settings().kind == degradation);
    CHECK(again.model->level(2) == model.level(2));
    CHECK(again.model->noise() == model.noise());
    CHECK(again.model->parameters().values == model.parameters().values);
    CHECK(again.start->rows == start->rows);
    CHECK(again.start->factor == start->factor);
    CHECK(again.start->mean == start->mean);
  }
}

TEST_CASE("a damaged restoration model is refused by name", "[restoration]") {
  const TrainingRows rows = gaussian_pictures(100, 7);
  const RestorationModel model = model_of(RestorationKind::blur, DegradationKind::blur, 3, rows);
  const RestorationDescription& d = model.description();
  const auto start = measure_start(*d.degradation, rows, d.mean, d.deviation);
  const auto complaint = [&](const std::function<void(ContainerWriter&)>& spoil,
                             const Shape& row_shape = {1, 3, 4}) {
    const TemporaryFile file;
    ContainerWriter writer(file.path, "model", {});
    write_restoration(&writer, model, start, row_shape, ElementType::float32);
    spoil(writer);
    writer.commit();
    try {
      static_cast<void>(read_restoration(ContainerReader(file.path)));
    } catch (const Error& error) {
      CHECK(error.exit_status() == 1);
      return std::string(error.what()).substr(file.path.size() + 2);
    }
    return std::string("none");
  };
  CHECK(complaint([](ContainerWriter&) {}) == "none");
  CHECK(complaint([](ContainerWriter& w) { w.set_text("/model", "process", "warm"); }) ==
        "unknown process 'warm'; this version knows blur, cold");
  CHECK(complaint([](ContainerWriter& w) { w.set_text("/model", "degradation", "noise"); }) ==
        "the process blur with another degradation");
  CHECK(complaint([](ContainerWriter& w) { w.set_integer("/model", "levels", 4); }) ==
        "/model/output_scale has shape [3], this model needs [4]");
  CHECK(complaint([](ContainerWriter& w) { w.set_number("/model", "blur_min", 3); }).find("blur") !=
        std::string::npos);
  CHECK(complaint([](ContainerWriter& w) {
          w.set_number("/model", "blur_max", 9);
        }).rfind("/model/start/rows has shape", 0) == 0);
  CHECK(complaint([](ContainerWriter& w) {
          w.set_integer("/model", "hidden", 60000);
        }).find("fewer numbers") != std::string::npos);
  CHECK(complaint([](ContainerWriter&) {}, {12}) ==
        "rows of shape [12] are not pictures, [C, H, W] or [H, W]");
}
