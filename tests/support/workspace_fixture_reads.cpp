// What a test asks the world for: records, and what happened in words.

#include "tests/support/one_line.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {
namespace {

std::string_view to_text(VisitOutcome outcome) {
  constexpr std::array names = {"", "done", "stopped", "nobody", "failed", "heard", "timed_out", "skipped"};
  return names.at(static_cast<std::size_t>(outcome));
}

}  // namespace

Reader& World::reader() {
  if (!reader_) reader_ = store().reader();
  reader_->refresh();
  return *reader_;
}

const RunnableJourney& World::journey(VersionId version) {
  std::shared_ptr<const RunnableJourney>& kept = journeys_[version];
  if (!kept) {
    reading_names_.push_back(std::make_unique<NameBook>(reader()));
    kept = JourneyLibrary(store(), *reading_names_.back()).version(version);
  }
  return *kept;
}

std::string World::name_of(NodeIndex node, VersionId version) {
  return node == kNoNode ? "nowhere" : journey(version).journey.node(node).id;
}

AccountRecord World::account_record(const std::string& key) {
  std::optional<AccountRecord> found = reader().account(key);
  if (!found) throw std::runtime_error("there is no account " + key);
  return std::move(*found);
}

std::vector<PersonRecord> World::people(const std::string& account) {
  std::vector<PersonRecord> found;
  const AccountId id = account_record(account).id;
  reader().people_of(id, found);
  return found;
}

std::string World::attributes(const Attributes& attributes) {
  return to_text(attributes, NameBook(reader()));
}

std::vector<TokenRecord> World::tokens(const std::string& account) {
  std::vector<TokenRecord> found;
  const AccountId id = account_record(account).id;
  reader().tokens_of(id, found);
  return found;
}

TokenRecord World::token(const std::string& account) {
  const std::vector<TokenRecord> found = tokens(account);
  if (found.size() != 1) throw std::runtime_error(account + " has " + std::to_string(found.size()) + " tokens");
  return found.front();
}

TokenRecord World::token(const std::string& account, const std::string& person) {
  const std::optional<PersonRecord> wanted = person.empty() ? std::nullopt : reader().person(person);
  std::optional<TokenRecord> newest;
  for (const TokenRecord& token : tokens(account)) {
    if (token.person == (wanted ? wanted->id : PersonId{})) newest = token;
  }
  if (!newest || wanted.has_value() == person.empty()) throw std::runtime_error("no token runs for " + person);
  return *newest;
}

std::vector<RunRecord> World::runs(TokenId token) {
  std::vector<RunRecord> found;
  reader().runs_of(token, found);
  return found;
}

std::vector<MoveNote> World::moves(const TokenRecord& token) {
  std::vector<NoteRecord> notes;
  reader().notes_of(token.account, notes);
  std::vector<MoveNote> moves;
  for (const NoteRecord& note : notes) {
    if (note.kind == NoteKind::moved && note.token == token.id) moves.push_back(parse_move_note(note.text).value());
  }
  return moves;
}

VersionId World::version_at(const TokenRecord& token, const std::vector<MoveNote>& moves, std::size_t visit) {
  const auto move = std::find_if(moves.begin(), moves.end(), [&](const MoveNote& each) { return visit < each.visits; });
  return move == moves.end() ? token.version : version_of(move->from, journey(token.version).record.journey);
}

std::string World::trail(const TokenRecord& token) {
  const std::vector<MoveNote> moved = moves(token);
  std::vector<std::string> visits;
  for (const RunRecord& run : runs(token.id)) {
    for (std::size_t i = 0; i < run.visits.size(); ++i) {
      const VisitRecord& visit = run.visits[i];
      const CompiledNode& node = journey(version_at(token, moved, run.first_visit + i)).journey.node(visit.node);
      std::string text = node.id;
      if (visit.path != kNoPath) text += "/" + node.paths.at(static_cast<std::size_t>(visit.path)).name;
      if (visit.outcome != VisitOutcome::done) text += ":" + std::string(to_text(visit.outcome));
      visits.push_back(std::move(text));
    }
  }
  return joined(visits, " ");
}

std::string World::trail(const std::string& account) {
  std::vector<std::string> trails;
  for (const TokenRecord& token : tokens(account))
    trails.push_back(trail(token));
  return joined(trails, " | ");
}

std::string World::standing(const std::string& account) {
  std::vector<std::string> all;
  for (const TokenRecord& token : tokens(account)) {
    all.push_back(std::string(caravan::to_text(token.state)) + " at " + name_of(token.node, token.version));
  }
  return joined(all, " | ");
}

std::vector<std::string> World::activity(const std::string& account) {
  const NameBook names(reader());
  std::vector<ActivityRecord> found;
  reader().activity_of(account_record(account).id, found);
  std::vector<std::string> lines;
  for (const ActivityRecord& each : found)
    lines.push_back(std::string(names.text_of(each.type)) + " {" + to_text(each.properties, names) + "}");
  return lines;
}

