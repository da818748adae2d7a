// How far Markov chains have come: split R-hat, effective sample sizes, E-BFMI.
//
// Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021 (Bayesian Analysis 16, 667), with the
// conventions of the R package posterior. `draws` is chains x draws, row-major: chain after chain,
// one quantity.
//
// Chains are split in halves (the middle draw of an odd number is left out), so one chain is
// enough and drift within a chain shows as a difference between its halves.
//
// All are NaN, never an error, where they would mean nothing: fewer than 4 draws in a half chain,
// a draw that is not finite, all draws equal, or a number of draws that `chains` does not divide.
// Compare them so that NaN fails: !(rhat < 1.01).
#pragma once

#include <cstddef>
#include <vector>

namespace pushforward {

constexpr std::size_t draws_to_judge = 8;  // of a chain, for all but the energies

// The largest of the bulk and the folded split R-hat: equation 4 on the normal scores
// Phi^-1((r - 3/8) / (S + 1/4)) (equation 14; equal draws share the mean of their ranks) of the
// draws and of their distances from the median (section 4.2). Near 1 where the chains agree, about
// as likely below 1 as above; above 1.01 they should not be relied on. Infinite where every half
// chain stands still (or keeps one distance from the median) but not all at the same place. The
// folded one is left out where all draws are equally far from the median.
[[nodiscard]] double rank_normalized_rhat(const std::vector<double>& draws, std::size_t chains);

// The number of independent draws that would estimate the mean of the normal scores as well
// (equation 10 on split chains; Geyer's 1992 initial monotone sequence ends the sum). At most
// S log10(S) for S draws: antithetic chains exceed S.
[[nodiscard]] double bulk_ess(const std::vector<double>& draws, std::size_t chains);

// The smaller of the effective sample sizes of the indicators x <= q, q the 5% and the 95% quantile
// of all draws (section 4.3; Hyndman and Fan's type 7). An indicator that is the same for all
// draws, as ties at an end make it, is left out; NaN if both are.
[[nodiscard]] double tail_ess(const std::vector<double>& draws, std::size_t chains);

// The estimated Bayesian fraction of missing information of Hamiltonian Monte Carlo, the least over
// chains of sum_n (E_n - E_{n-1})^2 / sum_n (E_n - mean E)^2 (Betancourt 2016, section 4), where
// E_n is the energy right after a momentum was drawn. Below 0.3 the momenta do not explore the
// energies; near 1 they do. Chains are whole here, and hold at least 4 draws; NaN if the energies
// of any one chain are all equal.
[[nodiscard]] double e_bfmi(const std::vector<double>& energies, std::size_t chains);

}  // namespace pushforward
