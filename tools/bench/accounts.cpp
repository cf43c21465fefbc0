#include "tools/bench/accounts.hpp"

#include "engine/name_book.hpp"
#include "tools/bench/process.hpp"

namespace caravan::bench {
namespace {

/// Puts account after account into a store's changes.
class Filler {
 public:
  Filler(Store& store, std::size_t people_per_account)
      : people_per_account_(people_per_account), names_(*store.reader()) {
    for (const std::string_view name :
         {"industry", "employees", "owner_email", "segment", "first_name", "title", "email"})
      names_.id_of(name);
    changes_.names = names_.take_new();
  }

  void add(std::size_t number) {
    const ReferenceAccount account = reference_account(number);
    const AccountId id{static_cast<std::int64_t>(number)};
    const std::array<std::pair<NameId, AttributeInput>, 4> attributes = {
        {{names_.id_of("industry"), {account.industry}},
         {names_.id_of("employees"), {account.employees}},
         {names_.id_of("owner_email"), {account.owner}},
         {names_.id_of("segment"), {static_cast<std::int64_t>(number % kSegments + 1)}}}};
    changes_.accounts.push_back({{id, account.key, Attributes().with(attributes)}, true});
    for (std::size_t place = 0; place < people_per_account_; ++place)
      add_person(account, id, place);
  }

  Changes& changes() { return changes_; }

 private:
  void add_person(const ReferenceAccount& account, AccountId id, std::size_t place) {
    const std::string key = account.person_key + "-" + std::to_string(place + 1);
    const std::array<std::pair<NameId, AttributeInput>, 3> attributes = {
        {{names_.id_of("first_name"), {account.first_name}},
         {names_.id_of("title"), {std::string(kTitles[place % kTitles.size()])}},
         {names_.id_of("email"), {key + "@customer.example"}}}};
    const auto number = static_cast<std::size_t>(id.value - 1) * people_per_account_ + place + 1;
    changes_.people.push_back(
        {{PersonId{static_cast<std::int64_t>(number)}, id, key, Attributes().with(attributes)}, true});
  }

  std::size_t people_per_account_;
  NameBook names_;
  Changes changes_;
};

void fill_with(const std::filesystem::path& file, std::size_t accounts, std::size_t people_per_account,
               const Progress& progress) {
  const std::size_t per_commit = std::max<std::size_t>(1, 20'000 / (1 + people_per_account));
  const std::unique_ptr<Store> store = open_sqlite(file, OpenMode::write);
  Filler filler(*store, people_per_account);
  for (std::size_t number = 1; number <= accounts; ++number) {
    filler.add(number);
    if (number % per_commit != 0 && number != accounts) continue;
    store->commit(filler.changes());
    filler.changes().clear();
    progress("accounts made", number, accounts);
  }
}

}  // namespace

void fill_apart(const std::filesystem::path& file, std::size_t accounts, std::size_t people_per_account,
                const Progress& progress) {
  do_apart([&] { fill_with(file, accounts, people_per_account, progress); });
}

double bytes_per_account(const std::filesystem::path& file, std::size_t accounts) {
  return static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(accounts);
}

}  // namespace caravan::bench
