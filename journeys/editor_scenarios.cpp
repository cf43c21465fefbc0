// The keys of scenarios, for editors. Their values may be columns of a table, whatever they are otherwise.
#include "journeys/editor_documents.hpp"

namespace caravan::editor {
namespace {

const Key account = key("account", "text", "The key of an account.");
const Key person = key("person", "text", "The key of a person.");
const Key journey = key("journey", "name", "The journey; the scenario's without it.");
const Key solution_interest = needed(key("solution_interest", "name", "Whose buying group it is."));
const Key message = key("template", "text", "The name of a mail or a message, or `sales summary`.");
const Key receiver = key("to", "text", "The address.");

std::vector<Part> document_parts() {
  return {
      {"scenario",
       {
           needed(key("scenario", "text", "What it shows, in one line.")),
           journey,
           key("at", "instant", "Where time begins; 2026-01-05T09:00:00Z without it."),
           key("rows", "scenario-row", "A table: the scenario is run for each row, with its values for `${column}`.",
               Form::some),
           key("given", "given", "What is there when it begins."),
           needed(key("steps", "step", "What happens, and what is expected.", Form::list)),
       }},
      {"given",
       {
           key("accounts", "scenario-account", "`key` and attributes.", Form::list),
           key("people", "scenario-person", "`key`, `account` and attributes.", Form::list),
           key("groups", "scenario-group", "Buying groups, by hand.", Form::list),
           key("events", "scenario-event", "What has happened before.", Form::list),
       }},
      {"scenario-group",
       {
           needed(account),
           solution_interest,
           key("members", "members", "People and their roles, put in by hand."),
           key("removed", "text", "People taken out by hand, who stay out.", Form::any_number),
           key("stage", "text", "A stage of its model."),
           key("status", "text", "A word of your own."),
       }},
  };
}

std::vector<Part> step_parts() {
  const std::string_view life = "The journey; without a value the scenario's.";
  const std::string_view help = "Of those that are held at a node.";
  Part step{"step",
            {
                key("advance", "advance", "Time passes: 3d, {to: 2026-01-08T09:00:00Z} or {to: end}."),
                key("event", "scenario-event", "Somebody tells an event: `type`, `person` or `account`, properties."),
                key("account", "scenario-account", "An account is made or changed."),
                key("person", "scenario-person", "A person is made or changed."),
                key("remove_person", "text", "A person is taken away."),
                key("enter", "enter-step", "An account or a person enters a journey by command."),
                key("group", "scenario-group", "A buying group is changed by hand."),
                key("score_engagement", "nothing", "Engagement is scored now."),
                key("channel", "channel-step", "From here on a channel does otherwise."),
                key("bounce", "bounce", "From here on mails are refused."),
                key("publish", "publish", "Changed files are published."),
                key("pause", "journey-or-nothing", life),
                key("resume", "journey-or-nothing", life),
                key("close", "journey-or-nothing", life),
                key("abort", "journey-or-nothing", life),
                key("retry", "help-step", help),
                key("skip", "help-step", help),
                key("remove", "help-step", help),
                key("expect", "expectation", "What must have come of it.", Form::several),
            }};
  for (const Key& each : step.keys)
    step.one_of.push_back(each.name);
  return {
      step,
      {"advance-keys", {needed(key("to", "instant-or-end", "A time to come, or `end`: until nobody waits."))}},
      {"enter-step", {account, person, journey}, {"account", "person"}},
      {"help-step", {key("node", "name", "Where they stand; everywhere without it."), account, journey}},
      {"channel-step",
       {
           needed(key("name", "name", "`email`, `sms`, `chat` or a connection.")),
           needed(choice("state", {"up", "down", "refuses"}, "What it does from here on.")),
           key("reason", "text", "What the other side says."),
           receiver,
           message,
           number("status", 100, 599, "Of a connection that is up: the status of HTTP; 200 without it."),
           key("answer", "value", "Of a connection that is up: the body."),
       }},
      {"bounce", {receiver, message, key("reason", "text", "What the mail server says.")}},
      {"publish",
       {
           key("with", "text", "A folder beside the scenario's file, with changed files."),
           key("texts", "published-texts", "Changed files, by path; null takes one out."),
           key("move", "flag", "Accounts under way are moved to the new version."),
           key("gone", "name", "Of those whose node is gone: `leave`, `stay` or the id of a node."),
       },
       {},
       {"with", "texts"}},
  };
}

std::vector<Part> expectation_parts() {
  return {
      {"expectation",
       {
           account,
           person,
           journey,
           key("at", "name", "The node where it stands, or `nowhere`: it has never entered."),
           choice("state", {"waiting", "listening", "joining", "held", "completed", "left", "failed"},
                  "What it does there."),
           key("why", "text", "A part of what its story says last."),
           key("until", "instant", "When time wakes it."),
           number("entries", 0, 1'000'000, "How often it has entered."),
           key("path", "node-on-path", "Nodes, and `split/path`, of its newest entry, in order.", Form::list),
           key("sent", "expected-message", "All that the journey has sent to it so far, in order.", Form::any_number),
           key("notified", "text", "The addresses that were told of a hand-over, in order.", Form::any_number),
           key("events", "event-type", "What happened to it, in order.", Form::any_number),
           key("group", "expected-group", "Its buying groups.", Form::several),
           key("lists", "expected-places", "Lists that it is in."),
           key("destinations", "expected-places", "Destinations that it is in."),
           key("audiences", "expected-places", "Audiences that it is in."),
           key("attributes", "scenario-values", "Attributes that it has; null: it has none of that name."),
           key("holds", "expression", "Conditions that are true.", Form::several),
           key("refused", "text", "A part of why the step before was refused."),
       }},
      {"expected-message-keys",
       {
           message,
           key("connection", "name", "A call to this connection."),
           receiver,
           key("subject", "text", "The subject of a mail."),
           key("says", "text", "Texts that are in it.", Form::any_number),
           key("says_not", "text", "Texts that are not in it.", Form::any_number),
       },
       {"template", "connection"}},
      {"expected-group",
       {
           solution_interest,
           key("exists", "flag", "Whether there is one."),
           number("completeness", 0, 100, "In percent, rounded."),
           number("engagement", 0, 100, "Rounded."),
           key("stage", "text", "Its stage; \"\" for none."),
           key("status", "text", "Its status; \"\" for none."),
           key("members", "expected-members", "All members and their roles."),
           key("missing_roles", "role", "Required roles with too few members.", Form::any_number),
       }},
  };
}

}  // namespace

std::vector<Part> scenario_parts() {
  std::vector<Part> all;
  for (std::vector<Part>& some : std::array{document_parts(), step_parts(), expectation_parts()}) {
    for (Part& part : some) {
      part.takes_columns = true;
      all.push_back(std::move(part));
    }
  }
  return all;
}

}  // namespace caravan::editor
