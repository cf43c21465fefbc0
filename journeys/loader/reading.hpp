#pragma once
// Reading the values of keys: each function takes a key with its value, gives what it holds, or reports the fault at
// its place and gives nothing. Values that are already known to be broken give nothing in silence.

#include "journeys/definitions.hpp"
#include "journeys/yaml/node.hpp"

namespace caravan::loader {

/// Whether there is a value to read: reports a key without one.
bool has_value(const yaml::Entry& entry, Diagnostics& diagnostics);

std::optional<std::string> read_text(const yaml::Entry& entry, Diagnostics& diagnostics);
std::optional<std::int64_t> read_whole_number(const yaml::Entry& entry, std::int64_t minimum, std::int64_t maximum,
                                              Diagnostics& diagnostics);
std::optional<bool> read_flag(const yaml::Entry& entry, Diagnostics& diagnostics);
std::optional<std::string> read_choice(const yaml::Entry& entry, std::span<const std::string_view> choices,
                                       Diagnostics& diagnostics);
std::optional<CalendarDuration> read_duration(const yaml::Entry& entry, Diagnostics& diagnostics);
/// A duration of hours, minutes and seconds, which is the same on every day: of time-outs and pauses of the machinery.
std::optional<std::chrono::milliseconds> read_exact_duration(const yaml::Entry& entry, std::chrono::milliseconds least,
                                                             std::chrono::milliseconds most, Diagnostics& diagnostics);
/// A date (midnight on the clocks of `zone`) or a date and time with its offset.
std::optional<Instant> read_instant(const yaml::Entry& entry, std::string_view zone, Diagnostics& diagnostics);
/// Whether a text begins as dates do, and no expression does.
bool looks_like_date(std::string_view text);
std::optional<std::string> read_time_zone(const yaml::Entry& entry, Diagnostics& diagnostics);

/// What a name may be made of.
enum class NameStyle {
  words,           ///< lower-case words joined by dashes: journeys, nodes, paths, ...
  words_or_snake,  ///< the same, or joined by underscores: roles
};
/// Whether `name` may be a name; reports at `place` when it may not. `what` begins the message: `the name of a
/// journey`.
bool check_name(std::string_view name, const Place& place, NameStyle style, std::string_view what,
                Diagnostics& diagnostics);
/// A name, read and checked. A name in the wrong style is reported and given nevertheless, so that references find it.
std::optional<std::string> read_name(const yaml::Entry& entry, NameStyle style, std::string_view what,
                                     Diagnostics& diagnostics);

/// Whether the value is a mapping or a list; reports when it is something else.
bool is_mapping(const yaml::Entry& entry, Diagnostics& diagnostics);
bool is_list(const yaml::Entry& entry, Diagnostics& diagnostics);

/// The keys of a mapping: each is asked for by name, and what nobody asked for is reported by `finish`.
class Fields {
 public:
  Fields(const yaml::Node& mapping, Diagnostics& diagnostics) : mapping_(mapping), diagnostics_(diagnostics) {}

  /// The entry of a key; null when it was not written.
  const yaml::Entry* find(std::string_view key);
  /// The same; one that was not written is reported at `owner`: `OWNER needs the key KEY`.
  const yaml::Entry* require(std::string_view key, std::string_view owner_name, const Place& owner);
  /// The value of a key into `into`, which stays as it is when the key was not written or holds something else.
  void take_text(std::string_view key, std::string& into);
  void take_number(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t& into);
  void take_flag(std::string_view key, bool& into);
  void take_duration(std::string_view key, std::chrono::milliseconds least, std::chrono::milliseconds most,
                     std::chrono::milliseconds& into);
  /// Reports a key that would hold a secret: it stands in the environment or in a file of its own, where KEPT_AS_env or
  /// KEPT_AS_file says.
  void refuse_secret(std::string_view key, std::string_view kept_as);
  /// Reports every key that was not asked for.
  void finish();

 private:
  const yaml::Node& mapping_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
  std::vector<std::string> refused_;  ///< reported already
};

/// Whether a name is made of letters, digits and underscores, as expressions read it.
bool is_identifier(std::string_view name);

/// `a`, `b` or `c`.
std::string listed(std::span<const std::string_view> names);
/// The text between backquotes, shortened.
std::string in_ticks(std::string_view text);
std::vector<std::string> owned(std::span<const std::string_view> names);

}  // namespace caravan::loader
