// Times the toolkit's hot loops: `bench THREADS [NAME]` prints `name<TAB>seconds a step` rows,
// `bench floor` how near products come to the processor's peak, and `bench profile [NAME]` where a
// training step spends its time, kernel by kernel (of every flow of the table below, of sliced
// score matching, of the U-Net, of Glow on images and of a call of the Inception network unless one
// is named).
//
// Medians of repeated blocks, as peers.py measures them. run.sh runs both and prints the ratios.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include "bench_convolution.hpp"
#include "bench_images.hpp"
#include "bench_inception.hpp"
#include "ceiling.hpp"
#include "flow/draw.hpp"
#include "flow/likelihood.hpp"
#include "frechet_bench.hpp"
#include "graph/bf16.hpp"
#include "graph/kernels/kernels.hpp"
#include "nn/masked_network.hpp"
#include "sample/ode_solver.hpp"
#include "sample/sampler.hpp"
#include "score/objective.hpp"
#include "timing.hpp"

using namespace pushforward;

namespace {

// The flows that are timed. Real NVP on the plane is what the toolkit's defaults train; the others
// have the shapes of the papers' tables.
FlowSpec timed_flow(const std::string& name) {
  FlowSpec spec;
  spec.flow = name;
  spec.dimension = 2;
  if (name == "realnvp") return spec;
  spec.dimension = 63;
  spec.layers = 5;
  spec.hidden = name == "maf" ? 512 : 128;
  return spec;
}

constexpr std::size_t training_rows = 20000, wide_batch = 512;

void print_flow_profile(const std::string& name) {
  const Flow flow(timed_flow(name), {}, 0);
  print_profile(name, NegativeLogLikelihood(&flow), flow.parameters(), flow.dimension());
}

double flow_step(const std::string& name, std::int64_t batch, std::int64_t steps, int threads) {
  const Flow flow(timed_flow(name), {}, 0);
  const TrainingRows rows = normal_rows(training_rows, static_cast<std::size_t>(flow.dimension()));
  return training_step(NegativeLogLikelihood(&flow), flow.parameters(), rows,
                       step_options(batch, threads), steps);
}

double flow_density(const std::string& name, int threads) {
  const Flow flow(timed_flow(name), {}, 0);
  const TrainingRows rows = normal_rows(wide_batch, static_cast<std::size_t>(flow.dimension()));
  Workers workers(threads);
  RowEvaluator<float> evaluator(
      [&](Scope scope, Expr x) { return std::vector<Expr>{flow.log_density(scope, x)}; },
      flow.parameters(), flow.dimension(), &workers);
  return median_of(9, [&] { (void)evaluator.run(rows.values.data(), wide_batch); });
}

double flow_sample(const FlowSpec& spec, std::size_t rows, int threads) {
  const Flow flow(spec, {}, 0);
  Workers workers(threads);
  FlowSampler<float> sampler(flow, 1, &workers);
  return median_of(9, [&] { (void)sampler.draw(rows, 0, 0, {}); });
}

// One layer of the size that a D-pass sampler is worst at.
FlowSpec image_sized_maf() {
  FlowSpec spec;
  spec.flow = "maf";
  spec.dimension = 784;
  spec.layers = 1;
  spec.hidden = 1024;
  return spec;
}

// Sliced score matching without noise: 64 columns, two hidden layers of 256.
ScoreModel unnoised_network() {
  ScoreDescription description;
  description.dimension = 64;
  description.process = Process(ProcessSettings::with_defaults("none"));
  description.parametrization = Parametrization::score;
  description.hidden = 256;
  description.depth = 2;
  description.mean.assign(64, 0);
  description.sigma_data.assign(64, 1);
  return ScoreModel(description, 0);
}

double ssm_step(int threads) {
  const ScoreModel model = unnoised_network();
  return training_step(ScoreObjective(&model, ScoreLoss::ssm_vr, Projection::rademacher),
                       model.parameters(), normal_rows(training_rows, 64),
                       step_options(256, threads), 100);
}

void print_ssm_profile() {
  const ScoreModel model = unnoised_network();
  print_profile("ssm", ScoreObjective(&model, ScoreLoss::ssm_vr, Projection::rademacher),
                model.parameters(), 64);
}

// Four hidden layers of 128, ten noise levels, denoising score matching.
ScoreModel score_network() {
  ScoreDescription description;
  description.dimension = 2;
  description.process = Process();
  description.parametrization = Parametrization::noise;
  description.depth = 4;
  description.mean = {0, 0};
  description.sigma_data = {1, 1};
  return ScoreModel(description, 0);
}

double dsm_step(int threads) {
  const ScoreModel model = score_network();
  return training_step(ScoreObjective(&model, ScoreLoss::dsm, Projection::rademacher),
                       model.parameters(), normal_rows(training_rows, 2),
                       step_options(512, threads), 400);
}

constexpr std::size_t chains = 4096;
constexpr std::uint64_t langevin_steps = 40;

// Seconds of all chains of the score network, from start to end.
double chain_seconds(const Transitions& transitions, int threads, Products products) {
  const ScoreModel model = score_network();
  Workers workers(threads);
  const ChainTarget target = score_target(model);
  Sampler<float> sampler(target, transitions, sampler_lane_rows(target, chains, products), &workers,
                         {}, products);
  const TrainingRows start = normal_rows(chains, 2);
  std::vector<float> rows(2 * chains);
  ChainOptions options;
  options.rows = {total_steps(transitions), 1, 1};
  return median_of(
      7, [&] { sampler.run(0, chains, start.values.data(), options, rows.data(), nullptr); });
}

double langevin_step(int threads, Products products) {
  return chain_seconds(ula_transitions(1e-4, langevin_steps, 0.5), threads, products) /
         langevin_steps;
}

// 18 steps of Heun's method, 35 evaluations.
double heun_run(int threads, Products products) {
  std::vector<LevelPoint> points;
  for (const double sigma : edm_grid(0.01, 1, 18, 7)) points.push_back({sigma, sigma, 1});
  points.push_back(clean_point);
  return chain_seconds(heun_transitions(points, {}), threads, products);
}

// 80 evaluations of score and exact divergence for each of 1,024 rows: as long as a solution takes,
// in proportion to what it evaluated.
double ode_density(int threads) {
  ScoreModel model = score_network();
  const TrainingRows output = normal_rows(1, model.parameters().size());
  for (std::size_t i = 0; i < output.columns; ++i)  // the network starts from an output of zeros
    model.parameters().values[i] += 0.02 * static_cast<double>(output.values[i]);
  constexpr std::size_t rows = 1024;
  Workers workers(threads);
  const ChainTarget target = score_target(model);
  OdeSettings settings;
  settings.trace = Trace::exact;
  OdeSolver<float> solver(target, settings, &workers);
  const TrainingRows start = normal_rows(rows, 2);
  OdeRun run;
  run.from = 0.01;
  run.to = 1;
  double evaluations = 0;
  const double seconds = median_of(9, [&] {
    evaluations = 0;
    for (const std::uint32_t n : solver.solve(run, start.values.data(), rows).evaluations)
      evaluations += n;
  });
  return seconds * 80 * rows / evaluations;
}

// Unmasked multiply-adds of a row in the masked products of a MAF layer: first, between, outputs.
double unmasked_products(const FlowSpec& spec) {
  const MaskedNetwork net(spec.dimension, 2, {spec.hidden, spec.depth, false}, 0);
  const std::vector<int>& degree = net.network().degree;
  double count = 0;
  for (const int d : degree) {
    const auto up_to = std::upper_bound(degree.begin(), degree.end(), d) - degree.begin();
    count += d + double(up_to) * (spec.depth - 1) + 2.0 * (spec.dimension - d);
  }
  return count;
}

// Rates on the operations a mask leaves, against the peak rate: kernels alone, then whole runs.
void print_floor() {
  const double peak = peak_gflops();
  std::printf("operation\tms\tgflops\tshare_of_peak\n");
  const auto line = [&](const char* name, double seconds, double multiply_adds) {
    const double rate = 2e-9 * multiply_adds / seconds;
    std::printf("%s\t%.3f\t%.1f\t%.2f\n", name, 1000 * seconds, rate, rate / peak);
  };
  const auto plan_time = [](const std::vector<Expr>& inputs, Expr result) {
    Evaluator<float> evaluator(inputs, {}, {result});
    std::vector<std::vector<float>> values;
    std::vector<const float*> pointers;
    for (const Expr input : inputs)
      values.emplace_back(std::size_t(input.rows()) * std::size_t(input.columns()), 0.5f);
    for (const auto& value : values) pointers.push_back(value.data());
    std::vector<float> out(std::size_t(result.rows()) * std::size_t(result.columns()));
    return median_of(31, [&] { evaluator.run(0, pointers, {out.data()}); });
  };
  constexpr int rows = 256, units = 512;
  Graph graph;
  const Expr a = graph.input("a", rows, units), w = graph.input("w", units, units);
  Staircase limit;
  double entries = 0;
  for (int j = 0; j < units; ++j) {
    limit.push_back(8 * (1 + j / 8));  // eight units a degree
    entries += limit.back();
  }
  line("product 256x512x512", plan_time({a, w}, matmul(a, w)), double(rows) * units * units);
  line("masked product", plan_time({a, w}, masked_matmul(a, w, limit)), rows * entries);
  line("its input's gradient", plan_time({a, w}, masked_matmul_back(a, w, limit)), rows * entries);
  line("its weights' gradient", plan_time({a}, masked_outer(a, a, limit)), rows * entries);
  const FlowSpec maf = timed_flow("maf");
  const double of_a_row = maf.layers * unmasked_products(maf);
  line("maf density, 512 rows", flow_density("maf", 1), 512 * of_a_row);
  line("maf sample, 1024 rows", flow_sample(maf, 1024, 1), 1024 * of_a_row);
  line("maf training step, 512 rows", flow_step("maf", 512, 16, 1), 3 * 512 * of_a_row);
  std::printf("\n");
  print_convolution_rates();
}

struct Workload {
  const char* name;
  std::function<double(int threads)> seconds;
};

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all = {
      {"realnvp_step", [](int threads) { return flow_step("realnvp", 256, 400, threads); }},
      {"dsm_step", dsm_step},
      {"ssm_step", ssm_step},
      {"langevin_step", [](int threads) { return langevin_step(threads, Products::exact); }},
      {"heun", [](int threads) { return heun_run(threads, Products::exact); }},
      {"ode_density", ode_density},
      {"maf_step", [](int threads) { return flow_step("maf", wide_batch, 16, threads); }},
      {"maf_density", [](int threads) { return flow_density("maf", threads); }},
      {"maf_sample", [](int threads) { return flow_sample(timed_flow("maf"), 1024, threads); }},
      {"maf784_sample", [](int threads) { return flow_sample(image_sized_maf(), 100, threads); }},
      {"spline_step", [](int threads) { return flow_step("spline", wide_batch, 24, threads); }},
      {"frechet_2048", [](int) { return frechet_seconds(4000); }},
      {"frechet_2048_singular", [](int) { return frechet_seconds(300); }},
      {"inception", [](int threads) { return inception_pictures(threads, Products::exact); }},
      {"unet_step", [](int threads) { return unet_step(threads, Products::exact); }},
      {"unet_eval", [](int threads) { return unet_eval(threads, Products::exact); }},
      {"glow_step", [](int threads) { return glow_step(threads, Products::exact); }},
  };
  return all;
}

