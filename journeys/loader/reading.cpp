#include "journeys/loader/reading.hpp"

#include "journeys/yaml/syntax_faults.hpp"

namespace caravan::loader {
namespace {

constexpr std::size_t longest_name = 64;

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_joint(char c, NameStyle style) {
  return c == '-' || (c == '_' && style == NameStyle::words_or_snake);
}

bool is_name(std::string_view name, NameStyle style) {
  if (name.empty() || name.size() > longest_name || !is_letter(name.front()) || is_joint(name.back(), style))
    return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_letter(name[i]) && !is_digit(name[i]) && !is_joint(name[i], style)) return false;
    if (i > 0 && is_joint(name[i], style) && is_joint(name[i - 1], style)) return false;
  }
  return true;
}

/// The nearest that would be a name; empty when nothing of it is left.
std::string as_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_letter(lower) || is_digit(lower)) {
      out += lower;
    } else if (!out.empty() && out.back() != '-' && static_cast<unsigned char>(c) < 0x80) {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-')
    out.pop_back();
  return out;
}

bool is_scalar(const yaml::Entry& entry, std::string_view wanted, Diagnostics& diagnostics) {
  if (!has_value(entry, diagnostics)) return false;
  if (entry.value.is(yaml::Kind::scalar)) return true;
  const std::string is = entry.value.is(yaml::Kind::sequence) ? "a list" : "a mapping";
  diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be " + std::string(wanted) + ", not " + is);
  return false;
}

}  // namespace

bool is_identifier(std::string_view name) {
  if (name.empty() || name.size() > longest_name || is_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; });
}

std::string in_ticks(std::string_view text) {
  return "`" + yaml::shortened(text) + "`";
}

std::vector<std::string> owned(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += in_ticks(names[i]);
  }
  return out;
}

bool has_value(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (entry.value.is(yaml::Kind::broken)) return false;
  if (!entry.value.is(yaml::Kind::null)) return true;
  diagnostics.error(entry.key_place, in_ticks(entry.key) + " has no value");
  return false;
}

std::optional<std::string> read_text(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (!is_scalar(entry, "text", diagnostics)) return std::nullopt;
  return entry.value.text;
}

std::optional<std::int64_t> read_whole_number(const yaml::Entry& entry, std::int64_t minimum, std::int64_t maximum,
                                              Diagnostics& diagnostics) {
  if (!is_scalar(entry, "a whole number", diagnostics)) return std::nullopt;
  const std::string& text = entry.value.text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && entry.value.is_plain();
  if (!is_number) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be a whole number");
    return std::nullopt;
  }
  if (number < minimum || number > maximum) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be from " + std::to_string(minimum) + " to " +
                                             std::to_string(maximum));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> read_flag(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (!is_scalar(entry, "`true` or `false`", diagnostics)) return std::nullopt;
  if (entry.value.is_plain() && entry.value.text == "true") return true;
  if (entry.value.is_plain() && entry.value.text == "false") return false;
  diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be `true` or `false`");
  return std::nullopt;
}

std::optional<std::string> read_choice(const yaml::Entry& entry, std::span<const std::string_view> choices,
                                       Diagnostics& diagnostics) {
  if (!is_scalar(entry, listed(choices), diagnostics)) return std::nullopt;
  if (std::find(choices.begin(), choices.end(), entry.value.text) != choices.end()) return entry.value.text;
  diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be " + listed(choices),
                    did_you_mean(entry.value.text, owned(choices)));
  return std::nullopt;
}

std::optional<CalendarDuration> read_duration(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (!is_scalar(entry, "a duration", diagnostics)) return std::nullopt;
  std::string problem;
  const std::optional<CalendarDuration> duration = parse_duration(entry.value.text, problem);
  if (!duration) {
    diagnostics.error(entry.value.place, in_ticks(entry.value.text) + " is not a duration: " + problem,
                      "write for example `90s`, `15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`");
  } else if (*duration == CalendarDuration{}) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be longer than nothing");
    return std::nullopt;
  }
  return duration;
}

std::optional<std::chrono::milliseconds> read_exact_duration(const yaml::Entry& entry, std::chrono::milliseconds least,
                                                             std::chrono::milliseconds most, Diagnostics& diagnostics) {
  const std::optional<CalendarDuration> duration = read_duration(entry, diagnostics);
  if (!duration) return std::nullopt;
  if (duration->months.count() != 0 || duration->days.count() != 0) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " counts in hours, minutes and seconds",
                      "a day may have 23, 24 or 25 hours; write for example `24h`");
    return std::nullopt;
  }
  if (duration->exact < least || duration->exact > most) {
    diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be from " +
                                             to_text(CalendarDuration{.exact = least}) + " to " +
                                             to_text(CalendarDuration{.exact = most}));
    return std::nullopt;
  }
  return duration->exact;
}

bool looks_like_date(std::string_view text) {
  constexpr std::string_view pattern = "dddd-dd-dd";
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == 'd' ? !is_digit(text[i]) : text[i] != '-') return false;
  }
  return true;
}

