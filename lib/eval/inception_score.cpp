#include "eval/inception_score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <xtensor/xmath.hpp>

#include "base/matrix.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

constexpr std::uint32_t split_step = 4;  // of Stream::evaluation

// The softmax of a row; the sum over classes of p log p.
double softmax(const double* logits, std::vector<double>* probability) {
  const std::size_t classes = probability->size();
  const double largest = *std::max_element(logits, logits + classes);
  double total = 0;
  for (std::size_t c = 0; c < classes; ++c)
    total += (*probability)[c] = std::exp(logits[c] - largest);
  const double log_total = std::log(total);
  double negative_entropy = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    double& p = (*probability)[c];
    p /= total;
    // p = 0 beside a difference that overflowed would be NaN.
    if (p > 0) negative_entropy += p * (logits[c] - largest - log_total);
  }
  return negative_entropy;
}

}  // namespace

InceptionScore::InceptionScore(std::size_t classes, std::size_t splits, std::size_t n,
                               std::uint64_t seed)
    : split_of_row_(n), splits_(splits), probability_(classes) {
  if (classes == 0 || splits == 0 || splits > n ||
      splits > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("InceptionScore: a class or more, a row or more in every split");
  const std::vector<std::uint64_t> order =
      permutation(n, Random(seed, Stream::evaluation), split_step);
  for (std::size_t s = 0; s < splits; ++s) {
    splits_[s].sum.assign(classes, 0.0);
    for (std::size_t place = s * n / splits; place < (s + 1) * n / splits; ++place)
      split_of_row_[order[place]] = static_cast<std::uint32_t>(s);
  }
}

void InceptionScore::add(std::size_t first_row, const double* logits, std::size_t count) {
  if (count > split_of_row_.size() || first_row > split_of_row_.size() - count)
    throw std::invalid_argument("InceptionScore::add: more rows than were announced");
  const std::size_t classes = probability_.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 1024 == 0) throw_if_stopped();
    Split& split = splits_[split_of_row_[first_row + i]];
    split.negative_entropy += softmax(logits + i * classes, &probability_);
    for (std::size_t c = 0; c < classes; ++c) split.sum[c] += probability_[c];
    ++split.rows;
  }
  added_ += count;
}

InceptionScoreResult InceptionScore::result() const {
  if (added_ != split_of_row_.size())
    throw std::invalid_argument("InceptionScore::result: not every row was added");
  Vector<double> scores = Vector<double>::from_shape({splits_.size()});
  for (std::size_t s = 0; s < splits_.size(); ++s) {
    const Split& split = splits_[s];
    const double rows = static_cast<double>(split.rows);
    double divergence = split.negative_entropy / rows;  // mean of KL(p(y|x) || p(y))
    for (const double sum : split.sum)
      if (sum > 0) divergence -= sum / rows * std::log(sum / rows);
    scores(s) = std::exp(divergence);
  }
  return {xt::mean(scores)(), xt::stddev(scores)()};
}

}  // namespace pushforward
