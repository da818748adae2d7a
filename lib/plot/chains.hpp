// Markov chains as a sampler wrote them: rows chain after chain, or the states of a trajectory.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

struct Chains {
  std::string name;                  // of the file
  bool trajectory = false;           // places are the sampler's steps, else draws from 1
  std::size_t count = 0;             // of chains
  std::vector<double> places;        // [draws], ascending, of each chain
  std::vector<std::size_t> columns;  // which numbers of a row
  std::vector<std::string> titles;   // of the columns: their names or numbers
  // [count, draws], row-major, of each of the columns.
  std::vector<std::vector<double>> values;
};

// What a picture has room or time for. Of more chains, draws or columns than these evenly chosen
// ones, every k-th one, and the first ones are read, so that no file is too large.
struct ChainLimits {
  std::size_t chains, draws, columns;  // draws of all chains together, of one column
};

// The main dataset as chains: [rows, ...] with the attribute `chains` at the root, chain after
// chain, or [chains, states, ...] with /trajectory/step [states]. `column` is the one to read, or
// -1 for the first ones. Error(invalid) naming the file if it is neither, if chains have one draw
// only, or if a number is not finite or beyond what an axis can show. `kind` is for that message.
[[nodiscard]] Chains read_chains(const RowReader& reader, int column, const ChainLimits& limits,
                                 const std::string& kind);

// A line of many points for a picture of so many pixels across: of the points in each pixel the
// lowest and the highest, in their order. Unchanged if there are no more than four a pixel.
// x ascends; x and y are of equal length.
void thin_line(std::size_t pixels, std::vector<double>* x, std::vector<double>* y);

}  // namespace pushforward
