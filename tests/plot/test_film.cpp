// Films: which frames are shown, and that both layouts of a trajectory are read alike.
#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"
#include "plot/film.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

// Frame f of row r holds 1000 f + 10 r and 1000 f + 10 r + 1; steps are 5 f.
void write_film(const std::string& file, std::size_t frames, std::size_t rows, bool frames_first) {
  std::vector<float> x;
  for (std::size_t i = 0; i < frames * rows; ++i) {
    const std::size_t f = frames_first ? i / rows : i % frames;
    const std::size_t r = frames_first ? i % rows : i / frames;
    x.push_back(static_cast<float>(1000 * f + 10 * r));
    x.push_back(static_cast<float>(1000 * f + 10 * r + 1));
  }
  std::vector<std::int64_t> steps;
  for (std::size_t f = 0; f < frames; ++f) steps.push_back(static_cast<std::int64_t>(5 * f));
  ContainerWriter writer(file, "tensors", {});
  writer.write("/x", Array::of(x, frames_first ? Shape{frames, rows, 2} : Shape{rows, frames, 2}));
  writer.write(frames_first ? "/step" : "/trajectory/step", Array::of(steps, {frames}));
  writer.commit();
}

std::vector<std::int64_t> steps_shown(std::size_t frames, std::size_t most) {
  const TemporaryFile file;
  write_film(file.path, frames, 1, true);
  return read_film(RowReader(file.path), {0, 1, {}, most, FrameChoice::Spacing::equal}).steps;
}

}  // namespace

TEST_CASE("the frames shown are evenly chosen, ends included", "[film]") {
  using Steps = std::vector<std::int64_t>;
  CHECK(steps_shown(1, 5) == Steps{0});
  CHECK(steps_shown(5, 5) == Steps{0, 5, 10, 15, 20});
  CHECK(steps_shown(7, 5) == Steps{0, 10, 20, 30});     // equally far apart
  CHECK(steps_shown(6, 5) == Steps{0, 5, 15, 20, 25});  // cannot be
  CHECK(steps_shown(21, 12).size() == 11);
  CHECK(steps_shown(101, 12).size() == 11);
  CHECK(steps_shown(100, 12).size() == 12);
  CHECK(steps_shown(100, 12).back() == 495);
}

TEST_CASE("frames are chosen by their places", "[film]") {
  const TemporaryFile file;
  write_film(file.path, 20, 3, true);
  const auto steps = [&](const FrameChoice& choice) {
    return read_film(RowReader(file.path), choice).steps;
  };
  using Steps = std::vector<std::int64_t>;
  CHECK(steps({}).size() == 20);
  CHECK(steps({4, 5, 15, {}}) == Steps{20, 45, 70});
  CHECK(steps({18, 1, {}, {}}) == Steps{90, 95});
  CHECK(steps({0, 2, 11, 3}) == Steps{0, 30, 50});  // evenly chosen from 0, 2, ..., 10
  CHECK_THROWS_WITH(steps({0, 1, 21, {}}), Catch::Contains("has 20 frames"));
  CHECK_THROWS_WITH(steps({20, 1, {}, {}}), Catch::Contains("has 20 frames"));
}

TEST_CASE("frames in the first and in the second extent are read alike", "[film]") {
  // Rows enough for several blocks of the second layout.
  const TemporaryFile first, second;
  write_film(first.path, 30, 40000, true);
  write_film(second.path, 30, 40000, false);
  const Film a = read_film(RowReader(first.path), {0, 1, {}, 4, FrameChoice::Spacing::equal}),
             b = read_film(RowReader(second.path), {0, 1, {}, 4, FrameChoice::Spacing::equal});
  CHECK(a.frame_shape == Shape{40000, 2});
  CHECK(a.frame_shape == b.frame_shape);
  CHECK(a.steps == std::vector<std::int64_t>{0, 50, 95, 145});
  CHECK(a.steps == b.steps);
  REQUIRE(a.frames.size() == 4);
  CHECK(a.frames == b.frames);
  CHECK(a.frames[1][2 * 7 + 1] == 10071);
  CHECK(captions(a) == std::vector<std::string>{"step 0", "step 50", "step 95", "step 145"});
}

TEST_CASE("what is no film is refused", "[film]") {
  const TemporaryFile file;
  const auto message = [&](const Shape& shape, const std::string& steps, std::size_t count,
                           float value) {
    {
      ContainerWriter writer(file.path, "tensors", {});
      writer.write("/x", Array::of(std::vector<float>(product(shape), value), shape));
      writer.write(steps, Array::of(std::vector<std::int64_t>(count, 1), {count}));
      writer.commit();
    }
    try {
      (void)read_film(RowReader(file.path), {});
    } catch (const Error& error) {
      CHECK(error.exit_status() == 1);
      return std::string(error.what());
    }
    return std::string("none");
  };
  CHECK(message({4, 3, 2}, "/step", 4, 1) == "none");
  CHECK(message({4, 3, 2}, "/trajectory/step", 3, 1) == "none");
  CHECK(message({4, 3, 2}, "/step", 3, 1).find("counts its frames") != std::string::npos);
  CHECK(message({4, 3, 2}, "/trajectory/step", 4, 1).find("counts its frames") !=
        std::string::npos);
  CHECK(message({4, 2}, "/step", 4, 1).find("counts its frames") != std::string::npos);
  CHECK(message({4, 3, 2}, "/step", 4, std::numeric_limits<float>::infinity()) != "none");
}
