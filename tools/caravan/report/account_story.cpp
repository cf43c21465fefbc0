#include "tools/caravan/report/account_story.hpp"

namespace caravan::tools {
namespace {

std::string words_of(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "by role conditions";
    case MembershipSource::journey: return "by a journey";
    case MembershipSource::hand: return "by hand";
  }
  return {};
}

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
  }
  return {};
}

std::string words_of(const TokenRecord& token) {
  switch (token.state) {
    case TokenState::ready: return "goes on as soon as the engine runs";
    case TokenState::waiting: return token.due_at ? "waits until " + short_time(*token.due_at) : "waits";
    case TokenState::listening: return token.due_at ? "listens until " + short_time(*token.due_at) : "listens";
    case TokenState::joining: return "waits for its people";
    case TokenState::held: return token.due_at ? "is held and tries again " + short_time(*token.due_at) : "is held";
    case TokenState::completed: return "completed";
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
  }
  return {};
}

/// The names in a version of a journey; numbers where its texts no longer check.
class VersionNames {
 public:
  VersionNames(JourneyLibrary& library, const std::map<VersionId, VersionRecord>& records, VersionId version) {
    if (const auto found = records.find(version); found != records.end()) {
      title_ = found->second.journey + " (version " + std::to_string(found->second.number) + ")";
    }
    try {
      runnable_ = library.version(version);
    } catch (const StoreError&) {
      throw;
    } catch (const std::runtime_error&) {
      // What follows shows numbers instead.
    }
  }

  const std::string& title() const { return title_; }
  std::string node(NodeIndex index) const {
    const CompiledNode* node = find(index);
    return node ? node->id : "node " + std::to_string(static_cast<int>(index));
  }
  std::string type(NodeIndex index) const {
    const CompiledNode* node = find(index);
    return node ? std::string(node->type->shape.type) : "";
  }
  std::string path(NodeIndex index, PathIndex path) const {
    if (path == kNoPath) return {};
    const CompiledNode* node = find(index);
    const auto number = static_cast<std::size_t>(path);
    return node && number < node->paths.size() ? node->paths[number].name : "path " + std::to_string(number);
  }
  std::string message(MessageIndex index) const {
    const auto number = static_cast<std::size_t>(index);
    if (!runnable_ || number >= runnable_->journey.messages.size()) return "message " + std::to_string(number);
    const std::string& name = runnable_->journey.messages[number];
    return name.empty() ? "sales summary" : name;
  }

 private:
  const CompiledNode* find(NodeIndex index) const {
    const bool is_known = runnable_ && static_cast<std::size_t>(index) < runnable_->journey.nodes.size();
    return is_known ? &runnable_->journey.node(index) : nullptr;
  }
  std::string title_ = "an unknown version";
  std::shared_ptr<const RunnableJourney> runnable_;
};

std::string outcome_of(VisitOutcome outcome) {
  switch (outcome) {
    case VisitOutcome::done: return {};
    case VisitOutcome::stopped: return "waits";
    case VisitOutcome::nobody: return "for nobody";
    case VisitOutcome::failed: return "failed";
  }
  return {};
}

/// One enrollment's lines, in the order they happened.
class EnrollmentTeller {
 public:
  EnrollmentTeller(Reader& reader, const TokenRecord& token, const VersionNames& names,
                   const std::vector<NoteRecord>& notes, std::vector<StoryLine>& to)
      : token_(token), names_(names), notes_(notes), to_(to) {
    reader.runs_of(token.id, runs_);
    reader.deliveries_of(token.id, deliveries_);
  }

  void tell() {
    StoryLine& entered = add(StoryLine::Kind::entered, token_.entered_at);
    if (token_.entry > 1) entered.outcome = "entry " + std::to_string(token_.entry);
    for (const RunRecord& run : runs_) {
      std::uint32_t number = run.first_visit;
      for (const VisitRecord& visit : run.visits)
        tell_visit(run.at, visit, number++);
      const bool is_last = &run == &runs_.back();
      const bool has_stopped = !run.visits.empty() && run.visits.back().outcome == VisitOutcome::stopped;
      if (has_stopped && !is_last) say_until(run, (&run + 1)->at);
    }
    for (; next_note_ < notes_.size(); ++next_note_)
      tell_note(notes_[next_note_]);
    const bool is_over = is_final(token_.state);
    StoryLine& last = add(is_over ? StoryLine::Kind::ended : StoryLine::Kind::standing,
                          is_over ? token_.ended_at.value_or(token_.entered_at) : token_.entered_at);
    if (!is_over && token_.node != kNoNode) last.node = names_.node(token_.node);
    last.outcome = words_of(token_);
    last.is_bad = token_.state == TokenState::failed || token_.state == TokenState::held;
  }

