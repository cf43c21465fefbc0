#pragma once
// The keys behind the numbers of accounts and people, and the words for states, for whoever tells tokens, deliveries
// and what happens to them. Names within a version are VersionNames'.

#include "engine/harness/version_names.hpp"

namespace caravan {

class KeyBook {
 public:
  explicit KeyBook(Reader& reader) : reader_(reader) {}

  /// Empty where there is none, and for what stands in for the account of a person who has none.
  const std::string& account(AccountId id);
  /// Empty where they are gone.
  const std::string& person(PersonId id);
  /// The enrollment that a token is of: itself, or that of the account whose people go their own ways.
  TokenId enrollment(TokenId token);

 private:
  Reader& reader_;
  std::map<AccountId, std::string> accounts_;
  std::map<PersonId, std::string> people_;
  std::map<TokenId, TokenId> enrollments_;
};

/// `pending`, `in_doubt`
std::string_view word_for(DeliveryState state);
/// Nothing for a word that is none.
std::optional<DeliveryState> delivery_state_named(std::string_view word);
/// `email`, `sales_summary`
std::string_view word_for(MessageKind kind);
/// `done`, `timed_out`
std::string_view word_for(VisitOutcome outcome);
std::string_view word_for(MembershipSource source);
/// `failure`, `taken_out`
std::string_view word_for(NoteKind kind);

/// `12.3.7`: how a delivery is named in the API.
std::string name_of(const DeliveryKey& key);
std::optional<DeliveryKey> delivery_named(std::string_view name);

}  // namespace caravan
