#include "plot/plot_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "io/text_field.hpp"
#include "plot/figure.hpp"

namespace pushforward {
namespace {

constexpr double cm_an_inch = 2.54, pixels_an_inch = 96;

[[noreturn]] void fail_text(const char* field, const std::string& text, const std::string& rule) {
  fail_usage("option " + setting(field) + ": \"" + text + "\" " + rule);
}

std::optional<double> finite_number(const std::string& text) {
  const std::optional<double> number = parsed_number(text, DecimalMark::point);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::size_t> whole_number(const std::string& text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

int pixels_of(double length, const std::string& text) {
  const double pixels = std::round(length);
  if (!(pixels >= smallest_picture && pixels <= largest_picture))
    fail_text("size", text,
              "gives " + std::to_string(static_cast<long>(std::clamp(pixels, 0.0, 1e9))) +
                  " pixels; a side has " + std::to_string(smallest_picture) + " to " +
                  std::to_string(largest_picture));
  return static_cast<int>(pixels);
}

// "A:B" with A < B, part of a value.
Interval parse_interval(const std::string& part) {
  const std::vector<std::string> ends = split(part, ':');
  const auto low = finite_number(ends[0]), high = finite_number(ends.back());
  if (ends.size() != 2 || !low || !high) fail_text("range", part, "is not LOW:HIGH, two numbers");
  if (std::max(std::abs(*low), std::abs(*high)) > 1e100)
    fail_text("range", part, "goes beyond 1e100, which no axis can show");
  const Interval interval = {*low, *high};
  const double size = std::max(std::abs(*low), std::abs(*high));
  if (!(interval.length() >= std::max(1e-9 * size, shortest_interval)))
    fail_text("range", part, "is empty: the first number is not, or hardly, below the second");
  return interval;
}

PageSize parsed_size(const std::string& text, PictureFormat format, double dpi) {
  const bool in_cm = text.size() > 2 && text.compare(text.size() - 2, 2, "cm") == 0;
  const std::vector<std::string> sides = split(in_cm ? text.substr(0, text.size() - 2) : text, 'x');
  const auto width = finite_number(sides[0]), height = finite_number(sides.back());
  if (sides.size() != 2 || !width || !height)
    fail_text("size", text, "is not WxH, such as 800x600 or 16x10cm");
  if (!in_cm) {
    if (!whole_number(sides[0]) || !whole_number(sides[1]))
      fail_text("size", text, "is not a whole number of pixels a side, such as 800x600");
    if (dpi > 0)
      fail_usage("option " + setting("dpi") + " is for a " + setting("size") +
                 " in cm, such as 16x10cm");
    return {pixels_of(*width, text), pixels_of(*height, text), {}};
  }
  const double chosen = dpi > 0 ? dpi : usual_dpi;
  const double scale = (format == PictureFormat::png ? chosen : pixels_an_inch) / cm_an_inch;
  return {pixels_of(scale * *width, text),
          pixels_of(scale * *height, text),
          {*width, *height, format == PictureFormat::png ? chosen : dpi}};
}

}  // namespace

PageSize page_size(const PageRequest& request, PictureFormat format) {
  const bool sided = request.width > 0 || request.height > 0;
  if (!request.size.empty()) {
    if (sided)
      fail_usage("option " + setting("size") + " gives width and height; " + setting("width") +
                 " and " + setting("height") + " are for one alone");
    return parsed_size(request.size, format, request.dpi);
  }
  if (request.dpi > 0)
    fail_usage("option " + setting("dpi") + " is for a " + setting("size") +
               " in cm, such as 16x10cm");
  for (const std::int64_t pixels : {request.width, request.height})
    if (pixels > 0 && (pixels < smallest_picture || pixels > largest_picture))
      fail_usage("a picture of " + std::to_string(pixels) + " pixels: a side has " +
                 std::to_string(smallest_picture) + " to " + std::to_string(largest_picture));
  return {static_cast<int>(request.width), static_cast<int>(request.height), {}};
}

Ranges parse_ranges(const std::string& text) {
  const std::vector<std::string> parts = split(text, ',');
  if (parts.size() > 2) fail_text("range", text, "has more than two ranges, X0:X1,Y0:Y1");
  Ranges ranges;
  ranges.x = parse_interval(parts[0]);
  if (parts.size() > 1) ranges.y = parse_interval(parts[1]);
  return ranges;
}

FrameChoice parse_frames(const std::string& text) {
  FrameChoice choice;
  if (text == "all") return choice;
  const std::vector<std::string> parts = split(text, ':');
  const auto number = [&](const std::string& part) {
    const auto value = whole_number(part);
    if (!value) fail_text("frames", text, "is neither a number, all, A:B nor A:B:K");
    return *value;
  };
  if (parts.size() == 1) {
    choice.most = number(text);
    if (*choice.most < 2) fail_text("frames", text, "is too few: the first and the last are drawn");
    return choice;
  }
  if (!parts[0].empty()) choice.first = number(parts[0]);
  if (!parts[1].empty()) choice.end = number(parts[1]);
  if (parts.size() > 2) choice.every = number(parts[2]);
  if (parts.size() > 3 || choice.every == 0) number("");
  if (choice.end && *choice.end <= choice.first)
    fail_text("frames", text, "holds no frames, the end must be above the beginning");
  return choice;
}

std::vector<std::string> parse_columns(const std::string& text) {
  const std::vector<std::string> names = split(text, ',');
  for (const std::string& name : names)
    if (name.empty()) fail_text("columns", text, "has an empty name");
  return names;
}

}  // namespace pushforward
