#include "engine/runnable_message.hpp"

#include <stdexcept>

namespace caravan {
namespace {

/// `industry`, or `address.city` for what lies in a map.
ValueSource attribute_source(ValueSource::Kind kind, std::string_view path, NameBook& names) {
  ValueSource source{kind, {}, {}, std::string(path)};
  const std::size_t dot = path.find('.');
  source.attribute = names.id_of(path.substr(0, dot));
  for (std::size_t begin = dot; begin != std::string_view::npos;) {
    const std::size_t end = path.find('.', begin + 1);
    source.keys.emplace_back(path.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1));
    begin = end;
  }
  return source;
}

ValueSource source_of(const std::string& name, NameBook& names) {
  using Kind = ValueSource::Kind;
  if (name == "account.key") return {Kind::account_key, {}, {}, name};
  if (name == "person.key") return {Kind::person_key, {}, {}, name};
  if (name == "journey.name") return {Kind::journey_name, {}, {}, name};
  if (name == "journey.title") return {Kind::journey_title, {}, {}, name};
  const std::string_view view = name;
  if (view.starts_with("account.")) return attribute_source(Kind::account_attribute, view.substr(8), names);
  if (view.starts_with("person.")) return attribute_source(Kind::person_attribute, view.substr(7), names);
  return {Kind::computed, {}, {}, name};
}

template <class Definition>
const Definition& find(const std::map<std::string, Definition, std::less<>>& definitions, const std::string& name) {
  const auto found = definitions.find(name);
  if (found == definitions.end()) throw std::runtime_error("there is no message " + name + " any more");
  return found->second;
}

std::shared_ptr<const Message> compiled(const MessageDefinition& definition, const Workspace& workspace,
                                        Diagnostics& problems) {
  const std::string& from = workspace.configuration.email.from;
  switch (definition.kind) {
    case MessageKind::email: return compile_message(find(workspace.emails, definition.name), from, problems);
    case MessageKind::sales_summary: return sales_summary(from);
    case MessageKind::sales_chat: return sales_chat();
    case MessageKind::sms:
    case MessageKind::chat:
      return compile_text(find(workspace.text_templates, definition.name), definition.kind, problems);
    case MessageKind::webhook: return call_message(definition);
  }
  return nullptr;
}

/// The name of the attribute that holds where people are reached; empty for what does not go to people.
std::string_view address_of(MessageKind kind, const ConfigurationDefinition& configuration) {
  const auto of_channel = [](const std::optional<TextChannelDefinition>& channel, std::string_view otherwise) {
    return channel && !channel->address.empty() ? std::string_view(channel->address) : otherwise;
  };
  switch (kind) {
    case MessageKind::email: return "email";
    case MessageKind::sms: return of_channel(configuration.sms, "phone");
    case MessageKind::chat: return of_channel(configuration.chat, "chat");
    case MessageKind::sales_summary:
    case MessageKind::sales_chat:
    case MessageKind::webhook: break;
  }
  return {};
}

/// Whether its node has a value for each of its names, whatever they look like: those of a call are the author's own,
/// and what sales gets is gathered as a whole.
bool computes_all(MessageKind kind) {
  return kind == MessageKind::webhook || kind == MessageKind::sales_summary || kind == MessageKind::sales_chat;
}

}  // namespace

RunnableMessage compile_message(const MessageDefinition& definition, const Workspace& workspace, NameBook& names) {
  RunnableMessage runnable;
  Diagnostics problems;
  runnable.message = compiled(definition, workspace, problems);
  if (!runnable.message) throw std::runtime_error(render(problems.sorted().front(), Colour::never));
  const bool is_computed = computes_all(definition.kind);
  for (const std::string& name : runnable.message->names()) {
    runnable.sources.push_back(is_computed ? ValueSource{ValueSource::Kind::computed, {}, {}, name}
                                           : source_of(name, names));
  }
  const std::string_view address = address_of(definition.kind, workspace.configuration);
  if (!address.empty()) runnable.address = names.id_of(address);
  return runnable;
}

}  // namespace caravan
