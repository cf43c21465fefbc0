#pragma once
// People's engagement as turns see it: what the batch at hand and the one on its way to the disk have put, which the
// reader may not know yet, over what the reader says. It keeps nothing else in memory.

#include "storage/store.hpp"

namespace caravan {

/// One thread uses it. The reader must have been refreshed after the commit of every batch before those two.
class ScoreBook {
 public:
  explicit ScoreBook(Reader& reader) : reader_(reader) {}

  /// Without counts and with scores of 0 for somebody who has done nothing.
  EngagementRecord of(PersonId person);
  double raw(PersonId person) { return of(person).raw; }
  double score(PersonId person) { return of(person).score; }
  /// What has become since of a record that was read from the store; without counts when it is gone.
  const EngagementRecord& newest(const EngagementRecord& stored) const;

  void put(EngagementRecord record, Changes& changes);
  /// A person is removed, and the store removes what it has of them.
  void remove(PersonId person);

  /// The batch at hand was handed to the writer; or everything is on the disk.
  void next_batch();
  void forget();

  /// The number of the batch at hand, and of the last one that the reader sees, with all before it.
  std::uint64_t batch() const { return batch_; }
  std::uint64_t readable() const { return readable_; }

 private:
  using Records = std::unordered_map<std::int64_t, EngagementRecord>;  ///< by person

  const EngagementRecord* unwritten(PersonId person) const;

  Reader& reader_;
  std::uint64_t batch_ = 1;
  std::uint64_t readable_ = 0;
  Records current_;
  Records last_;
};

}  // namespace caravan
