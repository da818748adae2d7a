#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "density/shapes.hpp"
#include "io/container.hpp"
#include "nn/train.hpp"
#include "sample/gaussian_rows.hpp"
#include "sample/method.hpp"
#include "sample/starting_rows.hpp"
#include "score/cosine_transform.hpp"
#include "score/restoration_objective.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t side = 8, columns = side * side;

TrainingRows shape_rows(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint8_t> pixels(count * columns);
  std::vector<std::int32_t> labels(count);
  fill_shapes(pixels.data(), labels.data(), side, count, 0, seed);
  return {{pixels.begin(), pixels.end()}, columns};
}

SampledModel model_of(RestorationKind kind, DegradationKind degradation, int levels,
                      const TrainingRows& rows, int hidden = 8) {
  DegradationSettings s;
  s.kind = degradation;
  s.picture = {1, static_cast<int>(side), static_cast<int>(side)};
  s.levels = levels;
  s.blur_min = 0.5;
  s.blur_max = default_blur_max(s.picture);
  RestorationDescription d;
  d.kind = kind;
  d.degradation = make_degradation(s, "test");
  d.network = {hidden, 2};
  measure_pictures(rows, "test", &d);
  SampledModel model;
  model.name = "m.h5";
  model.family = restoration_family;
  model.model = StoredRestoration{std::make_unique<RestorationModel>(d, 1),
                                  measure_start(*d.degradation, rows, d.mean, d.deviation)};
  model.row_shape = {1, side, side};
  return model;
}

// Starts of chains: noise, of which a restoration makes no use, or a file of one picture.
StartingRows no_pictures() { return StartingRows("normal:1", columns, 0); }
StartingRows pictures() {
  const TemporaryFile file;
  ContainerWriter writer(file.path, "tensor", {});
  writer.write("/x", Array::make(ElementType::float32, {1, columns}));
  writer.commit();
  return StartingRows(file.path, columns, 0);
}

// In v, as the chain has them.
std::vector<double> standardised(const SampledModel& model, const TrainingRows& rows) {
  const RestorationDescription& d = model.restoration()->description();
  std::vector<double> v;
  for (const float value : rows.values)
    v.push_back((static_cast<double>(value) - d.mean) / d.deviation);
  return v;
}

std::vector<double> run_plan(const SamplingPlan& plan, const std::vector<double>& start) {
  return run_transitions(plan.target, plan.transitions, start, 2, plan.auxiliary);
}

// Every coefficient of every picture times a function of its squared frequency.
std::vector<double> filtered(const std::vector<double>& v,
                             const std::function<double(double)>& factor) {
  const CosineTransform transform({1, static_cast<int>(side), static_cast<int>(side)});
  std::vector<double> out(v.size(), 0);
  for (std::size_t k = 0; k < columns; ++k) {
    const Vector<double> pattern = transform.pattern(static_cast<int>(k));
    const double times = factor(transform.squared_frequencies()[k]);
    for (std::size_t row = 0; row < v.size() / columns; ++row) {
      double c = 0;
      for (std::size_t p = 0; p < columns; ++p) c += v[row * columns + p] * pattern[p];
      for (std::size_t p = 0; p < columns; ++p) out[row * columns + p] += times * c * pattern[p];
    }
  }
  return out;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// Root mean square of a pixel's difference.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

// Mean over pictures of the distance to the nearest of others.
double to_nearest(const std::vector<double>& of, const std::vector<double>& others) {
  double sum = 0;
  for (std::size_t i = 0; i < of.size(); i += columns) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < others.size(); j += columns) {
      double squares = 0;
      for (std::size_t p = 0; p < columns && squares < least; ++p)
        squares += (of[i + p] - others[j + p]) * (of[i + p] - others[j + p]);
      least = std::min(least, squares);
    }
    sum += std::sqrt(least / columns);
  }
  return sum / static_cast<double>(of.size() / columns);
}

void train_model(SampledModel* model, const TrainingRows& rows, std::int64_t steps) {
  RestorationModel& restoration = *std::get<StoredRestoration>(model->model).model;
  const RestorationObjective objective(&restoration);
  TrainingOptions options;
  options.steps = steps;
  options.learning_rate = 3e-3;
  options.schedule = Schedule::cosine;
  options.threads = 2;
  TrainingState state;
  train<float>({objective, restoration.parameters(), rows, {}}, options, {}, &state);
  restoration.parameters().values = final_parameters(state);
}

}  // namespace

