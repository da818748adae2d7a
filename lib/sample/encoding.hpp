// Rows of data to the noise that they come from, by the probability-flow equation.
#pragma once

#include <cstdint>
#include <vector>

#include "base/row_path.hpp"
#include "io/rows.hpp"
#include "sample/run.hpp"

namespace pushforward {

// Song et al. (2021), section 4.3. The equation is followed from the lowest level of the process,
// where the rows are taken to be, to the highest. The noise is (x_T / a - centre) / deviation of
// the prior: what a StartPlan turns into x_T / a again. Rows of a model whose equation is solved
// exactly come back from it as they were.
//
// Here and below the plan is one of the method ode, without denoising, T is float or double, and
// the bits of a row depend on the row alone. Error(numerical) names a row whose numbers fail.

// Writes /x, the noise of rows [run.first, run.end) of the file, [N, D], with their /label where
// run has one.
template <class T>
void encode_rows(const SamplingPlan& plan, const RowReader& rows, const SamplingRun& run,
                 ContainerWriter* output);

// The noise on a path between rows of the file.
template <class T>
[[nodiscard]] ChosenRows noise_between(const SamplingPlan& plan, const RowReader& rows,
                                       const RowPath& path, const SamplingRun& run);

extern template void encode_rows<float>(const SamplingPlan&, const RowReader&, const SamplingRun&,
                                        ContainerWriter*);
extern template void encode_rows<double>(const SamplingPlan&, const RowReader&, const SamplingRun&,
                                         ContainerWriter*);
extern template ChosenRows noise_between<float>(const SamplingPlan&, const RowReader&,
                                                const RowPath&, const SamplingRun&);
extern template ChosenRows noise_between<double>(const SamplingPlan&, const RowReader&,
                                                 const RowPath&, const SamplingRun&);

}  // namespace pushforward
