#include "plot/labels.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace pushforward {
namespace {

std::string name_of(long label, const std::vector<PlaneRows>& sets) {
  for (const PlaneRows& rows : sets)
    if (label >= 0 && static_cast<std::size_t>(label) < rows.classes.size())
      return rows.classes[static_cast<std::size_t>(label)];
  return std::to_string(label);
}

}  // namespace

std::vector<LegendEntry> colour_labels(std::vector<PlaneRows>* sets) {
  std::map<long, long> places;
  for (const PlaneRows& rows : *sets)
    for (const long label : rows.label) places[label] = label;
  if (places.empty()) return {};
  if (places.begin()->first < 0 || places.rbegin()->first >= class_colours) {
    long count = 0;
    for (auto& [label, place] : places) place = count++;
  }
  std::vector<LegendEntry> legend;
  if (places.size() <= class_colours)
    for (const auto& [label, place] : places)
      legend.push_back({name_of(label, *sets), class_colour(place), Key::point});
  for (PlaneRows& rows : *sets)
    for (long& label : rows.label) label = places[label];
  return legend;
}

}  // namespace pushforward
