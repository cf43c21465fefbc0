#include "engine/subject.hpp"

namespace caravan {

std::vector<TokenRecord>& Subject::tokens(Reader& reader) {
  if (!std::exchange(tokens_loaded_, true)) reader.tokens_of(account.id, tokens_);
  return tokens_;
}

std::vector<PersonRecord>& Subject::people(Reader& reader) {
  if (!std::exchange(people_loaded_, true)) reader.people_of(account.id, people_);
  return people_;
}

std::vector<GroupRecord>& Subject::groups(Reader& reader) {
  if (!std::exchange(groups_loaded_, true)) reader.groups_of(account.id, groups_);
  return groups_;
}

void Subjects::next_batch() {
  std::swap(current_, last_);
  current_.subjects.clear();
  current_.new_accounts.clear();
  current_.placed_people.clear();
}

void Subjects::forget() {
  current_ = {};
  last_ = {};
}

Subject* Subjects::cached(AccountId id) {
  if (const auto found = current_.subjects.find(id.value); found != current_.subjects.end()) return found->second.get();
  const auto found = last_.subjects.find(id.value);
  if (found == last_.subjects.end()) return nullptr;
  return (current_.subjects[id.value] = std::move(last_.subjects.extract(found).mapped())).get();
}

Subject* Subjects::find(AccountId id) {
  if (Subject* subject = cached(id)) return subject;
  std::optional<AccountRecord> record = reader_.account(id);
  return record ? &of(std::move(*record)) : nullptr;
}

Subject* Subjects::find(std::string_view key) {
  const std::string text(key);
  for (const Generation* generation : {&current_, &last_}) {
    if (const auto found = generation->new_accounts.find(text); found != generation->new_accounts.end()) {
      return find(found->second);
    }
  }
  std::optional<AccountRecord> record = reader_.account(key);
  return record ? &of(std::move(*record)) : nullptr;
}

Subject& Subjects::of(AccountRecord&& record) {
  const AccountId id = record.id;
  if (Subject* subject = cached(id)) return *subject;
  return *(current_.subjects[id.value] = std::make_unique<Subject>(std::move(record)));
}

Subject& Subjects::create(AccountRecord record) {
  current_.new_accounts.emplace(record.key, record.id);
  Subject& subject = of(std::move(record));
  subject.nothing_stored();
  return subject;
}

std::optional<Subjects::PersonPlace> Subjects::find_person(std::string_view key) {
  const std::string text(key);
  for (const Generation* generation : {&current_, &last_}) {
    if (const auto found = generation->placed_people.find(text); found != generation->placed_people.end()) {
      return found->second;
    }
  }
  const std::optional<PersonRecord> record = reader_.person(key);
  return record ? std::optional(PersonPlace{record->id, record->account}) : std::nullopt;
}

void Subjects::place_person(const std::string& key, PersonPlace place) {
  current_.placed_people.insert_or_assign(key, place);
}

}  // namespace caravan
