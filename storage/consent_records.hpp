#pragma once
// What people want of mails, kept by the address that they had when they are gone. Part of storage/records.hpp, which
// is what to include.

#include "storage/identities.hpp"

namespace caravan {

/// Stored numbers.
enum class ConsentKind : std::uint8_t {
  unsubscribed = 1,   ///< from all mails
  left_topic = 2,     ///< whose mails they do not want
  undeliverable = 3,  ///< mail servers know no such address
};

/// That something is kept of an address, or is let go.
struct KeptConsentRecord {
  std::string address;  ///< the 32 bytes of its SHA-256: the address itself is not kept
  ConsentKind kind = ConsentKind::unsubscribed;
  std::string topic = {};  ///< for `left_topic`; else empty
  Instant at{};            ///< when it was kept; of what is let go it counts for nothing
  bool kept = true;
  bool operator==(const KeptConsentRecord&) const = default;
};

}  // namespace caravan