// With bfloat16 products, where the processor makes them in hardware.
const std::vector<Workload>& bf16_workloads() {
  static const std::vector<Workload> all = {
      {"langevin_step_bf16", [](int threads) { return langevin_step(threads, Products::bf16); }},
      {"heun_bf16", [](int threads) { return heun_run(threads, Products::bf16); }},
      {"inception_bf16", [](int threads) { return inception_pictures(threads, Products::bf16); }},
      {"unet_step_bf16", [](int threads) { return unet_step(threads, Products::bf16); }},
      {"unet_eval_bf16", [](int threads) { return unet_eval(threads, Products::bf16); }},
      {"glow_step_bf16", [](int threads) { return glow_step(threads, Products::bf16); }},
  };
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "profile") == 0) {
    const auto wanted = [&](const char* name) {
      return argc < 3 || std::strcmp(argv[2], name) == 0;
    };
    for (const char* name : {"realnvp", "maf", "spline", "spline-ar", "glow"})
      if (wanted(name)) print_flow_profile(name);
    if (wanted("ssm")) print_ssm_profile();
    if (wanted("inception")) std::printf("%s", inception_profile().c_str());
    if (wanted("unet")) print_unet_profile();
    if (wanted("glow_image")) print_glow_profile();
    return 0;
  }
  if (argc > 1 && std::strcmp(argv[1], "floor") == 0) {
    print_floor();
    return 0;
  }
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  const auto print = [&](const std::vector<Workload>& all) {
    for (const Workload& workload : all)
      if (argc < 3 || std::strcmp(argv[2], workload.name) == 0)
        std::printf("%s\t%.9f\n", workload.name, workload.seconds(threads));
  };
  print(workloads());
  if (bf16_products() == Bf16Products::amx)
    print(bf16_workloads());
  else
    std::fprintf(stderr, "bench: no AMX here: bfloat16 is left out\n");
  return 0;
}
