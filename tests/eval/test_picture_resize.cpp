// Pictures scaled as torch, Pillow and TensorFlow do it.
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "base/lanes.hpp"
#include "eval/picture_resize.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

constexpr Resize all[] = {Resize::bilinear, Resize::clean, Resize::tensorflow, Resize::bicubic};

Picture formula(std::size_t height, std::size_t width) {
  Picture picture{height, width, {}};
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        picture.values.push_back(static_cast<float>(
            (x * x * 7 + y * y * 13 + x * y * 5 + 31 * c * (x + 1) + 17 * y) % 256));
  return picture;
}

struct Size {
  std::size_t height, width;
};

std::vector<float> scaled(const Picture& picture, Resize resize, Size size) {
  std::vector<float> out(size.height * size.width * 3);
  network_input(picture, resize, out.data(),
                {3, static_cast<int>(size.height), static_cast<int>(size.width)});
  return out;
}

double greatest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double greatest = 0;
  bool finite = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    finite = finite && std::isfinite(a[i]);
    greatest = std::max(greatest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  REQUIRE(finite);
  return greatest;
}

// On -1..1. TensorFlow's and Pillow's arithmetic is followed to the bit. torch rounds elsewhere;
// its bicubic weights are off by 1e-6 themselves.
double tolerance(Resize resize) {
  return resize == Resize::bilinear ? 2.4e-7 : resize == Resize::bicubic ? 4e-6 : 0;
}

struct Point {
  std::size_t y, x, channel;
  float values[4];  // as in `all`
};

struct Example {
  Size from, to;
  std::vector<Point> points;
};

}  // namespace

TEST_CASE("scaled pictures are those of torch 1.13, Pillow 9.4 and TensorFlow 1") {
  const std::vector<Example> examples = {
      {{5, 7},
       {11, 9},
       {
           {0, 0, 0, {-1.0f, -1.0f, -1.0f, -1.02879202f}},
           {0, 8, 1, {0.670588255f, 0.855667949f, 0.6640625f, 0.906701326f}},
           {1, 3, 2, {0.459932566f, 0.538713813f, 0.405776262f, 0.547964931f}},
           {5, 4, 0, {0.403921604f, 0.3984375f, 0.112058163f, 0.403921962f}},
           {6, 7, 1, {0.308377862f, 0.319334984f, 0.216145873f, 0.317702055f}},
           {8, 1, 2, {-0.0212715268f, -0.0967490077f, 0.0251736641f, -0.148661733f}},
           {10, 0, 0, {-0.843137264f, -0.961884558f, -0.84375f, -0.98294425f}},
           {10, 8, 2, {-0.545098066f, -0.677505851f, -0.546875f, -0.709342599f}},
       }},
      {{28, 28},
       {299, 299},
       {
           {0, 0, 1, {-0.75686276f, -0.821693659f, -0.7578125f, -0.810660601f}},
           {0, 298, 0, {0.874509811f, 0.9921875f, 0.8671875f, 1.03830671f}},
           {3, 150, 2, {0.192195654f, 0.403914213f, 0.578452945f, 0.470208764f}},
           {149, 149, 0, {-0.570588112f, -0.736328125f, -0.833317518f, -0.817646921f}},
           {150, 7, 1, {-0.365044534f, -0.489504397f, -0.387414336f, -0.473462045f}},
           {200, 297, 2, {0.425497174f, 0.499774575f, -0.0580323935f, 0.493306279f}},
           {298, 0, 0, {0.631372571f, 0.945815325f, 0.625f, 0.897212505f}},
           {298, 298, 1, {-0.247058809f, -0.156532168f, -0.25f, -0.168538094f}},
       }},
      {{1024, 1024},
       {299, 299},
       {
           {0, 0, 2, {0.46135664f, 0.11020112f, -0.515625f, 0.589172006f}},
           {0, 298, 1, {-0.7934798f, -0.484990895f, -0.932457924f, -0.997386396f}},
           {17, 33, 0, {0.118638992f, -0.0877343416f, 0.318513393f, 0.33779037f}},
           {149, 149, 1, {-0.856863499f, -0.592424631f, -0.795237899f, -1.0274514f}},
           {150, 271, 2, {-0.630987942f, -0.213963091f, -0.030179143f, -0.711904407f}},
           {251, 2, 0, {0.150250554f, -0.00147151947f, 0.251203537f, 0.211042762f}},
           {298, 0, 1, {-0.256261349f, -0.101501703f, 0.00336742401f, -0.265862703f}},
           {298, 298, 2, {-0.562698126f, -0.0606669784f, -0.300361633f, -0.795279562f}},
       }}};
  for (const Example& example : examples) {
    const Picture picture = formula(example.from.height, example.from.width);
    for (std::size_t k = 0; k < 4; ++k) {
      const std::vector<float> out = scaled(picture, all[k], example.to);
      for (const Point& point : example.points) {
        CAPTURE(example.from.height, name_of(resize_names(), all[k]), point.y, point.x);
        const float value = out[(point.y * example.to.width + point.x) * 3 + point.channel];
        CHECK(std::abs(static_cast<double>(value) - static_cast<double>(point.values[k])) <=
              tolerance(all[k]));
      }
    }
  }
}

