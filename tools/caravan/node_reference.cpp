#include "tools/caravan/node_reference.hpp"

#include "nodes/registry.hpp"

namespace caravan::tools {
namespace {

/// `red`, `green` or `blue`
std::string listed(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += "`" + std::string(words[i]) + "`";
  }
  return out;
}

std::string holds(const KeyShape& key) {
  switch (key.kind) {
    case KeyKind::text: return "text";
    case KeyKind::whole_number: return "whole number";
    case KeyKind::flag: return "true or false";
    case KeyKind::choice: return listed(key.choices);
    case KeyKind::duration: return "duration";
    case KeyKind::condition: return "condition";
    case KeyKind::value: return "expression";
    case KeyKind::values: return "names and expressions";
    case KeyKind::recipients: return "addresses";
    case KeyKind::handles: return "handles";
    case KeyKind::email_template: return "mail";
    case KeyKind::solution_interest: return "solution interest";
    case KeyKind::role: return "role";
    case KeyKind::stage: return "stage";
    case KeyKind::text_template: return "message";
    case KeyKind::connection: return "connection";
    case KeyKind::list: return "list";
    case KeyKind::destination: return "destination";
    case KeyKind::journey: return "journey";
    case KeyKind::attribute: return "attribute";
    case KeyKind::moment: return "date or expression";
    case KeyKind::weekly_time: return "days and time";
    case KeyKind::time_zone: return "time zone";
    case KeyKind::wait: return "duration, or the keys of `wait`";
    case KeyKind::event_type: return "type of event";
    case KeyKind::events: return "types of events";
    case KeyKind::paths: return "paths";
    case KeyKind::exit_path: return "`next` or `nodes`";
  }
  return "";
}

std::string reference_of(const NodeShape& shape) {
  std::string out = "### " + std::string(shape.type) + "\n\n" + std::string(shape.summary);
  if (!shape.short_form.empty()) {
    out += " `" + std::string(shape.type) + ": VALUE` is short for its `" + std::string(shape.short_form) + "`.";
  }
  out += "\n\n";
  if (!shape.keys.empty()) {
    out += "| key | holds | meaning |\n|---|---|---|\n";
    for (const KeyShape& key : shape.keys) {
      out += "| " + std::string(key.name) + " | " + holds(key) + " | " + std::string(key.summary) +
             (key.required ? " Required." : "") + " |\n";
    }
    out += "\n";
  }
  return out + "```yaml\n" + std::string(shape.example) + "```\n\n";
}

}  // namespace

std::string node_reference() {
  std::string out;
  for (const NodeType* type : node_types())
    out += reference_of(type->shape);
  return out;
}

}  // namespace caravan::tools
