#pragma once
// The yardstick of rows that have no loop of their own: SQLite alone writes the rows that the engine has written, as
// they stand at the end, into a copy of the store as it stood at the start; with the settings of stores, and in as many
// transactions as the engine has made of them. It knows no table by name, so that it fits whatever the layout is.

#include "tools/bench/run.hpp"

namespace caravan::bench {

class BareCopy {
 public:
  /// `start` is a copy of the engine's file from when the clock started, and is written to; `end` is that file when it
  /// was measured; nobody has them open. What is to be written is found here, before any clock starts, and laid down in
  /// files beside `start`.
  BareCopy(const std::filesystem::path& start, const std::filesystem::path& end, const Progress& progress);
  ~BareCopy();
  BareCopy(const BareCopy&) = delete;
  BareCopy& operator=(const BareCopy&) = delete;

  /// That table is also read to its end, some of it with each transaction: what the engine had to look at.
  void also_read(const std::string& table);

  /// Rows are written in the order of Shuffled, not in that of their keys: as they are that events bring.
  void shuffle(std::uint64_t seed);

  /// All of it, in so many transactions. Gives the seconds it took.
  double write(std::size_t transactions, const Progress& progress);
  /// The n-th, from 1, of so many transactions. Gives the seconds it took.
  double write_one(std::size_t number, std::size_t of);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caravan::bench
