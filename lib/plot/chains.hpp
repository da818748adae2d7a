// Markov chains from the output of a sampler: rows chain after chain, or states of a trajectory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

struct Chains {
  std::string name;            // of the file
  bool trajectory = false;     // places are steps of the sampler; else numbers of draws from 1
  std::size_t count = 0;       // of chains
  std::vector<double> places;  // [draws], ascending, the same for each chain
  std::vector<std::size_t> columns;  // indices of the columns that were read
  std::vector<std::string> titles;   // of the columns: their names or numbers
  // For each of these columns [count, draws], row-major.
  std::vector<std::vector<double>> values;
};

// At most as many chains, draws and columns are read, so that no file is too large: of chains
// evenly chosen ones, of draws every k-th, of columns the first.
struct ChainLimits {
  std::size_t chains, draws, columns;  // draws of all chains together, of one column
};

// The main dataset as chains: [rows, ...] with the attribute `chains` at the root, chain after
// chain, or [chains, states, ...] with /trajectory/step [states]. `column` is the one to read, by
// name or number, or empty for the first ones. Error(invalid), naming the file, if it is neither,
// if chains have only one draw, or if a number is not finite or too large for an axis. Messages
// mention `kind`.
[[nodiscard]] Chains read_chains(const RowReader& reader, const std::string& column,
                                 const ChainLimits& limits, const std::string& kind);

// Thins a line of many points for a picture that is `pixels` wide: keeps the lowest and the highest
// point in each pixel, in their order. Does nothing if there are at most four points per pixel. x
// ascends; x and y have equal lengths.
void thin_line(std::size_t pixels, std::vector<double>* x, std::vector<double>* y);

}  // namespace pushforward
