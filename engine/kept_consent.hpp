#pragma once
// What people who were removed want of mails, kept by the address that they had. Whoever comes by that address wants
// the same, until somebody of it wants mails again: then it is let go. An address is known by its hash alone.

#include "engine/consent.hpp"
#include "storage/store.hpp"

namespace caravan {

/// The SHA-256 of an address, without a display name and in lower case; empty where it is none.
std::string hash_of_address(std::string_view mailbox);

/// What is kept, as turns have left it: those of the batch at hand and of the one that is on its way to the disk see
/// each other's. The reader must have been refreshed after the commit of every batch before that one. Used by one
/// thread.
class KeptConsent {
 public:
  KeptConsent(Reader& reader, const NameBook& names)
      : reader_(reader), names_(names), has_any_(reader.has_kept_consent()) {}

  /// The batch at hand was handed to the writer; or everything is on the disk.
  void next_batch();
  void forget();

  /// Nothing is kept of anybody: nothing else need be asked.
  bool empty() const { return !has_any_; }

  /// Keeps what somebody wants who is removed: that of mails by their address, and that an address is none by that one.
  void keep(const Attributes& person, Instant now, Changes& changes);
  /// Keeps of an address, by its hash, that nobody there wants mails, or lets that go. Whether it was otherwise before.
  bool set_unsubscribed(const std::string& hash, bool unsubscribed, Instant now, Changes& changes);

  /// What is kept of a person's address and they do not want by themselves: attributes to be set.
  AttributeMap due_to(const Attributes& person);
  /// Somebody's attributes have become these, and their address is what it was: what they want again is let go.
  void follow(const Attributes& before, const Attributes& after, Changes& changes);
  /// They have said that they want mails, whatever was known of them.
  void wants_mails(const Attributes& person, Changes& changes);
  /// Whether what they said of mails at that time, which would be set by `said`, is older than what is kept and says
  /// otherwise.
  bool is_newer(const Attributes& person, const AttributeMap& said, Instant told);

 private:
  using Items = std::map<std::pair<ConsentKind, std::string>, Instant>;  ///< by kind and topic
  using Generation = std::unordered_map<std::string, Items>;             ///< by address

  Items& of(const std::string& hash);
  /// What is kept already stays, with its time. Each says whether that has changed anything.
  bool put(const std::string& hash, ConsentKind kind, const std::string& topic, Instant now, Changes& changes);
  bool let_go(const std::string& hash, ConsentKind kind, const std::string& topic, Changes& changes);

  Reader& reader_;
  const NameBook& names_;
  Generation current_;
  Generation last_;
  bool has_any_;
};

}  // namespace caravan
