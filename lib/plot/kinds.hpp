// The kinds of picture that tensor-plot draws: each is one row of kinds.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plot/plot.hpp"

namespace pushforward {

using Containers = std::vector<ContainerReader>;

struct PlotKind {
  enum class Models { none, optional, needed };
  enum class Inputs { one, several };
  // Whether a range is of both axes, may be that of the x axis alone, or there is none.
  enum class Ranges { both, x_alone, none };

  std::string name;
  Models models = Models::none;
  Inputs inputs = Inputs::several;
  Ranges ranges = Ranges::both;
  // The settings that it looks at and some other kinds do not.
  std::vector<std::string> settings;
  // `containers` are those of options.inputs.
  std::vector<std::byte> (*draw)(const PlotOptions& options, Containers containers);
  // The frames of a kind that moves; null for the others.
  void (*animate)(const PlotOptions& options, Containers containers,
                  const ShowFrame& show) = nullptr;

  [[nodiscard]] bool looks_at(const std::string& setting) const;
};

// In the order of the manual.
[[nodiscard]] const std::vector<PlotKind>& plot_kinds();
// Curves and points of a table of text, which have no name of their own.
[[nodiscard]] const PlotKind& table_kind();

// Error(usage) if options were given that the kind does not look at, or not those that it needs.
void check_kind(const PlotOptions& options, const PlotKind& kind);

// The pictures, in the files of the same names.
[[nodiscard]] std::vector<std::byte> draw_plane(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_histograms(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_pairs(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_curves(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_tables(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_film(const PlotOptions&, Containers);
void animate_film(const PlotOptions&, Containers, const ShowFrame&);
[[nodiscard]] std::vector<std::byte> draw_trajectories(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_traces(const PlotOptions&, Containers);
[[nodiscard]] std::vector<std::byte> draw_rhat(const PlotOptions&, Containers);

}  // namespace pushforward
