#include "eval/picture_resize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace pushforward {
namespace {

struct Size {
  std::size_t height, width;
};

constexpr std::size_t channels = 3;

void copy_pixel(const float* from, float* to) { std::memcpy(to, from, channels * sizeof(float)); }

// The pixels along one axis that an output pixel is computed from, and their weights.
template <std::size_t count>
struct Taps {
  std::array<std::size_t, count> pixels;
  std::array<float, count> weights;
};

std::size_t clamped(double pixel, std::size_t size) {
  return static_cast<std::size_t>(std::clamp(pixel, 0.0, static_cast<double>(size - 1)));
}

// The position of output pixel i, as in torch: its scale is rounded to float, the position is not.
double torch_position(std::size_t i, std::size_t from, std::size_t to) {
  const float scale = static_cast<float>(from) / static_cast<float>(to);
  return static_cast<double>(scale) * (static_cast<double>(i) + 0.5) - 0.5;
}

// A rule says which pixels of a line are mixed, and how. Lines are mixed by the same rule.
struct TorchBilinear {
  static constexpr std::size_t count = 2;
  static Taps<count> taps(std::size_t i, std::size_t from, std::size_t to) {
    const double position = std::max(torch_position(i, from, to), 0.0),
                 lower = std::floor(position);
    const auto weight = static_cast<float>(position - lower);
    return {{clamped(lower, from), clamped(lower + 1, from)}, {1 - weight, weight}};
  }
  static float level(float value) { return value / 255; }
  static float mix(const std::array<float, count>& x, const std::array<float, count>& weights) {
    return weights[0] * x[0] + weights[1] * x[1];
  }
  static float finish(float x) { return 2 * x - 1; }
};

struct TensorflowBilinear {
  static constexpr std::size_t count = 2;
  static Taps<count> taps(std::size_t i, std::size_t from, std::size_t to) {
    const float scale = static_cast<float>(from) / static_cast<float>(to);
    const float position = static_cast<float>(i) * scale, lower = std::floor(position);
    const double pixel = static_cast<double>(lower);
    return {{clamped(pixel, from), clamped(pixel + 1, from)}, {0, position - lower}};
  }
  static float level(float value) { return value; }
  static float mix(const std::array<float, count>& x, const std::array<float, count>& weights) {
    return x[0] + (x[1] - x[0]) * weights[1];
  }
  static float finish(float x) { return (x - 128) / 128; }
};

struct TorchBicubic {
  static constexpr std::size_t count = 4;
  static Taps<count> taps(std::size_t i, std::size_t from, std::size_t to) {
    const double position = torch_position(i, from, to), lower = std::floor(position);
    const double t = position - lower;
    return {{clamped(lower - 1, from), clamped(lower, from), clamped(lower + 1, from),
             clamped(lower + 2, from)},
            {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)}};
  }
  static constexpr double a = -0.75;
  static float inner(double x) { return static_cast<float>(((a + 2) * x - (a + 3)) * x * x + 1); }
  static float outer(double x) {
    return static_cast<float>(((a * x - 5 * a) * x + 8 * a) * x - 4 * a);
  }
  static float level(float value) { return value; }
  static float mix(const std::array<float, count>& x, const std::array<float, count>& weights) {
    return x[0] * weights[0] + x[1] * weights[1] + x[2] * weights[2] + x[3] * weights[3];
  }
  static float finish(float x) { return 2 * (x / 255) - 1; }
};

// Scales lines by a rule.
template <class Rule>
class LineScaler {
 public:
  LineScaler(std::size_t from, std::size_t to) : size_(to * channels), pixels_(to) {
    for (std::size_t k = 0; k < Rule::count; ++k) {
      weights_[k].resize(size_);
      gathered_[k].resize(size_);
    }
    for (std::size_t i = 0; i < to; ++i) {
      const auto taps = Rule::taps(i, from, to);
      pixels_[i] = taps.pixels;
      for (std::size_t k = 0; k < Rule::count; ++k)
        std::fill_n(&weights_[k][i * channels], channels, taps.weights[k]);
    }
  }

  void operator()(const float* line, float* out) {
    for (std::size_t k = 0; k < Rule::count; ++k) {
      float* to = gathered_[k].data();
      for (const auto& pixels : pixels_) {
        copy_pixel(line + pixels[k] * channels, to);
        to += channels;
      }
    }
    std::array<float, Rule::count> x, weights;
    for (std::size_t j = 0; j < size_; ++j) {
      for (std::size_t k = 0; k < Rule::count; ++k) {
        x[k] = Rule::level(gathered_[k][j]);
        weights[k] = weights_[k][j];
      }
      out[j] = Rule::mix(x, weights);
    }
  }

 private:
  std::size_t size_;
  std::vector<std::array<std::size_t, Rule::count>> pixels_;
  std::array<std::vector<float>, Rule::count> weights_, gathered_;
};

