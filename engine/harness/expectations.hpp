#pragma once
// Whether a rehearsal stands as a step `expect` says. The first key that does not hold is told, with what was expected
// and what is there.
//   expectations.cpp          of whom, and the order in which keys are looked at
//   expected_standing.cpp     where somebody stands in a journey, and how they came there
//   expected_messages.cpp     what was sent, and who was told
//   expected_facts.cpp        events, groups, lists and the like, attributes, conditions

#include "engine/harness/line_diff.hpp"
#include "engine/harness/version_names.hpp"

namespace caravan {

/// A key of an expectation that does not hold.
struct Mismatch {
  Place place;
  std::string what;     ///< the key
  std::string message;  ///< a sentence without its full stop
  std::vector<DiffLine> diff;
};

/// Whom an expectation is about, and what a rehearsal has of them.
struct ExpectedSubject {
  const ExpectStep& step;
  Rehearsal& rehearsal;
  const Workspace& workspace;                 ///< what is published now
  std::string label = {};                     ///< `account acme`, `person acme-vp`
  std::optional<AccountRecord> account = {};  ///< the person's first one, where only a person is named
  std::optional<PersonRecord> person = {};    ///< where one is named
  /// In the journey that is meant, oldest first: enrollments, or the person's own ways within some.
  std::vector<TokenRecord> tokens = {};

  const std::string& zone() const { return workspace.configuration.timezone; }
  /// The key's place, or the step's where it was made by hand.
  Place place_of(std::string_view key) const;
  Mismatch mismatch(std::string_view key, std::string message, std::vector<DiffLine> diff = {}) const;
  /// One value against another.
  Mismatch mismatch(std::string_view key, std::string message, std::string expected, std::string actual) const;
};

/// Nothing: all of it holds. `step` is where the expectation stands.
std::optional<Mismatch> check(const ExpectStep& expect, const Place& step, Rehearsal& rehearsal,
                              const Workspace& workspace);

/// `account acme`, `person acme-vp`, or empty where it is about nobody.
std::string label_of(const ExpectStep& expect);

// What is asked of a subject, one by one.

/// Finds the records; what cannot be found is told.
std::optional<Mismatch> find_subject(ExpectedSubject& of);
/// The node where a token stands, or stood last; `nowhere` before its first.
std::string node_of(const ExpectedSubject& of, const TokenRecord& token);
/// The nodes that a token has visited, in order, and where it stands; `split/path` for splits.
std::vector<std::string> path_of(const ExpectedSubject& of, const TokenRecord& token);
/// What the timeline says of a token's last visit and of all that came after it.
std::vector<std::string> last_words(const ExpectedSubject& of, const TokenRecord& token);
/// Those of the account's buying group, with their roles.
std::vector<std::pair<std::string, std::string>> members_of(const ExpectedSubject& of, const std::string& interest);
bool is_listed(const ExpectedSubject& of, RosterKind kind, const std::string& name);
bool is_in_audience(const ExpectedSubject& of, const std::string& name);

// The parts of check().

std::optional<Mismatch> check_standing(const ExpectedSubject& of);
std::optional<Mismatch> check_messages(const ExpectedSubject& of);
std::optional<Mismatch> check_facts(const ExpectedSubject& of);

/// A name in a sentence: `settle` between ticks, in one line.
std::string ticked(std::string_view name);

}  // namespace caravan
