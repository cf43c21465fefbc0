#pragma once
// Timestamps and durations as text and as calendar fields. Nothing here reads a clock.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "journeys/cel/value.hpp"

namespace caravan::cel {

inline constexpr std::int64_t first_second = -62135596800;  ///< 0001-01-01T00:00:00Z
inline constexpr std::int64_t last_second = 253402300799;   ///< 9999-12-31T23:59:59Z

/// RFC 3339: `2026-01-05T09:00:00Z`, `2026-01-05T10:00:00.25+01:00`; nullopt when it is not, or out of range.
std::optional<Timestamp> parse_timestamp(std::string_view text);
std::string format_timestamp(Timestamp time);

/// A sum of numbers with units h, m, s, ms, us, ns: `1h30m`, `-1.5s`; nullopt when it is not, or longer than 292 years.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
/// In seconds: `5400s`, `-1.5s`.
std::string format_duration(std::chrono::nanoseconds length);

/// The sum, or nullopt outside the years 1 to 9999.
std::optional<Timestamp> add(Timestamp time, std::chrono::nanoseconds length);
/// `left - right`, or nullopt when it is longer than 292 years.
std::optional<std::chrono::nanoseconds> difference(Timestamp left, Timestamp right);

/// What a clock and calendar on the wall show.
struct CivilTime {
  int year;
  int month;        ///< 0 to 11
  int day;          ///< of the month, 0 to 30
  int day_of_week;  ///< Sunday is 0
  int day_of_year;  ///< 0 to 365
  int hours, minutes, seconds, milliseconds;
};

/// In a zone: an IANA name (`Europe/Berlin`, `UTC`) or an offset (`+02:00`, `-9:30`, `02:00`); nullopt when unknown.
std::optional<CivilTime> civil_time(Timestamp time, std::string_view zone);

}  // namespace caravan::cel
