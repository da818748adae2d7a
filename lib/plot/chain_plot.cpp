// Traces of Markov chains, and split R-hat against the number of draws.
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "plot/chains.hpp"
#include "plot/kinds.hpp"
#include "plot/rhat_curves.hpp"

namespace pushforward {
namespace {

constexpr ChainLimits trace_limits = {series_colours, std::size_t{1} << 20, 6};
constexpr double good_rhat = 1.01;  // Vehtari et al. 2021
constexpr double min_shown = 1e-4;  // of R-hat - 1, on a logarithmic axis

std::vector<double> chain_of(const std::vector<double>& values, std::size_t chain,
                             std::size_t draws) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(chain * draws);
  return {first, first + static_cast<std::ptrdiff_t>(draws)};
}

// The range of the curves, which may leave it in their first quarter, where they fall steeply.
Scale rhat_scale(const std::vector<RhatCurves>& all, bool log) {
  double least = 1, most = 1.03, min_positive = 0.01;
  for (const RhatCurves& curves : all)
    for (const std::vector<double>& values : curves.values)
      for (std::size_t i = values.size() / 4; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        least = std::min(least, values[i]);
        most = std::max(most, values[i]);
        if (values[i] > 1) min_positive = std::min(min_positive, values[i] - 1);
      }
  if (log) return {{std::max(min_shown, min_positive / 1.5), 1.5 * (most - 1)}, true};
  return {widened({least, most}, 0.04), false};
}

// The columns of all files; a name that several have, once.
std::vector<LegendEntry> rhat_legend(const std::vector<RhatCurves>& all) {
  std::set<std::pair<std::string, std::size_t>> seen;
  std::vector<LegendEntry> legend;
  for (const RhatCurves& curves : all)
    for (std::size_t c = 0; c < curves.titles.size(); ++c)
      if (seen.insert({curves.titles[c], c}).second)
        legend.push_back({curves.titles[c], series_colour(static_cast<long>(c)), Key::line});
  return legend;
}

}  // namespace

std::vector<std::byte> draw_traces(const PlotOptions& options, Containers containers) {
  const Chains chains =
      read_chains(RowReader(std::move(containers.at(0))), options.columns.x, trace_limits, "trace");
  const std::size_t draws = chains.places.size();
  FigureSpec spec;
  std::vector<std::string> names;
  for (std::size_t c = 0; c < chains.columns.size(); ++c) {
    names.push_back(chains.titles[c]);
    std::vector<double> values = chains.values[c];
    spec.stacked_y.push_back(options.y ? *options.y : robust_interval(&values));
  }
  spec.x.interval = widened({chains.places.front(), chains.places.back()}, 0);
  choose_range(options.x, false, &spec.x);
  set_titles_and_page(options, names, &spec);
  if (names.size() == 1) spec.y_label = names[0];
  spec.x_label = chains.trajectory ? "step" : "draw";
  spec.grid = true;
  Figure figure(spec);
  for (std::size_t c = 0; c < names.size(); ++c) {
    const int panel = static_cast<int>(c);
    const Frame& frame = figure.frame(panel);
    figure.enter(panel);
    for (std::size_t chain = 0; chain < chains.count; ++chain) {
      std::vector<double> x = chains.places, y = chain_of(chains.values[c], chain, draws);
      // Points outside of a chosen range must not be counted when lines are thinned.
      if (options.x) {
        const auto low = std::lower_bound(x.begin(), x.end(), options.x->low);
        const auto high = std::upper_bound(x.begin(), x.end(), options.x->high);
        const auto first = std::max<std::ptrdiff_t>(0, low - x.begin() - 1);
        const auto end = std::min(x.end() - x.begin(), high - x.begin() + 1);
        x = {x.begin() + first, x.begin() + end};
        y = {y.begin() + first, y.begin() + end};
      }
      thin_line(static_cast<std::size_t>(frame.box.width()), &x, &y);
      draw_trace(&figure.canvas(), frame, x, y, series_colour(static_cast<long>(chain)));
    }
  }
  return figure.finish();
}

std::vector<std::byte> draw_rhat(const PlotOptions& options, Containers containers) {
  std::vector<RhatCurves> all;
  FigureSpec spec;
  std::vector<std::string> names;
  for (ContainerReader& container : containers) {
    all.push_back(read_rhat_curves(RowReader(std::move(container)), options.columns.x));
    names.push_back(title_of(all.back().name));
    const Interval reach = widened({0, all.back().places.back()}, 0);
    spec.x.interval = all.size() == 1 ? reach : join(spec.x.interval, reach);
  }
  choose_range(options.x, false, &spec.x);
  spec.y = rhat_scale(all, options.log);
  choose_range(options.y, options.log, &spec.y);
  set_titles_and_page(options, names, &spec);
  spec.x_label = all[0].trajectory ? "step" : "draws of a chain";
  spec.y_label = options.log ? "split R-hat \u2212 1" : "split R-hat";
  spec.grid = true;
  spec.legend = rhat_legend(all);
  spec.legend.push_back({options.log ? "0.01" : "1.01", ink, Key::line});
  Figure figure(spec);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int panel = static_cast<int>(i);
    const Frame& frame = figure.frame(panel);
    figure.enter(panel);
    const double good = options.log ? good_rhat - 1 : good_rhat;
    draw_trace(&figure.canvas(), frame, {spec.x.interval.low, spec.x.interval.high}, {good, good},
               ink);
    for (std::size_t c = 0; c < all[i].titles.size(); ++c) {
      std::vector<double> values = all[i].values[c];
      // Chains that agree perfectly are drawn at the lower edge of a logarithmic axis.
      if (options.log)
        for (double& value : values)
          if (std::isfinite(value)) value = std::max(value - 1, spec.y.interval.low);
      const Colour colour = series_colour(static_cast<long>(c));
      draw_curve(&figure.canvas(), frame, all[i].places, values, colour);
    }
  }
  return figure.finish();
}

}  // namespace pushforward
