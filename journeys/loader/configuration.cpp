#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 2> members = {"accounts", "people"};

/// `lists:` and `destinations:`
void read_rosters(const yaml::Entry& entry, std::map<std::string, RosterDefinition, std::less<>>& rosters,
                  Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  for (const yaml::Entry& one : entry.value.entries) {
    RosterDefinition roster{one.key, one.key, one.key_place, RosterOf::people};
    check_name(one.key, one.key_place, NameStyle::words, "a name in " + in_ticks(entry.key), diagnostics);
    if (is_mapping(one, diagnostics)) {
      Fields fields(one.value, diagnostics);
      if (const yaml::Entry* of = fields.require("of", in_ticks(one.key), one.key_place)) {
        if (read_choice(*of, members, diagnostics) == "accounts") roster.of = RosterOf::accounts;
      }
      fields.take_text("title", roster.title);
      fields.finish();
    }
    rosters.emplace(one.key, std::move(roster));
  }
}

void read_limits(const yaml::Entry& entry, LimitsDefinition& limits, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  fields.take_number("paths_per_split", 1, 1'000, limits.paths_per_split);
  fields.take_number("paths_per_variant_split", 2, 99, limits.paths_per_variant_split);
  fields.take_number("nodes_per_journey", 1, 10'000, limits.nodes_per_journey);
  fields.take_number("people_per_account", 1, 1'000'000, limits.people_per_account);
  fields.take_number("activity_per_account", 0, 1'000'000, limits.activity_per_account);
  fields.take_number("event_bytes", 256, 1'048'576, limits.event_bytes);
  fields.finish();
}

constexpr std::string_view kAlways = "always";

/// `90d` or `always`, which is nothing. `what` is looked at once a day.
void read_keep(const yaml::Entry& entry, std::string_view what, std::optional<CalendarDuration>& keep,
               Diagnostics& diagnostics) {
  if (entry.value.text == kAlways) {
    keep.reset();
  } else if (const std::optional<CalendarDuration> duration = read_duration(entry, diagnostics)) {
    keep = duration;
    if (duration->months.count() == 0 && duration->days.count() == 0 && duration->exact < hours(24)) {
      diagnostics.error(entry.value.place, in_ticks(entry.key) + " must be at least `1d`",
                        std::string(what) + " is looked at once a day; `always` lets nothing of it go");
    }
  }
}

void read_journal(const yaml::Entry& entry, JournalDefinition& journal, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* keep = fields.find("keep")) read_keep(*keep, "the journal", journal.keep, diagnostics);
  fields.finish();
}

/// `{keep: 400d, journeys: {welcome: 30d}, archive: true}`
void read_history(Loading& loading, const yaml::Entry& entry, HistoryDefinition& history) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* keep = fields.find("keep")) read_keep(*keep, "history", history.keep, diagnostics);
  if (const yaml::Entry* journeys = fields.find("journeys"); journeys && is_mapping(*journeys, diagnostics)) {
    const std::vector<std::string> known = names_of(loading, DocumentType::journey);
    for (const yaml::Entry& one : journeys->value.entries) {
      check_name(one.key, one.key_place, NameStyle::words, "the name of a journey", diagnostics);
      if (std::find(known.begin(), known.end(), one.key) == known.end()) {
        const std::string meant = did_you_mean(one.key, known);
        diagnostics.warning(one.key_place, "there is no journey " + in_ticks(one.key),
                            meant.empty() ? "it counts for one of that name that was published before" : meant);
      }
      read_keep(one, "history", history.journeys[one.key], diagnostics);
    }
  }
  fields.take_flag("archive", history.archive);
  fields.finish();
}

void read_data(const yaml::Entry& entry, ConfigurationDefinition& configuration, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  Fields fields(entry.value, diagnostics);
  fields.take_text("database", configuration.database);
  fields.finish();
}

}  // namespace

