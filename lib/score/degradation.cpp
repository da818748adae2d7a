#include "score/degradation.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xview.hpp>

#include "base/constants.hpp"
#include "base/named.hpp"
#include "score/cosine_transform.hpp"

namespace pushforward {
namespace {

const std::vector<Named<DegradationKind>>& kinds() {
  static const std::vector<Named<DegradationKind>> all = {{DegradationKind::blur, "blur"},
                                                          {DegradationKind::pixelate, "pixelate"},
                                                          {DegradationKind::mask, "mask"},
                                                          {DegradationKind::noise, "noise"}};
  return all;
}

Expr column(Expr level, int i) { return slice_columns(level, i, 1); }

// The limit of Degradation::remains() on numbers per channel.
std::size_t max_remains(const ImageShape& picture) {
  constexpr std::size_t max_numbers = 1024, max_patterns = std::size_t{1} << 25;
  return std::min(max_numbers, max_patterns / static_cast<std::size_t>(picture.pixels()));
}

class Blur : public Degradation {
 public:
  explicit Blur(const DegradationSettings& settings)
      : Degradation(settings), transform_(settings.picture) {}
  // A level is given as half the square of its width.
  [[nodiscard]] int numbers() const override { return 1; }
  [[nodiscard]] std::vector<double> at(int level) const override {
    return {0.5 * shown(level) * shown(level)};
  }
  [[nodiscard]] Expr degrade(Expr v, Expr, Expr level) const override {
    const Expr blurred = transform_.to_pixels(factor(level) * transform_.to_coefficients(v));
    return select(level, blurred, v);
  }
  [[nodiscard]] Expr difference(Expr v, Expr, Expr from, Expr to) const override {
    return transform_.to_pixels((factor(to) - factor(from)) * transform_.to_coefficients(v));
  }
  [[nodiscard]] std::optional<Remains> remains() const override {
    // The coefficients left out change a pixel by about its rounding error in float32.
    constexpr double min_factor = 1e-5;
    const double time = at(levels())[0];
    const std::size_t pixels = static_cast<std::size_t>(settings().picture.pixels());
    std::vector<int> coefficients;
    std::vector<double> left;
    for (std::size_t k = 0; k < pixels; ++k) {
      const double factor = std::exp(-transform_.squared_frequencies()[k] * time);
      if (factor < min_factor) continue;
      coefficients.push_back(static_cast<int>(k));
      left.push_back(factor);
      if (left.size() > max_remains(settings().picture)) return std::nullopt;
    }
    Remains remains;
    remains.each = left.size();
    remains.measured.resize({remains.each, pixels});
    for (std::size_t k = 0; k < remains.each; ++k)
      xt::row(remains.measured, static_cast<std::ptrdiff_t>(k)) =
          transform_.pattern(coefficients[k]);
    remains.pictures = remains.measured * as_rows(left, 1);
    return remains;
  }
  [[nodiscard]] double shown(int level) const override {
    if (level == 0) return 0;
    const DegradationSettings& s = settings();
    if (level == s.levels) return s.blur_max;
    return s.blur_min * std::pow(s.blur_max / s.blur_min, double(level - 1) / (s.levels - 1));
  }

 private:
  [[nodiscard]] Expr factor(Expr level) const {
    const std::vector<double>& squared = transform_.squared_frequencies();
    return exp(-level * level.graph().constant(1, static_cast<int>(squared.size()), squared));
  }
  CosineTransform transform_;
};

class Pixelate : public Degradation {
 public:
  explicit Pixelate(const DegradationSettings& settings) : Degradation(settings) {
    for (int level = 1; level <= settings.levels; ++level) levels_.push_back(blocks(level));
  }
  // A level is given one-hot.
  [[nodiscard]] int numbers() const override { return levels() + 1; }
  [[nodiscard]] std::vector<double> at(int level) const override {
    std::vector<double> row(static_cast<std::size_t>(numbers()));
    row[static_cast<std::size_t>(level)] = 1;
    return row;
  }
  [[nodiscard]] Expr degrade(Expr v, Expr, Expr level) const override {
    Expr sum = column(level, 0) * v;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const int count = static_cast<int>(levels_[i].share.size());
      const Expr means = scatter_columns(v, levels_[i].of_column, count) *
                         v.graph().constant(1, count, levels_[i].share);
      sum = sum +
            column(level, static_cast<int>(i) + 1) * gather_columns(means, levels_[i].of_column);
    }
    return sum;
  }
  [[nodiscard]] std::optional<Remains> remains() const override {
    const Blocks& last = levels_.back();
    const std::size_t pixels = static_cast<std::size_t>(settings().picture.pixels());
    const std::size_t count =
        last.share.size() / static_cast<std::size_t>(settings().picture.channels);
    if (count > max_remains(settings().picture)) return std::nullopt;
    Remains remains = {count, xt::zeros<double>({count, pixels}), {}};
    remains.pictures = remains.measured;
    for (std::size_t p = 0; p < pixels; ++p) {
      const std::size_t block = static_cast<std::size_t>(last.of_column[p]);
      remains.measured(block, p) = last.share[block];
      remains.pictures(block, p) = 1;
    }
    return remains;
  }
  [[nodiscard]] double shown(int level) const override { return std::ldexp(1.0, level); }