TEST_CASE("a picture of the right size keeps its pixels") {
  const Picture picture = formula(13, 11);
  for (const Resize resize : all) {
    const std::vector<float> out = scaled(picture, resize, {13, 11});
    std::vector<float> expected;
    for (const float value : picture.values)
      expected.push_back(resize == Resize::bilinear || resize == Resize::bicubic
                             ? 2 * (value / 255) - 1
                             : (value - 128) / 128);
    CHECK(out == expected);
  }
}

TEST_CASE("one colour stays that colour") {
  for (const Size size : {Size{1, 1}, {2, 9}, {40, 31}}) {
    Picture picture{size.height, size.width, {}};
    for (std::size_t i = 0; i < size.height * size.width; ++i)
      picture.values.insert(picture.values.end(), {0.0f, 63.75f, 255.0f});
    for (const Resize resize : all) {
      const bool torch = resize == Resize::bilinear || resize == Resize::bicubic;
      const std::vector<double> expected = torch ? std::vector<double>{-1, -0.5, 1}
                                                 : std::vector<double>{-1, -0.501953125, 0.9921875};
      std::vector<float> colour;
      for (std::size_t i = 0; i < 17 * 19 * 3; ++i)
        colour.push_back(static_cast<float>(expected[i % 3]));
      CHECK(greatest_difference(scaled(picture, resize, {17, 19}), colour) < 1e-6);
    }
  }
}

TEST_CASE("a mirrored picture gives the mirrored numbers, but TensorFlow's") {
  const Picture picture = formula(23, 31);
  const auto mirrored = [](const std::vector<float>& values, std::size_t width) {
    std::vector<float> out;
    for (std::size_t i = 0; i < values.size() / 3; ++i) {
      const std::size_t from = i / width * width + (width - 1 - i % width);
      out.insert(out.end(), {values[from * 3], values[from * 3 + 1], values[from * 3 + 2]});
    }
    return out;
  };
  const Picture mirror{23, 31, mirrored(picture.values, 31)};
  for (const Resize resize : all) {
    const double difference = greatest_difference(mirrored(scaled(picture, resize, {12, 50}), 50),
                                                  scaled(mirror, resize, {12, 50}));
    CHECK((difference < 1e-5) == (resize != Resize::tensorflow));
  }
}

TEST_CASE("channels and axes are treated alike") {
  const Picture picture = formula(9, 14);
  Picture swapped{14, 9, {}};  // rows for columns and blue for red
  for (std::size_t x = 0; x < 14; ++x)
    for (std::size_t y = 0; y < 9; ++y)
      for (std::size_t c = 3; c-- > 0;)
        swapped.values.push_back(picture.values[(y * 14 + x) * 3 + c]);
  for (const Resize resize : all) {
    const std::vector<float> a = scaled(picture, resize, {20, 6}),
                             b = scaled(swapped, resize, {6, 20});
    std::vector<float> back;
    for (std::size_t y = 0; y < 20; ++y)
      for (std::size_t x = 0; x < 6; ++x)
        for (std::size_t c = 3; c-- > 0;) back.push_back(b[(x * 20 + y) * 3 + c]);
    CHECK(greatest_difference(a, back) < 2e-6);
  }
}

TEST_CASE("only the antialiased scaling sees all pixels of a large picture") {
  Picture picture{64, 64, std::vector<float>(64 * 64 * 3, 0.0f)};
  const auto reached = [&](Resize resize) {  // of the columns 24 to 39
    int count = 0;
    for (std::size_t x = 24; x < 40; ++x) {
      const auto paint = [&](float value) {
        for (std::size_t y = 0; y < 64; ++y) picture.values[(y * 64 + x) * 3] = value;
      };
      paint(255);
      const std::vector<float> out = scaled(picture, resize, {8, 8});
      paint(0);
      count += std::any_of(out.begin(), out.end(), [](float value) { return value != -1; });
    }
    return count;
  };
  CHECK(reached(Resize::tensorflow) == 2);
  CHECK(reached(Resize::bilinear) == 4);
  CHECK(reached(Resize::bicubic) == 8);
  CHECK(reached(Resize::clean) == 16);
}

