#include <cmath>
#include <stdexcept>

#include "base/constants.hpp"
#include "base/random.hpp"
#include "density/named_rows.hpp"

namespace pushforward {
namespace {

// The random numbers of one row: four uniform and four normal.
struct Draw {
  const double* u;
  const double* z;
  [[nodiscard]] int part(int parts) const { return static_cast<int>(u[0] * parts); }
};

// Writes a point without noise and returns the part it lies on.
using Point = int (*)(const Draw& draw, double* x);

// Two interleaved half circles.
int moons(const Draw& draw, double* x) {
  const int part = draw.part(2);
  const double angle = pi * draw.u[1];
  x[0] = 2 * (part == 0 ? std::cos(angle) : 1 - std::cos(angle)) - 1;
  x[1] = 2 * (part == 0 ? std::sin(angle) : 0.5 - std::sin(angle)) - 0.2;
  return part;
}

int circle(const Draw& draw, double radius, int part, double* x) {
  const double angle = 2 * pi * draw.u[1];
  x[0] = radius * std::cos(angle);
  x[1] = radius * std::sin(angle);
  return part;
}

// Radii 3 and 1.5.
int circles(const Draw& draw, double* x) {
  const int part = draw.part(2);
  return circle(draw, part == 0 ? 3.0 : 1.5, part, x);
}

// Radii 0.75, 1.5, 2.25 and 3.
int rings(const Draw& draw, double* x) {
  const int part = draw.part(4);
  return circle(draw, 0.75 * (part + 1), part, x);
}

// Every other cell of side 2 in [-4, 4]^2.
int checkerboard(const Draw& draw, double* x) {
  const double across = 4 * draw.u[0] - 2;
  const double parity = std::abs(std::fmod(std::floor(across), 2.0));
  x[0] = 2 * across;
  x[1] = 2 * (draw.u[1] - (draw.u[2] < 0.5 ? 0.0 : 2.0) + parity);
  return 0;
}

// Five blades: normal with deviation 0.3 along the radius and 0.1 across, twisted by
// 0.25 exp(radius).
int pinwheel(const Draw& draw, double* x) {
  const int part = draw.part(5);
  const double along = 1 + 0.3 * draw.z[2], across = 0.1 * draw.z[3];
  const double angle = 2 * pi * part / 5 + 0.25 * std::exp(along);
  x[0] = 2 * (along * std::cos(angle) + across * std::sin(angle));
  x[1] = 2 * (across * std::cos(angle) - along * std::sin(angle));
  return part;
}

// Two arms of one and a half turns.
int spirals(const Draw& draw, double* x) {
  const int part = draw.u[3] < 0.5 ? 0 : 1;
  const double turn = 3 * pi * std::sqrt(draw.u[0]), side = part == 0 ? 1.0 / 3 : -1.0 / 3;
  x[0] = side * (0.5 * draw.u[1] - turn * std::cos(turn));
  x[1] = side * (0.5 * draw.u[2] + turn * std::sin(turn));
  return part;
}

struct Planar {
  const char* name;
  Point point;
  int parts;
  double noise;  // in the units of the rows: FFJORD's level times its scaling
};
const Planar planar[] = {{"moons", moons, 2, 2 * 0.1},         {"circles", circles, 2, 3 * 0.08},
                         {"checkerboard", checkerboard, 0, 0}, {"pinwheel", pinwheel, 5, 0},
                         {"spirals", spirals, 2, 0.1},         {"rings", rings, 4, 0.08}};

class PlanarRows : public RowGenerator {
 public:
  PlanarRows(const Planar& kind, std::uint64_t seed, double noise)
      : kind_(kind), seed_(seed), noise_(noise) {}
  [[nodiscard]] std::size_t dimension() const override { return 2; }
  [[nodiscard]] int components() const override { return kind_.parts; }

  void fill(double* x, std::int32_t* label, std::size_t rows,
            std::uint64_t first_row) const override {
    std::vector<double> uniform(4 * rows), normal(4 * rows);
    Random(seed_, Stream::data).fill_uniform(uniform.data(), rows, 4, first_row);
    Random(seed_, Stream::data_noise).fill_normal(normal.data(), rows, 4, first_row);
    for (std::size_t i = 0; i < rows; ++i) {
      const Draw draw{&uniform[4 * i], &normal[4 * i]};
      const int part = kind_.point(draw, x + 2 * i);
      for (std::size_t j = 0; j < 2; ++j) x[2 * i + j] += noise_ * draw.z[j];
      if (label != nullptr && kind_.parts > 0) label[i] = part;
    }
  }

 private:
  const Planar& kind_;
  std::uint64_t seed_;
  double noise_;
};

}  // namespace

const std::vector<std::string>& planar_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Planar& kind : planar) list.emplace_back(kind.name);
    return list;
  }();
  return names;
}

std::unique_ptr<RowGenerator> make_planar_rows(const std::string& name, std::uint64_t seed,
                                               std::optional<double> noise) {
  for (const Planar& kind : planar)
    if (name == kind.name)
      return std::make_unique<PlanarRows>(kind, seed, noise.value_or(kind.noise));
  throw std::invalid_argument("make_planar_rows: no rows are named " + name);
}

}  // namespace pushforward