std::vector<std::string> World::audiences(const std::string& account) {
  const NameBook names(reader());
  std::vector<AudienceMemberRecord> found;
  reader().audiences_of(account_record(account).id, found);
  std::vector<std::string> lines;
  for (const AudienceMemberRecord& each : found)
    lines.emplace_back(names.text_of(each.audience));
  std::sort(lines.begin(), lines.end());
  return lines;
}

JourneyState World::journey_state(const std::string& journey) {
  for (const JourneyRecord& record : reader().journeys()) {
    if (record.name == journey) return record.state;
  }
  throw std::runtime_error("no journey " + journey + " was published");
}

std::vector<DeliveryRecord> World::deliveries(const std::string& account) {
  std::vector<DeliveryRecord> found;
  for (const TokenRecord& token : tokens(account))
    reader().deliveries_of(token.id, found);
  return found;
}

std::string name_of_message(const CompiledJourney& journey, MessageIndex index) {
  const MessageDefinition& message = journey.messages.at(static_cast<std::size_t>(index));
  if (message.kind == MessageKind::sales_chat) return "sales chat";
  return message.kind == MessageKind::sales_summary ? "sales summary" : message.name;
}

std::vector<std::string> World::mails(const std::string& account) {
  std::vector<std::string> lines;
  for (const DeliveryRecord& delivery : deliveries(account)) {
    lines.push_back(name_of_message(journey(delivery.version).journey, delivery.message) + " to " + delivery.address);
  }
  return lines;
}

std::string World::values(const DeliveryRecord& delivery) {
  const RunnableMessage& message = journey(delivery.version).messages.at(static_cast<std::size_t>(delivery.message));
  std::vector<std::string> parts;
  Attributes::from_bytes(delivery.values).each([&](NameId name, AttributeValue value) {
    parts.push_back(message.message->names().at(static_cast<std::size_t>(name)) + "=" + to_text(to_input(value)));
  });
  return joined(parts, " ");
}

std::vector<GroupRecord> World::group_records(const std::string& account) {
  std::vector<GroupRecord> found;
  const AccountId id = account_record(account).id;
  reader().groups_of(id, found);
  return found;
}

std::vector<std::string> World::groups(const std::string& account) {
  const NameBook names(reader());
  const std::vector<PersonRecord> known = people(account);
  std::vector<std::string> lines;
  for (const GroupRecord& group : group_records(account)) {
    std::vector<std::string> members;
    for (const MemberRecord& member : group.members) {
      if (member.removed) continue;
      const auto person =
          std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.id == member.person; });
      members.push_back((person == known.end() ? "(elsewhere)" : person->key) + " " +
                        std::string(names.text_of(member.role)));
    }
    lines.push_back(std::string(names.text_of(group.interest)) + ": " + joined(members, ", "));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<NoteRecord> World::notes(const std::string& account) {
  std::vector<NoteRecord> found;
  const AccountId id = account_record(account).id;
  reader().notes_of(id, found);
  return found;
}

std::vector<std::string> World::notes(const std::string& account, NoteKind kind) {
  std::vector<std::string> texts;
  for (const NoteRecord& note : notes(account)) {
    if (note.kind == kind) texts.push_back(note.text);
  }
  return texts;
}

VersionId World::version_of(std::uint32_t number, std::string_view journey) {
  for (const VersionRecord& version : reader().versions()) {
    if (version.journey == journey && version.number == number) return version.id;
  }
  throw std::runtime_error("there is no version " + std::to_string(number) + " of " + std::string(journey));
}

std::int64_t World::counted(const CounterKey& wanted) {
  for (const auto& [key, amount] : reader().counters()) {
    if (key == wanted) return amount;
  }
  return 0;
}

std::int64_t World::counted(CounterKind kind, const std::string& node, const std::string& path, std::uint32_t version) {
  const VersionId id = version_of(version);
  CounterKey key{id, kind, 0, kNoPath};
  if (!node.empty()) {
    const NodeIndex index = journey(id).journey.find(node);
    if (index == kNoNode) throw std::runtime_error("there is no node " + node);
    key.slot = static_cast<std::uint16_t>(index);
    const std::vector<CompiledPath>& paths = journey(id).journey.node(index).paths;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (paths[i].name == path) key.path = PathIndex{static_cast<std::uint16_t>(i)};
    }
  }
  return counted(key);
}

std::int64_t World::counted_message(CounterKind kind, const std::string& name, std::uint32_t version) {
  const VersionId id = version_of(version);
  const CompiledJourney& compiled = journey(id).journey;
  std::uint16_t slot = 0;
  while (slot < compiled.messages.size() && name_of_message(compiled, MessageIndex{slot}) != name)
    ++slot;
  return counted({id, kind, slot, kNoPath});
}

std::vector<AccountRecord> World::accounts() {
  std::vector<AccountRecord> found;
  reader().accounts_from(AccountId{1}, std::numeric_limits<std::int32_t>::max(), found);
  return found;
}

}  // namespace caravan::test
