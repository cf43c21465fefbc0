#include "journeys/editor_documents.hpp"

namespace caravan {
namespace editor {
Key key(std::string_view name, std::string_view holds, std::string_view summary, Form form) {
  return {.name = name, .holds = holds, .summary = summary, .form = form};
}

Key choice(std::string_view name, std::vector<std::string_view> choices, std::string_view summary) {
  return {.name = name, .holds = "choice", .summary = summary, .choices = std::move(choices)};
}

Key number(std::string_view name, std::int64_t minimum, std::int64_t maximum, std::string_view summary) {
  return {.name = name, .holds = "whole-number", .summary = summary, .minimum = minimum, .maximum = maximum};
}

Key needed(Key key) {
  key.required = true;
  return key;
}

namespace {

const Key next = key("next", "name", "The node it goes to, or `end`.");
const Key own_nodes = key("nodes", "node", "Its own nodes, which go on behind this one.", Form::list);
const Key path_name = needed(key("path", "name", "The path's name."));
const Key title = key("title", "text", "What people call it; its name where this is left out.");
const Key time_zone = key("timezone", "time-zone", "Whose calendar and clock count: Europe/Berlin.");
const Key where = key("where", "expression", "Which of these events count: a condition on `event`.");

const std::vector<std::string_view> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::vector<Part> journey_parts() {
  return {
      {"journey",
       {
           needed(key("journey", "name", "The journey's name.")),
           title,
           choice("for", {"account", "person"}, "Who goes through it: account (default) or person."),
           key("enter", "enter", "Who is let in, and when; without it, by command and `enter_journey` alone."),
           key("re_enter", "re-enter", "When a subject that has ended may enter again; without it, never."),
           key("email_deduplication", "flag", "One address gets one message of this journey once."),
           key("exit_when", "expression", "A condition; where it holds, the subject leaves from wherever it stands."),
           key("goal", "expression", "A condition; reaching it is counted."),
           key("goal_exits", "flag", "Reaching the goal leaves the journey as well."),
           key("leave_with_audience", "flag", "An account that leaves the audience leaves the journey."),
           time_zone,
           needed(key("nodes", "node", "What happens, from top to bottom.", Form::some)),
       }},
      {"enter",
       {
           key("audience", "name", "The audience whose accounts enter."),
           key("evaluate", "evaluate",
               "When the audience lets accounts in: continuously (default), once, or as cron says."),
           key("event", "event-type", "The type of event that lets its subject in."),
           where,
           key("from", "instant", "Nobody enters before."),
           key("to", "instant", "Nobody enters from then on."),
       }},
      {"schedule",
       {
           needed(key("cron", "cron", "Minute, hour, day of the month, month and day of the week.")),
           time_zone,
       }},
      {"re-enter",
       {
           key("after", "duration", "How long it must have been out, or in where that counts."),
           choice("counted_from", {"entry", "exit"}, "Since when that counts: exit (default) or entry."),
           number("limit", 2, 1'000'000, "How often it may enter in all; without it, any number of times."),
       }},
      {"path-by-condition",
       {path_name, key("when", "expression", "A condition; only the last path may have none."), own_nodes, next},
       {"nodes", "next"}},
      {"path-by-percent",
       {path_name, needed(number("percent", 1, 99, "Its share; those of all paths add up to 100.")), own_nodes, next},
       {"nodes", "next"}},
      {"exit-path", {own_nodes, next}, {"nodes", "next"}},
      {"wait-keys",
       {
           key("for", "duration", "How long."),
           key("until", "expression", "A date, or an expression that yields a timestamp."),
           key("must_end_on", "weekly-time", "The days and the time at which it may end."),
           time_zone,
       },
       {},
       {"for", "until", "must_end_on"}},
      {"weekly-time",
       {
           {.name = "days", .holds = "choice", .summary = "Any of these days.", .form = Form::several, .choices = days},
           key("time", "time-of-day", "The time of day, in quotes: \"09:00\"."),
           time_zone,
       },
       {},
       {"days", "time"}},
      {"event-pattern",
       {
           needed(key("event", "event-type", "The type of the event.")),
           where,
           number("at_least", 1, 1'000'000, "How many of them must come; 1 without it."),
       }},
  };
}

std::vector<Part> group_parts() {
  return {
      {"audience",
       {
           needed(key("audience", "name", "The audience's name.")),
           title,
           needed(key("when", "expression", "The condition on an account that makes it a member.")),
       }},
      {"role-template",
       {
           needed(key("role_template", "name", "The template's name.")),
           needed(key("roles", "role-definition", "A person gets the first role whose condition holds.", Form::some)),
       }},
      {"role-definition",
       {
           needed(key("role", "role", "The role's name.")),
           choice("weighting", {"trivial", "minor", "normal", "important", "vital"},
                  "How much it counts in the group's engagement; normal without it."),
           key("when", "expression", "A condition on `person`; without it, by hand or by a journey only."),
           number("members_required", 1, 1'000, "How many members complete it; 1 without it."),
           key("required", "flag", "Whether it counts towards completeness; true without it."),
       }},
      {"solution-interest",
       {
           needed(key("solution_interest", "name", "The interest's name.")),
           title,
           needed(key("role_template", "name", "The roles of its groups.")),
           key("audience", "name", "Every account in it has a group; without it, journeys and people make them."),
           key("stage_model", "name", "The stages of its groups; without it, they have none."),
           key("engagement_model", "name", "By which its groups are scored: the active one."),
       }},
      {"stage-model",
       {
           needed(key("stage_model", "name", "The model's name.")),
           needed(key("stages", "stage-definition", "From one entry to a success or a failure.", Form::some)),
       }},
      {"stage-definition",
       {
           needed(key("stage", "text", "The stage's name.")),
           key("entry", "flag", "Groups begin here; true of exactly one stage."),
           choice("outcome", {"success", "failure"}, "What a group that is here has come to."),
           key("to", "text", "The stages that a group may go to from here.", Form::several),
       }},
      {"engagement-model",
       {
           needed(key("engagement_model", "name", "The model's name.")),
           key("active", "flag", "Whether it is the one that scores; of several models, one says true."),
           key("window", "days", "How many calendar days count, the present one included; 30d without it."),
           number("daily_cap", 1, 1'000, "How much of one type counts per person and day; 20 without it."),
           needed(key("weights", "weights", "What an event counts, from 1 to 100, by its type.")),
       }},
  };
}

std::vector<Part> schema_parts() {
  return {
      {"schema", {needed(key("schema", "records", "The attributes of accounts, people and events."))}},
      {"records",
       {
           key("account", "account-attributes", "What accounts have, by name; `key` apart."),
           key("person", "person-attributes",
               "What people have, by name; `key`, `account_role` and `engagement` apart."),
           key("event", "event-types", "What events have, by their type."),
       }},
      {"attribute-definition",
       {
           needed(key("type", "attribute-type", "What it holds.")),
           key("summary", "text", "What it means."),
       }},
  };
}

/// A channel of a type, with the keys that only this type has.
Part channel(std::string_view name, std::string_view type, std::vector<Key> own, const std::vector<Key>& common) {
  Part part{name, {needed(choice("type", {type}, "How it goes out."))}};
  part.keys.insert(part.keys.end(), own.begin(), own.end());
  part.keys.insert(part.keys.end(), common.begin(), common.end());
  part.keys.push_back(choice("in_doubt", {"retry", "hold"},
                             "What becomes of a message that was under way when the process died; retry without it."));
  return part;
}

std::vector<Part> channel_parts() {
  const Key folder = key("folder", "text", "Relative to the workspace; outbox without it.");
  const std::vector<Key> of_mails = {
      key("from", "text", "`Name <address>`, where a mail does not say its own."),
      number("connections", 1, 64, "Mails under way at once; 4 without it."),
  };
  const std::vector<Key> of_texts = {
      needed(key("address", "identifier", "The attribute of people that holds where they are reached."))};
  return {
      {"channels",
       {
           key("email", "email-channel", "How mails go out."),
           key("sms", "text-channel", "How SMS go out."),
           key("chat", "text-channel", "How chat messages go out."),
       }},
      channel("email-channel-file", "file", {folder}, of_mails),
      channel("email-channel-smtp", "smtp",
              {
                  needed(key("host", "text", "The mail server.")),
                  number("port", 1, 65'535, "587 without it."),
                  choice("security", {"starttls", "tls", "none"}, "starttls without it."),
                  key("user", "text", "Without it, no authentication."),
                  key("password_env", "identifier", "The environment variable that holds the password."),
                  key("password_file", "text", "The file that holds the password."),
                  key("ca_file", "text", "Certificates to trust instead of the system's."),
              },
              of_mails),
      channel("text-channel-file", "file", {folder}, of_texts),
      channel("text-channel-connection", "connection",
              {needed(key("connection", "name", "A connection of this file, which takes key, to and text."))},
              of_texts),
  };
}

std::vector<Part> connection_parts() {
  return {
      {"connection",
       {
           needed(key("url", "url", "Where calls go.")),
           key("headers", "headers", "Sent along; no secrets."),
           key("secret_env", "identifier", "The environment variable with the secret that signs calls."),
           key("secret_file", "text", "The file with the secret that signs calls."),
           key("token_env", "identifier", "The environment variable with a bearer token."),
           key("token_file", "text", "The file with a bearer token."),
           key("timeout", "exact-duration", "Of one call; 10s without it."),
           key("retry", "retry", "How often a call is tried."),
           number("connections", 1, 64, "Calls under way at once; 8 without it."),
           key("allow_private", "flag", "Addresses of private networks and of this machine may be called."),
           key("ca_file", "text", "Certificates to trust instead of the system's."),
       }},
      {"retry",
       {
           number("attempts", 1, 1'000, "How often in all."),
           key("first", "exact-duration", "The first pause; each is twice the one before."),
           key("longest", "exact-duration", "No pause is longer."),
       }},
  };
}

std::vector<Part> configuration_parts() {
  return {
      {"configuration",
       {
           key("data", "data", "Where the engine keeps its data."),
           key("timezone", "time-zone", "Whose calendar and clock count; UTC without it."),
           key("timezone_attribute", "identifier", "The attribute of accounts that names their time zone."),
           key("channels", "channels", "How messages go out."),
           key("connections", "connection", "Places in the outside that nodes call, by name.", Form::by_name),
           key("lists", "roster", "Static lists, by name.", Form::by_name),
           key("destinations", "roster", "Where `activate` puts accounts or people, by name.", Form::by_name),
           key("retries", "retry", "How often a node that failed is tried."),
           key("links", "links", "The links in mails, and the pages whose forms and views are taken."),
           key("topics", "topic", "What mails are about, among which their receivers choose, by name.", Form::by_name),
           key("limits", "limits", "Bounds on what is written and kept."),
           key("journal", "journal", "The record of all that the engine was given, for replays."),
           key("history", "history", "How long what journeys did with accounts is kept; always without it."),
           key("api", "api", "Where the HTTP API listens; without it nothing does."),
       }},
      {"api",
       {
           key("listen", "text", "An IP address and a port; 127.0.0.1:8080 without it."),
           choice("tokens", {"required", "none"}, "Whether whoever asks needs one of `caravan token`."),
           key("tls", "tls", "Without it the API speaks HTTP."),
           key("trusted_proxies", "text", "IP addresses whose X-Forwarded-For is believed.", Form::list),
           number("connections", 1, 100'000, "At once; 2000 without it."),
           number("body_bytes", 1'024, 67'108'864, "Of a request that is not a stream; 1048576 without it."),
           number("requests_per_second", 0, 1'000'000, "Of one token; any number without it."),
       }},
      {"tls",
       {
           needed(key("certificate", "text", "A file of PEM, the chain included.")),
           needed(key("key", "text", "The file with its private key.")),
       }},
      {"links",
       {
           needed(key("url", "url", "Under which the API is reached from outside: https://go.example.com.")),
           key("key_env", "identifier", "The environment variable with the key that signs links."),
           key("key_file", "text", "The file with the key that signs links; older keys in further lines still count."),
           key("opens", "flag", "Whether a picture in mails tells that they were opened; true without it."),
           key("clicks", "flag", "Whether links in mails tell that they were followed; true without it."),
           key("origins", "text", "Of pages whose forms and views are taken: https://www.example.com.",
               Form::any_number),
       }},
      {"journal", {key("keep", "retention", "How far back it reaches at least; 90d without it.")}},
      {"history",
       {
           key("keep", "retention", "From the end of each enrollment; always without it."),
           key("journeys", "retention", "Of journeys that say otherwise, by name.", Form::by_name),
           key("archive", "flag", "Whether it is put into archive files first; true without it."),
       }},
      {"data", {key("database", "text", "Relative to the workspace; caravan.db without it.")}},
      {"topic",
       {
           key("title", "text", "As receivers read it; its name where this is left out."),
           key("description", "text", "A sentence below it."),
       }},
      {"roster", {needed(choice("of", {"accounts", "people"}, "What it holds.")), title}},
      {"limits",
       {
           number("paths_per_split", 1, 1'000, "25 without it."),
           number("paths_per_variant_split", 2, 99, "20 without it."),
           number("nodes_per_journey", 1, 10'000, "500 without it."),
           number("people_per_account", 1, 1'000'000, "10000 without it."),
           number("activity_per_account", 0, 1'000'000, "The newest events are kept; 10000 without it."),
           number("event_bytes", 256, 1'048'576, "What an event may hold; 32768 without it."),
       }},
  };
}

std::vector<Part> email_parts() {
  return {{"email",
           {
               needed(key("subject", "text", "Mustache, one line.")),
               key("from", "text", "`Name <address>`; without it, the channel's."),
               key("reply_to", "text", "Where answers go."),
               key("preheader", "text", "Mustache; the line that a mail client shows first."),
               key("operational", "flag", "Those who have unsubscribed get it too; false without it."),
               key("topic", "text", "What it is about, one of the topics of caravan.yaml."),
           }}};
}

}  // namespace

std::span<const Part> parts() {
  static const std::vector<Part> all = [] {
    std::vector<Part> parts;
    for (const auto& some : {journey_parts(), group_parts(), schema_parts(), channel_parts(), connection_parts(),
                             configuration_parts(), email_parts(), scenario_parts()}) {
      parts.insert(parts.end(), some.begin(), some.end());
    }
    return parts;
  }();
  return all;
}

std::span<const PartsByType> parts_by_type() {
  static const std::vector<PartsByType> all = {
      {"email-channel", {{"file", "email-channel-file"}, {"smtp", "email-channel-smtp"}}},
      {"text-channel", {{"file", "text-channel-file"}, {"connection", "text-channel-connection"}}},
  };
  return all;
}

}  // namespace editor

std::span<const EditorSchemaType> editor_schema_types() {
  static constexpr std::array<EditorSchemaType, 11> types = {{
      {"journey", "journeys/*.yaml", "Who enters, and what happens to them node by node."},
      {"audience", "audiences/*.yaml", "Accounts for which a condition holds."},
      {"role_template", "buying-groups/*.yaml", "The roles of a buying group."},
      {"solution_interest", "buying-groups/*.yaml", "What buying groups are for."},
      {"stage_model", "buying-groups/*.yaml", "The stages that a buying group goes through."},
      {"engagement_model", "buying-groups/*.yaml", "What counts as engagement, how much, and for how long."},
      {"schema", "schema.yaml", "The attributes of accounts, people and events."},
      {"configuration", "caravan.yaml", "Where data is, how messages go out, and what may be called."},
      {"email", "emails/*.html", "The front matter of a mail."},
      {"scenario", "scenarios/*.yaml", "What comes of a journey, tried in virtual time."},
      {"any", "*.yaml", "Any document but caravan.yaml; for files that hold several."},
  }};
  return types;
}

}  // namespace caravan
