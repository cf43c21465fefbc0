#include "engine/message_check.hpp"

#include "engine/links/mail_links.hpp"
#include "engine/messages.hpp"
#include "journeys/events.hpp"

namespace caravan {
namespace {

constexpr std::string_view kOfPerson = "person.";

/// The place of a name in its template's file: where it first stands there in a tag.
Place place_of(const Place& definition, const std::string& name) {
  const std::string_view text = definition.file->text;
  for (std::size_t tag = text.find("{{"); tag != std::string_view::npos; tag = text.find("{{", tag + 2)) {
    const std::size_t end = text.find("}}", tag);
    if (end == std::string_view::npos) break;
    const std::size_t found = text.substr(0, end).find(name, tag);
    const auto goes_on = [&](std::size_t at) {
      return text[at] == '.' || text[at] == '_' || std::isalnum(static_cast<unsigned char>(text[at])) != 0;
    };
    if (found < end && !goes_on(found - 1) && !goes_on(found + name.size()))
      return {definition.file, found, name.size()};
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
  if (whose == kOfPerson) {
    for (const PersonAttribute& each : person_attributes())
      known.emplace_back(each.name);
  }
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
    check_attribute(workspace, definition, name, kOfPerson, workspace.schema.person);
  }
}

/// The names under `with` of the nodes.
void collect_given(const std::vector<NodeDefinition>& nodes, std::set<std::string, std::less<>>& to) {
  for (const NodeDefinition& node : nodes) {
    const auto* with = node.setting<ValueMap>("with");
    for (std::size_t i = 0; with != nullptr && i < with->size(); ++i)
      to.insert((*with)[i].name);
    for (const PathDefinition& path : node.paths)
      collect_given(path.nodes, to);
  }
}

/// Whether a tag of the text stands in a section, whose elements may have names of their own.
bool is_in_section(std::string_view text, std::size_t tag) {
  int open = 0;
  for (std::size_t at = text.find("{{"); at < tag; at = text.find("{{", at + 2)) {
    const char kind = at + 2 < text.size() ? text[at + 2] : '\0';
    open += (kind == '#' || kind == '^' ? 1 : 0) - (kind == '/' ? 1 : 0);
  }
  return open > 0;
}

/// Whether a section of the text shows something only where there is that value.
bool has_section(std::string_view text, std::string_view name) {
  for (std::size_t tag = text.find("{{#"); tag != std::string_view::npos; tag = text.find("{{#", tag + 3)) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t", tag + 3), text.size());
    const std::size_t end = text.find_first_of(" \t}", begin);
    if (text.substr(begin, end - begin) == name) return true;
  }
  return false;
}

std::string meant_by(const Workspace& workspace, const std::string& name,
                     const std::set<std::string, std::less<>>& given) {
  std::vector<std::string> known(given.begin(), given.end());
  const auto add = [&](const std::string& whose, std::string_view attribute) {
    known.push_back(whose + std::string(attribute));
    return attribute == name ? "did you mean \"" + known.back() + "\"?" : std::string();
  };
  std::string meant;
  for (const PersonAttribute& each : person_attributes())
    if (meant.empty()) meant = add(std::string(kOfPerson), each.name);
  for (const AttributeDefinition& each : workspace.schema.person)
    if (meant.empty()) meant = add(std::string(kOfPerson), each.name);
  for (const AttributeDefinition& each : workspace.schema.account)
    if (meant.empty()) meant = add("account.", each.name);
  if (meant.empty()) meant = did_you_mean(name, known);
  return meant.empty() ? "give it one under `with` of the node that sends this" : meant;
}

/// What nobody gives a value, and is neither the account's, the person's nor the journey's: whoever shows it only where
/// it has one knows of that.
void check_values(Workspace& workspace, const Place& definition, const Message& message,
                  const std::set<std::string, std::less<>>& given) {
  for (const std::string& name : message.names()) {
    const std::string first = name.substr(0, name.find('.'));
    const bool is_known = name.starts_with("account.") || name.starts_with(kOfPerson) || name == "journey.name" ||
                          name == "journey.title" || name == kUnsubscribeUrl || name == kPreferencesUrl ||
                          given.contains(name) || given.contains(first);
    const Place place = place_of(definition, name);
    const std::string_view text = definition.file->text;
    if (is_known || has_section(text, name) || is_in_section(text, place.offset)) continue;
    workspace.diagnostics.warning(place, "`" + name + "` has no value, and nothing stands there in the text",
                                  meant_by(workspace, name, given));
  }
}

/// The receiver's own pages, in a workspace where mails have no links: whoever asks for one of them knows of that.
void check_pages(Workspace& workspace, const Place& definition, const Message& message,
                 const std::set<std::string, std::less<>>& given) {
  const std::string_view text = definition.file->text;
  const bool is_careful = has_section(text, kUnsubscribeUrl) || has_section(text, kPreferencesUrl);
  if (is_careful || !workspace.configuration.links.url.empty()) return;
  for (const std::string& name : message.names()) {
    if ((name != kUnsubscribeUrl && name != kPreferencesUrl) || given.contains(name)) continue;
    workspace.diagnostics.warning(place_of(definition, name), "`" + name + "` has no value: mails have no links",
                                  "add `links` to caravan.yaml (caravan help links), or show it only where there is "
                                  "one: {{#" +
                                      name + "}}...{{/" + name + "}}");
  }
}

}  // namespace

void check_messages(Workspace& workspace) {
  std::set<std::string, std::less<>> given;
  for (const auto& [name, journey] : workspace.journeys)
    collect_given(journey.nodes, given);
  for (const auto& [key, definition] : workspace.emails) {
    const auto message = compile_message(definition, workspace.configuration.email.from, workspace.diagnostics);
    if (!message) continue;
    check_names(workspace, definition.place, *message);
    check_values(workspace, definition.place, *message, given);
    check_pages(workspace, definition.place, *message, given);
  }
  for (const auto& [key, definition] : workspace.text_templates) {
    // Which of the two channels takes it makes no difference to its text.
    const auto message = compile_text(definition, MessageKind::sms, workspace.diagnostics);
    if (!message) continue;
    check_names(workspace, definition.place, *message);
    check_values(workspace, definition.place, *message, given);
  }
}

}  // namespace caravan
