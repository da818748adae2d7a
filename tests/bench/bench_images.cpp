#include "bench_images.hpp"

#include <vector>

#include "flow/likelihood.hpp"
#include "nn/train.hpp"
#include "sample/sampler.hpp"
#include "score/objective.hpp"
#include "timing.hpp"

namespace pushforward {
namespace {

constexpr int side = 32, planes = 3, numbers = planes * side * side;
constexpr std::size_t unet_batch = 64, glow_batch = 32, training_images = 2000;

ScoreModel image_network(int channels) {
  ScoreDescription description;
  description.dimension = numbers;
  description.process = Process(ProcessSettings::with_defaults("edm"));
  UnetShape shape;
  shape.height = shape.width = side;
  shape.channels = channels;
  shape.attention = {16};
  description.unet = shape;
  description.mean.assign(numbers, 0);
  description.sigma_data.assign(numbers, 1);
  return ScoreModel(description, 0);
}

Flow image_glow() {
  FlowSpec spec;
  spec.flow = "glow";
  spec.dimension = numbers;
  spec.image.height = spec.image.width = side;
  spec.image.channels = 128;
  spec.image.scales = 2;
  spec.image.blocks = 8;
  return Flow(spec, {}, 0);
}

// Of so many steps more, three times.
double image_step(const Objective& objective, const ParameterTable& table, std::size_t batch,
                  std::int64_t steps, int threads, Products products) {
  TrainingOptions options = step_options(static_cast<std::int64_t>(batch), threads);
  options.products = products;
  return training_step(objective, table, normal_rows(training_images, numbers), options, steps, 3);
}

}  // namespace

double unet_step(int threads, Products products) {
  const ScoreModel model = image_network(32);
  return image_step(ScoreObjective(&model, ScoreLoss::denoise, Projection::rademacher),
                    model.parameters(), unet_batch, 1, threads, products);
}

double unet_eval(int threads, Products products) {
  const ScoreModel model = image_network(64);
  Workers workers(threads);
  const ChainTarget target = score_target(model);
  Sampler<float> sampler(target, ula_transitions(1e-4, 1, 0.5),
                         sampler_lane_rows(target, unet_batch, products), &workers, {}, products);
  const TrainingRows start = normal_rows(unet_batch, numbers);
  std::vector<float> rows(start.values.size());
  ChainOptions options;
  options.rows = {1, 1, 1};
  return median_of(
      3, [&] { sampler.run(0, unet_batch, start.values.data(), options, rows.data(), nullptr); });
}

void print_unet_profile() {
  const ScoreModel model = image_network(32);
  print_profile("unet", ScoreObjective(&model, ScoreLoss::denoise, Projection::rademacher),
                model.parameters(), model.dimension());
}

double glow_step(int threads, Products products) {
  const Flow flow = image_glow();
  return image_step(NegativeLogLikelihood(&flow), flow.parameters(), glow_batch, 2, threads,
                    products);
}

void print_glow_profile() {
  const Flow flow = image_glow();
  print_profile("glow_image", NegativeLogLikelihood(&flow), flow.parameters(), flow.dimension());
}

}  // namespace pushforward
