// All that a world holds in one text, and whether its counters say what its rows do.

#include "tests/support/one_line.hpp"
#include "tests/support/workspace_fixture.hpp"

namespace caravan::test {

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