bool take_secret(Fields& fields, std::string_view name, std::string& environment, std::string& file,
                 Diagnostics& diagnostics) {
  const std::string in_environment = std::string(name) + "_env";
  const std::string in_file = std::string(name) + "_file";
  fields.refuse_secret(name, name);
  fields.take_text(in_environment, environment);
  fields.take_text(in_file, file);
  if (!environment.empty() && !is_identifier(environment)) {
    diagnostics.error(fields.find(in_environment)->value.place,
                      in_ticks(in_environment) + " is the name of an environment variable, not the secret itself",
                      "for example `MAIL_PASSWORD`");
  }
  if (!environment.empty() && !file.empty()) {
    diagnostics.error(fields.find(in_file)->key_place, "the " + std::string(name) + " comes from " +
                                                           in_ticks(in_environment) + " or from " + in_ticks(in_file) +
                                                           ", not from both");
  }
  return !environment.empty() || !file.empty();
}

void take_retry(Fields& fields, std::string_view key, RetryDefinition& retry, Diagnostics& diagnostics) {
  const yaml::Entry* entry = fields.find(key);
  if (entry == nullptr || !is_mapping(*entry, diagnostics)) return;
  Fields retries(entry->value, diagnostics);
  retries.take_number("attempts", 1, 1'000, retry.attempts);
  retries.take_duration("first", milliseconds(100), hours(24), retry.first);
  retries.take_duration("longest", milliseconds(100), hours(720), retry.longest);
  retries.finish();
  if (retry.first > retry.longest) {
    diagnostics.error(entry->key_place, "`first` (" + to_text(CalendarDuration{.exact = retry.first}) +
                                            ") is longer than `longest` (" +
                                            to_text(CalendarDuration{.exact = retry.longest}) + ")");
  }
}

void read_configuration(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  ConfigurationDefinition& configuration = loading.workspace.configuration;
  Fields fields(document.root, diagnostics);
  if (const yaml::Entry* data = fields.find("data")) read_data(*data, configuration, diagnostics);
  if (const yaml::Entry* zone = fields.find("timezone")) {
    configuration.timezone = read_time_zone(*zone, diagnostics).value_or(configuration.timezone);
  }
  if (const yaml::Entry* attribute = fields.find("timezone_attribute")) {
    configuration.timezone_attribute =
        read_attribute_name(loading, *attribute, AttributeOf::accounts, AttributeType::text).value_or("");
  }
  if (const yaml::Entry* connections = fields.find("connections")) read_connections(loading, *connections);
  if (const yaml::Entry* channels = fields.find("channels")) read_channels(loading, *channels);
  if (const yaml::Entry* lists = fields.find("lists")) read_rosters(*lists, configuration.lists, diagnostics);
  if (const yaml::Entry* destinations = fields.find("destinations")) {
    read_rosters(*destinations, configuration.destinations, diagnostics);
  }
  take_retry(fields, "retries", configuration.node_retries, diagnostics);
  if (const yaml::Entry* limits = fields.find("limits")) read_limits(*limits, configuration.limits, diagnostics);
  if (const yaml::Entry* journal = fields.find("journal")) read_journal(*journal, configuration.journal, diagnostics);
  if (const yaml::Entry* history = fields.find("history")) read_history(loading, *history, configuration.history);
  if (const yaml::Entry* api = fields.find("api")) read_api(*api, configuration.api, diagnostics);
  if (const yaml::Entry* topics = fields.find("topics")) read_topics(*topics, configuration.topics, diagnostics);
  if (const yaml::Entry* links = fields.find("links")) {
    read_links(*links, configuration.links, diagnostics);
    if (!configuration.api.written) {
      diagnostics.warning(links->key_place, "mails have links, and nothing here answers whoever follows them",
                          "add `api: {listen: 127.0.0.1:8080}`, and lead what comes to `url` there");
    }
  }
  fields.finish();
}

}  // namespace caravan::loader
