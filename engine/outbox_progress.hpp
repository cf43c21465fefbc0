#pragma once
// What the outbox reports of a delivery: as it was read, in another state.

#include "storage/records.hpp"

namespace caravan {

/// The rest is for the caller to set.
DeliveryProgress progress_of(const DeliveryRecord& record, DeliveryState state);

/// The same after one more attempt.
DeliveryProgress after_attempt(const DeliveryRecord& record, DeliveryState state, std::string reason);

}  // namespace caravan