TEST_CASE("without corrections the samplers of a blur are known filters", "[restoration]") {
  const TrainingRows rows = shape_rows(40, 1);
  constexpr int levels = 5;
  MethodOptions options;
  options.count = 40;
  const StartingRows given = pictures();
  const auto factor = [](const Degradation& blur, int s, double squared) {
    const double width = blur.shown(s);
    return std::exp(-squared * width * width / 2);
  };
  {
    const SampledModel model = model_of(RestorationKind::blur, DegradationKind::blur, levels, rows);
    const Degradation& blur = model.restoration()->degradation();
    const std::vector<double> v = standardised(model, rows);
    options.restoration.delta = 0;
    const SamplingPlan plan = plan_sampling(model, options, given);
    options.restoration.delta.reset();
    CHECK(total_evaluations(plan.transitions) == levels);
    CHECK(largest_difference(run_plan(plan, v), filtered(v, [&](double squared) {
                               return factor(blur, levels, squared);
                             })) < 1e-12);
    // The start and all steps but the last add noise, of 0.01 of the range unless given.
    const std::vector<double> noisy = run_plan(plan_sampling(model, options, given), v);
    CHECK(distance(noisy, run_plan(plan, v)) ==
          Approx(model.restoration()->noise() * std::sqrt(levels)).epsilon(0.05));
  }
  const SampledModel model = model_of(RestorationKind::cold, DegradationKind::blur, levels, rows);
  const Degradation& blur = model.restoration()->degradation();
  const std::vector<double> v = standardised(model, rows);
  for (const int algorithm : {1, 2})
    for (const int start_level : {0, 3}) {
      options.fields["algorithm"] = std::to_string(algorithm);
      options.restoration.start_level = start_level;
      const int top = start_level == 0 ? levels : start_level;
      const std::vector<double> expected = filtered(v, [&](double squared) {
        double times = factor(blur, top, squared);
        for (int s = top; s >= 1; --s)
          times *= algorithm == 1 ? factor(blur, s - 1, squared)
                                  : 1 - factor(blur, s, squared) + factor(blur, s - 1, squared);
        return times;
      });
      CHECK(largest_difference(run_plan(plan_sampling(model, options, given), v), expected) <
            1e-12);
      // Rows that are degraded already are not degraded again.
      options.restoration.init_degraded = true;
      const std::vector<double> degraded =
          filtered(v, [&](double squared) { return factor(blur, top, squared); });
      CHECK(largest_difference(run_plan(plan_sampling(model, options, given), degraded), expected) <
            1e-12);
      options.restoration.init_degraded = false;
    }
}

TEST_CASE("chains without --init start at degraded training rows", "[restoration]") {
  const TrainingRows rows = shape_rows(30, 2);
  MethodOptions options;
  options.count = 50;
  const SampledModel model = model_of(RestorationKind::blur, DegradationKind::blur, 4, rows);
  const SamplingPlan plan = plan_sampling(model, options, no_pictures());
  CHECK(plan.method == "blur");
  const std::vector<double> starts = plan.start.drawn(3, 0, 50);
  const double width = model.restoration()->degradation().shown(4);
  const std::vector<double> blurred = filtered(standardised(model, rows), [&](double squared) {
    return std::exp(-squared * width * width / 2);
  });
  for (std::size_t i = 0; i < 50; ++i) {
    const std::vector<double> one(starts.begin() + static_cast<std::ptrdiff_t>(i * columns),
                                  starts.begin() + static_cast<std::ptrdiff_t>((i + 1) * columns));
    CHECK(to_nearest(one, blurred) < 1e-4);
  }
}

