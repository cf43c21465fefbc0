#pragma once
// The records of who asked for what: an audit trail, and the keys by which a request that comes again is known. Part of
// storage/records.hpp, which is what to include. Neither is in the journal: a replay does what was asked, and not who
// asked.

#include "storage/identities.hpp"

namespace caravan {

/// A request that its caller has given a key of their own (`Idempotency-Key`), and what it was answered.
struct AskedKeyRecord {
  std::string caller;  ///< whose key it is; empty: somebody who was not asked for a name
  std::string key;
  std::string fingerprint;  ///< of what was asked
  std::string result;       ///< what was answered, in the engine's own form (engine/asked.hpp)
  Instant at{};
  bool operator==(const AskedKeyRecord&) const = default;
};

/// That somebody has asked for something.
struct AuditRecord {
  std::int64_t sequence = 0;  ///< from 1, in the order of the transactions; given by the store
  Instant at{};
  std::string caller;
  std::string request_id;
  std::string action;   ///< what was asked for, in a word or two: `journey.pause`
  std::string target;   ///< to what it was to be done
  std::string refused;  ///< why it was not done; empty: it was
  bool operator==(const AuditRecord&) const = default;
};

}  // namespace caravan
