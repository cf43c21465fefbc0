#include "engine/harness/account_history.hpp"

#include "engine/attribute_values.hpp"
#include "engine/harness/version_names.hpp"
#include "engine/lifecycle.hpp"

namespace caravan {
namespace {

std::string words_of(const AttributeValue& value) {
  cel::Evaluation evaluation;
  return cel::to_text(to_value(value, evaluation));
}

std::string words_of(const Attributes& attributes, const std::function<std::string(NameId)>& name) {
  std::map<std::string, std::string> sorted;
  attributes.each([&](NameId id, AttributeValue value) { sorted.emplace(name(id), words_of(value)); });
  std::string words;
  for (const auto& [key, value] : sorted)
    words += (words.empty() ? "" : ", ") + key + " = " + value;
  return words.empty() ? "nothing" : words;
}

std::string number(double value) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string_view words_of(VisitOutcome outcome) {
  switch (outcome) {
    case VisitOutcome::done: return "visited";
    case VisitOutcome::stopped: return "stopped here";
    case VisitOutcome::nobody: return "visited, for nobody";
    case VisitOutcome::failed: return "failed";
    case VisitOutcome::heard: return "heard what it listened for";
    case VisitOutcome::timed_out: return "timed out";
    case VisitOutcome::skipped: return "was taken past it by hand";
  }
  return "";
}

std::string_view words_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "is to be delivered";
    case DeliveryState::under_way: return "is under way";
    case DeliveryState::delivered: return "was delivered";
    case DeliveryState::failed: return "could not be delivered";
    case DeliveryState::in_doubt: return "is in doubt";
    case DeliveryState::suppressed: return "was suppressed";
  }
  return "";
}

std::string_view words_of(NoteKind kind) {
  switch (kind) {
    case NoteKind::expression_error: return "an expression failed: ";
    case NoteKind::failure: return "failed: ";
    case NoteKind::refused: return "refused: ";
    case NoteKind::taken_out: return "left: ";
    case NoteKind::reached_goal: return "reached the goal: ";
    case NoteKind::moved: return "moved ";
    case NoteKind::interfered: return "by hand: ";
  }
  return "";
}

std::string_view words_of(MembershipSource source) {
  switch (source) {
    case MembershipSource::conditions: return "by conditions";
    case MembershipSource::journey: return "by a journey";
    case MembershipSource::hand: return "by hand";
  }
  return "";
}

std::string_view words_of(Resume resume) {
  switch (resume) {
    case Resume::visit: return "visits its node again";
    case Resume::wake: return "wakes";
    case Resume::hear: return "hears";
    case Resume::join: return "joins";
  }
  return "";
}

/// Tells one account.
class Teller {
 public:
  Teller(Reader& reader, const NameBook& names, AllNames& versions, const AccountRecord& account,
         const std::set<TokenId>& left_out)
      : reader_(reader), names_(names), versions_(versions), account_(account), left_out_(left_out) {
    reader.people_of(account.id, people_);
  }

  std::vector<HistoryLine> tell() {
    reader_.notes_of(account_.id, notes_);
    std::vector<TokenRecord> tokens;
    reader_.tokens_of(account_.id, tokens);
    for (const TokenRecord& token : tokens) {
      if (!left_out_.contains(token.id) && !left_out_.contains(token.parent)) tell_token(token);
    }
    for (const NoteRecord& note : notes_) {
      if (!note.token) add(note.at, std::string(words_of(note.kind)) + note.text);
    }
    tell_events();
    tell_groups();
    std::vector<AudienceMemberRecord> audiences;
    reader_.audiences_of(account_.id, audiences);
    for (const AudienceMemberRecord& each : audiences)
      add(each.since, "came into the audience " + text(each.audience));
    tell_state();
    const auto time = [](const HistoryLine& line) { return line.at.value_or(Instant::max()); };
    std::stable_sort(lines_.begin(), lines_.end(),
                     [&](const HistoryLine& left, const HistoryLine& right) { return time(left) < time(right); });
    return std::move(lines_);
  }

 private:
  std::string text(NameId name) const { return std::string(names_.text_of(name)); }
  std::string named(const Attributes& attributes) const {
    return words_of(attributes, [this](NameId name) { return text(name); });
  }

