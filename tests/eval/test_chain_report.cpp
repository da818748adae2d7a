#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "base/random.hpp"
#include "eval/chain_report.hpp"
#include "eval/mcmc_diagnostics.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t chains = 4, each = 200;

std::vector<double> independent_draws(std::uint64_t seed) {
  std::vector<double> draws(chains * each);
  Random(seed, Stream::evaluation).fill_normal(draws.data(), draws.size(), 1, 0);
  return draws;
}

std::map<std::string, double> as_map(const ChainReport& report) {
  return {report.rows.begin(), report.rows.end()};
}

}  // namespace

TEST_CASE("the worst column stands for all", "[chain_report]") {
  std::vector<double> drifting = independent_draws(2);
  for (std::size_t i = 0; i < each; ++i) drifting[i] += 3;  // the first chain is elsewhere
  const ChainNumbers numbers = {
      chains, 7, 0.6, {independent_draws(1), drifting}, independent_draws(3)};
  const ChainReport report = report_chains(numbers);
  std::map<std::string, double> value = as_map(report);
  CHECK(report.rows.size() == 12);
  CHECK(value["acceptance"] == 0.6);
  CHECK(value["score_evaluations"] == 7);
  CHECK(value["rhat_1"] == rank_normalized_rhat(numbers.draws[0], chains));
  CHECK(value["rhat_max"] == value["rhat_2"]);
  CHECK(value["ess_bulk_min"] == bulk_ess(drifting, chains));
  CHECK(value["ess_tail_min"] == std::min(value["ess_tail_1"], value["ess_tail_2"]));
  CHECK(value["e_bfmi"] == e_bfmi(numbers.energies, chains));
  CHECK_THAT(report.complaint, Catch::Contains("the largest R-hat is "));
  CHECK_THAT(report.complaint, Catch::Contains("the smallest effective sample size is "));
  CHECK(report.failed);
  CHECK(report_chains(numbers, 3).rows == report.rows);
}

TEST_CASE("few effective draws are complained of, but have not failed", "[chain_report]") {
  // So few independent draws have an R-hat above 1.01 for some seeds.
  std::vector<double> draws;
  for (std::uint64_t seed = 1; draws.empty(); ++seed) {
    draws = independent_draws(seed);
    draws.resize(chains * 80);
    if (!(rank_normalized_rhat(draws, chains) <= 1.01)) draws.clear();
  }
  ChainReport report = report_chains({chains, 1, {}, {draws}, {}});
  CHECK_THAT(report.complaint, Catch::StartsWith("the smallest effective sample size is "));
  CHECK_FALSE(report.failed);
  draws.resize(chains * 7);
  report = report_chains({chains, 1, {}, {draws}, {}});
  CHECK_THAT(report.complaint, Catch::StartsWith("the chains have 7 draws each, too few"));
  CHECK(report.failed);
}

TEST_CASE("chains that agree give no complaint, chains too short do", "[chain_report]") {
  CHECK(report_chains({chains, 1, {}, {independent_draws(1)}, {}}).complaint.empty());
  CHECK(report_chains({chains, 1, {}, {}, {}}).rows.size() == 1);
  // One column without statistics is not hidden by another that has them, in either order.
  const std::vector<double> still(chains * each, 1.0);
  for (const auto& draws : {std::vector<std::vector<double>>{still, independent_draws(1)},
                            std::vector<std::vector<double>>{independent_draws(1), still}}) {
    const ChainReport report = report_chains({chains, 1, {}, draws, {}});
    CHECK(std::isnan(as_map(report)["rhat_max"]));
    CHECK_THAT(report.complaint, Catch::Contains("the largest R-hat is nan"));
  }
}
