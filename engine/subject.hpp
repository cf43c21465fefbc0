#pragma once
// The account a turn is about, with everything of it that turns read and change, and the cache that loads subjects for
// a batch. The turns of a batch see each other's effects through it, and those of the batch that is being written.

#include <list>

#include "storage/store.hpp"

namespace caravan {

/// An account's records. All but the account itself are loaded when a turn first asks for them.
class Subject {
 public:
  explicit Subject(AccountRecord record) : account(std::move(record)) {}

  AccountRecord account;
  /// Every token the account ever had, by id. A list keeps each where it is when another comes.
  std::list<TokenRecord>& tokens(Reader& reader);
  std::vector<PersonRecord>& people(Reader& reader);
  std::vector<GroupRecord>& groups(Reader& reader);
  /// What is kept of its events, by sequence.
  std::vector<ActivityRecord>& activity(Reader& reader);
  /// How many these are, without loading them.
  std::int64_t activity_count(Reader& reader);
  /// The audiences it is in, by number.
  std::vector<AudienceMemberRecord>& audiences(Reader& reader);

  /// How many records were loaded besides the account itself.
  std::size_t loaded() const;

  /// Null when there is no such person of the account, or no such token.
  PersonRecord* find_person(Reader& reader, PersonId id);
  TokenRecord* find_token(Reader& reader, TokenId id);

  /// Adds to what is kept of its events, whether or not the others are loaded.
  void add_activity(const ActivityRecord& record, Reader& reader);
  /// Forgets all but the newest `kept`; gives the sequence up to which they are gone.
  std::int64_t forget_activity(std::int64_t kept, Reader& reader);
  /// Whether it has an event of that sender's id.
  bool has_activity(std::string_view id, Reader& reader);
  /// The audiences as somebody has read them already.
  void give_audiences(std::vector<AudienceMemberRecord> audiences);

  /// Whether its audiences are marked to be evaluated again.
  enum class Mark { as_stored, set, cleared };
  Mark mark = Mark::as_stored;

  /// A new account has nothing in the store to load.
  void nothing_stored() {
    tokens_loaded_ = people_loaded_ = groups_loaded_ = activity_loaded_ = audiences_loaded_ = true;
    activity_count_ = 0;
  }

 private:
  std::list<TokenRecord> tokens_;
  std::vector<PersonRecord> people_;
  std::vector<GroupRecord> groups_;
  std::vector<ActivityRecord> activity_;  ///< while not loaded, those that came since the store was last read
  std::vector<AudienceMemberRecord> audiences_;
  std::optional<std::int64_t> activity_count_;
  bool tokens_loaded_ = false;
  bool people_loaded_ = false;
  bool groups_loaded_ = false;
  bool activity_loaded_ = false;
  bool audiences_loaded_ = false;
};

/// The subjects of the batch at hand and of the one that is on its way to the disk: the reader must have been refreshed
/// after the commit of every batch before that one.
class Subjects {
 public:
  explicit Subjects(Reader& reader) : reader_(reader), has_relations_(reader.has_relations()) {}

  /// The batch at hand was handed to the writer: what it used is kept, what it did not use is forgotten.
  void next_batch();
  /// Everything is on the disk.
  void forget();

  /// Null when there is no such account. Valid until the batch after next.
  Subject* find(AccountId id);
  Subject* find(std::string_view key);
  /// The subject of a record that was just read from the store.
  Subject& of(AccountRecord&& record);
  Subject& create(AccountRecord record);

  /// Where a person of that key is; nothing when there is none.
  struct PersonPlace {
    PersonId person;
    AccountId account;
  };
  std::optional<PersonPlace> find_person(std::string_view key);
  void place_person(const std::string& key, PersonPlace place);
  /// Nobody has that key any more.
  void forget_person(const std::string& key);

  /// The accounts that a person belongs to beside their primary one.
  std::vector<AccountId> other_accounts_of(PersonId person);
  /// That is changed to these.
  void set_other_accounts(PersonId person, std::vector<AccountId> accounts);

  /// The subject that the batch at hand or the one before has used; null when neither has.
  Subject* cached(AccountId id);

 private:
  struct Generation {
    std::unordered_map<std::int64_t, std::unique_ptr<Subject>> subjects;
    std::unordered_map<std::string, AccountId> new_accounts;
    std::unordered_map<std::string, std::optional<PersonPlace>> placed_people;  ///< none: was removed
    std::unordered_map<std::int64_t, std::vector<AccountId>> other_accounts;    ///< of a person
  };

  Reader& reader_;
  Generation current_;
  Generation last_;
  bool has_relations_;  ///< anybody belongs to more than one account
};

}  // namespace caravan