 private:
  StoryLine& add(StoryLine::Kind kind, Instant at) {
    StoryLine& line = to_.emplace_back();
    line.kind = kind;
    line.at = at;
    line.journey = names_.title();
    return line;
  }

  void tell_visit(Instant at, const VisitRecord& visit, std::uint32_t number) {
    StoryLine& line = add(StoryLine::Kind::visit, at);
    line.node = names_.node(visit.node);
    line.type = names_.type(visit.node);
    line.path = names_.path(visit.node, visit.path);
    line.outcome = outcome_of(visit.outcome);
    line.is_bad = visit.outcome == VisitOutcome::failed;
    for (const DeliveryRecord& delivery : deliveries_) {
      if (delivery.key.visit == number) tell_delivery(delivery);
    }
    for (; next_note_ < notes_.size() && notes_[next_note_].at <= at; ++next_note_) {
      if (notes_[next_note_].node != visit.node && notes_[next_note_].at == at) break;
      tell_note(notes_[next_note_]);
    }
  }

  /// A wait that is over says how long it was.
  void say_until(const RunRecord& run, Instant at) {
    for (auto line = to_.rbegin(); line != to_.rend(); ++line) {
      if (line->kind != StoryLine::Kind::visit) continue;
      if (line->at == run.at) line->outcome = "until " + short_time(at);
      return;
    }
  }

  void tell_delivery(const DeliveryRecord& delivery) {
    StoryLine& line = add(StoryLine::Kind::delivery, delivery.ended_at.value_or(delivery.created_at));
    line.node = names_.message(delivery.message);
    line.address = delivery.address;
    line.outcome = words_of(delivery);
    line.is_bad = delivery.state == DeliveryState::failed || delivery.state == DeliveryState::in_doubt;
  }

  void tell_note(const NoteRecord& note) {
    StoryLine& line = add(StoryLine::Kind::note, note.at);
    if (note.node != kNoNode) line.node = names_.node(note.node);
    line.outcome = words_of(note.kind) + note.text;
    line.is_bad = note.kind == NoteKind::failure;
  }

  const TokenRecord& token_;
  const VersionNames& names_;
  const std::vector<NoteRecord>& notes_;
  std::vector<StoryLine>& to_;
  std::vector<RunRecord> runs_;
  std::vector<DeliveryRecord> deliveries_;
  std::size_t next_note_ = 0;
};

StoryGroup group_of(const GroupRecord& record, const std::vector<PersonRecord>& people, const NameBook& names) {
  StoryGroup group{std::string(names.text_of(record.interest)), record.created_at, {}};
  for (const MemberRecord& member : record.members) {
    const auto is_member = [&](const PersonRecord& person) { return person.id == member.person; };
    const auto person = std::find_if(people.begin(), people.end(), is_member);
    group.members.push_back({person == people.end() ? "somebody who is gone" : person->key,
                             std::string(names.text_of(member.role)), words_of(member.source), member.since});
  }
  return group;
}

}  // namespace

std::optional<AccountStory> tell_story(Store& store, Reader& reader, NameBook& names, std::string_view key) {
  const std::optional<AccountRecord> account = reader.account(key);
  if (!account) return std::nullopt;
  AccountStory story{.account = *account, .people = {}, .groups = {}, .lines = {}};
  reader.people_of(account->id, story.people);
  std::vector<GroupRecord> groups;
  reader.groups_of(account->id, groups);
  for (const GroupRecord& group : groups)
    story.groups.push_back(group_of(group, story.people, names));

  JourneyLibrary library(store, names);
  std::map<VersionId, VersionRecord> versions;
  for (const VersionRecord& record : reader.versions())
    versions.emplace(record.id, record);
  std::vector<NoteRecord> notes;
  reader.notes_of(account->id, notes);
  std::vector<TokenRecord> tokens;
  reader.tokens_of(account->id, tokens);
  for (const TokenRecord& token : tokens) {
    std::vector<NoteRecord> own;
    std::copy_if(notes.begin(), notes.end(), std::back_inserter(own),
                 [&](const auto& note) { return note.token == token.id; });
    EnrollmentTeller(reader, token, VersionNames(library, versions, token.version), own, story.lines).tell();
  }
  for (const NoteRecord& note : notes) {
    if (!note.token)
      story.lines.push_back({.kind = StoryLine::Kind::note, .at = note.at, .outcome = words_of(note.kind) + note.text});
  }
  return story;
}

}  // namespace caravan::tools
