// What of a delivery never changes its meaning: its key as a text, and when it is tried again.

#include <cmath>

#include "engine/channels/mime.hpp"
#include "engine/outbox.hpp"

namespace caravan {
namespace {

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9U;
  value = (value ^ value >> 27U) * 0x94D049BB133111EBU;
  return value ^ value >> 31U;
}

/// From 0 up to 1, by a hash of the key.
double share_of(const DeliveryKey& key, std::uint16_t attempt) {
  std::uint64_t hash = mixed(static_cast<std::uint64_t>(key.token.value));
  hash = mixed(hash + key.visit);
  hash = mixed(hash + static_cast<std::uint64_t>(key.recipient.value));
  hash = mixed(hash + attempt);
  return static_cast<double>(hash >> 11U) * 0x1p-53;
}

std::chrono::milliseconds times(std::chrono::milliseconds delay, double factor) {
  return std::chrono::milliseconds(std::llround(static_cast<double>(delay.count()) * factor));
}

}  // namespace

std::chrono::milliseconds retry_delay(const RetryDefinition& retry, const DeliveryKey& key, std::uint16_t attempt,
                                      std::chrono::milliseconds rest) {
  std::chrono::milliseconds delay = retry.first;
  for (int i = 1; i < attempt && delay < retry.longest; ++i)
    delay *= 2;
  const double share = share_of(key, attempt);
  return std::max(times(std::min(delay, retry.longest), 0.75 + 0.5 * share), times(rest, 1.0 + 0.25 * share));
}

std::string to_text(const DeliveryKey& key, std::string_view installation) {
  constexpr std::size_t longest_installation = 60;  // the numbers behind it are never cut off
  const std::int64_t recipient = key.recipient.value;
  return safe_key(std::string(installation.substr(0, longest_installation)) + "-" + std::to_string(key.token.value) +
                  "-" + std::to_string(key.visit) +
                  (recipient < 0 ? "-a" + std::to_string(-recipient) : "-p" + std::to_string(recipient)));
}

}  // namespace caravan
