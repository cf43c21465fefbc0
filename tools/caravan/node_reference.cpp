#include "tools/caravan/node_reference.hpp"

#include "nodes/registry.hpp"

namespace caravan::tools {
namespace {

std::string_view holds(KeyKind kind) {
  switch (kind) {
    case KeyKind::text: return "text";
    case KeyKind::whole_number: return "whole number";
    case KeyKind::flag: return "true or false";
    case KeyKind::choice: return "one of some words";
    case KeyKind::duration: return "duration";
    case KeyKind::condition: return "condition";
    case KeyKind::value: return "expression";
    case KeyKind::values: return "names and expressions";
    case KeyKind::recipients: return "addresses";
    case KeyKind::email_template: return "mail";
    case KeyKind::solution_interest: return "solution interest";
    case KeyKind::role: return "role";
    case KeyKind::paths: return "paths";
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
      out += "| " + std::string(key.name) + " | " + std::string(holds(key.kind)) + " | " + std::string(key.summary) +
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
