#pragma once
// What stands behind the classes of harness.hpp.

#include "engine/harness/harness.hpp"
#include "engine/harness/rehearsal.hpp"
#include "engine/name_book.hpp"

namespace caravan::harness {

/// A workspace with the dictionary that it was loaded with; what was made of it by Workspace::with() shares that.
struct Workspace::State {
  std::shared_ptr<NameBook> names;
  std::shared_ptr<const caravan::Workspace> workspace;
};

struct Rehearsal::State {
  State(const Workspace::State& loaded, Time at);

  void take(Input input);  ///< throws Refused

  std::shared_ptr<NameBook> names;
  std::shared_ptr<const caravan::Workspace> workspace;  ///< what is published now
  caravan::Rehearsal rehearsal;
};

AttributeInput to_input(const Value& value);
AttributeMap to_inputs(const Attributes& attributes);
Value to_value(const AttributeValue& value);

}  // namespace caravan::harness
