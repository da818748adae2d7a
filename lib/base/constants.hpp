// Mathematical constants.
#pragma once

namespace pushforward {

constexpr double pi = 3.14159265358979323846;
constexpr double two_pi = 6.28318530717958647693;
constexpr double log_two_pi = 1.83787706640934548356;

}  // namespace pushforward
