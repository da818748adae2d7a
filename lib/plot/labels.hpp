// The colours of labelled points, and what the colours stand for.
#pragma once

#include <vector>

#include "plot/legend.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

// Replaces the labels of all sets by numbers of class colours, the same for one label in each, and
// returns the legend: names of classes where a file has them, else labels. A label below
// class_colours keeps its number, unless another is not; then they are counted in ascending order.
// More classes than class_colours share colours, and have no legend.
[[nodiscard]] std::vector<LegendEntry> colour_labels(std::vector<PlaneRows>* sets);

}  // namespace pushforward