TEST_CASE("the noise of a chain is one for all its levels", "[restoration]") {
  // Without corrections x^ = a x: both algorithms have x' = b' z + a' a x or x + (a' - a) a x +
  // (b' - b) z, with the z that the start was made of.
  const TrainingRows rows = shape_rows(30, 3);
  const SampledModel model = model_of(RestorationKind::cold, DegradationKind::noise, 2, rows);
  MethodOptions options;
  options.count = 30;
  const std::vector<double> nothing(30 * columns, 0.0);
  options.fields["algorithm"] = "1";
  SamplingPlan plan = plan_sampling(model, options, no_pictures());
  CHECK(plan.start.drawn(1, 0, 30) == nothing);
  // From z at level 2: x^ = 0, x = z / sqrt(2) at level 1, x^ = x / sqrt(2) = z / 2 at level 0.
  const std::vector<double> first = run_plan(plan, nothing);
  options.fields["algorithm"] = "2";
  const std::vector<double> second =
      run_plan(plan_sampling(model, options, no_pictures()), nothing);
  // Level 1 as before; then x - (x^ + z) / sqrt(2) + x^ = x^ (1 - 1 / sqrt(2)).
  double squares = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(second[i] == Approx(first[i] * (1 - std::sqrt(0.5))).margin(1e-12));
    squares += first[i] * first[i] / static_cast<double>(first.size());
  }
  CHECK(squares == Approx(0.25).epsilon(0.1));
}

TEST_CASE("learned restorers of shapes draw shapes and sharpen given ones", "[restoration]") {
  const TrainingRows rows = shape_rows(6000, 4), fresh = shape_rows(200, 5);
  MethodOptions options;
  options.count = 200;
  for (const RestorationKind kind : {RestorationKind::blur, RestorationKind::cold}) {
    INFO(restoration_name(kind));
    SampledModel model = model_of(kind, DegradationKind::blur, 20, rows, 96);
    train_model(&model, rows, 1200);
    const std::vector<double> data = standardised(model, rows), v = standardised(model, fresh);
    const SamplingPlan plan = plan_sampling(model, options, no_pictures());
    const std::vector<double> start = plan.start.drawn(1, 0, 200), drawn = run_plan(plan, start);
    // Starts vary less than shapes do, and are further from training rows than fresh shapes are.
    const double near = to_nearest(v, data), far = to_nearest(start, data);
    const double drawn_distance = to_nearest(drawn, data);
    const std::vector<double> grey(v.size(), 0.0);
    const double spread = distance(drawn, grey) / distance(v, grey);
    INFO("fresh shapes " << near << ", starts " << far << ", drawn " << drawn_distance
                         << "; spread " << spread << " of " << distance(v, grey));
    CHECK(drawn_distance < near + 0.8 * (far - near));
    CHECK(spread > 0.85);
    CHECK(spread < 1.15);
    CHECK(distance(start, grey) / distance(v, grey) < 0.6);
    // Given pictures blurred half the way come back.
    options.restoration.start_level = 10;
    const double width = model.restoration()->degradation().shown(10);
    const std::vector<double> blurred =
        filtered(v, [&](double squared) { return std::exp(-squared * width * width / 2); });
    const std::vector<double> restored = run_plan(plan_sampling(model, options, pictures()), v);
    INFO("blurred by " << distance(blurred, v) << ", restored to " << distance(restored, v));
    CHECK(distance(restored, v) < 0.6 * distance(blurred, v));
    options.restoration.start_level = 0;
  }
}

TEST_CASE("what a restoration cannot do is refused", "[restoration]") {
  const TrainingRows rows = shape_rows(30, 2);
  const SampledModel blur = model_of(RestorationKind::blur, DegradationKind::blur, 4, rows);
  const SampledModel noise = model_of(RestorationKind::cold, DegradationKind::noise, 4, rows);
  const StartingRows none = no_pictures(), given = pictures();
  const auto complaint = [](const SampledModel& model, MethodOptions options,
                            const StartingRows& start) {
    options.count = 1;
    try {
      static_cast<void>(plan_sampling(model, options, start));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  MethodOptions options;
  options.method = "cold";
  CHECK(complaint(blur, options, none) ==
        "m.h5: was trained for the process blur; use " + setting("method") + " blur");
  options.method = "heun";
  CHECK(complaint(blur, options, none) == "m.h5: a model of the family 'restoration', where " +
                                              setting("method") + " heun needs a score");
  options.method = "";
  options.restoration.delta = 0.1;
  CHECK(complaint(noise, options, none) ==
        "option " + setting("delta") + ": the degradation noise has noise of its own");
  options.restoration.delta.reset();
  options.restoration.start_level = 5;
  CHECK(complaint(blur, options, given) ==
        "option " + setting("start_level") + ": the model has the levels 1 to 4");
  options.restoration.start_level = 0;
  options.restoration.init_degraded = true;
  CHECK(complaint(noise, options, given) ==
        setting("init_degraded") + ": the noise in given rows is not known; leave it out");
}
