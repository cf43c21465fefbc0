#include "tests/support/workspace_fixture.hpp"

#include <boost/asio/executor_work_guard.hpp>

namespace caravan::test {
namespace {

constexpr std::string_view kGroups = R"yaml(role_template: seed-buyers
roles:
  - role: decision_maker
    weighting: vital
    when: person.title.matches("(?i)^(chief|vp|head|director)")
    members_required: 3
  - role: influencer
    weighting: important
    when: person.title.contains("Agronom")
  - role: user
    required: false
---
solution_interest: ai-driven-seeds
title: AI Driven Seeds
role_template: seed-buyers
)yaml";

class MadeUpNames final : public AttributeNames {
 public:
  std::uint32_t number_of(std::string_view name) override {
    return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) {
    if (!all.empty()) all += between;
    all += part;
  }
  return all;
}

std::string_view to_text(VisitOutcome outcome) {
  constexpr std::array names = {"", "done", "stopped", "nobody", "failed", "heard", "timed_out", "skipped"};
  return names.at(static_cast<std::size_t>(outcome));
}

/// An attribute in one line, for portraits.
std::string to_text(const AttributeInput& input) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          return "null";
        else if constexpr (std::is_same_v<T, bool>)
          return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::string>)
          return value;
        else if constexpr (std::is_same_v<T, Instant>)
          return caravan::to_text(value);
        else if constexpr (std::is_same_v<T, std::chrono::milliseconds>)
          return std::to_string(value.count()) + "ms";
        else if constexpr (std::is_same_v<T, AttributeList>) {
          std::vector<std::string> parts;
          for (const AttributeInput& each : value)
            parts.push_back(to_text(each));
          return "[" + joined(parts, ",") + "]";
        } else if constexpr (std::is_same_v<T, AttributeMap>) {
          std::vector<std::string> parts;
          for (const auto& [name, each] : value)
            parts.push_back(name + "=" + to_text(each));
          return "{" + joined(parts, ",") + "}";
        } else
          return std::to_string(value);
      },
      input.value);
}

std::string to_text(const Attributes& attributes, const NameBook& names) {
  std::vector<std::string> parts;
  attributes.each([&](NameId name, AttributeValue value) {
    parts.push_back(std::string(names.text_of(name)) + "=" + to_text(to_input(value)));
  });
  std::sort(parts.begin(), parts.end());
  return joined(parts, " ");
}

std::string to_text(std::optional<Instant> at) {
  return at ? caravan::to_text(*at) : "-";
}

}  // namespace

std::string indented(std::string_view text, std::size_t blanks) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end != 0) all.append(blanks, ' ').append(text.substr(0, end));
    all += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

AttributeInput too_deep() {
  AttributeInput deep = number(1);
  for (std::size_t i = 0; i < kAttributeDepth; ++i)
    deep = AttributeInput{AttributeList{deep}};
  return deep;
}

SourceTexts workspace_with(std::string journey_document) {
  const auto mail = [](const std::string& subject) {
    return "---\nsubject: " + subject + "\n---\n<p>Dear {{person.first_name}} of {{account.name}}: {{offer}}</p>\n";
  };
  return {{"caravan.yaml", "timezone: UTC\n"},
          {"audiences/everyone.yaml", "audience: everyone\nwhen: \"true\"\n"},
          {"buying-groups/seeds.yaml", std::string(kGroups)},
          {"emails/welcome.html", mail("Welcome")},
          {"emails/story.html", mail("A story")},
          {"emails/farewell.html", mail("Farewell")},
          {"journeys/seeds.yaml", std::move(journey_document)}};
}

SourceTexts seeds_workspace(std::string_view nodes) {
  return workspace_with("journey: seeds\nenter: {audience: everyone}\nnodes:\n" + indented(nodes, 2));
}