std::optional<Instant> read_instant(const yaml::Entry& entry, std::string_view zone, Diagnostics& diagnostics) {
  if (!is_scalar(entry, "a date", diagnostics)) return std::nullopt;
  const std::string& text = entry.value.text;
  const std::optional<Instant> instant = parse_instant(text);
  if (!instant && parse_instant(text + "Z")) {
    diagnostics.error(entry.value.place, in_ticks(text) + " says no time zone",
                      "add `Z` where it is UTC, else the offset, for example `+01:00`");
    return std::nullopt;
  }
  if (!instant) {
    diagnostics.error(entry.value.place, in_ticks(text) + " is no date",
                      "write for example `2026-03-01`, `2026-03-01T09:00:00Z` or `2026-03-01T09:00:00+01:00`");
    return std::nullopt;
  }
  const bool is_date_alone = text.find('T') == std::string::npos;
  return is_date_alone ? instant_at(LocalTime(instant->time_since_epoch()), zone) : instant;
}

std::optional<std::string> read_time_zone(const yaml::Entry& entry, Diagnostics& diagnostics) {
  const std::optional<std::string> zone = read_text(entry, diagnostics);
  if (!zone || time_zone_exists(*zone)) return zone;
  diagnostics.error(entry.value.place, "there is no time zone " + in_ticks(*zone),
                    "use a name of the IANA database, for example `Europe/Berlin`");
  return std::nullopt;
}

bool check_name(std::string_view name, const Place& place, NameStyle style, std::string_view what,
                Diagnostics& diagnostics) {
  if (is_name(name, style)) return true;
  const std::string better = as_name(name);
  const bool helps = better != name && is_name(better, style);
  const std::string rule = name.size() > longest_name
                               ? " is longer than " + std::to_string(longest_name) + " characters"
                               : " must be lower-case words joined by dashes";
  diagnostics.error(place, std::string(what) + rule, helps ? "write `" + better + "`" : "");
  return false;
}

std::optional<std::string> read_name(const yaml::Entry& entry, NameStyle style, std::string_view what,
                                     Diagnostics& diagnostics) {
  const std::optional<std::string> name = read_text(entry, diagnostics);
  if (name) check_name(*name, entry.value.place, style, what, diagnostics);
  return name;
}

bool is_mapping(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (!has_value(entry, diagnostics)) return false;
  if (entry.value.is(yaml::Kind::mapping)) return true;
  diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be a mapping of keys to values");
  return false;
}

bool is_list(const yaml::Entry& entry, Diagnostics& diagnostics) {
  if (!has_value(entry, diagnostics)) return false;
  if (entry.value.is(yaml::Kind::sequence)) return true;
  diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be a list");
  return false;
}

const yaml::Entry* Fields::find(std::string_view key) {
  known_.emplace_back(key);
  for (const yaml::Entry& entry : mapping_.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const yaml::Entry* Fields::require(std::string_view key, std::string_view owner_name, const Place& owner) {
  const yaml::Entry* found = find(key);
  if (found == nullptr) {
    // A key that is nearly the one asked for is reported as unknown; once is enough.
    const std::array<std::string, 1> wanted = {std::string(key)};
    const bool is_misspelt =
        std::any_of(mapping_.entries.begin(), mapping_.entries.end(),
                    [&](const yaml::Entry& entry) { return nearest_name(entry.key, wanted).has_value(); });
    if (!is_misspelt) diagnostics_.error(owner, std::string(owner_name) + " needs the key " + in_ticks(key));
  }
  return found;
}

void Fields::take_text(std::string_view key, std::string& into) {
  if (const yaml::Entry* entry = find(key)) into = read_text(*entry, diagnostics_).value_or(into);
}

void Fields::take_number(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t& into) {
  if (const yaml::Entry* entry = find(key)) into = read_whole_number(*entry, least, most, diagnostics_).value_or(into);
}

void Fields::take_flag(std::string_view key, bool& into) {
  if (const yaml::Entry* entry = find(key)) into = read_flag(*entry, diagnostics_).value_or(into);
}

void Fields::take_duration(std::string_view key, std::chrono::milliseconds least, std::chrono::milliseconds most,
                           std::chrono::milliseconds& into) {
  if (const yaml::Entry* entry = find(key))
    into = read_exact_duration(*entry, least, most, diagnostics_).value_or(into);
}

void Fields::refuse_secret(std::string_view key, std::string_view kept_as) {
  const yaml::Entry* found = find(key);
  known_.pop_back();  // not a name to suggest
  if (found == nullptr) return;
  const std::string name(kept_as);
  diagnostics_.error(found->key_place, "a secret never stands in this file",
                     "write `" + name + "_env` with the name of an environment variable, or `" + name +
                         "_file` with the path of a file that holds it");
  refused_.emplace_back(key);
}

void Fields::finish() {
  constexpr std::size_t helped = 20;  // in a mapping with more unknown keys nobody looks for what each was meant to be
  std::size_t unknown = 0;
  for (const yaml::Entry& entry : mapping_.entries) {
    const auto is_entry = [&](const std::string& name) { return name == entry.key; };
    if (std::any_of(known_.begin(), known_.end(), is_entry)) continue;
    if (std::any_of(refused_.begin(), refused_.end(), is_entry)) continue;
    std::string hint = ++unknown <= helped ? did_you_mean(entry.key, known_) : std::string();
    diagnostics_.error(entry.key_place, "unknown key " + in_ticks(entry.key), std::move(hint));
  }
}

}  // namespace caravan::loader
