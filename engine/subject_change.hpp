#pragma once
// What has changed of a subject, so that only what could have changed with it is looked at again.

#include "journeys/dependencies.hpp"
#include "storage/records.hpp"

namespace caravan {

struct SubjectChange {
  std::vector<NameId> account_attributes = {};
  std::vector<NameId> person_attributes = {};  ///< of any of its people
  bool people = false;                         ///< somebody came or went
  bool groups = false;
  bool engagement = false;         ///< of some of its people or groups
  std::string_view activity = {};  ///< an event of this type was kept, as the NameBook has it; empty: none
  bool everything = false;         ///< nobody knows what
};

/// Adds what `other` says has changed.
void merge(SubjectChange& change, const SubjectChange& other);

/// Whether an expression that reads `reads` may yield something else after `change`.
bool may_matter(const SubjectChange& change, const Dependencies& reads);

/// An attribute that was set by a turn: what an event tells of it.
struct AttributeChange {
  NameId attribute{};
  AttributeInput before;
  AttributeInput after;
};

/// What differs between two records' attributes, by number.
std::vector<AttributeChange> changes_between(const Attributes& before, const Attributes& after);

}  // namespace caravan
