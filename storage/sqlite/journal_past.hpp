#pragma once
// Which history a store has: a hash over all entries that its journal ever had, which begins with the store's own name.
// A snapshot belongs to a store whose history was the same when it was taken; where an older copy of the store was
// restored and has gone on, or another store has taken its place, the hashes differ.

#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// Of the store that the connection is open on.
std::int64_t journal_past(Connection& connection);

/// Of a history with one more entry, as it is stored. FNV-1a (Fowler, Noll, Vo) in 64 bits.
std::int64_t past_behind(std::int64_t past, std::string_view entry);

}  // namespace caravan::sqlite
