// Lists in messages.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace pushforward {

// "1", "1 LAST 2", "1, 2 LAST 3"; of more than `max_shown` names "1, 2, 3 and 7 more THINGS". There
// must be a name. LAST and THINGS include the blanks around them.
[[nodiscard]] inline std::string listed(const std::vector<std::string>& names,
                                        const std::string& last, const std::string& things,
                                        std::size_t max_shown = 3) {
  const std::size_t shown = std::min(names.size(), max_shown);
  std::string text = names[0];
  for (std::size_t i = 1; i < shown; ++i) text += (i + 1 == names.size() ? last : ", ") + names[i];
  if (shown == names.size()) return text;
  return text + " and " + std::to_string(names.size() - shown) + " more" + things;
}

// "1, 2, 3".
[[nodiscard]] inline std::string joined(const std::vector<std::string>& words,
                                        const std::string& between = ", ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace pushforward
