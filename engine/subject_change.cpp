#include "engine/subject_change.hpp"

#include "engine/attribute_values.hpp"

namespace caravan {
namespace {

bool meet(const std::vector<NameId>& changed, const std::vector<std::uint32_t>& read) {
  return std::any_of(changed.begin(), changed.end(), [&](NameId name) {
    return std::binary_search(read.begin(), read.end(), static_cast<std::uint32_t>(name));
  });
}

}  // namespace

void merge(SubjectChange& change, const SubjectChange& other) {
  const auto add = [](std::vector<NameId>& to, const std::vector<NameId>& from) {
    for (const NameId name : from) {
      if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
    }
  };
  add(change.account_attributes, other.account_attributes);
  add(change.person_attributes, other.person_attributes);
  change.people = change.people || other.people;
  change.groups = change.groups || other.groups;
  change.engagement = change.engagement || other.engagement;
  if (!change.activity.empty() && !other.activity.empty() && change.activity != other.activity)
    change.everything = true;
  if (change.activity.empty()) change.activity = other.activity;
  change.everything = change.everything || other.everything;
}

bool may_matter(const SubjectChange& change, const Dependencies& reads) {
  if (change.everything) return true;
  if (!change.account_attributes.empty() &&
      (reads.any_account_attribute || meet(change.account_attributes, reads.account_attributes)))
    return true;
  const bool person_read = reads.any_person_attribute || meet(change.person_attributes, reads.person_attributes);
  if (!change.person_attributes.empty() && person_read) return true;
  if (change.people && (reads.people || reads.person || reads.groups)) return true;
  if (change.groups && reads.groups) return true;
  if (change.engagement && reads.engagement) return true;
  const auto& types = reads.activity_types;
  return !change.activity.empty() &&
         (reads.any_activity || std::binary_search(types.begin(), types.end(), change.activity));
}

std::vector<AttributeChange> changes_between(const Attributes& before, const Attributes& after) {
  std::vector<AttributeChange> changes;
  if (before == after) return changes;
  const auto value_in = [](const Attributes& attributes, NameId name) {
    const std::optional<AttributeValue> value = attributes.find(name);
    return value ? to_input(*value) : AttributeInput{};
  };
  std::set<NameId> names;
  before.each([&](NameId name, AttributeValue) { names.insert(name); });
  after.each([&](NameId name, AttributeValue) { names.insert(name); });
  for (const NameId name : names) {
    AttributeInput old_value = value_in(before, name);
    AttributeInput new_value = value_in(after, name);
    // Compared as records, which hold every value in one form.
    const std::array one = {std::pair{name, old_value}};
    const std::array other = {std::pair{name, new_value}};
    if (Attributes().with(one) == Attributes().with(other)) continue;
    changes.push_back({name, std::move(old_value), std::move(new_value)});
  }
  return changes;
}

}  // namespace caravan