 private:
  struct Blocks {
    std::vector<int> of_column;
    std::vector<double> share;  // of each block: 1 / its number of pixels
  };
  [[nodiscard]] Blocks blocks(int level) const {
    const ImageShape& shape = settings().picture;
    const int side = 1 << level;
    const int across = (shape.width + side - 1) / side, down = (shape.height + side - 1) / side;
    Blocks blocks;
    blocks.share.assign(static_cast<std::size_t>(shape.channels * across * down), 0);
    for (int i = 0; i < shape.numbers(); ++i) {
      const int channel = i / shape.pixels(), y = i / shape.width % shape.height;
      const int x = i % shape.width;
      blocks.of_column.push_back((channel * down + y / side) * across + x / side);
      blocks.share[static_cast<std::size_t>(blocks.of_column.back())] += 1;
    }
    for (double& share : blocks.share) share = 1 / share;
    return blocks;
  }
  std::vector<Blocks> levels_;  // from level 1
};

class Mask : public Degradation {
 public:
  explicit Mask(const DegradationSettings& settings) : Degradation(settings) {
    const ImageShape& shape = settings.picture;
    for (int i = 0; i < shape.numbers(); ++i) {
      const double y = i / shape.width % shape.height - 0.5 * (shape.height - 1);
      const double x = i % shape.width - 0.5 * (shape.width - 1);
      distance_.push_back(std::hypot(y, x));
    }
    farthest_ = *std::max_element(distance_.begin(), distance_.end());
  }
  // A level is given as the radius within which all is grey; beyond it pixels fade over `edge`.
  [[nodiscard]] int numbers() const override { return 1; }
  [[nodiscard]] std::vector<double> at(int level) const override {
    return {-edge + (farthest_ + edge) * level / levels()};
  }
  [[nodiscard]] Expr degrade(Expr v, Expr, Expr level) const override { return seen(level) * v; }
  [[nodiscard]] Expr lost(Expr level) const override { return 1 - seen(level); }

 private:
  [[nodiscard]] Expr seen(Expr level) const {
    const Expr distance = level.graph().constant(1, static_cast<int>(distance_.size()), distance_);
    const Expr beyond = (distance - level) / edge;
    return relu(beyond) - relu(beyond - 1);
  }
  static constexpr double edge = 2;
  std::vector<double> distance_;  // of each column's pixel from the centre
  double farthest_ = 0;
};

class Noise : public Degradation {
 public:
  explicit Noise(const DegradationSettings& settings) : Degradation(settings) {}
  // A level is given as the factors of the picture and of the noise.
  [[nodiscard]] int numbers() const override { return 2; }
  [[nodiscard]] std::vector<double> at(int level) const override {
    if (level == levels()) return {0, 1};
    const double angle = 0.5 * pi * level / levels();
    return {std::cos(angle), std::sin(angle)};
  }
  [[nodiscard]] bool noisy() const override { return true; }
  [[nodiscard]] double signal(int level) const override { return at(level)[0]; }
  [[nodiscard]] Expr degrade(Expr v, Expr z, Expr level) const override {
    return column(level, 0) * v + column(level, 1) * z;
  }
};

}  // namespace

const char* degradation_name(DegradationKind kind) { return name_of(kinds(), kind); }

std::vector<std::string> degradation_names() { return names_of(kinds()); }

DegradationKind degradation_named(const std::string& name, const std::string& where) {
  return value_named(kinds(), name, "degradation", where);
}

int max_pixelate_levels(const ImageShape& picture) {
  int levels = 1;
  while ((1 << levels) < std::max(picture.height, picture.width)) ++levels;
  return levels;
}

double default_blur_max(const ImageShape& picture) {
  return 20.0 / 28 * std::max(picture.height, picture.width);
}

std::shared_ptr<const Degradation> make_degradation(const DegradationSettings& settings,
                                                    const std::string& where) {
  if (settings.levels < 1 || settings.levels > max_degradation_levels)
    fail_invalid(where + ": has " + std::to_string(settings.levels) + " levels, where 1 to " +
                 std::to_string(max_degradation_levels) + " make sense");
  switch (settings.kind) {
    case DegradationKind::blur:
      if (!(settings.blur_min >= min_blur && settings.blur_max <= max_blur &&
            settings.blur_min <= settings.blur_max))
        fail_invalid(where +
                     ": the smallest width of a blur is above the largest, or one is out of "
                     "0.001 to 100000 pixels");
      return std::make_shared<Blur>(settings);
    case DegradationKind::pixelate:
      if (settings.levels > max_pixelate_levels(settings.picture))
        fail_invalid(where + ": pixelate leaves one block at level " +
                     std::to_string(max_pixelate_levels(settings.picture)) +
                     " of these pictures; more levels would change nothing");
      return std::make_shared<Pixelate>(settings);
    case DegradationKind::mask:
      return std::make_shared<Mask>(settings);
    case DegradationKind::noise:
      break;
  }
  return std::make_shared<Noise>(settings);
}

}  // namespace pushforward
