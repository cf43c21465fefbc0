// Messages: mails with their front matter, and texts.
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

/// The text of a key, which must fit one line of a mail's header.
std::string read_line(Fields& fields, std::string_view key, Diagnostics& diagnostics) {
  const yaml::Entry* entry = fields.find(key);
  if (entry == nullptr) return {};
  std::string text = read_text(*entry, diagnostics).value_or("");
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  if (text.find_first_of("\r\n") != std::string::npos) {
    diagnostics.error(entry->value.place, in_ticks(key) + " must be one line");
  }
  return text;
}

}  // namespace

void read_email(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  EmailTemplateDefinition email;
  email.name = document.name;
  email.place = document.name_place;
  email.body = document.body;
  const bool has_front_matter = document.root.is(yaml::Kind::mapping);
  if (has_front_matter) {
    Fields fields(document.root, diagnostics);
    fields.require("subject", "a mail", document.root.place);
    email.subject = read_line(fields, "subject", diagnostics);
    email.from = read_line(fields, "from", diagnostics);
    email.reply_to = read_line(fields, "reply_to", diagnostics);
    email.preheader = read_line(fields, "preheader", diagnostics);
    fields.take_flag("operational", email.operational);
    if (const yaml::Entry* topic = fields.find("topic"))
      email.topic = read_topic_of(loading, *topic, email.operational);
    fields.finish();
  } else if (!document.root.is(yaml::Kind::broken)) {
    diagnostics.error(document.root.is(yaml::Kind::null) ? document.name_place : document.root.place,
                      "the front matter must be keys and values", "for example `subject: Welcome`");
  }
  const bool has_body = document.body.find_first_not_of(" \t\r\n") != std::string_view::npos;
  if (has_front_matter && !has_body) diagnostics.error(document.name_place, "the mail has no body");
  loading.workspace.emails.emplace(document.name, std::move(email));
}

void read_text_template(Loading& loading, const Document& document) {
  const bool has_text = document.body.find_first_not_of(" \t\r\n") != std::string_view::npos;
  if (!has_text) loading.diagnostics.error(document.name_place, "the message has no text");
  loading.workspace.text_templates.emplace(
      document.name, TextTemplateDefinition{document.name, document.name_place, std::string(document.body)});
}

}  // namespace caravan::loader
