#include "engine/message_check.hpp"

#include "engine/messages.hpp"

namespace caravan {
namespace {

/// The place of a name in its template's file: where it first stands there in a tag.
Place place_of(const Place& definition, const std::string& name) {
  const std::string_view text = definition.file->text;
  for (std::size_t tag = text.find("{{"); tag != std::string_view::npos; tag = text.find("{{", tag + 2)) {
    const std::size_t end = text.find("}}", tag);
    if (end == std::string_view::npos) break;
    const std::size_t found = text.substr(0, end).find(name, tag);
    if (found != std::string_view::npos) return {definition.file, found, name.size()};
  }
  return definition;
}

void check_attribute(Workspace& workspace, const Place& definition, const std::string& name, std::string_view whose,
                     const std::vector<AttributeDefinition>& attributes) {
  if (!name.starts_with(whose)) return;
  const std::string attribute = name.substr(whose.size());
  std::vector<std::string> known = {"key"};
  for (const AttributeDefinition& each : attributes)
    known.push_back(each.name);
  // An attribute that is a map has names behind its own.
  const std::string first = attribute.substr(0, attribute.find('.'));
  if (std::find(known.begin(), known.end(), first) != known.end()) return;
  std::string hint = did_you_mean(attribute, known);
  workspace.diagnostics.error(place_of(definition, name), "`" + name + "` is not in the schema",
                              hint.empty() ? "add it to schema.yaml" : std::move(hint));
}

void check_names(Workspace& workspace, const Place& definition, const Message& message) {
  if (!workspace.schema.written) return;
  for (const std::string& name : message.names()) {
    check_attribute(workspace, definition, name, "account.", workspace.schema.account);
    check_attribute(workspace, definition, name, "person.", workspace.schema.person);
  }
}

}  // namespace

void check_messages(Workspace& workspace) {
  for (const auto& [key, definition] : workspace.emails) {
    const auto message = compile_message(definition, workspace.configuration.email.from, workspace.diagnostics);
    if (message) check_names(workspace, definition.place, *message);
  }
  for (const auto& [key, definition] : workspace.text_templates) {
    // Which of the two channels takes it makes no difference to its text.
    const auto message = compile_text(definition, MessageKind::sms, workspace.diagnostics);
    if (message) check_names(workspace, definition.place, *message);
  }
}

}  // namespace caravan
