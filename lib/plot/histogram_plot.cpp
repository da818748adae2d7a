// Histograms of one column.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "plot/kinds.hpp"
#include "plot/layers.hpp"

namespace pushforward {

std::vector<std::byte> draw_histograms(const PlotOptions& options, Containers containers) {
  std::vector<PlaneRows> all;
  FigureSpec spec;
  std::vector<std::string> files;
  for (ContainerReader& container : containers) {
    all.push_back(read_one_column(RowReader(std::move(container)), options.columns));
    files.push_back(all.back().name);
    std::vector<double> x = all.back().x;
    const Interval range = robust_interval(&x);
    spec.x.interval = all.size() == 1 ? range : join(spec.x.interval, range);
  }
  choose_range(options.x, false, &spec.x);
  std::vector<Histogram> bars;
  double most = 0, least = 1e300;
  int bins = 1;
  for (const PlaneRows& rows : all) bins = std::max(bins, histogram_bins(rows.x, spec.x.interval));
  for (const PlaneRows& rows : all) {
    bars.push_back(histogram(rows.x, spec.x.interval, bins));
    for (const double height : bars.back().heights) {
      most = std::max(most, height);
      if (height > 0) least = std::min(least, height);
    }
  }
  if (!(most > 0))
    fail_invalid(all[0].name + ": no row lies in the range; give another " + setting("range"));
  spec.y.interval = options.log ? Interval{least / 2, 2 * most} : Interval{0, 1.06 * most};
  choose_range(options.y, options.log, &spec.y);
  const bool shared = options.overlay;
  if (shared)
    for (const std::string& name : names_of_sets(options, files))
      spec.legend.push_back(
          {name, series_colour(static_cast<long>(spec.legend.size())), Key::area});
  set_titles_and_page(options, shared ? std::vector<std::string>(1) : names_of_files(files), &spec);
  const PlaneRows& first = all[0];
  spec.x_label = options.columns.x.empty() ? "" : "column " + std::to_string(first.x_column);
  if (!first.x_name.empty() && std::all_of(all.begin(), all.end(), [&](const PlaneRows& rows) {
        return rows.x_name == first.x_name;
      }))
    spec.x_label = first.x_name;
  spec.y_label = "density";
  spec.grid = true;
  Figure figure(spec);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const int panel = shared ? 0 : static_cast<int>(i);
    figure.enter(panel);
    draw_bars(&figure.canvas(), figure.frame(panel), bars[i].edges, bars[i].heights,
              series_colour(shared ? static_cast<long>(i) : 0));
  }
  return figure.finish();
}

}  // namespace pushforward