  std::string person(PersonId id) const {
    if (!id) return {};
    const auto found = std::find_if(people_.begin(), people_.end(), [&](const auto& each) { return each.id == id; });
    return found == people_.end() ? "somebody of another account, or who is gone" : found->key;
  }

  HistoryLine& add(std::optional<Instant> at, std::string words) {
    HistoryLine& line = lines_.emplace_back();
    line.at = at;
    line.text = std::move(words);
    return line;
  }

  void tell_token(const TokenRecord& token) {
    std::vector<NoteRecord> notes;
    std::copy_if(notes_.begin(), notes_.end(), std::back_inserter(notes),
                 [&](const NoteRecord& each) { return each.token == token.id; });
    const TokenVersions versions(versions_, token, notes);
    const auto tell = [&](std::optional<Instant> at, std::string node, std::string words) {
      HistoryLine& line = add(at, std::move(words));
      line.journey = versions.title();
      line.node = std::move(node);
      line.person = person(token.person);
    };
    tell(token.entered_at, {},
         token.parent ? "goes on its own" : "entered, for the " + std::to_string(token.entry) + ". time");
    std::vector<RunRecord> runs;
    reader_.runs_of(token.id, runs);
    for (const RunRecord& run : runs) {
      for (std::size_t i = 0; i < run.visits.size(); ++i) {
        const VisitRecord& visit = run.visits[i];
        const VersionNames& names = versions.at_visit(run.first_visit + static_cast<std::uint32_t>(i));
        const std::string path = visit.path == kNoPath ? "" : ", took path " + names.path(visit.node, visit.path);
        tell(run.at, names.node(visit.node), std::string(words_of(visit.outcome)) + path);
      }
    }
    std::vector<DeliveryRecord> deliveries;
    reader_.deliveries_of(token.id, deliveries);
    for (const DeliveryRecord& delivery : deliveries) {
      const std::string message = versions_.of(delivery.version).message(delivery.message);
      const std::string to = message + " to " + (delivery.address.empty() ? "the connection" : delivery.address);
      const auto by_position = [](NameId name) { return std::to_string(static_cast<std::uint32_t>(name)); };
      tell(delivery.created_at, {},
           "promised " + to + " with " + words_of(Attributes::from_bytes(delivery.values), by_position));
      std::string fate =
          to + " " + std::string(words_of(delivery.state)) + ", attempts: " + std::to_string(delivery.attempts);
      if (delivery.next_attempt_at) fate += ", next at " + caravan::to_text(*delivery.next_attempt_at);
      tell(delivery.ended_at, {}, fate + (delivery.reason.empty() ? "" : ": " + delivery.reason));
    }
    for (const NoteRecord& note : notes) {
      const std::string node = note.node == kNoNode ? "" : versions.at_time(note.at).node(note.node);
      tell(note.at, node, std::string(words_of(note.kind)) + note.text);
    }
    const Instant stands_since = runs.empty() ? token.entered_at : runs.back().at;
    tell(token.ended_at.value_or(stands_since),
         token.node == kNoNode ? "" : versions.at_visit(token.visits).node(token.node), standing_words(token));
  }

  static std::string standing_words(const TokenRecord& token) {
    std::string words = "is " + std::string(caravan::to_text(token.state));
    if (token.due_at) words += " until " + caravan::to_text(*token.due_at);
    if (token.state == TokenState::held) {
      words += ", " + std::to_string(token.attempts) + " attempts, then " + std::string(words_of(token.resume));
    }
    if (token.reached_goal) words += ", goal reached";
    // The node's own form, which nobody else reads.
    constexpr std::string_view digits = "0123456789abcdef";
    if (!token.memory.empty()) words += ", remembers ";
    for (const char c : token.memory) {
      words += digits[static_cast<unsigned char>(c) >> 4U];
      words += digits[static_cast<unsigned char>(c) & 15U];
    }
    return words;
  }

  void tell_events() {
    std::vector<ActivityRecord> events;
    reader_.activity_of(account_.id, events);
    for (const ActivityRecord& event : events) {
      HistoryLine& line = add(event.at, "event " + text(event.type) + (event.id.empty() ? "" : " " + event.id) +
                                            " with " + named(event.properties));
      line.person = person(event.person);
    }
  }

