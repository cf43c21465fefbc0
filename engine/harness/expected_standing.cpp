// Where somebody stands in a journey, since when it is so, and by which way they came there.

#include "engine/harness/enrollment_story.hpp"
#include "engine/harness/expectations.hpp"
#include "engine/lifecycle.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

constexpr std::string_view kNowhere = "nowhere";

std::vector<NoteRecord> notes_of(const ExpectedSubject& of, const TokenRecord& token) {
  std::vector<NoteRecord> notes;
  of.rehearsal.reader().notes_of(token.account, notes);
  std::erase_if(notes, [&](const NoteRecord& note) { return note.token != token.id; });
  return notes;
}

/// The names of one token's history.
struct History {
  History(const ExpectedSubject& of, const TokenRecord& token)
      : all(of.rehearsal.library(), of.rehearsal.reader()), versions(all, token, notes_of(of, token)) {
    of.rehearsal.reader().runs_of(token.id, runs);
  }
  AllNames all;
  TokenVersions versions;
  std::vector<RunRecord> runs;
};

/// What came of a visit that had stopped, or another try of one that had failed, is no further step.
bool goes_on_with(const VisitRecord& before, const VisitRecord& visit) {
  if (before.node != visit.node) return false;
  return visit.outcome == VisitOutcome::heard || visit.outcome == VisitOutcome::timed_out ||
         before.outcome == VisitOutcome::failed ||
         (visit.outcome == VisitOutcome::failed && before.outcome == VisitOutcome::stopped);
}

}  // namespace

std::string node_of(const ExpectedSubject& of, const TokenRecord& token) {
  if (token.node == kNoNode) return std::string(kNowhere);
  const History history(of, token);
  return history.versions.at_visit(token.visits).node(token.node);
}

std::vector<std::string> path_of(const ExpectedSubject& of, const TokenRecord& token) {
  const History history(of, token);
  std::vector<std::string> path;
  const VisitRecord* before = nullptr;
  for (const RunRecord& run : history.runs) {
    for (std::size_t i = 0; i < run.visits.size(); ++i) {
      const VisitRecord& visit = run.visits[i];
      const VersionNames& names = history.versions.at_visit(run.first_visit + static_cast<std::uint32_t>(i));
      std::string step = names.node(visit.node);
      if (visit.path != kNoPath) step += "/" + names.path(visit.node, visit.path);
      if (before && goes_on_with(*before, visit))
        path.back() = std::move(step);
      else
        path.push_back(std::move(step));
      before = &visit;
    }
  }
  return path;
}

std::vector<std::string> last_words(const ExpectedSubject& of, const TokenRecord& token) {
  const std::map<PersonId, std::string> nobody;
  std::vector<StoryLine> lines =
      tell_enrollments(of.rehearsal.library(), of.rehearsal.reader(), token.account, nobody, of.zone());
  std::erase_if(lines, [&](const StoryLine& line) { return line.token != token.id; });
  auto last = std::find_if(lines.rbegin(), lines.rend(),
                           [](const StoryLine& line) { return line.kind == StoryLine::Kind::visit; });
  auto from = last == lines.rend() ? lines.begin() : last.base() - 1;
  std::vector<std::string> words;
  for (auto line = from; line != lines.end(); ++line) {
    const bool is_delivery = line->kind == StoryLine::Kind::delivery;
    std::string text = line->kind == StoryLine::Kind::visit || is_delivery ? line->node : "";
    if (!line->address.empty()) text += " to " + line->address;
    if (!line->path.empty()) text += "/" + line->path;
    if (!line->outcome.empty()) text += (text.empty() ? "" : ", ") + line->outcome;
    const bool found_no_path = line->kind == StoryLine::Kind::visit && line->type == "split" && line->path.empty();
    if (found_no_path) text += ", no path fits";
    words.push_back(std::move(text));
  }
  return words;
}

