#pragma once
// Makes up write sets as the engine makes them: legal over what the ones before have left, otherwise by chance.

#include <random>

#include "storage/store.hpp"

namespace caravan::testing {

class RandomChanges {
 public:
  explicit RandomChanges(std::uint32_t seed) : random_(seed) {}

  /// The next write set. It is to be committed.
  Changes next();

  // How far the numbers have come that were given out, each from 1.
  std::int64_t accounts() const { return accounts_; }
  std::int64_t people() const { return static_cast<std::int64_t>(people_.size()); }
  std::int64_t tokens() const { return static_cast<std::int64_t>(tokens_.size()); }

  /// From 0 to `below` - 1.
  std::int64_t number(std::int64_t below) { return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_); }
  /// An instant among few, so that many things happen at the same one.
  Instant instant() { return Instant(std::chrono::milliseconds(number(12) * 1'000 - 2'000)); }
  /// Some stand in for a person's, and some sort behind those.
  static std::string account_key(std::int64_t id) {
    const char* const before = id % 5 == 3 ? "~" : id % 7 == 4 ? "\xc3\xa9" : "";
    return before + std::string("account-") + std::to_string(id);
  }
  /// Bytes beyond ASCII, and a 0 among them.
  static std::string address_hash(std::int64_t of) {
    std::string hash(32, static_cast<char>(0xf0 + of));
    hash[3] = 0;
    return hash;
  }
  std::string person_key(std::int64_t id) const { return people_[static_cast<std::size_t>(id) - 1].key; }

 private:
  using Maker = void (RandomChanges::*)(Changes&);
  static const std::vector<Maker> kMakers;

  bool once_in(std::int64_t times) { return number(times) == 0; }
  NameId name() { return static_cast<NameId>(number(3) + 1); }
  AccountId any_account() { return {number(accounts_) + 1}; }
  /// Somebody who has not been removed; nobody where there is none.
  PersonId any_person();
  Attributes attributes();

  void make_account(Changes& changes);
  void change_account(Changes& changes);
  void make_person(Changes& changes);
  void change_person(Changes& changes);
  void remove_person(Changes& changes);
  void relate(Changes& changes);
  void keep_consent(Changes& changes);
  void make_token(Changes& changes);
  void change_token(Changes& changes);
  void stir(TokenRecord& token);
  void run(Changes& changes);
  void promise(Changes& changes);
  void progress(Changes& changes);
  void group(Changes& changes);
  void group_change(Changes& changes);
  void engage(Changes& changes);
  void engage_account(Changes& changes);
  void event(Changes& changes);
  void forget_events(Changes& changes);
  void audience(Changes& changes);
  void roster(Changes& changes);
  void mail(Changes& changes);
  void note(Changes& changes);
  void count(Changes& changes);
  void publish(Changes& changes);
  void life(Changes& changes);
  void task(Changes& changes);
  void sweep(Changes& changes);
  void name_something(Changes& changes);
  void journal(Changes& changes);
  void ask(Changes& changes);
  void forget_history(Changes& changes);
  TokenRecord* any_token();

  struct Person {
    PersonRecord record;
    std::string key;
    bool removed = false;
  };

  std::mt19937 random_;
  std::int64_t accounts_ = 0;
  std::vector<Person> people_;
  std::vector<TokenRecord> tokens_;
  std::set<TokenId> gone_;  ///< let go
  std::vector<DeliveryRecord> deliveries_;
  std::int64_t events_ = 0;
  std::int64_t versions_ = 0;
  std::int64_t tasks_ = 0;
  std::int64_t names_ = 0;
  std::int64_t journal_ = 0;
};

}  // namespace caravan::testing
