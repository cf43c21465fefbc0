#include "engine/harness/enrollment_story.hpp"

#include "engine/harness/version_names.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

std::string words_of(const DeliveryRecord& delivery) {
  const std::string because = delivery.reason.empty() ? "" : ": " + delivery.reason;
  switch (delivery.state) {
    case DeliveryState::pending:
      return delivery.attempts == 0
                 ? "to be delivered"
                 : "tried " + std::to_string(delivery.attempts) + " times, to be tried again" + because;
    case DeliveryState::under_way: return "under way";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::failed: return "undeliverable" + because;
    case DeliveryState::in_doubt: return "in doubt: it was under way when the engine died";
    case DeliveryState::suppressed: return "suppressed" + because;
  }
  return {};
}

std::string words_of_held(const TokenRecord& token, const std::string& zone) {
  switch (token.resume) {
    case Resume::visit:
      return token.due_at ? "is held and tries again " + short_time(*token.due_at, zone)
                          : "is held, and tries no more by itself: retry, skip or remove it";
    case Resume::wake: return "is held: its time came while the journey was paused";
    case Resume::hear: return "is held: its event came while the journey was paused";
    case Resume::join: return "is held: its people came together while the journey was paused";
  }
  return "is held";
}

std::string words_of(const TokenRecord& token, const std::string& zone) {
  switch (token.state) {
    case TokenState::ready: return "goes on as soon as the engine runs";
    case TokenState::waiting: return token.due_at ? "waits until " + short_time(*token.due_at, zone) : "waits";
    case TokenState::listening: return token.due_at ? "listens until " + short_time(*token.due_at, zone) : "listens";
    case TokenState::joining: return "waits for its people";
    case TokenState::held: return words_of_held(token, zone);
    case TokenState::completed: return token.parent ? "is through" : "completed";
    case TokenState::left: return "left before the end";
    case TokenState::failed: return "failed";
  }
  return {};
}

std::string words_of(NoteKind kind) {
  switch (kind) {
    case NoteKind::expression_error: return "an expression failed, so it did not match: ";
    case NoteKind::failure: return "failed: ";
    case NoteKind::refused: return "refused: ";
    case NoteKind::taken_out: return "left: ";
    case NoteKind::reached_goal: return "reached the goal: ";
    case NoteKind::moved: return "moved ";
    case NoteKind::interfered: return "by hand: ";
  }
  return {};
}

bool is_bad(NoteKind kind) {
  return kind == NoteKind::failure || kind == NoteKind::expression_error;
}

/// What a token does at a node where it stands.
std::string_view standing_words(std::string_view type, bool divides_people) {
  if (divides_people) return "waits for its people";
  if (type == "wait" || type.empty()) return "waits";
  return type == "listen" ? "listens" : "waits for an answer";
}

std::string outcome_of(const VisitRecord& visit, const VersionNames& names) {
  switch (visit.outcome) {
    case VisitOutcome::done: return {};
    case VisitOutcome::stopped:
      return std::string(standing_words(names.type(visit.node), names.divides_people(visit.node)));
    case VisitOutcome::nobody: return "for nobody";
    case VisitOutcome::failed: return "failed";
    case VisitOutcome::heard: return "heard";
    case VisitOutcome::timed_out: return "timed out";
    case VisitOutcome::skipped: return "skipped by hand";
  }
  return {};
}

/// What all tellers of one account share.
struct Material {
  Reader& reader;
  AllNames& names;
  const std::map<PersonId, std::string>& people;
  const std::vector<TokenRecord>& tokens;
  const std::vector<NoteRecord>& notes;
  const std::string& zone;
  std::vector<StoryLine>& lines;
};

/// One token's lines, in the order they happened: an enrollment's, with the ways of its people where they began, or one
/// such way.
class TokenTeller {
 public:
  /// `journey` is the title of the enrollment that a person's way belongs to; empty: of the token's own.
  TokenTeller(const Material& material, const TokenRecord& token, const std::string& journey = {})
      : material_(material),
        token_(token),
        notes_(notes_of(material, token)),
        versions_(material.names, token, notes_),
        journey_(journey.empty() ? versions_.title() : journey) {
    material.reader.runs_of(token.id, runs_);
    material.reader.deliveries_of(token.id, deliveries_);
    for (const TokenRecord& each : material.tokens) {
      if (each.parent == token.id) ways_.push_back(&each);
    }
  }

  void tell() {
    StoryLine& first = add(token_.parent ? StoryLine::Kind::alone : StoryLine::Kind::entered, token_.entered_at);
    if (!token_.parent && token_.entry > 1) first.outcome = "entry " + std::to_string(token_.entry);
    for (std::size_t run = 0; run < runs_.size(); ++run)
      tell_run(run);
    for (; next_note_ < notes_.size(); ++next_note_)
      tell_note(notes_[next_note_]);
    while (!ways_.empty())
      tell_way();
    tell_why_untold();
    tell_end();
  }

 private:
  static std::vector<NoteRecord> notes_of(const Material& material, const TokenRecord& token) {
    std::vector<NoteRecord> own;
    std::copy_if(material.notes.begin(), material.notes.end(), std::back_inserter(own),
                 [&](const NoteRecord& note) { return note.token == token.id; });
    return own;
  }

  StoryLine& add(StoryLine::Kind kind, Instant at) {
    StoryLine& line = material_.lines.emplace_back();
    line.kind = kind;
    line.at = at;
    line.token = token_.id;
    line.journey = journey_;
    line.is_alone = static_cast<bool>(token_.parent);
    if (token_.person) line.person = name_of_person(material_.people, token_.person);
    return line;
  }