template <class Rule>
void interpolate(const Picture& picture, const Size& size, float* out) {
  const std::size_t line = size.width * channels;
  LineScaler<Rule> scale_line(picture.width, size.width);
  // Neighbouring output lines use the same scaled lines: line y is kept at y modulo Rule::count.
  std::array<std::vector<float>, Rule::count> lines;
  std::array<std::size_t, Rule::count> numbers;
  numbers.fill(picture.height);
  for (std::vector<float>& one : lines) one.resize(line);
  for (std::size_t y = 0; y < size.height; ++y, out += line) {
    const auto taps = Rule::taps(y, picture.height, size.height);
    std::array<const float*, Rule::count> mixed;
    for (std::size_t k = 0; k < Rule::count; ++k) {
      const std::size_t number = taps.pixels[k], place = number % Rule::count;
      if (numbers[place] != number)
        scale_line(&picture.values[number * picture.width * channels], lines[place].data());
      numbers[place] = number;
      mixed[k] = lines[place].data();
    }
    std::array<float, Rule::count> x;
    for (std::size_t j = 0; j < line; ++j) {
      for (std::size_t k = 0; k < Rule::count; ++k) x[k] = mixed[k][j];
      out[j] = Rule::finish(Rule::mix(x, taps.weights));
    }
  }
}

// The pixels that an output pixel covers, and their weights in Pillow.
struct Window {
  std::size_t first;
  std::vector<double> weights;
};

double pillow_bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

std::vector<Window> pillow_windows(std::size_t from, std::size_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double stretch = std::max(scale, 1.0), reach = 2 * stretch;
  std::vector<Window> windows(to);
  for (std::size_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    const auto first = static_cast<std::size_t>(std::max(centre - reach + 0.5, 0.0));
    const std::size_t end = std::min(static_cast<std::size_t>(centre + reach + 0.5), from);
    Window& window = windows[i];
    window.first = first;
    double sum = 0;
    for (std::size_t pixel = first; pixel < end; ++pixel) {
      window.weights.push_back(
          pillow_bicubic((static_cast<double>(pixel) - centre + 0.5) * (1 / stretch)));
      sum += window.weights.back();
    }
    for (double& weight : window.weights) weight /= sum;
  }
  return windows;
}

// The weighted sum of one window of lines, each `line` numbers long. Pillow adds in double, in the
// order of the pixels. `sum` is a buffer for one line.
void mix_window(const Window& window, const float* lines, std::size_t line, double* sum,
                float* out) {
  std::fill_n(sum, line, 0.0);
  const float* pixels = lines + window.first * line;
  for (const double weight : window.weights) {
    for (std::size_t j = 0; j < line; ++j) sum[j] += static_cast<double>(pixels[j]) * weight;
    pixels += line;
  }
  for (std::size_t j = 0; j < line; ++j) out[j] = static_cast<float>(sum[j]);
}

std::vector<float> pillow_vertical(const std::vector<float>& from, std::size_t line,
                                   std::size_t height) {
  const std::vector<Window> windows = pillow_windows(from.size() / line, height);
  std::vector<float> scaled(height * line);
  std::vector<double> sum(line);
  for (std::size_t y = 0; y < height; ++y)
    mix_window(windows[y], from.data(), line, sum.data(), &scaled[y * line]);
  return scaled;
}

// A block of rows is transposed to [width, rows, 3] first, which makes the inner loop longer.
std::vector<float> pillow_horizontal(const Picture& picture, std::size_t width) {
  constexpr std::size_t rows_a_block = 8;
  const std::vector<Window> windows = pillow_windows(picture.width, width);
  std::vector<float> scaled(picture.height * width * channels);
  std::vector<float> columns(picture.width * rows_a_block * channels);
  std::array<double, rows_a_block * channels> sum;
  std::array<float, rows_a_block * channels> mixed;
  for (std::size_t first = 0; first < picture.height; first += rows_a_block) {
    const std::size_t rows = std::min(rows_a_block, picture.height - first);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t x = 0; x < picture.width; ++x)
        copy_pixel(&picture.values[((first + row) * picture.width + x) * channels],
                   &columns[(x * rows + row) * channels]);
    for (std::size_t x = 0; x < width; ++x) {
      mix_window(windows[x], columns.data(), rows * channels, sum.data(), mixed.data());
      for (std::size_t row = 0; row < rows; ++row)
        copy_pixel(&mixed[row * channels], &scaled[((first + row) * width + x) * channels]);
    }
  }
  return scaled;
}

// Pillow rounds to float between the passes, and skips an axis whose size is right.
void convolve(const Picture& picture, const Size& size, float* out) {
  std::vector<float> scaled;
  const std::vector<float>* values = &picture.values;
  if (picture.width != size.width) {
    scaled = pillow_horizontal(picture, size.width);
    values = &scaled;
  }
  if (picture.height != size.height) {
    scaled = pillow_vertical(*values, size.width * channels, size.height);
    values = &scaled;
  }
  for (std::size_t i = 0; i < values->size(); ++i)
    out[i] = (std::clamp((*values)[i], 0.0f, 255.0f) - 128) / 128;
}

}  // namespace

const std::vector<Named<Resize>>& resize_names() {
  static const std::vector<Named<Resize>> names = {{Resize::bilinear, "bilinear"},
                                                   {Resize::clean, "clean"},
                                                   {Resize::tensorflow, "tensorflow"},
                                                   {Resize::bicubic, "bicubic"}};
  return names;
}

void network_input(const Picture& picture, Resize resize, float* out, ImageShape shape) {
  const Size size{static_cast<std::size_t>(shape.height), static_cast<std::size_t>(shape.width)};
  switch (resize) {
    case Resize::bilinear:
      return interpolate<TorchBilinear>(picture, size, out);
    case Resize::clean:
      return convolve(picture, size, out);
    case Resize::tensorflow:
      return interpolate<TensorflowBilinear>(picture, size, out);
    case Resize::bicubic:
      return interpolate<TorchBicubic>(picture, size, out);
  }
}

}  // namespace pushforward