namespace {

const TokenRecord* newest(const ExpectedSubject& of) {
  return of.tokens.empty() ? nullptr : &of.tokens.back();
}

/// `stands at `settle``, `has completed `seeds``, `has never entered `seeds``
std::string standing_words(const ExpectedSubject& of) {
  const std::string journey = ticked(of.step.journey);
  const TokenRecord* token = newest(of);
  if (!token) return "has never entered " + journey;
  switch (token->state) {
    case TokenState::completed: return "has completed " + journey;
    case TokenState::left: return "has left " + journey;
    case TokenState::failed: return "has failed in " + journey;
    default: return "stands at " + ticked(node_of(of, *token));
  }
}

std::string standing_word(const ExpectedSubject& of) {
  const TokenRecord* token = newest(of);
  if (!token) return std::string(kNowhere);
  return is_final(token->state) ? std::string(to_text(token->state)) : node_of(of, *token);
}

std::string in_journey(const ExpectedSubject& of) {
  return " in " + ticked(of.step.journey);
}

std::optional<Mismatch> check_at(const ExpectedSubject& of) {
  if (!of.step.at) return std::nullopt;
  const std::string is = standing_word(of);
  // Who has ended stands at no node, whatever it is called.
  const bool stands = newest(of) == nullptr || !is_final(newest(of)->state);
  if (is == *of.step.at && stands) return std::nullopt;
  const std::string should = *of.step.at == kNowhere ? ", and should never have entered " + ticked(of.step.journey)
                             : stands && newest(of)  ? ", not at " + ticked(*of.step.at)
                                                     : ", and does not stand at " + ticked(*of.step.at);
  return of.mismatch("at", of.label + " " + standing_words(of) + should, *of.step.at, is);
}

std::optional<Mismatch> check_state(const ExpectedSubject& of) {
  if (!of.step.state) return std::nullopt;
  const TokenRecord* token = newest(of);
  const std::string is = token ? std::string(to_text(token->state)) : std::string(kNowhere);
  if (is == *of.step.state) return std::nullopt;
  const std::string found =
      token ? "is " + ticked(is) + in_journey(of) + ", not " : standing_words(of) + ", and is not ";
  return of.mismatch("state", of.label + " " + found + ticked(*of.step.state), *of.step.state, is);
}

std::optional<Mismatch> check_until(const ExpectedSubject& of) {
  if (!of.step.until) return std::nullopt;
  const TokenRecord* token = newest(of);
  const std::optional<Instant> is = token && !is_final(token->state) ? token->due_at : std::nullopt;
  if (is == of.step.until) return std::nullopt;
  const auto words = [&](Instant at) { return short_time(at, of.zone()); };
  const std::string found = is                                 ? "waits until " + words(*is) + ", not"
                            : token && !is_final(token->state) ? "waits for no time, not"
                                                               : standing_words(of) + ", and does not wait";
  return of.mismatch("until", of.label + " " + found + " until " + words(*of.step.until), to_text(*of.step.until),
                     is ? to_text(*is) : "no time");
}

std::optional<Mismatch> check_why(const ExpectedSubject& of) {
  if (!of.step.why) return std::nullopt;
  const TokenRecord* token = newest(of);
  const std::vector<std::string> words =
      token ? last_words(of, *token) : std::vector<std::string>{"has never entered the journey"};
  const bool is_said = std::any_of(words.begin(), words.end(), [&](const std::string& line) {
    return line.find(*of.step.why) != std::string::npos;
  });
  if (is_said) return std::nullopt;
  return of.mismatch("why",
                     "nothing of what came last of " + of.label + in_journey(of) + " says " + ticked(*of.step.why),
                     diff_lines(std::array{*of.step.why}, words));
}

std::optional<Mismatch> check_entries(const ExpectedSubject& of) {
  if (!of.step.entries) return std::nullopt;
  const auto is = static_cast<std::int64_t>(of.tokens.size());
  if (is == *of.step.entries) return std::nullopt;
  const auto times = [](std::int64_t count) { return std::to_string(count) + (count == 1 ? " time" : " times"); };
  return of.mismatch(
      "entries",
      of.label + " has entered " + ticked(of.step.journey) + " " + times(is) + ", not " + times(*of.step.entries),
      std::to_string(*of.step.entries), std::to_string(is));
}

std::optional<Mismatch> check_path(const ExpectedSubject& of) {
  if (!of.step.path) return std::nullopt;
  const TokenRecord* token = newest(of);
  const std::vector<std::string> is = token ? path_of(of, *token) : std::vector<std::string>();
  if (is == *of.step.path) return std::nullopt;
  if (!token)
    return of.mismatch("path", of.label + " has never entered " + ticked(of.step.journey),
                       diff_lines(*of.step.path, is));
  return of.mismatch("path", of.label + " has gone another way through " + ticked(of.step.journey),
                     diff_lines(*of.step.path, is));
}

}  // namespace

std::optional<Mismatch> check_standing(const ExpectedSubject& of) {
  for (const auto& check_key : {check_at, check_state, check_until, check_why, check_entries, check_path}) {
    if (std::optional<Mismatch> found = check_key(of)) return found;
  }
  return std::nullopt;
}

}  // namespace caravan
