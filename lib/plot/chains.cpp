#include "plot/chains.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "plot/column_names.hpp"
#include "plot/film.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 20;

// The main dataset as [chains x draws, columns].
struct Layout {
  bool trajectory;
  std::size_t chains, draws, columns;
};

Layout layout_of(const RowReader& reader, const std::string& kind) {
  const ContainerReader& container = reader.container();
  const Shape& shape = reader.info().shape;
  const std::string where = container.name() + ": ";
  if (is_film(container)) {
    if (axis_of_frames(reader, kind) == 0)
      fail_invalid(where + "holds the frames of a training run, not of a sampler's chains");
    return {true, shape[0], shape[1], reader.columns() / shape[1]};
  }
  const std::optional<double> chains = container.number("/", "chains");
  if (!chains)
    fail_invalid(where + "no attribute chains says how many chains the rows of " +
                 reader.info().path + " are; " + setting("kind") + " " + kind +
                 " draws what langevin-sample writes with " + setting("chains") + " or " +
                 setting("trajectory"));
  const double rows = static_cast<double>(reader.rows());
  if (!(*chains >= 1) || *chains > rows || *chains != std::floor(*chains) ||
      std::fmod(rows, *chains) != 0)
    fail_invalid(where + "holds " + std::to_string(reader.rows()) +
                 " rows, which are not as many for each of the chains that its attribute names");
  const std::size_t count = static_cast<std::size_t>(*chains);
  return {false, count, reader.rows() / count, reader.columns()};
}

}  // namespace

Chains read_chains(const RowReader& reader, const std::string& column, const ChainLimits& limits,
                   const std::string& kind) {
  const Layout layout = layout_of(reader, kind);
  Chains chains;
  chains.name = reader.container().name();
  chains.trajectory = layout.trajectory;
  if (layout.draws < 2)
    fail_invalid(chains.name + ": " + std::to_string(layout.chains) +
                 (layout.chains == 1 ? " chain" : " chains") + " of one " +
                 (layout.trajectory ? "state" : "row") + " each; " + setting("kind") + " " + kind +
                 " needs several, which langevin-sample writes with " + setting("chains") + " or " +
                 setting("trajectory"));
  if (!column.empty())
    chains.columns = {film_column(reader, layout.columns, column, 0, "x_column")};
  else
    for (std::size_t c = 0; c < std::min(layout.columns, limits.columns); ++c)
      chains.columns.push_back(c);

  const std::vector<std::string> names = column_names(reader, layout.columns);
  for (const std::size_t c : chains.columns) chains.titles.push_back(column_title(names, c));

  const std::vector<std::size_t> chosen = evenly_chosen(layout.chains, limits.chains);
  chains.count = chosen.size();
  const std::size_t max_draws = limits.draws / chosen.size();
  const std::size_t stride = (layout.draws + max_draws - 1) / max_draws;
  std::vector<std::int64_t> steps;
  if (layout.trajectory) steps = steps_of_frames(reader, 1);
  for (std::size_t d = 0; d < layout.draws; d += stride)
    chains.places.push_back(static_cast<double>(layout.trajectory ? steps[d] : 0));
  if (!layout.trajectory)
    for (std::size_t k = 0; k < chains.places.size(); ++k)
      chains.places[k] = static_cast<double>(k * stride + 1);
  for (std::size_t k = 1; k < chains.places.size(); ++k)
    if (!(chains.places[k - 1] < chains.places[k]))
      fail_invalid(chains.name + ": the steps of the trajectory do not ascend");
  chains.values.resize(chains.columns.size());

  // The draws of a chain are rows of the dataset, or follow one another in one row.
  const std::size_t chain_rows = layout.trajectory ? 1 : layout.draws;
  const std::size_t block = std::max<std::size_t>(1, block_numbers / reader.columns());
  for (const std::size_t chain : chosen) {
    for (std::size_t first = 0; first < chain_rows; first += block) {
      const std::size_t count = std::min(block, chain_rows - first);
      const std::vector<double> rows = reader.read<double>(chain * chain_rows + first, count);
      const std::size_t draws = rows.size() / layout.columns;
      for (std::size_t d = (stride - first % stride) % stride; d < draws; d += stride)
        for (std::size_t c = 0; c < chains.columns.size(); ++c)
          chains.values[c].push_back(rows[d * layout.columns + chains.columns[c]]);
    }
  }
  for (const std::vector<double>& values : chains.values) require_shown(reader, values);
  return chains;
}

void thin_line(std::size_t pixels, std::vector<double>* x, std::vector<double>* y) {
  const std::size_t size = x->size();
  if (size <= 4 * pixels) return;
  const double low = x->front(), length = x->back() - low;
  std::vector<double> thin_x, thin_y;
  for (std::size_t first = 0, end = 0; first < size; first = end) {
    const auto pixel = [&](std::size_t i) {
      return std::floor(((*x)[i] - low) / length * static_cast<double>(pixels));
    };
    while (end < size && pixel(end) == pixel(first)) ++end;
    const auto [lowest, highest] =
        std::minmax_element(y->begin() + static_cast<std::ptrdiff_t>(first),
                            y->begin() + static_cast<std::ptrdiff_t>(end));
    const std::size_t a = static_cast<std::size_t>(std::min(lowest, highest) - y->begin());
    const std::size_t b = static_cast<std::size_t>(std::max(lowest, highest) - y->begin());
    thin_x.push_back((*x)[a]);
    thin_y.push_back((*y)[a]);
    if (b == a) continue;
    thin_x.push_back((*x)[b]);
    thin_y.push_back((*y)[b]);
  }
  *x = std::move(thin_x);
  *y = std::move(thin_y);
}

}  // namespace pushforward