std::vector<std::string> faults_of(const SourceTexts& texts) {
  MadeUpNames names;
  const std::unique_ptr<Workspace> workspace = load_workspace(texts, "", node_shapes(), names);
  std::vector<std::string> lines;
  for (const Diagnostic& fault : workspace->diagnostics.sorted()) {
    const Position at = position_of(fault.place);
    lines.push_back((fault.place.file ? fault.place.file->path : "") + ":" + std::to_string(at.line) + ":" +
                    std::to_string(at.column) + ": " + fault.message + (fault.hint.empty() ? "" : "; " + fault.hint));
  }
  return lines;
}

/// The engine and what it stands on, so that all of it can be dropped together.
struct World::Running {
  /// `outside` is where the files of channels go; empty: there are no channels.
  Running(Store& store, VirtualClock& the_clock, const SourceTexts& texts, EngineSettings settings,
          const std::filesystem::path& outside)
      : clock(the_clock), wakes_what_is_due(settings.mode == BatchRunner::Mode::all), names(*store.reader()) {
    settings.inputs.a_batch = std::min(settings.inputs.a_batch, settings.turns_per_batch);
    std::unique_ptr<Workspace> workspace;
    if (settings.mode != BatchRunner::Mode::data) {
      workspace = load_workspace(texts, "", node_shapes(), names);
      const std::vector<Diagnostic> faults = workspace->diagnostics.sorted();
      if (workspace->diagnostics.errors() != 0) {
        throw std::runtime_error("the test's workspace: " + render(faults.front(), Colour::never));
      }
      if (!outside.empty()) channels = make_channels(io, workspace->configuration, outside);
    }
    engine.emplace(io, store, names, clock, std::move(workspace), channels ? &*channels : nullptr, settings);
    engine->on_batch([this](const BatchReport&) {
      if (++batches >= stop_at) io.stop();
    });
    engine->on_idle([this](std::optional<Instant> due) {
      next_due = wakes_what_is_due ? due : std::nullopt;
      // What was told before the clock was moved or the inputs were posted may come late.
      if (unanswered == 0 && (!next_due || *next_due > clock.now())) io.stop();
    });
  }

  /// The engine begins with the first run: what was posted before it is there all at once.
  void run() {
    if (!std::exchange(started, true)) {
      engine->start([this](std::string reason) {
        failure = std::move(reason);
        io.stop();
      });
    }
    engine->poke();
    go();
  }

  void go() {
    io.restart();
    io.run();
    if (!failure.empty()) throw std::runtime_error("the engine has failed: " + failure);
  }

  VirtualClock& clock;
  bool wakes_what_is_due;
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  NameBook names;
  std::optional<Channels> channels;
  std::optional<Engine> engine;
  std::optional<Instant> next_due;
  std::string failure;
  bool started = false;
  std::size_t unanswered = 0;
  std::size_t batches = 0;
  std::size_t stop_at = std::numeric_limits<std::size_t>::max();
};

World::World(SourceTexts texts, EngineSettings settings) : texts_(std::move(texts)), settings_(settings) {
  open();
}
World::~World() {
  close();
}

void World::open() {
  store_ = open_sqlite(folder_.file(), OpenMode::write, {SqliteSettings::Synchronous::off});
}

void World::close() {
  journeys_.clear();
  reading_names_.clear();
  reader_.reset();
  running_.reset();
  store_.reset();
}

World::Running& World::running() {
  if (!running_) {
    running_ = std::make_unique<Running>(store(), clock_, texts_, settings_,
                                         has_channels_ ? folder_.path() : std::filesystem::path());
  }
  return *running_;
}

Store& World::store() {
  if (!store_) open();
  return *store_;
}

void World::end() {
  if (!running_) return;
  Running& world = *running_;
  bool done = false;
  world.engine->stop([&] {
    done = true;
    world.io.stop();
  });
  while (!done)
    world.go();
}

void World::restart() {
  end();
  close();
  run();
}

