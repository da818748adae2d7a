// What a restoration model may undo.
#pragma once

#include <utility>
#include <vector>

#include "score/restoration.hpp"

namespace pushforward {

inline const std::vector<std::pair<RestorationKind, DegradationKind>> all_kinds = {
    {RestorationKind::blur, DegradationKind::blur},
    {RestorationKind::cold, DegradationKind::blur},
    {RestorationKind::cold, DegradationKind::pixelate},
    {RestorationKind::cold, DegradationKind::mask},
    {RestorationKind::cold, DegradationKind::noise}};

}  // namespace pushforward
