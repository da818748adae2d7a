// A picture on its way to a feature network.
#pragma once

#include <cstddef>
#include <vector>

namespace pushforward {

struct Picture {
  std::size_t height = 0, width = 0;
  std::vector<float> values;  // [height, width, 3], red, green, blue; 0 black to 255 white
};

}  // namespace pushforward
