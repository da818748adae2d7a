// Animated PNG, https://www.w3.org/TR/png-3 (chunks acTL, fcTL and fdAT): the libpng of Debian 12
// cannot write it, so the compressed data of a PNG for each frame are put together here.
#include <cmath>
#include <utility>

#include "plot/animation.hpp"
#include "plot/png_chunks.hpp"
#include "plot/png_frame.hpp"

namespace pushforward {
namespace {

// The place of a frame and how long it is shown; it is drawn over the last one, which stays.
Bytes frame_control(std::uint32_t sequence, const ChangedBox& box, double seconds) {
  Bytes data;
  append_number(sequence, &data);
  for (const int number : {box.width, box.height, box.left, box.top})
    append_number(static_cast<std::uint32_t>(number), &data);
  append_short(static_cast<std::uint16_t>(std::lround(1000 * seconds)), &data);
  append_short(1000, &data);
  data.push_back(std::byte{0});
  data.push_back(std::byte{0});
  return data;
}

}  // namespace

std::vector<std::byte> apng_of(const Frames& frames, double frames_a_second) {
  std::vector<PngChunk> chunks;
  std::uint32_t sequence = 0, count = 0;
  write_frames(frames, frames_a_second,
               [&](const Raster& frame, const ChangedBox& box, double seconds) {
                 const Bytes png = png_of_pixels(pixels_in(frame, box), box.width, box.height);
                 const std::vector<PngChunk> parts = png_chunks(png);
                 if (count == 0) {
                   chunks.push_back(parts[0]);      // IHDR: the size of all
                   chunks.push_back({"acTL", {}});  // filled in below
                 }
                 chunks.push_back({"fcTL", frame_control(sequence++, box, seconds)});
                 for (const PngChunk& part : parts) {
                   if (part.type != "IDAT") continue;
                   // The first frame is the picture that is seen where nothing moves.
                   if (count == 0) {
                     chunks.push_back(part);
                     continue;
                   }
                   PngChunk data{"fdAT", {}};
                   append_number(sequence++, &data.data);
                   data.data.insert(data.data.end(), part.data.begin(), part.data.end());
                   chunks.push_back(std::move(data));
                 }
                 ++count;
               });
  append_number(count, &chunks[1].data);
  append_number(0, &chunks[1].data);  // repeated for ever
  chunks.push_back({"IEND", {}});
  return png_of(chunks);
}

}  // namespace pushforward
