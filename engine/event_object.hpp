#pragma once
// Events as expressions see them: the one at hand, and those that activity() lists. Read in place from their records.

#include "engine/name_book.hpp"
#include "journeys/vocabulary.hpp"
#include "nodes/node.hpp"

namespace caravan {

/// `event.type`, `event.at`, `event.id` and the event's properties. Trivially destructible: it may live in an arena.
/// What it reads must outlive it.
class EventObject final : public cel::Object {
 public:
  struct Parts {
    NameId type{};
    Instant at{};
    std::string_view id;
    const Attributes* properties = nullptr;
  };
  EventObject(const cel::ObjectType& type, const NameBook& names, const Parts& parts)
      : object_type_(&type), names_(&names), parts_(parts) {}

  const cel::ObjectType& type() const override { return *object_type_; }
  cel::Value field(cel::FieldId id, cel::Evaluation& evaluation) const override;
  cel::Value field(std::string_view name, cel::Evaluation& evaluation) const override;
  cel::Value keys(cel::Evaluation& evaluation) const override;

 private:
  const cel::ObjectType* object_type_;
  const NameBook* names_;
  Parts parts_;
};

inline EventObject::Parts parts_of(const Event& event) {
  return {event.type, event.at, event.id, &event.properties};
}
inline EventObject::Parts parts_of(const ActivityRecord& activity) {
  return {activity.type, activity.at, activity.id, &activity.properties};
}

}  // namespace caravan
