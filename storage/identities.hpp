#pragma once
// What records are told apart by, and the time that they carry.

#include "storage/attributes.hpp"

namespace caravan {

/// Milliseconds of UTC. The same standard type as in the authoring room, which knows nothing of storage.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A number that only means something among its own kind. 0 is "none".
template <class Tag>
struct Id {
  std::int64_t value = 0;
  explicit operator bool() const { return value != 0; }
  auto operator<=>(const Id&) const = default;
};
using AccountId = Id<struct AccountTag>;
using PersonId = Id<struct PersonTag>;
using TokenId = Id<struct TokenTag>;  ///< an enrollment's id is the id of its account's token
using VersionId = Id<struct VersionTag>;

}  // namespace caravan
