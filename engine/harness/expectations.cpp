#include "engine/harness/expectations.hpp"

#include "engine/one_line.hpp"

namespace caravan {
namespace {

/// Whose tokens count: those of the journey's subject, or of a person within a people split.
std::vector<TokenRecord> tokens_of(const ExpectedSubject& of) {
  Reader& reader = of.rehearsal.reader();
  JourneyLibrary& library = of.rehearsal.library();
  std::vector<TokenRecord> tokens;
  reader.tokens_of(of.account->id, tokens);
  const auto journey = of.workspace.journeys.find(of.step.journey);
  const bool is_for_people =
      journey != of.workspace.journeys.end() && journey->second.subject == JourneySubject::person;
  const PersonId person = of.person ? of.person->id : PersonId{};
  std::erase_if(tokens, [&](const TokenRecord& token) {
    const bool is_enrollment = !token.parent;
    return token.person != person || is_enrollment != (is_for_people || !person) ||
           library.journey_of(token.version) != of.step.journey;
  });
  return tokens;
}

}  // namespace

std::optional<Mismatch> find_subject(ExpectedSubject& of) {
  Reader& reader = of.rehearsal.reader();
  if (!of.step.person.empty()) {
    of.person = reader.person(of.step.person);
    if (!of.person) return of.mismatch("person", "there is no person " + ticked(of.step.person));
  }
  of.account = of.step.account.empty() ? reader.account(of.person->account) : reader.account(of.step.account);
  if (!of.account) return of.mismatch("account", "there is no account " + ticked(of.step.account));
  if (!of.step.journey.empty()) of.tokens = tokens_of(of);
  return std::nullopt;
}

std::string ticked(std::string_view name) {
  return "`" + one_line(name) + "`";
}

std::string label_of(const ExpectStep& expect) {
  if (!expect.person.empty()) return "person " + one_line(expect.person);
  return expect.account.empty() ? "" : "account " + one_line(expect.account);
}

Place ExpectedSubject::place_of(std::string_view key) const {
  const auto found = step.places.find(key);
  return found == step.places.end() ? Place{} : found->second;
}

Mismatch ExpectedSubject::mismatch(std::string_view key, std::string message, std::vector<DiffLine> diff) const {
  return {place_of(key), std::string(key), std::move(message), std::move(diff)};
}

Mismatch ExpectedSubject::mismatch(std::string_view key, std::string message, std::string expected,
                                   std::string actual) const {
  return mismatch(key, std::move(message),
                  {{DiffLine::Kind::expected, std::move(expected)}, {DiffLine::Kind::actual, std::move(actual)}});
}

std::optional<Mismatch> check(const ExpectStep& expect, const Place& step, Rehearsal& rehearsal,
                              const Workspace& workspace) {
  ExpectedSubject of{expect, rehearsal, workspace};
  of.label = label_of(expect);
  if (of.label.empty()) return std::nullopt;
  std::optional<Mismatch> found = find_subject(of);
  if (!found) found = check_standing(of);
  if (!found) found = check_messages(of);
  if (!found) found = check_facts(of);
  if (found && !found->place.file) found->place = step;
  return found;
}

}  // namespace caravan