  void tell_groups() {
    std::vector<GroupChangeRecord> changes;
    reader_.group_changes_of(account_.id, changes);
    for (const GroupChangeRecord& change : changes) {
      const std::string aspect = change.aspect == GroupAspect::stage ? "stage" : "status";
      add(change.at, "buying group " + text(change.interest) + ": " + aspect + " from \"" + text(change.before) +
                         "\" to \"" + text(change.after) + "\" " + std::string(words_of(change.source)) +
                         (change.reason.empty() ? "" : ": " + change.reason));
    }
    std::vector<GroupRecord> groups;
    reader_.groups_of(account_.id, groups);
    for (const GroupRecord& group : groups) {
      const std::string name = "buying group " + text(group.interest);
      add(group.created_at, name + " was made");
      for (const MemberRecord& member : group.members) {
        const std::string why = member.author != NameId{} ? text(member.author) : member.reason;
        HistoryLine& line =
            add(member.since, name + (member.removed ? ": taken out as " : ": joined as ") + text(member.role) + " " +
                                  std::string(words_of(member.source)) + (why.empty() ? "" : ": " + why));
        line.person = person(member.person);
      }
      add({}, name + ": stage \"" + text(group.stage) + "\", status \"" + text(group.status) + "\", engagement " +
                  number(group.engagement) + ", raw " + number(group.raw_engagement));
    }
  }

  /// How the account and its people are left.
  void tell_state() {
    add({}, "attributes: " + named(account_.attributes));
    for (const PersonRecord& each : people_) {
      HistoryLine& line = add({}, "attributes: " + named(each.attributes));
      line.person = each.key;
      if (each.account_role != NameId{}) line.text += ", role in the account: " + text(each.account_role);
      if (each.account != account_.id) line.text += ", belongs to another account first";
      const std::optional<EngagementRecord> engagement = reader_.engagement(each.id);
      if (!engagement) continue;
      HistoryLine& score =
          add({}, "engagement " + number(engagement->score) + ", raw " + number(engagement->raw) + " of");
      score.person = each.key;
      for (const ActivityCount& count : engagement->counts)
        score.text += " " + std::to_string(count.count) + " " + text(count.type);
    }
  }

  Reader& reader_;
  const NameBook& names_;
  AllNames& versions_;
  const AccountRecord& account_;
  const std::set<TokenId>& left_out_;
  std::vector<PersonRecord> people_;
  std::vector<NoteRecord> notes_;
  std::vector<HistoryLine> lines_;
};

}  // namespace

std::string to_text(const HistoryLine& line) {
  std::string text = line.at ? to_text(*line.at) : "in the end";
  text += "  ";
  std::string where = line.journey;
  if (!line.node.empty()) where += (where.empty() ? "" : ", ") + line.node;
  if (!line.person.empty()) where += (where.empty() ? "" : ", ") + line.person;
  return text + (where.empty() ? "" : where + ": ") + line.text;
}

struct HistoryTeller::State {
  State(Store& store, Reader& the_reader, const NameBook& the_names)
      : reader(the_reader),
        names(the_names),
        compiling(the_reader),
        library(store, compiling),
        versions(library, the_reader) {}

  Reader& reader;
  const NameBook& names;
  NameBook compiling;  ///< a compiler gives out names, which are nobody's else
  JourneyLibrary library;
  AllNames versions;
};

HistoryTeller::HistoryTeller(Store& store, Reader& reader, const NameBook& names)
    : state_(std::make_unique<State>(store, reader, names)) {}

HistoryTeller::~HistoryTeller() = default;

std::vector<HistoryLine> HistoryTeller::history_of(std::string_view account, const std::set<TokenId>& left_out) {
  const std::optional<AccountRecord> record = state_->reader.account(account);
  if (!record) return {};
  return Teller(state_->reader, state_->names, state_->versions, *record, left_out).tell();
}

std::string HistoryTeller::version(VersionId version) {
  const std::string journey = state_->versions.journey_of(version);
  if (journey.empty()) return "version " + std::to_string(version.value);
  return journey + " (version " + std::to_string(state_->versions.of(version).number()) + ")";
}

std::string HistoryTeller::node(VersionId version, NodeIndex node) {
  return state_->versions.of(version).node(node);
}

}  // namespace caravan
