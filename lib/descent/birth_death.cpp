#include "descent/birth_death.hpp"

#include <cmath>

#include "base/random.hpp"

namespace pushforward {
namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The count of `all` made `count`: a random choice dropped, or duplicated. Order is kept, with
// duplicates at the end.
std::vector<std::size_t> resized(const std::vector<std::size_t>& all, std::size_t count,
                                 std::uint64_t seed, std::uint32_t round) {
  if (all.size() == count) return all;
  const std::vector<std::uint64_t> order =
      permutation(all.size(), Random(seed, Stream::sampler), round);
  if (all.size() < count) {
    std::vector<std::size_t> more = all;
    for (std::size_t k = 0; more.size() < count; ++k) more.push_back(all[order[k % all.size()]]);
    return more;
  }
  std::vector<bool> dropped(all.size());
  for (std::size_t k = 0; k < all.size() - count; ++k) dropped[order[k]] = true;
  std::vector<std::size_t> fewer;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (!dropped[k]) fewer.push_back(all[k]);
  return fewer;
}

}  // namespace

Generation births_and_deaths(const std::vector<double>& fitness, double rate, std::uint64_t seed,
                             std::uint32_t round) {
  const std::size_t count = fitness.size();
  const double mean = mean_of(fitness);
  const Random random(seed, Stream::sampler_uniform);
  Generation generation;
  std::vector<std::size_t> living, born;
  for (std::size_t i = 0; i < count; ++i) {
    const double b = fitness[i] - mean;
    const bool chosen = random.uniform(i, round) < -std::expm1(-rate * std::abs(b));
    if (chosen && b < 0) {
      ++generation.deaths;
      continue;
    }
    living.push_back(i);
    if (!chosen) continue;
    ++generation.births;
    born.push_back(i);
  }
  // The mean of equal numbers may be rounded to above them all.
  if (living.empty()) living.push_back(0);
  living.insert(living.end(), born.begin(), born.end());
  const std::vector<std::size_t> next = resized(living, count, seed, round);

  constexpr std::size_t free = static_cast<std::size_t>(-1);
  generation.parent.assign(count, free);
  std::vector<std::size_t> homeless;
  for (const std::size_t i : next) {
    if (generation.parent[i] == free)
      generation.parent[i] = i;
    else
      homeless.push_back(i);
  }
  std::size_t k = 0;
  for (std::size_t& parent : generation.parent)
    if (parent == free) parent = homeless[k++];
  return generation;
}

}  // namespace pushforward
