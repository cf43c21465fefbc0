#pragma once
// What backups, restores, migrations and checks of a store have in common: how far they are, and how closely they look.

#include "storage/store.hpp"

namespace caravan {

/// Told now and then: what is being done to which file (`copying caravan.db`), and how much of it is done, in bytes.
/// `total` is 0 where nobody can say.
using CopyProgress = std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>;

/// How closely SQLite looks at a file.
enum class Thoroughness {
  quick,  ///< whether its pages hang together
  full,   ///< also whether each index says what its table says
};

}  // namespace caravan
