#pragma once
// People's engagement as turns see it: what the batch at hand and the one on its way to the disk have put, which the
// reader may not know yet, over what the reader says.

#include "storage/store.hpp"

namespace caravan {

/// One thread uses it. The reader must have been refreshed after the commit of every batch before those two.
class ScoreBook {
 public:
  /// Whether it keeps what it has read: for who asks often while the reader stays where it is.
  enum class Memory { of_what_is_put, of_what_is_read };
  explicit ScoreBook(Reader& reader, Memory memory = Memory::of_what_is_put) : reader_(reader), memory_(memory) {}

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

  /// Of `of_what_is_read`: how many people that are.
  std::size_t read() const { return read_.size(); }

  /// The number of the batch at hand, and of the last one that the reader sees, with all before it.
  std::uint64_t batch() const { return batch_; }
  std::uint64_t readable() const { return readable_; }

 private:
  using Records = std::unordered_map<std::int64_t, EngagementRecord>;  ///< by person

  const EngagementRecord* unwritten(PersonId person) const;

  Reader& reader_;
  const Memory memory_;
  std::uint64_t batch_ = 1;
  std::uint64_t readable_ = 0;
  Records current_;
  Records last_;
  Records read_;
};

}  // namespace caravan
