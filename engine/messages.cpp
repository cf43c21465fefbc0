// Compiles messages and renders them. Faults are found in the pieces of a template file and told at their place in
// the whole of it.

#include "engine/messages.hpp"

#include <unordered_set>

#include "engine/channels/mime.hpp"
#include "engine/html_document.hpp"
#include "engine/template_message.hpp"

namespace caravan {
namespace {

constexpr std::size_t largest_mail = std::size_t{16} << 20U;

/// One line without blanks at its ends.
std::string as_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

class TemplateMessage final : public Message {
 public:
  TemplateMessage(MessageTexts texts, MessageFaults& faults)
      : subject_(std::move(texts.subject), MustacheTemplate::Escape::none, faults.subject),
        preheader_(std::move(texts.preheader), MustacheTemplate::Escape::html, faults.preheader),
        html_(std::move(texts.html), MustacheTemplate::Escape::html, faults.html),
        has_text_(!texts.text.empty()),
        text_(std::move(texts.text), MustacheTemplate::Escape::none, faults.text),
        kind_(texts.kind),
        name_(std::move(texts.name)),
        from_(std::move(texts.from)),
        reply_to_(std::move(texts.reply_to)),
        is_operational_(texts.is_operational),
        topic_(std::move(texts.topic)) {
    std::unordered_set<std::string_view> seen;
    for (const MustacheTemplate* part : {&subject_, &preheader_, &html_, &text_}) {
      for (const std::string& name : part->names()) {
        if (seen.insert(name).second) names_.push_back(name);
      }
    }
  }

  MessageKind kind() const override { return kind_; }
  const std::string& name() const override { return name_; }
  bool is_operational() const override { return is_operational_; }
  const std::string& topic() const override { return topic_; }
  const std::vector<std::string>& names() const override { return names_; }

  Outgoing render(const Attributes& kept) const override {
    const TemplateValues values(names_, kept);
    Mail mail;
    mail.from = from_;
    mail.reply_to = reply_to_;
    mail.subject = as_line(subject_.render(values));
    std::string body = html_.render(values);
    mail.text = has_text_ ? without_gaps(text_.render(values)) : text_of_html(body);
    mail.html = complete_document(std::move(body), as_line(preheader_.render(values)));
    if (mail.html.size() + mail.text.size() > largest_mail) {
      throw std::runtime_error("the mail would be larger than 16 MB");
    }
    return mail;
  }

 private:
  MustacheTemplate subject_;
  MustacheTemplate preheader_;
  MustacheTemplate html_;
  bool has_text_;
  MustacheTemplate text_;
  MessageKind kind_;
  std::string name_;
  std::string from_;
  std::string reply_to_;
  bool is_operational_;
  std::string topic_;
  std::vector<std::string> names_;
};

/// Where `text` stands in the template's file: the body is its end, the rest is in the front matter behind its key.
/// Nothing where YAML wrote it in another way than it reads.
std::optional<std::size_t> offset_in_file(const EmailTemplateDefinition& definition, std::string_view key,
                                          std::string_view text) {
  if (definition.place.file == nullptr) return std::nullopt;
  const std::string_view file = definition.place.file->text;
  if (key.empty()) {
    if (!file.ends_with(text)) return std::nullopt;
    return file.size() - text.size();
  }
  const std::size_t front = file.ends_with(definition.body) ? file.size() - definition.body.size() : file.size();
  const std::size_t line = file.substr(0, front).find("\n" + std::string(key) + ":");
  if (line == std::string_view::npos) return std::nullopt;
  const std::size_t found = file.substr(0, front).find(text, line + key.size() + 2);
  if (found == std::string_view::npos) return std::nullopt;
  return found;
}

void report(const EmailTemplateDefinition& definition, std::string_view key, std::string_view text,
            const std::vector<TemplateFault>& faults, Diagnostics& diagnostics) {
  const std::optional<std::size_t> offset = offset_in_file(definition, key, text);
  for (const TemplateFault& fault : faults) {
    Place place = definition.place;
    if (offset) place = {place.file, *offset + fault.offset, fault.length};
    diagnostics.error(place, fault.message, fault.hint);
  }
}

}  // namespace

const std::string& Message::topic() const {
  static const std::string none;
  return none;
}

std::string without_gaps(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' && (out.empty() || out.ends_with("\n\n"))) continue;
    out += c;
  }
  return out;
}

std::shared_ptr<const Message> make_message(MessageTexts texts, MessageFaults& faults) {
  auto message = std::make_shared<TemplateMessage>(std::move(texts), faults);
  if (!faults.none()) return nullptr;
  return message;
}

std::shared_ptr<const Message> compile_message(const EmailTemplateDefinition& definition, std::string_view default_from,
                                               Diagnostics& diagnostics) {
  MessageFaults faults;
  auto message = make_message({.name = definition.name,
                               .from = definition.from.empty() ? std::string(default_from) : definition.from,
                               .reply_to = definition.reply_to,
                               .subject = definition.subject,
                               .preheader = definition.preheader,
                               .html = definition.body,
                               .text = {},
                               .is_operational = definition.operational,
                               .topic = definition.topic},
                              faults);
  report(definition, "subject", definition.subject, faults.subject, diagnostics);
  report(definition, "preheader", definition.preheader, faults.preheader, diagnostics);
  report(definition, "", definition.body, faults.html, diagnostics);

  bool addresses_fit = true;
  for (const auto& [key, mailbox] :
       {std::pair{"from", &definition.from}, std::pair{"reply_to", &definition.reply_to}}) {
    if (mailbox->empty() || !address_of(*mailbox).empty()) continue;
    const std::optional<std::size_t> offset = offset_in_file(definition, key, *mailbox);
    const Place place = offset ? Place{definition.place.file, *offset, mailbox->size()} : definition.place;
    diagnostics.error(place, "\"" + *mailbox + "\" is no address that mail can come from",
                      "write it as Name <name@example.com>");
    addresses_fit = false;
  }
  return addresses_fit ? message : nullptr;
}

}  // namespace caravan
