// Whether a row is what a search looks for.

#include "storage/pages.hpp"

namespace caravan {
namespace {

template <class Value>
bool is_among(const std::vector<Value>& values, Value value) {
  return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

bool EnrollmentSearch::finds(const TokenRecord& token) const {
  if (token.parent && ways == Ways::left_out) return false;
  if (!is_among(states, token.state) || !entered.contains(token.entered_at)) return false;
  return !where || std::any_of(where->begin(), where->end(), [&](const NodeOfVersion& each) {
    return each.version == token.version && (each.node == kNoNode || each.node == token.node);
  });
}

bool DeliverySearch::finds(VersionId version, MessageIndex message, DeliveryState state, Instant created_at) const {
  if (!is_among(states, state) || !promised.contains(created_at)) return false;
  return !of || std::any_of(of->begin(), of->end(), [&](const MessageOfVersion& each) {
    return each.version == version && (!each.message || *each.message == message);
  });
}

bool AuditSearch::finds(std::string_view by, std::string_view what) const {
  return (caller.empty() || caller == by) && (action.empty() || action == what);
}

}  // namespace caravan
