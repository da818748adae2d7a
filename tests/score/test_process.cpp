#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "graph/evaluate.hpp"
#include "score/process.hpp"

using namespace pushforward;

TEST_CASE("the default ladder is NCSN's", "[process]") {
  const std::vector<double> ladder = Process::with_defaults(ProcessKind::ve).ladder();
  REQUIRE(ladder.size() == 10);
  CHECK(ladder.front() == 1);
  CHECK(ladder.back() == Approx(0.01).epsilon(1e-12));
  for (std::size_t i = 1; i < ladder.size(); ++i)
    CHECK(ladder[i] / ladder[i - 1] == Approx(std::pow(0.01, 1 / 9.0)).epsilon(1e-12));
}

TEST_CASE("levels of ve are the ladder's, each as often as the others", "[process]") {
  Process process = Process::with_defaults(ProcessKind::ve);
  for (const int levels : {1, 2, 10, 37}) {
    process.levels = levels;
    constexpr int rows = 37000;
    Graph graph;
    const Expr u = graph.input("u", rows, 1);
    std::vector<double> uniforms;
    for (int i = 0; i < rows; ++i) uniforms.push_back((i + 0.5) / rows);
    const std::vector<double> drawn =
        evaluate<double>(broadcast(process.draw_level(graph, Expr(), u), rows, 1), {u}, {uniforms});
    const std::vector<double> ladder = process.ladder();
    std::vector<int> count(ladder.size(), 0);
    for (const double sigma : drawn)
      for (std::size_t i = 0; i < ladder.size(); ++i)
        if (std::abs(sigma / ladder[i] - 1) < 1e-12) ++count[i];
    for (const int c : count) CHECK(std::abs(c - rows / levels) <= 1);
  }
}

TEST_CASE("levels of edm are log-normal", "[process]") {
  Process process = Process::with_defaults(ProcessKind::edm);
  process.p_mean = -0.5;
  process.p_std = 2;
  Graph graph;
  const Expr z = graph.input("z", 3, 1);
  const std::vector<double> drawn =
      evaluate<double>(process.draw_level(graph, z, Expr()), {z}, {{-1, 0, 1.5}});
  CHECK(drawn[0] == Approx(std::exp(-2.5)));
  CHECK(drawn[1] == Approx(std::exp(-0.5)));
  CHECK(drawn[2] == Approx(std::exp(2.5)));
}

TEST_CASE("the diffusion is the growth of the marginal variance", "[process]") {
  for (const ProcessKind kind : {ProcessKind::ve, ProcessKind::edm}) {
    const Process process = Process::with_defaults(kind);
    const double t = 0.37, h = 1e-6;
    const auto variance = [&](double at) {
      return process.marginal_std(at) * process.marginal_std(at);
    };
    const double growth = (variance(t + h) - variance(t - h)) / (2 * h);
    CHECK(process.diffusion(t) * process.diffusion(t) == Approx(growth).epsilon(1e-6));
  }
  CHECK(Process::with_defaults(ProcessKind::ve).marginal_std(1) == Approx(1));
  CHECK(Process::with_defaults(ProcessKind::ve).marginal_std(0) == Approx(0.01));
}

TEST_CASE("constants that make no sense are refused", "[process]") {
  Process process = Process::with_defaults(ProcessKind::ve);
  process.sigma_min = 2;
  CHECK_THROWS_AS(process.check("f"), Error);
  process = Process::with_defaults(ProcessKind::none);
  CHECK_THROWS_AS(process.check("f"), Error);
  process = Process::with_defaults(ProcessKind::edm);
  process.check("f");
  process.p_std = 0;
  CHECK_THROWS_AS(process.check("f"), Error);
  CHECK_THROWS_WITH(process_named("vp", "f.h5"),
                    "f.h5: unknown process 'vp'; this version knows none, ve, edm");
}
