// Samplers of the diffusion family against what their authors state, in x_t, on a Gaussian.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/random.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/corrector_pilot.hpp"
#include "sample/diffusion_transitions.hpp"
#include "sample/gaussian_rows.hpp"

using namespace pushforward;

namespace {

// Unit variances, correlation r: along (1, 1) the variance is 1 + r, along (1, -1) it is 1 - r.
constexpr double correlation = 0.6;
const double variance_along[2] = {1 + correlation, 1 - correlation};

const std::string leveled[] = {"ve", "vp", "subvp", "ddpm", "edm"};

Process process_of(const std::string& kind) {
  return Process(kind == "ve" ? ProcessSettings::continuous("ve")
                              : ProcessSettings::with_defaults(kind));
}

// x_t / a for x_t of standard normal rows, or sigma_max times them: the prior.
std::vector<double> prior_rows(const Process& process, std::size_t count) {
  return normal_rows<double>(count, 2, process.prior_deviation());
}

std::vector<double> run(const Transitions& transitions, const AuxiliaryState& auxiliary,
                        const std::vector<double>& start) {
  const GaussianMixture density(correlated_gaussian(2, correlation));
  return run_transitions(noised_density_target(density), transitions, start, 2, auxiliary);
}

// A step of x_t from one point to the next as it is published: x_t' = keep x_t + noise z for a
// Gaussian of variance c, whose score in x_t is -x_t / (a^2 c + b^2).
struct Affine {
  double keep, noise;
};
using Published = std::function<Affine(const LevelPoint&, const LevelPoint&, double c)>;

double score_slope(const LevelPoint& p, double c) {
  const double a = p.scale, b = a * p.sigma;
  return -1 / (a * a * c + b * b);
}

// Variances of x_t along an axis under the published recursion and under the transitions agree to
// rounding, and the sampler's to four standard errors.
void check_moments(const Process& process, const Transitions& transitions,
                   const std::vector<LevelPoint>& points, const Published& published) {
  REQUIRE(transitions.size() + 1 == points.size());
  constexpr std::size_t many = 40000;
  const std::vector<double> rows = run(transitions, {}, prior_rows(process, many));
  for (int axis = 0; axis < 2; ++axis) {
    const double c = variance_along[axis];
    const double prior = points[0].scale * process.prior_deviation();
    double v = prior * prior, w = process.prior_deviation() * process.prior_deviation();
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const Affine step = published(points[i], points[i + 1], c);
      v = step.keep * step.keep * v + step.noise * step.noise;
      const std::vector<double>& k = transitions[i].constants;
      const double keep = k[0] - k[1] / (c + points[i].sigma * points[i].sigma);
      w = keep * keep * w + k[2] * k[2];
      CHECK(transitions[i].scale == points[i + 1].scale);
      CHECK(w * points[i + 1].scale * points[i + 1].scale == Approx(v).epsilon(1e-9));
    }
    const double scale = points.back().scale;
    CHECK(scale * scale * variance(rows, axis) == Approx(v).epsilon(4 * std::sqrt(2.0 / many)));
  }
}

}  // namespace

TEST_CASE("Euler and Maruyama's moments are the published ones", "[diffusion]") {
  for (const std::string& kind : leveled) {
    const Process process = process_of(kind);
    INFO(kind);
    const std::vector<LevelPoint> points = time_points(process, 61, 7);
    check_moments(process, euler_maruyama_transitions(process, points), points,
                  [&](const LevelPoint& from, const LevelPoint& to, double c) {
                    const double h = from.time - to.time, g = process.diffusion(from.time);
                    const double drift = process.drift(from.time) - g * g * score_slope(from, c);
                    return Affine{1 - h * drift, g * std::sqrt(h)};
                  });
  }
}

TEST_CASE("reverse diffusion's moments are the published ones", "[diffusion]") {
  for (const std::string kind : {"ve", "vp", "ddpm"}) {
    const Process process = process_of(kind);
    INFO(kind);
    const std::vector<LevelPoint> points = time_points(process, 61, 7);
    check_moments(process, reverse_diffusion_transitions(process, points, 0, 0), points,
                  [&](const LevelPoint& from, const LevelPoint& to, double c) {
                    const double slope = score_slope(from, c);
                    if (kind == "ve") {
                      const double v = from.sigma * from.sigma - to.sigma * to.sigma;
                      return Affine{1 + v * slope, std::sqrt(v)};
                    }
                    const double alpha = std::pow(from.scale / to.scale, 2), beta = 1 - alpha;
                    return Affine{2 - std::sqrt(alpha) + beta * slope, std::sqrt(beta)};
                  });
  }
}