TEST_CASE("pictures are scaled by several threads at once") {
  const Picture picture = formula(41, 37);
  for (const Resize resize : all) {
    const std::vector<float> alone = scaled(picture, resize, {299, 299});
    std::vector<std::vector<float>> together(12);
    Workers workers(4);
    workers.run(12, [&](std::size_t i, int) { together[i] = scaled(picture, resize, {299, 299}); });
    for (const std::vector<float>& one : together) CHECK(one == alone);
  }
}

namespace {

// Scales the pictures of folder argv[1] with the libraries themselves.
const char* const reference = R"(
import sys
try:
    import numpy as np, torch
    from PIL import Image
except ImportError:
    sys.exit(77)
folder = sys.argv[1]
for size in ((3, 2), (28, 28), (64, 299), (333, 470), (1024, 700)):
    x = np.random.RandomState(size[0]).rand(*size, 3).astype('f4') * 255
    x.tofile('%s/%d-%d' % (folder, *size))
    def torch_mode(mode):
        t = torch.from_numpy(x).permute(2, 0, 1)[None] / 255
        y = torch.nn.functional.interpolate(t, size=(299, 299), mode=mode, align_corners=False)
        return (2 * y - 1)[0].permute(1, 2, 0).numpy()
    def clean():
        bands = [np.asarray(Image.fromarray(x[..., c], mode='F').resize((299, 299), Image.BICUBIC))
                 for c in range(3)]
        return (np.stack(bands, -1).clip(0, 255) - np.float32(128)) / np.float32(128)
    def axis(n):
        at = np.arange(299, dtype='f4') * (np.float32(n) / np.float32(299))
        lower = np.floor(at).astype(int)
        return lower, np.minimum(lower + 1, n - 1), at - lower.astype('f4')
    def tensorflow():
        y0, y1, dy = axis(size[0])
        x0, x1, dx = axis(size[1])
        def line(y):
            return x[y][:, x0] + (x[y][:, x1] - x[y][:, x0]) * dx[None, :, None]
        v = line(y0) + (line(y1) - line(y0)) * dy[:, None, None]
        return (v - np.float32(128)) / np.float32(128)
    for name, y in (('bilinear', torch_mode('bilinear')), ('bicubic', torch_mode('bicubic')),
                    ('clean', clean()), ('tensorflow', tensorflow())):
        np.ascontiguousarray(y, dtype='f4').tofile('%s/%d-%d-%s' % (folder, *size, name))
)";

std::vector<float> floats_of(const std::string& file) {
  const std::string bytes = bytes_of(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::copy_n(bytes.data(), values.size() * sizeof(float), reinterpret_cast<char*>(values.data()));
  return values;
}

// Whether there is a Python that has them.
bool run_reference(const TemporaryFolder& folder) {
  write_bytes(folder / "reference.py", reference);
  for (const std::string python : {"/usr/bin/python3", "python3"}) {
    const std::string command = python + " '" + (folder / "reference.py") + "' '" + (folder / "'");
    const int status = std::system((command + " 2> /dev/null").c_str());
    if (status == 0) return true;
    const int missing = WEXITSTATUS(status);
    REQUIRE((missing == 77 || missing == 127));
  }
  WARN("skipped: no Python with torch and Pillow here");
  return false;
}

}  // namespace

TEST_CASE("scaled pictures are those of the libraries installed here") {
  const TemporaryFolder folder;
  if (!run_reference(folder)) return;
  for (const Size size : {Size{3, 2}, {28, 28}, {64, 299}, {333, 470}, {1024, 700}}) {
    const std::string file =
        folder / (std::to_string(size.height) + "-" + std::to_string(size.width));
    const Picture picture{size.height, size.width, floats_of(file)};
    for (const Resize resize : all) {
      CAPTURE(size.height, name_of(resize_names(), resize));
      CHECK(greatest_difference(scaled(picture, resize, {299, 299}),
                                floats_of(file + "-" + name_of(resize_names(), resize))) <=
            tolerance(resize));
    }
  }
}
