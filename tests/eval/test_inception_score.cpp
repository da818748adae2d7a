// The inception score against closed forms and its definition written out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "base/random.hpp"
#include "eval/inception_score.hpp"

using namespace pushforward;

namespace {

std::vector<double> normal_logits(std::size_t n, std::size_t classes, double scale) {
  std::vector<double> logits(n * classes);
  Random(1, Stream::data).fill_normal(logits.data(), n, classes, 0);
  for (double& logit : logits) logit *= scale;
  return logits;
}

// A row for each of `rows`, sure of class row % classes.
std::vector<double> sure_logits(std::size_t rows, std::size_t classes, double logit) {
  std::vector<double> logits(rows * classes, 0.0);
  for (std::size_t i = 0; i < rows; ++i) logits[i * classes + i % classes] = logit;
  return logits;
}

InceptionScoreResult score(const std::vector<double>& logits, std::size_t classes,
                           std::size_t splits, std::uint64_t seed = 0) {
  const std::size_t n = logits.size() / classes;
  InceptionScore gathered(classes, splits, n, seed);
  gathered.add(0, logits.data(), n);
  return gathered.result();
}

// One split, straight from the definition.
double score_by_hand(const std::vector<double>& logits, std::size_t classes) {
  const std::size_t n = logits.size() / classes;
  std::vector<double> p(logits.size()), mean(classes, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(logits[i * classes + c]);
    for (std::size_t c = 0; c < classes; ++c) {
      p[i * classes + c] = std::exp(logits[i * classes + c]) / total;
      mean[c] += p[i * classes + c] / static_cast<double>(n);
    }
  }
  double divergence = 0;
  for (std::size_t k = 0; k < p.size(); ++k)
    divergence += p[k] * std::log(p[k] / mean[k % classes]) / static_cast<double>(n);
  return std::exp(divergence);
}

}  // namespace

TEST_CASE("equal rows score 1, sure rows of equally many classes as many as there are") {
  CHECK(score(std::vector<double>(200 * 7, 0.25), 7, 10).mean == Approx(1).epsilon(1e-12));
  CHECK(score(std::vector<double>(200 * 7, 0.25), 7, 10).deviation == Approx(0).margin(1e-12));
  // 800 is where exp overflows, 1e200 where differences of logits have no exp.
  for (const double logit : {100.0, 800.0, 1e200})
    CHECK(score(sure_logits(120, 12, logit), 12, 1).mean == Approx(12).epsilon(1e-12));
}

TEST_CASE("the inception score is its definition, and does not mind a shift of the logits") {
  std::vector<double> logits = normal_logits(300, 9, 2);
  const double exact = score_by_hand(logits, 9);
  CHECK(score(logits, 9, 1).mean == Approx(exact).epsilon(1e-12));
  for (double& logit : logits) logit -= 5000;
  CHECK(score(logits, 9, 1).mean == Approx(exact).epsilon(1e-9));
}

TEST_CASE("splits are of nearly one size, at random, and every row is in one") {
  // Sure rows in order of their class: contiguous splits would see few classes each and score low.
  std::vector<double> logits(1000 * 4, 0.0);
  for (std::size_t i = 0; i < 1000; ++i) logits[i * 4 + i / 250] = 50;
  const InceptionScoreResult result = score(logits, 4, 10);
  CHECK(result.mean > 3.8);
  CHECK(result.mean < 4);
  CHECK(result.deviation > 0);
  CHECK(score(logits, 4, 10, 1).mean != result.mean);
  // 7 rows in 3 splits are 2, 2 and 3 rows: each sure of a class of its own scores that many.
  const InceptionScoreResult few = score(sure_logits(7, 7, 60), 7, 3);
  CHECK(few.mean == Approx(7.0 / 3).epsilon(1e-12));
  CHECK(few.deviation == Approx(std::sqrt(2.0) / 3).epsilon(1e-12));
}

TEST_CASE("blocks of rows change no bit") {
  const std::vector<double> logits = normal_logits(101, 5, 1);
  InceptionScore blocks(5, 10, 101, 0);
  for (std::size_t first = 0; first < 101; first += 13)
    blocks.add(first, &logits[first * 5], std::min<std::size_t>(13, 101 - first));
  CHECK(blocks.result().mean == score(logits, 5, 10).mean);
  CHECK(blocks.result().deviation == score(logits, 5, 10).deviation);
}

TEST_CASE("the inception score refuses what it cannot score") {
  CHECK_THROWS_AS(InceptionScore(5, 10, 9, 0), std::invalid_argument);
  const std::vector<double> logits = normal_logits(10, 5, 1);
  InceptionScore some(5, 2, 10, 0);
  some.add(0, logits.data(), 9);
  CHECK_THROWS_AS(some.result(), std::invalid_argument);
  CHECK_THROWS_AS(some.add(9, logits.data(), 2), std::invalid_argument);
}
