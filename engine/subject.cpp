#include "engine/subject.hpp"

namespace caravan {

std::list<TokenRecord>& Subject::tokens(Reader& reader) {
  if (!std::exchange(tokens_loaded_, true)) {
    std::vector<TokenRecord> read;
    reader.tokens_of(account.id, read);
    tokens_.assign(std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
  }
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

std::vector<ActivityRecord>& Subject::activity(Reader& reader) {
  if (!std::exchange(activity_loaded_, true)) {
    // Those that came meanwhile may or may not be on the disk yet.
    const std::vector<ActivityRecord> since = std::exchange(activity_, {});
    reader.activity_of(account.id, activity_);
    const std::int64_t last = activity_.empty() ? 0 : activity_.back().sequence;
    std::copy_if(since.begin(), since.end(), std::back_inserter(activity_),
                 [&](const ActivityRecord& each) { return each.sequence > last; });
  }
  return activity_;
}

std::int64_t Subject::activity_count(Reader& reader) {
  if (activity_loaded_) return static_cast<std::int64_t>(activity_.size());
  if (!activity_count_) activity_count_ = reader.activity_count(account.id);
  return *activity_count_;
}

std::vector<AudienceMemberRecord>& Subject::audiences(Reader& reader) {
  if (!std::exchange(audiences_loaded_, true)) reader.audiences_of(account.id, audiences_);
  return audiences_;
}

std::size_t Subject::loaded() const {
  std::size_t count = tokens_.size() + people_.size() + groups_.size() + activity_.size() + audiences_.size();
  for (const GroupRecord& group : groups_)
    count += group.members.size();
  return count;
}

PersonRecord* Subject::find_person(Reader& reader, PersonId id) {
  std::vector<PersonRecord>& all = people(reader);
  const auto found = std::lower_bound(all.begin(), all.end(), id,
                                      [](const PersonRecord& each, PersonId wanted) { return each.id < wanted; });
  return found == all.end() || found->id != id ? nullptr : &*found;
}

TokenRecord* Subject::find_token(Reader& reader, TokenId id) {
  std::list<TokenRecord>& all = tokens(reader);
  const auto found = std::find_if(all.begin(), all.end(), [&](const TokenRecord& each) { return each.id == id; });
  return found == all.end() ? nullptr : &*found;
}

void Subject::add_activity(const ActivityRecord& record, Reader& reader) {
  const std::int64_t before = activity_count(reader);
  activity_.push_back(record);
  activity_count_ = before + 1;
}

std::int64_t Subject::forget_activity(std::int64_t kept, Reader& reader) {
  std::vector<ActivityRecord>& all = activity(reader);
  const auto surplus = static_cast<std::int64_t>(all.size()) - kept;
  if (surplus <= 0) return 0;
  const std::int64_t last = all[static_cast<std::size_t>(surplus - 1)].sequence;
  all.erase(all.begin(), all.begin() + surplus);
  activity_count_ = kept;
  return last;
}

bool Subject::has_activity(std::string_view id, Reader& reader) {
  const bool came_since =
      std::any_of(activity_.begin(), activity_.end(), [&](const auto& each) { return each.id == id; });
  return came_since || (!activity_loaded_ && reader.has_activity(account.id, id));
}

void Subject::give_audiences(std::vector<AudienceMemberRecord> audiences) {
  if (!std::exchange(audiences_loaded_, true)) audiences_ = std::move(audiences);
}

void Subjects::next_batch() {
  std::swap(current_, last_);
  current_.subjects.clear();
  current_.new_accounts.clear();
  current_.placed_people.clear();
  current_.other_accounts.clear();
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

void Subjects::forget_person(const std::string& key) {
  current_.placed_people.insert_or_assign(key, std::nullopt);
}

std::vector<AccountId> Subjects::other_accounts_of(PersonId person) {
  if (!has_relations_) return {};
  for (const Generation* generation : {&current_, &last_}) {
    if (const auto found = generation->other_accounts.find(person.value); found != generation->other_accounts.end())
      return found->second;
  }
  std::vector<RelationRecord> relations;
  reader_.relations_of(person, relations);
  std::vector<AccountId> accounts;
  for (const RelationRecord& relation : relations)
    accounts.push_back(relation.account);
  return accounts;
}

void Subjects::set_other_accounts(PersonId person, std::vector<AccountId> accounts) {
  has_relations_ = true;
  current_.other_accounts.insert_or_assign(person.value, std::move(accounts));
}

}  // namespace caravan