TEST_CASE("DDPM's moments are those of its algorithm 2", "[diffusion]") {
  const Process process = process_of("ddpm");
  for (const int steps : {1, 10, 1000})
    for (const PosteriorVariance variance :
         {PosteriorVariance::fixed_small, PosteriorVariance::fixed_large}) {
      const std::vector<LevelPoint> points = then_clean(step_points(process, steps, 7));
      REQUIRE(points.size() == static_cast<std::size_t>(steps) + 1);
      CHECK(points[0].time == 1);
      check_moments(process, ancestral_transitions(points, variance), points,
                    [&](const LevelPoint& from, const LevelPoint& to, double c) {
                      // Ho et al. 2020, equations 7 and 11.
                      const double abar = from.scale * from.scale, before = to.scale * to.scale;
                      const double alpha = abar / before, beta = 1 - alpha;
                      const double clean =
                          (1 + (1 - abar) * score_slope(from, c)) / std::sqrt(abar);
                      const double keep = std::sqrt(before) * beta / (1 - abar) * clean +
                                          std::sqrt(alpha) * (1 - before) / (1 - abar);
                      const double small = beta * (1 - before) / (1 - abar);
                      const bool last = to.sigma == 0;
                      const double spread = last                                         ? 0
                                            : variance == PosteriorVariance::fixed_small ? small
                                                                                         : beta;
                      return Affine{keep, std::sqrt(spread)};
                    });
    }
}

TEST_CASE("ancestral sampling of the variance exploding process is published", "[diffusion]") {
  const Process process = process_of("ve");
  const std::vector<LevelPoint> points = then_clean(step_points(process, 80, 7));
  check_moments(process, ancestral_transitions(points, PosteriorVariance::fixed_small), points,
                [](const LevelPoint& from, const LevelPoint& to, double c) {
                  const double high = from.sigma * from.sigma, low = to.sigma * to.sigma;
                  return Affine{1 + (high - low) * score_slope(from, c),
                                std::sqrt(low * (high - low) / high)};
                });
}

TEST_CASE("DDIM is its published step for every eta, and its map row by row", "[diffusion]") {
  for (const std::string& kind : leveled)
    for (const double eta : {0.0, 0.5, 1.0}) {
      INFO(kind << " " << eta);
      const Process process = process_of(kind);
      const std::vector<LevelPoint> points = then_clean(step_points(process, 30, 7));
      const Transitions transitions = ddim_transitions(points, eta);
      const Published published = [&](const LevelPoint& from, const LevelPoint& to, double c) {
        // Song, Meng, Ermon 2021, equation 12, with b^2 for 1 - abar.
        const double a = from.scale, b = a * from.sigma, a2 = to.scale, b2 = a2 * to.sigma;
        const double noise = eta * b2 / b * std::sqrt(b * b - a * a / (a2 * a2) * b2 * b2);
        const double e = -b * score_slope(from, c);
        return Affine{a2 * (1 - b * e) / a + std::sqrt(std::max(0.0, b2 * b2 - noise * noise)) * e,
                      noise};
      };
      check_moments(process, transitions, points, published);
      if (eta > 0) continue;
      const std::vector<double> start = prior_rows(process, 50), rows = run(transitions, {}, start);
      for (int axis = 0; axis < 2; ++axis)
        for (std::size_t r = 0; r < start.size(); r += 2) {
          double x = points[0].scale * along(start.data() + r, axis);
          for (std::size_t i = 0; i + 1 < points.size(); ++i)
            x *= published(points[i], points[i + 1], variance_along[axis]).keep;
          REQUIRE(along(rows.data() + r, axis) == Approx(x).epsilon(1e-9).margin(1e-12));
        }
    }
}

TEST_CASE("DPM-Solver++ is its published map, row by row", "[diffusion]") {
  for (const std::string& kind : leveled)
    for (const int steps : {1, 2, 9})
      for (const bool clean : {true, false}) {
        INFO(kind << " " << steps);
        const Process process = process_of(kind);
        const std::vector<LevelPoint> points =
            clean ? then_clean(step_points(process, steps, 7)) : step_points(process, steps + 1, 7);
        const Transitions transitions = dpm_solver_transitions(points);
        REQUIRE(transitions.size() == static_cast<std::size_t>(steps));
        const std::vector<double> start = prior_rows(process, 50);
        const std::vector<double> rows = run(transitions, {{AuxiliaryState::as_x}, {}}, start);
        for (int axis = 0; axis < 2; ++axis)
          for (std::size_t r = 0; r < start.size(); r += 2) {
            // Lu et al. 2022, algorithm 2: alpha = a, sigma = b, lambda = ln(a / b).
            double x = points[0].scale * along(start.data() + r, axis), old = 0, old_h = 0;
            for (std::size_t i = 0; i + 1 < points.size(); ++i) {
              const double a = points[i].scale, b = a * points[i].sigma;
              const double a2 = points[i + 1].scale, b2 = a2 * points[i + 1].sigma;
              const double denoised =
                  (x + b * b * score_slope(points[i], variance_along[axis]) * x) / a;
              const double h = b2 == 0 ? 0 : std::log(a2 / b2) - std::log(a / b);
              const double lean = i == 0 || b2 == 0 ? 0 : h / old_h / 2;
              const double decay = b2 == 0 ? 0 : std::exp(-h);
              x = b2 / b * x - a2 * (decay - 1) * ((1 + lean) * denoised - lean * old);
              old = denoised;
              old_h = h;
            }
            REQUIRE(points.back().scale * along(rows.data() + r, axis) ==
                    Approx(x).epsilon(1e-9).margin(1e-12));
          }
      }
}