void World::restart_with(SourceTexts texts) {
  texts_ = std::move(texts);
  restart();
}

void World::restart_with(EngineSettings settings) {
  stop_with(settings);
  run();
}

void World::stop_with(EngineSettings settings) {
  end();
  close();
  settings_ = settings;
}

void World::drop_after(std::size_t batches, std::vector<Input> inputs) {
  Running& world = running();
  for (Input& input : inputs)
    world.engine->post(std::move(input), nullptr);
  world.stop_at = world.batches + batches;
  world.run();
  close();
}

void World::account(const std::string& key, AttributeMap attributes) {
  const InputResult result = post(UpsertAccount{key, std::move(attributes)});
  if (!result.refused.empty()) throw std::runtime_error("the account " + key + " was refused: " + result.refused);
}

void World::person(const std::string& key, const std::string& account, AttributeMap attributes) {
  const InputResult result = post(UpsertPerson{key, account, std::move(attributes)});
  if (!result.refused.empty()) throw std::runtime_error("the person " + key + " was refused: " + result.refused);
}

void World::event(const std::string& type, const std::string& person, AttributeMap properties) {
  const InputResult result = post(TellEvent{type, {}, person, {}, {}, std::move(properties)});
  if (!result.refused.empty()) throw std::runtime_error("the event " + type + " was refused: " + result.refused);
}

void World::account_event(const std::string& type, const std::string& account, AttributeMap properties) {
  const InputResult result = post(TellEvent{type, account, {}, {}, {}, std::move(properties)});
  if (!result.refused.empty()) throw std::runtime_error("the event " + type + " was refused: " + result.refused);
}

std::string World::enter(const std::string& journey, const std::string& account) {
  return post(EnterJourney{journey, account, {}}).refused;
}

std::string World::change(ChangeJourney::Command command, const std::string& journey) {
  return post(ChangeJourney{command, journey}).refused;
}

std::string World::interfere(Interfere input) {
  return post(std::move(input)).refused;
}

Publish World::publication(SourceTexts texts, Publish::UnderWay under_way, const std::string& gone,
                           std::vector<std::string> journeys) {
  std::shared_ptr<const Workspace> workspace = load_workspace(std::move(texts), "", node_shapes(), running().names);
  if (workspace->diagnostics.errors() != 0)
    throw std::runtime_error("the test's workspace: " + render(workspace->diagnostics.sorted().front(), Colour::never));
  return {std::move(workspace), std::move(journeys), under_way, gone};
}

std::string World::publish(SourceTexts texts, Publish::UnderWay under_way, const std::string& gone,
                           std::vector<std::string> journeys) {
  const std::string refused = post(publication(texts, under_way, gone, std::move(journeys))).refused;
  if (refused.empty()) texts_ = std::move(texts);
  return refused;
}

InputResult World::post(Input input) {
  return post_all({std::move(input)}).front();
}

std::vector<InputResult> World::post_all(std::vector<Input> inputs) {
  Running& world = running();
  std::vector<InputResult> results;
  world.unanswered += inputs.size();
  const bool taken = world.engine->post_all(std::move(inputs), [&](const InputResult& result) {
    results.push_back(result);
    --world.unanswered;
  });
  if (!taken) throw std::runtime_error("the engine takes no more inputs");
  world.run();
  return results;
}

void World::run() {
  running().run();
}

void World::advance(std::chrono::milliseconds by) {
  const Instant until = clock_.now() + by;
  run();
  while (running().next_due && *running().next_due <= until) {
    clock_.move_to(*running().next_due);
    run();
  }
  clock_.move_to(until);
  run();
}

void World::run_out(std::chrono::milliseconds most) {
  const Instant until = clock_.now() + most;
  run();
  while (running().next_due && *running().next_due <= until) {
    clock_.move_to(*running().next_due);
    run();
  }
}

const std::vector<Publication>& World::publications() {
  return running().engine->publications();
}

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

