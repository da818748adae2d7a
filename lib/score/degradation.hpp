// Deterministic degradations of pictures, by levels, which inverse heat dissipation (Rissanen,
// Heinonen, Solin 2023) and cold diffusion (Bansal et al. 2023) learn to invert.
//
// All work on v = (x - mean) / deviation with one mean and one standard deviation for all pixels of
// the data, so that 0 is the mean grey.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/image_shape.hpp"
#include "base/matrix.hpp"
#include "graph/expr.hpp"

namespace pushforward {

enum class DegradationKind {
  // Heat dissipation: multiplies the coefficients of the cosine transform by exp(-f^2 w^2 / 2), f
  // the frequency in radians per pixel and w = blur_min (blur_max / blur_min)^((s-1)/(T-1)) the
  // width of level s in pixels (Rissanen et al. 2023, section 2; a single level has blur_max).
  blur,
  // Means of blocks of 2^s x 2^s pixels (Bansal et al. 2023, section 4.3). Blocks at the right and
  // lower edge may be smaller.
  pixelate,
  // A grey disc that grows from the centre and covers everything at level T. Its edge is two pixels
  // wide. (Section 4.2 of the paper multiplies Gaussian masks, which spare the corners.)
  mask,
  // cos(pi s / 2T) v + sin(pi s / 2T) z, with the same z for all levels of a row: pure noise at
  // level T (section 5.1).
  noise
};

[[nodiscard]] const char* degradation_name(DegradationKind kind);
[[nodiscard]] std::vector<std::string> degradation_names();
// Error(invalid), beginning with `where`, for an unknown name.
[[nodiscard]] DegradationKind degradation_named(const std::string& name, const std::string& where);

struct DegradationSettings {
  DegradationKind kind = DegradationKind::blur;
  ImageShape picture;
  int levels = 100;                   // T
  double blur_min = 0, blur_max = 0;  // blur: widths of levels 1 and T, in pixels
};

// Limits of what a command line or a model file may ask for.
constexpr int max_degradation_levels = 10000;
constexpr double min_blur = 1e-3, max_blur = 1e5;

// ceil(log2(larger side)): the level at which pixelate leaves one block; at least 1.
[[nodiscard]] int max_pixelate_levels(const ImageShape& picture);
// 20 for a side of 28 (Rissanen et al. 2023), and in proportion for others: 5/7 of the larger side.
[[nodiscard]] double default_blur_max(const ImageShape& picture);

// What level T leaves of a picture: a few numbers that determine D(v, T), alike for all channels.
struct Remains {
  std::size_t each = 0;     // numbers per channel
  Matrix<double> measured;  // [each, pixels]: number i is the sum of v times row i
  Matrix<double> pictures;  // [each, pixels]: D(v, T) is the sum of number i times row i
};

class Degradation {
 public:
  virtual ~Degradation() = default;

  [[nodiscard]] const DegradationSettings& settings() const { return settings_; }
  [[nodiscard]] int levels() const { return settings_.levels; }

  // Expressions take a level as a row of numbers() numbers. 0 <= level <= levels().
  [[nodiscard]] virtual int numbers() const = 0;
  [[nodiscard]] virtual std::vector<double> at(int level) const = 0;

  // Whether the functions below need standard normal z [n, columns].
  [[nodiscard]] virtual bool noisy() const { return false; }
  // The factor of v in D(v, s): sqrt(1 - variance of the noise), or 1 without noise.
  [[nodiscard]] virtual double signal(int /*level*/) const { return 1; }
  // D(v, s): v [n, columns], level [n, numbers()] or [1, numbers()] -> [n, columns]. D(v, 0) is v
  // itself, to the bit.
  [[nodiscard]] virtual Expr degrade(Expr v, Expr z, Expr level) const = 0;
  // The share of each pixel that D(v, s) has lost, [n, columns] or [1, columns]: 0 where the pixel
  // is unchanged. Invalid if any pixel may have changed.
  [[nodiscard]] virtual Expr lost(Expr /*level*/) const { return Expr(); }
  // D(v, to) - D(v, from).
  [[nodiscard]] virtual Expr difference(Expr v, Expr z, Expr from, Expr to) const {
    return degrade(v, z, to) - degrade(v, z, from);
  }

  // Without numbers if D(v, T) does not depend on v. nullopt if there are too many to be worth
  // keeping: more than 1024 per channel or 2^25 in all patterns.
  [[nodiscard]] virtual std::optional<Remains> remains() const { return Remains(); }

  // The level in readable units: the width of a blur in pixels, the side of a block, otherwise the
  // level's number.
  [[nodiscard]] virtual double shown(int level) const { return level; }

 protected:
  explicit Degradation(const DegradationSettings& settings) : settings_(settings) {}

 private:
  DegradationSettings settings_;
};

// Error(invalid), beginning with `where`, if the settings are invalid.
[[nodiscard]] std::shared_ptr<const Degradation> make_degradation(
    const DegradationSettings& settings, const std::string& where);

}  // namespace pushforward
