// Chains whose network multiplies in bfloat16: close to those in float, and as independent of each
// other.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/random.hpp"
#include "gaussian_rows.hpp"
#include "graph/bf16.hpp"
#include "sample/sampler.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t dimension = 4;

// A network with much to say: parameters far from the zeros that an untrained output starts from.
ScoreModel wild_model() {
  ScoreDescription d;
  d.dimension = static_cast<int>(dimension);
  d.process = Process();
  d.parametrization = Parametrization::edm;
  d.hidden = 48;
  d.mean = {0, 1, 2, -1};
  d.sigma_data = {1, 2, 3, 0.5};
  ScoreModel model(d, 4);
  std::vector<double>& values = model.parameters().values;
  Random(8, Stream::evaluation).fill_normal(values.data(), 1, values.size(), 0);
  for (double& v : values) v *= 0.2;
  return model;
}

// What makes the products for as long as this lives.
class ProductsBy {
 public:
  explicit ProductsBy(const char* way) {
    if (*way != '\0') setenv("PUSHFORWARD_BF16", way, 1);
  }
  ~ProductsBy() { unsetenv("PUSHFORWARD_BF16"); }
  ProductsBy(const ProductsBy&) = delete;
  ProductsBy& operator=(const ProductsBy&) = delete;
};

// The ways of this processor: by rounding, and by AMX where that is.
std::vector<const char*> ways() {
  if (bf16_products() == Bf16Products::amx) return {"rounded", ""};
  return {"rounded"};
}

std::vector<float> run(const ScoreModel& model, const Transitions& transitions, std::uint64_t first,
                       std::size_t count, Products products, int threads = 2) {
  const ChainTarget target = score_target(model);
  Workers workers(threads);
  Sampler<float> sampler(target, transitions, sampler_lane_rows(target, count, products), &workers,
                         {}, products);
  ChainOptions options;
  options.rows = {total_steps(transitions), 1, 1};
  std::vector<float> start(count * dimension), rows(count * dimension);
  Random(11, Stream::init).fill_normal(start.data(), count, dimension, first);
  sampler.run(first, count, start.data(), options, rows.data(), nullptr);
  return rows;
}

struct Moments {
  double mean, deviation;
};

Moments moments(const std::vector<float>& rows, std::size_t column) {
  double sum = 0, squares = 0;
  for (std::size_t i = column; i < rows.size(); i += dimension) {
    sum += double(rows[i]);
    squares += double(rows[i]) * double(rows[i]);
  }
  const double count = double(rows.size() / dimension), mean = sum / count;
  return {mean, std::sqrt(squares / count - mean * mean)};
}

}  // namespace

TEST_CASE("moments in bfloat16 are those in float to 1% of a deviation", "[sampler][bf16]") {
  const ScoreModel model = wild_model();
  Churn churn;
  churn.amount = 8;
  for (const Transitions& transitions :
       {annealed_transitions(model.process().ladder(), 2e-5, 10, true),
        heun_transitions(edm_points(0.01, 1, 18, true), {}),
        heun_transitions(edm_points(0.01, 1, 18, true), churn)}) {
    const std::vector<float> exact = run(model, transitions, 0, 4000, Products::exact);
    for (const char* way : ways()) {
      const ProductsBy products(way);
      const std::vector<float> rows = run(model, transitions, 0, 4000, Products::bf16);
      double apart = 0;
      for (std::size_t column = 0; column < dimension; ++column) {
        const Moments expected = moments(exact, column), found = moments(rows, column);
        CHECK(found.mean == Approx(expected.mean).margin(0.01 * expected.deviation));
        CHECK(found.deviation == Approx(expected.deviation).epsilon(0.01));
        for (std::size_t i = column; i < rows.size(); i += dimension)
          apart += std::abs(double(rows[i]) - double(exact[i])) / expected.deviation;
      }
      CHECK(apart / double(rows.size()) > 1e-4);  // float alone would be 1e-6 away
    }
  }
}

TEST_CASE("a chain's bits in bfloat16 do not depend on threads, lanes or company",
          "[sampler][bf16]") {
  const ScoreModel model = wild_model();
  const Transitions transitions = annealed_transitions(model.process().ladder(), 2e-5, 2, true);
  for (const char* way : ways()) {
    const ProductsBy products(way);
    const std::vector<float> whole = run(model, transitions, 0, 600, Products::bf16, 1);
    CHECK(run(model, transitions, 0, 600, Products::bf16, 2) == whole);
    for (const std::size_t size : {1, 15, 257})
      for (const std::size_t first : {std::size_t{0}, std::size_t{131}, 600 - size}) {
        const std::vector<float> part = run(model, transitions, first, size, Products::bf16);
        CHECK(std::equal(part.begin(), part.end(),
                         whole.begin() + static_cast<std::ptrdiff_t>(first * dimension)));
      }
  }
}
