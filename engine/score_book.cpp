#include "engine/score_book.hpp"

namespace caravan {

const EngagementRecord* ScoreBook::unwritten(PersonId person) const {
  for (const Records* records : {&current_, &last_}) {
    if (const auto found = records->find(person.value); found != records->end()) return &found->second;
  }
  return nullptr;
}

EngagementRecord ScoreBook::of(PersonId person) {
  if (const EngagementRecord* record = unwritten(person)) return *record;
  if (const auto known = read_.find(person.value); known != read_.end()) return known->second;
  std::optional<EngagementRecord> stored = reader_.engagement(person);
  EngagementRecord record = stored ? std::move(*stored) : EngagementRecord{person, {}, 0, 0};
  if (memory_ == Memory::of_what_is_read) read_.emplace(person.value, record);
  return record;
}

const EngagementRecord& ScoreBook::newest(const EngagementRecord& stored) const {
  const EngagementRecord* record = unwritten(stored.person);
  return record ? *record : stored;
}

void ScoreBook::put(EngagementRecord record, Changes& changes) {
  changes.engagement.push_back(record);
  current_.insert_or_assign(record.person.value, std::move(record));
}

void ScoreBook::remove(PersonId person) {
  current_.insert_or_assign(person.value, EngagementRecord{person, {}, 0, 0});
}

void ScoreBook::next_batch() {
  std::swap(current_, last_);
  current_.clear();
  // Of the batches before that one, none is on its way any more.
  readable_ = batch_ - 1;
  ++batch_;
}

void ScoreBook::forget() {
  current_.clear();
  last_.clear();
  readable_ = batch_ - 1;
}

}  // namespace caravan
