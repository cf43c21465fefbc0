// The fields of timestamps, in UTC or a zone that is named, and of durations.

#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/time.hpp"

namespace caravan::cel {

namespace {

using Arguments = std::span<const Value>;

/// A field of a timestamp, plus what the function counts from.
template <int CivilTime::*Field, int Plus = 0>
Value civil_field(Evaluation& e, Arguments a) {
  const std::string_view zone = a.size() > 1 ? a[1].as_text() : std::string_view{"UTC"};
  const auto civil = civil_time(a[0].as_timestamp(), zone);
  if (!civil) return e.error(ErrorCode::invalid_argument, {"unknown time zone: ", zone.substr(0, 100)});
  return Value::integer((*civil).*Field + Plus);
}

template <int CivilTime::*Field, int Plus = 0>
void add_field(Registry& registry, std::string_view name) {
  const std::string method = "timestamp." + std::string{name};
  registry.add(method + "() -> int", civil_field<Field, Plus>);
  registry.add(method + "(string) -> int", civil_field<Field, Plus>);
}

template <std::int64_t Unit>
Value whole_units(Evaluation&, Arguments a) {
  return Value::integer(a[0].as_integer() / Unit);
}

/// The milliseconds beyond the last whole second, as the specification has it; not the whole length.
Value milliseconds_part(Evaluation&, Arguments a) {
  return Value::integer(a[0].as_integer() / 1'000'000 % 1000);
}

}  // namespace

void add_time_functions(Registry& registry) {
  add_field<&CivilTime::year>(registry, "getFullYear");
  add_field<&CivilTime::month>(registry, "getMonth");
  add_field<&CivilTime::day, 1>(registry, "getDate");
  add_field<&CivilTime::day>(registry, "getDayOfMonth");
  add_field<&CivilTime::day_of_week>(registry, "getDayOfWeek");
  add_field<&CivilTime::day_of_year>(registry, "getDayOfYear");
  add_field<&CivilTime::hours>(registry, "getHours");
  add_field<&CivilTime::minutes>(registry, "getMinutes");
  add_field<&CivilTime::seconds>(registry, "getSeconds");
  add_field<&CivilTime::milliseconds>(registry, "getMilliseconds");
  registry.add("duration.getHours() -> int", whole_units<3'600'000'000'000>);
  registry.add("duration.getMinutes() -> int", whole_units<60'000'000'000>);
  registry.add("duration.getSeconds() -> int", whole_units<1'000'000'000>);
  registry.add("duration.getMilliseconds() -> int", milliseconds_part);
}

}  // namespace caravan::cel
