#include "engine/harness/account_facts.hpp"

#include "engine/harness/message_words.hpp"
#include "engine/move_plan.hpp"

namespace caravan {
namespace {

template <class Texts>
std::string text_at(const Texts& texts, std::size_t index, std::string_view what) {
  return index < texts.size() ? texts[index] : std::string(what) + " " + std::to_string(index);
}

void once(std::map<FigureKey, std::int64_t>& counts, FigureKey key) {
  counts[std::move(key)] = 1;
}

}  // namespace

std::string to_text(const FigureKey& key) {
  using Kind = FigureKey::Kind;
  switch (key.kind) {
    case Kind::entered: return key.of + "/entered";
    case Kind::completed: return key.of + "/completed";
    case Kind::left: return key.of + "/left";
    case Kind::failed: return key.of + "/failed";
    case Kind::under_way: return key.of + "/under-way";
    case Kind::reached_goal: return key.of + "/goal";
    case Kind::visited: return key.of + "/node/" + key.node;
    case Kind::taken: return key.of + "/path/" + key.node + "/" + key.path;
    case Kind::standing: return key.of + "/standing/" + key.node;
    case Kind::message: return key.of + "/message/" + key.node;
    case Kind::handed_over: return "sales/" + key.of;
    case Kind::grouped: return "groups/" + key.of;
    case Kind::stage: return "groups/" + key.of + "/stage/" + key.node;
  }
  return {};
}

AccountFacts FactsReader::facts_of(const AccountRecord& account) {
  AccountFacts facts;
  std::vector<TokenRecord> tokens;
  reader_.tokens_of(account.id, tokens);
  if (!tokens.empty()) {
    std::vector<NoteRecord> notes;
    reader_.notes_of(account.id, notes);
    moves_.clear();
    std::copy_if(notes.begin(), notes.end(), std::back_inserter(moves_),
                 [](const NoteRecord& note) { return note.kind == NoteKind::moved; });
  }
  std::vector<PersonRecord> people;
  for (const TokenRecord& token : tokens) {
    std::string subject = account.key;
    if (token.person && keys_of(token.version).is_for_people) {
      if (people.empty()) reader_.people_of(account.id, people);
      const auto person =
          std::find_if(people.begin(), people.end(), [&](const PersonRecord& each) { return each.id == token.person; });
      subject = person != people.end() ? person->key : "a person of " + account.key + " who is gone";
    }
    read_token(token, facts.subjects[subject], facts);
  }
  read_groups(account, facts);
  return facts;
}

const FactsReader::VersionKeys& FactsReader::keys_of(VersionId version) {
  const auto found = keys_.find(version);
  return found != keys_.end() ? found->second : keys_.emplace(version, read_keys(version)).first->second;
}

/// Of a version whose texts do not check with this program nothing is known but its journey.
FactsReader::VersionKeys FactsReader::read_keys(VersionId version) {
  VersionKeys keys;
  keys.journey = library_.journey_of(version);
  try {
    const std::shared_ptr<const RunnableJourney> runnable = library_.version(version);
    const JourneyDefinition& definition = *runnable->journey.definition;
    keys.is_for_people = definition.subject == JourneySubject::person;
    read_nodes(definition.nodes, keys);
    for (const MessageDefinition& message : runnable->journey.messages)
      keys.messages.push_back(words_for(message));
  } catch (const StoreError&) {
    throw;
  } catch (const std::runtime_error&) {
    keys.nodes.clear();
  }
  return keys;
}

/// In the order in which the compiler has numbered them.
void FactsReader::read_nodes(const std::vector<NodeDefinition>& nodes, VersionKeys& to) {
  for (const NodeDefinition& node : nodes) {
    to.nodes.push_back(node.id);
    std::vector<std::string>& paths = to.paths.emplace_back();
    for (const PathDefinition& path : node.paths)
      paths.push_back(path.name);
    const auto* interest = node.setting<std::string>("solution_interest");
    to.hands_over.push_back(node.shape->type == "notify_sales" && interest ? *interest : std::string());
    for (const PathDefinition& path : node.paths)
      read_nodes(path.nodes, to);
  }
}

/// The version that a token was in when it made a visit.
VersionId FactsReader::version_at(const TokenRecord& token, std::uint32_t visit) const {
  for (const NoteRecord& note : moves_) {
    if (note.token != token.id) continue;
    const std::optional<MoveNote> move = parse_move_note(note.text);
    if (!move || visit >= move->visits) continue;
    for (const VersionRecord& version : library_.versions_of(library_.journey_of(token.version))) {
      if (version.number == move->from) return version.id;
    }
  }
  return token.version;
}

void FactsReader::read_token(const TokenRecord& token, SubjectFigures& to, AccountFacts& all) {
  using Kind = FigureKey::Kind;
  auto& counts = to.counts;
  const std::string journey = keys_of(token.version).journey;
  if (!token.parent) {
    once(counts, {Kind::entered, journey, {}, {}});
    if (token.state == TokenState::completed) once(counts, {Kind::completed, journey, {}, {}});
    if (token.state == TokenState::left) once(counts, {Kind::left, journey, {}, {}});
    if (token.state == TokenState::failed) once(counts, {Kind::failed, journey, {}, {}});
    if (token.reached_goal) once(counts, {Kind::reached_goal, journey, {}, {}});
    if (!is_final(token.state)) once(counts, {Kind::under_way, journey, {}, {}});
  }
  if (!is_final(token.state) && token.node != kNoNode) {
    const auto node = static_cast<std::size_t>(token.node);
    once(counts, {Kind::standing, journey, text_at(keys_of(token.version).nodes, node, "node"), {}});
  }
  runs_.clear();
  reader_.runs_of(token.id, runs_);
  std::map<std::uint32_t, std::string> hands_over;  // by visit
  for (const RunRecord& run : runs_) {
    for (std::uint32_t i = 0; i < run.visits.size(); ++i) {
      const VisitRecord& visit = run.visits[i];
      const VersionKeys& keys = keys_of(version_at(token, run.first_visit + i));
      const auto node = static_cast<std::size_t>(visit.node);
      std::string name = text_at(keys.nodes, node, "node");
      if (node < keys.hands_over.size() && !keys.hands_over[node].empty())
        hands_over.emplace(run.first_visit + i, keys.hands_over[node]);
      if (visit.path != kNoPath) {
        const auto path = static_cast<std::size_t>(visit.path);
        const std::vector<std::string> none;
        once(counts,
             {Kind::taken, journey, name, text_at(node < keys.paths.size() ? keys.paths[node] : none, path, "path")});
      }
      once(counts, {Kind::visited, journey, std::move(name), {}});
    }
  }
  std::vector<DeliveryRecord> deliveries;
  reader_.deliveries_of(token.id, deliveries);
  for (const DeliveryRecord& delivery : deliveries) {
    const std::string message =
        text_at(keys_of(delivery.version).messages, static_cast<std::size_t>(delivery.message), "message");
    ++counts[{Kind::message, journey, message, {}}];
    const auto handed = hands_over.find(delivery.key.visit);
    if (handed == hands_over.end()) continue;
    once(counts, {Kind::handed_over, handed->second, {}, {}});
    const auto [first, is_new] = all.handed_over.emplace(handed->second, delivery.created_at);
    if (!is_new) first->second = std::min(first->second, delivery.created_at);
  }
}

void FactsReader::read_groups(const AccountRecord& account, AccountFacts& to) {
  using Kind = FigureKey::Kind;
  std::vector<GroupRecord> groups;
  reader_.groups_of(account.id, groups);
  for (const GroupRecord& group : groups) {
    const std::string interest(names_.text_of(group.interest));
    auto& counts = to.subjects[account.key].counts;
    once(counts, {Kind::grouped, interest, {}, {}});
    if (group.stage != NameId{}) once(counts, {Kind::stage, interest, std::string(names_.text_of(group.stage)), {}});
    const InterestPlan* plan = definitions_ ? definitions_->interest(group.interest) : nullptr;
    if (plan) to.completeness.emplace(interest, completeness(group, *plan));
  }
}

}  // namespace caravan
