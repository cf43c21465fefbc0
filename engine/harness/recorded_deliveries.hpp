#pragma once
// What came of messages in production, found again for the same messages of another life of the same accounts: same
// account, same template or connection, same address or, of a call, same person, the n-th time.

#include "engine/journey_library.hpp"

namespace caravan {

/// By what a message is the same in two lives.
struct MessageIdentity {
  MessageKind kind = MessageKind::email;
  std::string name;  ///< the template's or the connection's
  std::string path;  ///< of a call
  std::string address;
  std::string person = {};  ///< of a call that was made for somebody: their key; what is sent has an address
  auto operator<=>(const MessageIdentity&) const = default;
};

struct KnownDelivery {
  DeliveryRecord record;
  MessageIdentity identity;
};

/// All deliveries of an account, in the order in which they were promised.
std::vector<KnownDelivery> deliveries_of(Reader& reader, JourneyLibrary& library, AccountId account);

class RecordedDeliveries {
 public:
  /// Both are of the store in which they were recorded, and outlive it. `reader` is not refreshed meanwhile.
  RecordedDeliveries(Reader& reader, JourneyLibrary& library) : reader_(reader), library_(library) {}

  /// The `ordinal`-th (from 0) message of this identity to the account of this key; null when it never had so many.
  /// Valid until the next call.
  const DeliveryRecord* find(const std::string& account, const MessageIdentity& identity, std::size_t ordinal);

  /// What the other side said when the delivery ended, which only the journal tells; nothing where it does not.
  std::optional<Answer> answer_to(const DeliveryRecord& delivery);

 private:
  /// Entries from `first` to `last` whose times do not go back.
  struct Stretch {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  void find_stretches();
  std::int64_t first_entry_at(const Stretch& stretch, Instant at);
  bool read_entry(std::int64_t entry);

  Reader& reader_;
  JourneyLibrary& library_;
  std::string account_;  ///< whose `deliveries_` are
  std::vector<KnownDelivery> deliveries_;
  std::vector<Stretch> stretches_;  ///< found when the first answer is asked for
  std::int64_t entry_ = 0;          ///< the one whose `progress_` this is
  std::vector<DeliveryProgress> progress_;
};

}  // namespace caravan
