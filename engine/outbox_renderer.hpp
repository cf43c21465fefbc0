#pragma once
// The last step before a delivery leaves: whether its person still wants it is asked once more, then it is rendered,
// with the links of that person. Used by one thread.

#include "engine/consent.hpp"
#include "engine/outbox.hpp"

namespace caravan {

class OutboxRenderer {
 public:
  /// All outlive it, `links` apart, which are null where mails get none. `installation` is Store::installation().
  OutboxRenderer(Reader& reader, const NameBook& names, MessageBook& messages, std::shared_ptr<const MailLinks> links,
                 std::string installation);

  /// It must not go any more.
  struct Withheld {
    std::string why;
  };
  /// Reads what the reader sees. Throws StoreError where that cannot be read for now; what else it throws is final: the
  /// same values give the same again.
  std::variant<Outgoing, Withheld> render(const DeliveryRecord& record);

 private:
  std::string why_withheld(const DeliveryRecord& record, const Message& message,
                           const std::optional<PersonRecord>& person);
  Outgoing rendered(const DeliveryRecord& record, const Message& message, const std::string& person) const;
  MailOrigin origin_of(const DeliveryRecord& record, const Message& message, const std::string& person) const;

  Reader& reader_;
  MailConsent consent_;
  MessageBook& messages_;
  const std::shared_ptr<const MailLinks> links_;
  const std::string installation_;
};

}  // namespace caravan