/// The name of its template or connection, `sales summary` or `sales chat`.
static std::string name_of_message(const CompiledJourney& journey, MessageIndex index) {
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

std::string World::portrait() {
  const NameBook names(reader());
  std::string all;
  for (const AccountRecord& account : accounts()) {
    all += account.key + " {" + to_text(account.attributes, names) + "}\n";
    std::vector<std::string> lines;
    std::map<std::int64_t, std::string> person_keys;
    for (const PersonRecord& person : people(account.key)) {
      lines.push_back("  person " + person.key + " {" + to_text(person.attributes, names) + "}");
      person_keys[person.id.value] = person.key;
    }
    for (const std::string& group : groups(account.key))
      lines.push_back("  group " + group);
    for (const std::string& each : activity(account.key))
      lines.push_back("  activity " + each);
    for (const std::string& each : audiences(account.key))
      lines.push_back("  audience " + each);
    for (const NoteRecord& note : notes(account.key)) {
      lines.push_back("  note " + to_text(std::optional(note.at)) + " " + std::to_string(static_cast<int>(note.kind)) +
                      " " + note.text);
    }
    for (const TokenRecord& token : tokens(account.key)) {
      const CompiledJourney& compiled = journey(token.version).journey;
      std::string line = "  " + compiled.name + " version " + std::to_string(journey(token.version).record.number) +
                         " " + std::string(caravan::to_text(token.state)) + " at " + name_of(token.node, token.version);
      if (token.person) line += " for " + person_keys[token.person.value];
      line += " due " + to_text(token.due_at) + " visits " + std::to_string(token.visits) + " entry " +
              std::to_string(token.entry) + " entered " + caravan::to_text(token.entered_at) + " ended " +
              to_text(token.ended_at) + ": " + trail(token);
      for (const RunRecord& run : runs(token.id)) {
        line += "\n    run from visit " + std::to_string(run.first_visit) + " at " + caravan::to_text(run.at);
      }
      std::vector<DeliveryRecord> promised;
      reader().deliveries_of(token.id, promised);
      for (const DeliveryRecord& delivery : promised) {
        const std::int64_t recipient = delivery.key.recipient.value;
        line += "\n    delivery of visit " + std::to_string(delivery.key.visit) + " for " +
                (recipient > 0 ? person_keys[recipient] : std::to_string(recipient)) + ": " +
                name_of_message(compiled, delivery.message) + " to " + delivery.address + " made " +
                caravan::to_text(delivery.created_at) + " {" + values(delivery) + "}";
      }
      lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    all += joined(lines, "\n") + "\n";
  }
  for (const auto& [key, amount] : reader().counters()) {
    if (amount == 0) continue;
    const VersionRecord& version = journey(key.version).record;
    all += version.journey + " version " + std::to_string(version.number) + " counter " +
           std::to_string(static_cast<int>(key.kind)) + "/" + std::to_string(key.slot) + "/" +
           std::to_string(static_cast<int>(key.path)) + " = " + std::to_string(amount) + "\n";
  }
  return all;
}

std::vector<std::string> World::counter_differences() {
  std::map<CounterKey, std::int64_t> should;
  const auto count = [&](VersionId version, CounterKind kind, std::uint16_t slot = 0, PathIndex path = kNoPath) {
    ++should[{version, kind, slot, path}];
  };
  const auto slot = [](auto index) { return static_cast<std::uint16_t>(index); };
  for (const AccountRecord& account : accounts()) {
    std::map<TokenId, VersionId> versions;
    for (const TokenRecord& token : tokens(account.key)) {
      const std::vector<MoveNote> moved = moves(token);
      const std::string& name = journey(token.version).record.journey;
      versions[token.id] = moved.empty() ? token.version : version_of(moved.front().from, name);
      if (!token.parent) {
        count(versions[token.id], CounterKind::entered);
        for (const MoveNote& move : moved) {
          count(version_of(move.from, name), CounterKind::moved_out);
          count(version_of(move.to, name), CounterKind::moved_in);
        }
        if (token.state == TokenState::completed) count(token.version, CounterKind::completed);
        if (token.state == TokenState::left) count(token.version, CounterKind::left);
        if (token.state == TokenState::failed) count(token.version, CounterKind::failed);
      }
      if (!is_final(token.state)) count(token.version, CounterKind::standing, slot(token.node));
      if (token.state == TokenState::held) count(token.version, CounterKind::held, slot(token.node));
      for (const RunRecord& run : runs(token.id)) {
        for (std::size_t i = 0; i < run.visits.size(); ++i) {
          const VisitRecord& visit = run.visits[i];
          const VersionId version = version_at(token, moved, run.first_visit + i);
          const bool is_branch = token.parent && run.first_visit + i == 0;
          const bool timed_out = visit.outcome == VisitOutcome::timed_out;
          if (timed_out) count(version, CounterKind::timed_out, slot(visit.node));
          // What came of a visit that stood is a second line of the same visit.
          const bool is_second =
              timed_out || visit.outcome == VisitOutcome::heard || visit.outcome == VisitOutcome::failed;
          if (!is_branch && !is_second) count(version, CounterKind::visited, slot(visit.node));
          if (visit.path != kNoPath) count(version, CounterKind::taken, slot(visit.node), visit.path);
        }
      }
    }
    for (const DeliveryRecord& delivery : deliveries(account.key)) {
      const bool given_up = delivery.state == DeliveryState::failed || delivery.state == DeliveryState::in_doubt;
      count(delivery.version, CounterKind::promised, slot(delivery.message));
      if (delivery.state == DeliveryState::delivered)
        count(delivery.version, CounterKind::delivered, slot(delivery.message));
      if (given_up) count(delivery.version, CounterKind::undelivered, slot(delivery.message));
    }
    for (const NoteRecord& note : notes(account.key)) {
      if (!note.token) continue;
      VersionId& version = versions.at(note.token);
      if (note.kind == NoteKind::moved)
        version = version_of(parse_move_note(note.text).value().to, journey(version).record.journey);
      if (note.kind == NoteKind::reached_goal) count(version, CounterKind::reached_goal);
      // Those of goals and exits at the entry stand beside those of audiences, which are not noted.
      if (note.kind != NoteKind::expression_error || note.node == kNoNode) continue;
      count(version, CounterKind::expression_errors, slot(note.node));
    }
  }
  std::map<CounterKey, std::int64_t> are;
  for (const auto& [key, amount] : reader().counters()) {
    // Neither the errors of audiences nor the people who joined are told apart by the rows.
    const bool of_audience = key.kind == CounterKind::expression_errors && key.slot == slot(kNoNode);
    const bool is_told = key.kind <= CounterKind::undelivered || key.kind == CounterKind::timed_out ||
                         key.kind == CounterKind::held || key.kind == CounterKind::reached_goal ||
                         key.kind == CounterKind::moved_out || key.kind == CounterKind::moved_in;
    if (amount != 0 && !of_audience && is_told) are[key] = amount;
  }
  std::vector<std::string> lines;
  const auto tell = [&](const CounterKey& key, std::int64_t is, std::int64_t wanted) {
    lines.push_back("version " + std::to_string(key.version.value) + " kind " +
                    std::to_string(static_cast<int>(key.kind)) + " slot " + std::to_string(key.slot) + " path " +
                    std::to_string(static_cast<int>(key.path)) + ": is " + std::to_string(is) + ", the rows say " +
                    std::to_string(wanted));
  };
  for (const auto& [key, amount] : should) {
    if (are[key] != amount) tell(key, are[key], amount);
  }
  for (const auto& [key, amount] : are) {
    if (amount != 0 && !should.contains(key)) tell(key, amount, 0);
  }
  return lines;
}

}  // namespace caravan::test
