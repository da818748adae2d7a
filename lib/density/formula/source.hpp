// A formula as a person gives it: text or file, lists, names of files with data.
#pragma once

#include <string>
#include <vector>

#include "density/distribution.hpp"
#include "density/formula/formula_density.hpp"

namespace pushforward {

// The data that a distribution names, of tensor containers, FILE:/path or CSV.
[[nodiscard]] std::vector<ModelArray> read_formula_data(const Distribution& distribution);

// Whether bounds are in a file of this name, and no list.
[[nodiscard]] bool names_bound_file(const std::string& text);

// One number a column, `count` in all: a list "0,,-1" whose empty places are `missing`, or a file
// of as many numbers. Error(usage) for a list, Error(invalid) for a file that does not hold that;
// `field` is the setting that gave it.
[[nodiscard]] std::vector<double> read_bound_list(const std::string& text, const std::string& field,
                                                  std::size_t count, double missing);

// The source of the distribution "formula". Its dimension is `dimension` where that was given, else
// the number of names.
[[nodiscard]] FormulaSource formula_of(const Distribution& distribution);

}  // namespace pushforward
