#include "engine/outbox_progress.hpp"

namespace caravan {

DeliveryProgress progress_of(const DeliveryRecord& record, DeliveryState state) {
  DeliveryProgress progress;
  progress.key = record.key;
  progress.account = record.account;
  progress.version = record.version;
  progress.message = record.message;
  progress.state = state;
  progress.attempts = record.attempts;
  return progress;
}

DeliveryProgress after_attempt(const DeliveryRecord& record, DeliveryState state, std::string reason) {
  DeliveryProgress progress = progress_of(record, state);
  progress.attempts = static_cast<std::uint16_t>(record.attempts + 1);
  progress.reason = std::move(reason);
  return progress;
}

}  // namespace caravan