TEST_CASE("correctors step by the mean norms of the pilot", "[diffusion]") {
  const GaussianMixture density(correlated_gaussian(2, correlation));
  const ChainTarget target = noised_density_target(density);
  for (const std::string kind : {"ve", "vp"}) {
    INFO(kind);
    const Process process = process_of(kind);
    const std::vector<LevelPoint> points = time_points(process, 5, 7);
    constexpr double snr = 0.16;
    Transitions transitions = reverse_diffusion_transitions(process, points, 2, snr);
    REQUIRE(total_steps(transitions) == 12);
    measure_correctors(target, {0, 0}, process.prior_deviation(), &transitions);
    REQUIRE(transitions.size() == 12);
    // The means over the law of x: in the two directions x_t is normal, its variances known.
    double v[2];
    for (double& one : v) one = std::pow(process.prior_deviation(), 2);
    for (std::size_t i = 0; i < transitions.size(); ++i) {
      const double sigma = transitions[i].sigma, *k = transitions[i].constants.data();
      if (i % 3 != 0) {
        const LevelPoint &from = points[i / 3], &to = points[i / 3 + 1];
        const double alpha = kind == "vp" ? std::pow(from.scale / to.scale, 2) : 1;
        // Of (x, y) normal with variances p and q the mean norm, by quadrature over the angle.
        const auto mean_norm = [](double p, double q) {
          double sum = 0;
          constexpr int cells = 2000;
          for (int j = 0; j < cells; ++j) {
            const double angle = 2 * 3.14159265358979 * (j + 0.5) / cells;
            sum += std::hypot(std::sqrt(p) * std::cos(angle), std::sqrt(q) * std::sin(angle));
          }
          return std::sqrt(3.14159265358979 / 2) * sum / cells;
        };
        double slope[2];
        for (int axis = 0; axis < 2; ++axis)
          slope[axis] = 1 / (variance_along[axis] + sigma * sigma);
        const double s_norm = mean_norm(v[0] * slope[0] * slope[0], v[1] * slope[1] * slope[1]);
        const double e = 2 * alpha * std::pow(snr * mean_norm(1, 1) / s_norm, 2);
        // The pilot has 128 rows: its means are within 5% or so, its e within 15%.
        CHECK(k[1] == Approx(e).epsilon(0.25));
        CHECK(k[2] == Approx(std::sqrt(2 * k[1])));
      }
      for (int axis = 0; axis < 2; ++axis) {
        const double keep = k[0] - k[1] / (variance_along[axis] + sigma * sigma);
        v[axis] = keep * keep * v[axis] + k[2] * k[2];
      }
    }
    // What is drawn follows: the transitions are linear now, and equal however often they are
    // measured.
    Transitions again = reverse_diffusion_transitions(process, points, 2, snr);
    measure_correctors(target, {0, 0}, process.prior_deviation(), &again);
    for (std::size_t i = 0; i < transitions.size(); ++i)
      CHECK(again[i].constants == transitions[i].constants);
    const std::vector<double> rows = run(transitions, {}, prior_rows(process, 40000));
    for (int axis = 0; axis < 2; ++axis)
      CHECK(variance(rows, axis) == Approx(v[axis]).epsilon(4 * std::sqrt(2.0 / 40000)));
  }
}

TEST_CASE("guidance leads from the score of all rows beyond that of a class", "[diffusion]") {
  ScoreDescription d;
  d.dimension = 2;
  d.process = process_of("vp");
  d.hidden = 8;
  d.depth = 2;
  d.classes = 3;
  d.mean = {0, 0};
  d.sigma_data = {1, 1};
  ScoreModel model(d, 1);
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters().values[i] += 0.1 * std::sin(double(i));
  const auto scores = [&](int label, double guidance) {
    const ChainTarget target = score_target(model, label, guidance);
    Graph graph;
    Binding binding(&graph, &model.parameters());
    const Expr x = graph.input("x", 2, 2);
    Evaluator<double> evaluator({x}, binding.expressions(),
                                {target.source.score(Scope(&binding), x, graph.constant(0.7))});
    evaluator.set_parameters(model.parameters().values);
    const double rows[] = {0.3, -1, 2, 0.5};
    std::vector<double> out(4);
    evaluator.run(0, {rows}, {out.data()});
    return out;
  };
  const std::vector<double> all = scores(-1, 0), of_class = scores(2, 0), guided = scores(2, 1.5);
  CHECK(all != of_class);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(guided[i] == Approx(2.5 * of_class[i] - 1.5 * all[i]).epsilon(1e-12));
}
