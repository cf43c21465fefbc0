#include "engine/outbox_renderer.hpp"

namespace caravan {

OutboxRenderer::OutboxRenderer(Reader& reader, const NameBook& names, MessageBook& messages,
                               std::shared_ptr<const MailLinks> links, std::string installation)
    : reader_(reader),
      consent_(names),
      messages_(messages),
      links_(std::move(links)),
      installation_(std::move(installation)) {}

std::variant<Outgoing, OutboxRenderer::Withheld> OutboxRenderer::render(const DeliveryRecord& record) {
  const auto message = messages_.message(record.version, record.message);
  if (!message) throw std::runtime_error("its message is not known any more");
  const bool is_mail_to_person = message->kind() == MessageKind::email && record.key.recipient.value > 0;
  if (!is_mail_to_person) return rendered(record, *message, {});
  const std::optional<PersonRecord> person = reader_.person(PersonId{record.key.recipient.value});
  if (std::string why = why_withheld(record, *message, person); !why.empty()) return Withheld{std::move(why)};
  return rendered(record, *message, person ? person->key : std::string());
}

/// Empty: it is sent. `person` is the receiver, if they are still there.
std::string OutboxRenderer::why_withheld(const DeliveryRecord& record, const Message& message,
                                         const std::optional<PersonRecord>& person) {
  // Whether they wanted it went with them.
  if (!person) return message.is_operational() ? "" : "it is for somebody who was removed";
  const std::optional<NotMailed> why = consent_.why_not(person->attributes, message, record.address);
  return why ? "it is for somebody " + who_is_not_mailed(*why, message) : "";
}

/// `person` is the key of whom the mail is to; empty: it gets no links.
Outgoing OutboxRenderer::rendered(const DeliveryRecord& record, const Message& message,
                                  const std::string& person) const {
  Attributes values = Attributes::from_bytes(record.values);
  std::optional<MailOrigin> origin;
  if (links_ && !person.empty()) origin.emplace(origin_of(record, message, person));
  if (origin) values = links_->with_pages(message.names(), std::move(values), *origin);
  Outgoing outgoing = message.render(values);
  std::visit(
      [&](auto& each) {
        each.key = to_text(record.key, installation_);
        if constexpr (!std::is_same_v<decltype(each), Call&>) {
          each.to = record.address;
          each.date = record.created_at;
        }
      },
      outgoing);
  if (auto* mail = std::get_if<Mail>(&outgoing); mail && origin)
    links_->put_into(*mail, *origin, message.is_operational());
  return outgoing;
}

MailOrigin OutboxRenderer::origin_of(const DeliveryRecord& record, const Message& message,
                                     const std::string& person) const {
  return {.person = person,
          .journey = messages_.journey_of(record.version),
          .message = message.name(),
          .delivery = to_text(record.key, installation_),
          .topic = message.topic()};
}

}  // namespace caravan
