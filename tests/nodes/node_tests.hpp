#pragma once
// What tests of node types have in common.

#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

/// The fault of a workspace; how many there are when it has not got just one, with the first of them.
inline std::string only_fault(const SourceTexts& texts) {
  const std::vector<std::string> faults = faults_of(texts);
  if (faults.size() == 1) return faults.front();
  return std::to_string(faults.size()) + " faults" + (faults.empty() ? "" : ", the first: " + faults.front());
}

/// The same of a journey of one node, `do`: `type` is its type and what stands behind it. The node's line is 5.
inline std::string fault_of_node(const std::string& type) {
  return only_fault(seeds_workspace("- id: do\n" + indented(type, 2)));
}

/// The account `acme` with Ada (VP, in Berlin), Bob (Agronomist) and Cy (Clerk), who all have addresses.
inline std::vector<Input> acme(AttributeMap attributes = {}) {
  const auto person = [](const std::string& key, const std::string& title) {
    return UpsertPerson{key, "acme", {{"email", text(key + "@acme.example")}, {"title", text(title)}}};
  };
  return {UpsertAccount{"acme", std::move(attributes)}, person("ada", "VP Research"), person("bob", "Agronomist"),
          person("cy", "Clerk")};
}

/// The attributes of a person: `email=... title=...`.
inline std::string attributes_of(World& world, const std::string& account, const std::string& person) {
  for (const PersonRecord& each : world.people(account)) {
    if (each.key == person) return world.attributes(each.attributes);
  }
  return "(nobody)";
}

/// What the account's timeline says, a line a note.
inline std::vector<std::string> notes_of(World& world, const std::string& account) {
  std::vector<std::string> lines;
  for (const NoteRecord& note : world.notes(account))
    lines.push_back(note.text);
  return lines;
}

/// Who is in a list or a destination: keys of people, or of accounts.
inline std::vector<std::string> roster_of(World& world, RosterKind kind, std::string_view name) {
  const NameBook names(world.reader());
  std::vector<RosterRecord> found;
  if (const std::optional<NameId> id = names.find(name)) world.reader().roster(kind, *id, {}, 1'000, found);
  std::vector<std::string> keys;
  for (const RosterRecord& record : found) {
    const AccountRecord account = *world.reader().account(record.account);
    std::string key = account.key;
    for (const PersonRecord& person : world.people(account.key)) {
      if (person.id == record.person) key = person.key;
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace caravan::test
