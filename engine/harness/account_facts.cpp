#include "engine/harness/account_facts.hpp"

namespace caravan {
namespace {

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
  notes_.clear();
  if (!tokens.empty()) reader_.notes_of(account.id, notes_);
  std::vector<PersonRecord> people;
  for (const TokenRecord& token : tokens) {
    if (!token.parent && facts.why_untold.empty()) facts.why_untold = reader_.why_untold(token);
    std::string subject = account.key;
    if (token.person && versions_.of(token.version).is_for_people()) {
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

void FactsReader::read_token(const TokenRecord& token, SubjectFigures& to, AccountFacts& all) {
  using Kind = FigureKey::Kind;
  auto& counts = to.counts;
  const std::string journey = versions_.journey_of(token.version);
  if (!token.parent) {
    once(counts, {Kind::entered, journey, {}, {}});
    if (token.state == TokenState::completed) once(counts, {Kind::completed, journey, {}, {}});
    if (token.state == TokenState::left) once(counts, {Kind::left, journey, {}, {}});
    if (token.state == TokenState::failed) once(counts, {Kind::failed, journey, {}, {}});
    if (token.reached_goal) once(counts, {Kind::reached_goal, journey, {}, {}});
    if (!is_final(token.state)) once(counts, {Kind::under_way, journey, {}, {}});
  }
  if (!is_final(token.state) && token.node != kNoNode)
    once(counts, {Kind::standing, journey, versions_.of(token.version).node(token.node), {}});

  std::vector<NoteRecord> moves;
  std::copy_if(notes_.begin(), notes_.end(), std::back_inserter(moves),
               [&](const NoteRecord& note) { return note.kind == NoteKind::moved && note.token == token.id; });
  const TokenVersions versions(versions_, token, moves);
  runs_.clear();
  reader_.runs_of(token.id, runs_);
  std::map<std::uint32_t, std::string> hands_over;  // by visit
  for (const RunRecord& run : runs_) {
    for (std::uint32_t i = 0; i < run.visits.size(); ++i) {
      const VisitRecord& visit = run.visits[i];
      const VersionNames& names = versions.at_visit(run.first_visit + i);
      std::string node = names.node(visit.node);
      if (std::string interest = names.hands_over(visit.node); !interest.empty())
        hands_over.emplace(run.first_visit + i, std::move(interest));
      if (visit.path != kNoPath) once(counts, {Kind::taken, journey, node, names.path(visit.node, visit.path)});
      once(counts, {Kind::visited, journey, std::move(node), {}});
    }
  }
  std::vector<DeliveryRecord> deliveries;
  reader_.deliveries_of(token.id, deliveries);
  for (const DeliveryRecord& delivery : deliveries) {
    ++counts[{Kind::message, journey, versions_.of(delivery.version).message(delivery.message), {}}];
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