  void tell_run(std::size_t index) {
    const RunRecord& run = runs_[index];
    while (next_note_ < notes_.size() && notes_[next_note_].at < run.at)
      tell_note(notes_[next_note_++]);
    const std::optional<Instant> until =
        index + 1 < runs_.size() ? std::optional(runs_[index + 1].at) : token_.ended_at;
    for (std::size_t visit = 0; visit < run.visits.size(); ++visit) {
      const auto number = run.first_visit + static_cast<std::uint32_t>(visit);
      tell_visit(run.at, run.visits[visit], number, visit + 1 == run.visits.size() ? until : std::nullopt);
    }
    if (run.visits.empty() || run.visits.back().outcome != VisitOutcome::stopped) return;
    // Their people go on alone where a split divides them, and no other stop of the same instant is where that was.
    const auto last = run.first_visit + static_cast<std::uint32_t>(run.visits.size()) - 1;
    const bool goes_on_at_once = index + 1 < runs_.size() && runs_[index + 1].at == run.at;
    if (goes_on_at_once && !versions_.at_visit(last).divides_people(run.visits.back().node)) return;
    while (!ways_.empty() && ways_.front()->entered_at <= run.at)
      tell_way();
  }

  /// `until` is when the token went on, where it has.
  void tell_visit(Instant at, const VisitRecord& visit, std::uint32_t number, std::optional<Instant> until) {
    const VersionNames& names = versions_.at_visit(number);
    StoryLine& line = add(StoryLine::Kind::visit, at);
    line.node = names.node(visit.node);
    line.type = names.type(visit.node);
    line.path = names.path(visit.node, visit.path);
    line.outcome = outcome_of(visit, names);
    if (visit.outcome == VisitOutcome::stopped && until) line.outcome += " until " + short_time(*until, material_.zone);
    line.is_bad = visit.outcome == VisitOutcome::failed;
    for (const DeliveryRecord& delivery : deliveries_) {
      if (delivery.key.visit == number) tell_delivery(delivery);
    }
    while (next_note_ < notes_.size() && notes_[next_note_].at == at && notes_[next_note_].node == visit.node)
      tell_note(notes_[next_note_++]);
  }

  void tell_delivery(const DeliveryRecord& delivery) {
    StoryLine& line = add(StoryLine::Kind::delivery, delivery.ended_at.value_or(delivery.created_at));
    line.node = material_.names.of(delivery.version).message(delivery.message);
    line.address = delivery.address;
    line.outcome = words_of(delivery);
    line.is_bad = delivery.state == DeliveryState::failed || delivery.state == DeliveryState::in_doubt;
  }

  void tell_note(const NoteRecord& note) {
    StoryLine& line = add(StoryLine::Kind::note, note.at);
    if (note.node != kNoNode) line.node = versions_.at_time(note.at).node(note.node);
    line.outcome = words_of(note.kind) + note.text;
    line.is_bad = is_bad(note.kind);
  }

  void tell_why_untold() {
    std::string why = token_.parent ? std::string() : material_.reader.why_untold(token_);
    if (!why.empty()) add(StoryLine::Kind::note, token_.ended_at.value_or(token_.entered_at)).outcome = std::move(why);
  }

  void tell_way() {
    const TokenRecord& way = *ways_.front();
    ways_.pop_front();
    TokenTeller(material_, way, journey_).tell();
  }

  void tell_end() {
    const bool is_over = is_final(token_.state);
    StoryLine& last = add(is_over ? StoryLine::Kind::ended : StoryLine::Kind::standing,
                          is_over ? token_.ended_at.value_or(token_.entered_at) : token_.entered_at);
    if (!is_over && token_.node != kNoNode) last.node = versions_.at_visit(token_.visits).node(token_.node);
    last.outcome = words_of(token_, material_.zone);
    last.is_bad = token_.state == TokenState::failed || token_.state == TokenState::held;
  }

  const Material& material_;
  const TokenRecord& token_;
  const std::vector<NoteRecord> notes_;
  const TokenVersions versions_;
  const std::string journey_;
  std::vector<RunRecord> runs_;
  std::vector<DeliveryRecord> deliveries_;
  std::deque<const TokenRecord*> ways_;  ///< of its people that are still to be told, oldest first
  std::size_t next_note_ = 0;
};

}  // namespace

std::vector<StoryLine> tell_enrollments(JourneyLibrary& library, Reader& reader, AccountId account,
                                        const std::map<PersonId, std::string>& people, const std::string& zone) {
  std::vector<TokenRecord> tokens;
  reader.tokens_of(account, tokens);
  std::vector<NoteRecord> notes;
  reader.notes_of(account, notes);
  AllNames names(library, reader);
  std::vector<StoryLine> lines;
  const Material material{reader, names, people, tokens, notes, zone, lines};
  for (const TokenRecord& token : tokens) {
    if (!token.parent) TokenTeller(material, token).tell();
  }
  for (const NoteRecord& note : notes) {
    if (note.token) continue;
    StoryLine& line = lines.emplace_back();
    line.kind = StoryLine::Kind::note;
    line.at = note.at;
    line.outcome = words_of(note.kind) + note.text;
    line.is_bad = is_bad(note.kind);
  }
  return lines;
}

std::string name_of_person(const std::map<PersonId, std::string>& people, PersonId person) {
  const auto found = people.find(person);
  return found == people.end() ? "somebody who is gone" : found->second;
}

std::string short_time(Instant at, std::string_view zone) {
  const LocalTime local = local_time_at(at, zone);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace caravan
