// Diagnostics of Markov chains: split R-hat, effective sample sizes, E-BFMI.
//
// Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021 (Bayesian Analysis 16, 667), with the
// conventions of the R package posterior. `draws` holds one quantity, [chains, draws], row-major.
//
// Chains are split in halves (the middle draw of an odd number is left out). So one chain is
// enough, and drift within a chain shows as a difference between its halves.
//
// All are NaN, never an error, where they are not defined: fewer than 4 draws per half chain, a
// draw that is not finite, all draws equal, or a number of draws that `chains` does not divide.
// Write comparisons that fail for NaN: !(rhat < 1.01).
#pragma once

#include <cstddef>
#include <vector>

namespace pushforward {

constexpr std::size_t draws_to_judge = 8;  // per chain, for all but the energies

// The largest of the bulk and the folded split R-hat: equation 4 on the normal scores
// Phi^-1((r - 3/8) / (S + 1/4)) (equation 14; equal draws share the mean of their ranks) of the
// draws and of their distances from the median (section 4.2). Near 1 if the chains agree, and then
// often below 1; chains above 1.01 should not be relied on. Infinite if every half chain is
// constant (or has a constant distance from the median) but they differ. The folded one is left out
// if all draws are equally far from the median.
[[nodiscard]] double rank_normalized_rhat(const std::vector<double>& draws, std::size_t chains);

// The number of independent draws that would estimate the mean of the normal scores equally well
// (equation 10 on split chains; the sum ends by Geyer's initial monotone sequence, 1992). At most
// S log10(S) for S draws; antithetic chains can exceed S.
[[nodiscard]] double bulk_ess(const std::vector<double>& draws, std::size_t chains);

// The smaller of the effective sample sizes of the indicators x <= q, q the 5% and the 95% quantile
// of all draws (section 4.3; Hyndman and Fan's type 7). An indicator that is constant, because of
// ties, is left out. NaN if both are.
[[nodiscard]] double tail_ess(const std::vector<double>& draws, std::size_t chains);

// The estimated Bayesian fraction of missing information (E-BFMI) of Hamiltonian Monte Carlo: the
// minimum over chains of sum_n (E_n - E_{n-1})^2 / sum_n (E_n - mean E)^2 (Betancourt 2016, section
// 4), where E_n is the energy right after a momentum was drawn. Near 1 the momenta explore the
// energies well; below 0.3 they do not. Chains are not split here, and have at least 4 draws. NaN
// if the energies of a chain are all equal.
[[nodiscard]] double e_bfmi(const std::vector<double>& energies, std::size_t chains);

}  // namespace pushforward
