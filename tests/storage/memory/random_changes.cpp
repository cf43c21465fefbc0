// One function a table: each adds something to a write set that the engine could add there.

#include "tests/storage/memory/random_changes.hpp"

namespace caravan::testing {

const std::vector<RandomChanges::Maker> RandomChanges::kMakers = {
    &RandomChanges::make_account,  &RandomChanges::change_account,
    &RandomChanges::make_person,   &RandomChanges::make_person,
    &RandomChanges::change_person, &RandomChanges::remove_person,
    &RandomChanges::relate,        &RandomChanges::keep_consent,
    &RandomChanges::relate,        &RandomChanges::make_token,
    &RandomChanges::make_token,    &RandomChanges::change_token,
    &RandomChanges::change_token,  &RandomChanges::run,
    &RandomChanges::run,           &RandomChanges::promise,
    &RandomChanges::promise,       &RandomChanges::progress,
    &RandomChanges::progress,      &RandomChanges::group,
    &RandomChanges::group,         &RandomChanges::group_change,
    &RandomChanges::engage,        &RandomChanges::engage_account,
    &RandomChanges::event,         &RandomChanges::event,
    &RandomChanges::forget_events, &RandomChanges::audience,
    &RandomChanges::audience,      &RandomChanges::roster,
    &RandomChanges::roster,        &RandomChanges::roster,
    &RandomChanges::mail,          &RandomChanges::note,
    &RandomChanges::count,         &RandomChanges::publish,
    &RandomChanges::life,          &RandomChanges::task,
    &RandomChanges::sweep,         &RandomChanges::name_something,
    &RandomChanges::journal,       &RandomChanges::ask,
    &RandomChanges::ask,           &RandomChanges::forget_history};

Changes RandomChanges::next() {
  Changes changes;
  if (accounts_ == 0) make_account(changes);
  for (std::int64_t left = number(10); left > 0; --left)
    (this->*kMakers[static_cast<std::size_t>(number(static_cast<std::int64_t>(kMakers.size())))])(changes);
  if (!once_in(5)) changes.engine_time = instant();
  return changes;
}

PersonId RandomChanges::any_person() {
  for (int tries = 0; tries < 5 && !people_.empty(); ++tries) {
    const Person& person = people_[static_cast<std::size_t>(number(people()))];
    if (!person.removed) return person.record.id;
  }
  return {};
}

/// One that is still there.
TokenRecord* RandomChanges::any_token() {
  for (int tries = 0; tries < 5 && !tokens_.empty(); ++tries) {
    TokenRecord& token = tokens_[static_cast<std::size_t>(number(tokens()))];
    if (!gone_.contains(token.id)) return &token;
  }
  return nullptr;
}

Attributes RandomChanges::attributes() {
  const std::pair<NameId, AttributeInput> input[] = {{name(), {number(100)}}};
  return once_in(4) ? Attributes() : Attributes().with(input);
}

void RandomChanges::make_account(Changes& changes) {
  ++accounts_;
  changes.accounts.push_back({{{accounts_}, account_key(accounts_), attributes()}, true});
}

void RandomChanges::change_account(Changes& changes) {
  const AccountId id = any_account();
  changes.accounts.push_back({{id, account_key(id.value), attributes()}, false});
}

void RandomChanges::make_person(Changes& changes) {
  // Now and then the key of one who is gone, or goes here.
  const std::int64_t id = people() + 1;
  std::string key = "person-" + std::to_string(id);
  for (const Person& other : people_) {
    const bool taken = std::any_of(people_.begin(), people_.end(),
                                   [&](const Person& each) { return !each.removed && each.key == other.key; });
    if (other.removed && !taken && once_in(3)) key = other.key;
  }
  const PersonRecord record{{id}, any_account(), key, attributes(), once_in(2) ? name() : NameId{}};
  people_.push_back({record, key});
  changes.people.push_back({record, true});
}

void RandomChanges::change_person(Changes& changes) {
  const PersonId id = any_person();
  if (!id) return;
  PersonRecord& record = people_[static_cast<std::size_t>(id.value) - 1].record;
  if (once_in(2)) record.account = any_account();
  record.attributes = attributes();
  record.account_role = once_in(2) ? name() : NameId{};
  changes.people.push_back({record, false});
}

void RandomChanges::remove_person(Changes& changes) {
  const PersonId id = any_person();
  if (!id || once_in(2)) return;
  people_[static_cast<std::size_t>(id.value) - 1].removed = true;
  changes.removed_people.push_back(id);
  if (once_in(4)) changes.removed_people.push_back(id);
}

void RandomChanges::relate(Changes& changes) {
  const PersonId person = any_person();
  if (person) changes.relations.push_back({person, any_account(), once_in(2) ? name() : NameId{}, !once_in(3)});
}

/// Of few addresses, so that what is kept is let go, and kept again.
void RandomChanges::keep_consent(Changes& changes) {
  const bool of_topic = once_in(2);
  changes.kept_consent.push_back({.address = address_hash(number(3)),
                                  .kind = of_topic     ? ConsentKind::left_topic
                                          : once_in(2) ? ConsentKind::undeliverable
                                                       : ConsentKind::unsubscribed,
                                  .topic = of_topic ? "topic-" + std::to_string(number(3)) : "",
                                  .at = instant(),
                                  .kept = !once_in(3)});
}

void RandomChanges::stir(TokenRecord& token) {
  token.state = static_cast<TokenState>(number(8) + 1);
  token.node = once_in(6) ? kNoNode : static_cast<NodeIndex>(number(5));
  token.version.value = number(3) + 1;
  token.due_at = once_in(2) ? std::nullopt : std::optional(instant());
  token.resume = static_cast<Resume>(number(4));
  token.attempts = static_cast<std::uint16_t>(number(3));
  token.reached_goal = once_in(3);
  if (is_final(token.state)) token.ended_at = instant();
  token.memory = once_in(2) ? "" : "memory " + std::to_string(number(9));
}

void RandomChanges::make_token(Changes& changes) {
  TokenRecord token;
  token.id.value = tokens() + 1;
  token.account = any_account();
  if (!tokens_.empty() && once_in(3)) {
    const TokenRecord& parent = tokens_[static_cast<std::size_t>(number(tokens()))];
    token.parent = parent.id;
    token.account = parent.account;
    token.person = any_person();
  }
  token.entry = static_cast<std::uint32_t>(number(4)) + 1;
  token.entered_at = instant();
  stir(token);
  tokens_.push_back(token);
  changes.tokens.push_back({token, true});
}

void RandomChanges::change_token(Changes& changes) {
  TokenRecord* any = any_token();
  if (!any) return;
  TokenRecord& token = *any;
  stir(token);
  changes.tokens.push_back({token, false});
}

void RandomChanges::run(Changes& changes) {
  TokenRecord* any = any_token();
  if (!any) return;
  TokenRecord& token = *any;
  RunRecord run{token.id, token.visits, instant(), {}};
  for (std::int64_t left = number(4) + 1; left > 0; --left)
    run.visits.push_back({static_cast<NodeIndex>(number(300)), once_in(2) ? kNoPath : static_cast<PathIndex>(number(4)),
                          static_cast<VisitOutcome>(number(7) + 1)});
  token.visits += static_cast<std::uint32_t>(run.visits.size());
  changes.tokens.push_back({token, false});
  changes.runs.push_back(run);
}

void RandomChanges::promise(Changes& changes) {
  TokenRecord* any = any_token();
  if (!any) return;
  TokenRecord& token = *any;
  DeliveryRecord delivery;
  delivery.key = {token.id, token.visits++, {once_in(3) ? -number(3) - 1 : number(5) + 1}};
  delivery.account = token.account;
  delivery.version = token.version;
  delivery.message = static_cast<MessageIndex>(number(2));
  delivery.state = static_cast<DeliveryState>(number(5) + 1);
  delivery.created_at = instant();
  if (delivery.state == DeliveryState::pending) delivery.next_attempt_at = instant();
  delivery.address = "vp@acme.example";
  delivery.values = std::string("a\0b", 3);
  deliveries_.push_back(delivery);
  changes.deliveries.push_back(delivery);
  changes.tokens.push_back({token, false});
}

void RandomChanges::progress(Changes& changes) {
  if (deliveries_.empty()) return;
  const DeliveryRecord& delivery =
      deliveries_[static_cast<std::size_t>(number(static_cast<std::int64_t>(deliveries_.size())))];
  DeliveryProgress progress;
  progress.key = delivery.key;
  progress.state = static_cast<DeliveryState>(number(5) + 1);
  progress.attempts = static_cast<std::uint16_t>(number(5));
  if (progress.state == DeliveryState::pending) progress.next_attempt_at = instant();
  if (progress.state == DeliveryState::delivered) progress.ended_at = instant();
  if (once_in(2)) progress.reason = "451 later";
  changes.progress.push_back(progress);
}

void RandomChanges::group(Changes& changes) {
  GroupRecord group;
  group.account = any_account();
  group.interest = name();
  group.created_at = instant();
  if (once_in(2)) {
    group.stage = name();
    group.stage_since = instant();
  }
  if (once_in(2)) group.status = name();
  group.raw_engagement = static_cast<double>(number(50)) / 4;
  group.engagement = static_cast<double>(number(100));
  for (std::int64_t left = number(3); left > 0; --left) {
    const PersonId person = any_person();
    const bool twice = std::any_of(group.members.begin(), group.members.end(),
                                   [&](const MemberRecord& member) { return member.person == person; });
    if (!person || twice) continue;
    group.members.push_back({person, name(), static_cast<MembershipSource>(number(3) + 1), instant(), once_in(3),
                             once_in(2) ? "" : "why", once_in(2) ? NameId{} : name()});
  }
  changes.groups.push_back(group);
}

void RandomChanges::group_change(Changes& changes) {
  changes.group_changes.push_back({any_account(), name(), instant(), static_cast<GroupAspect>(number(2) + 1),
                                   once_in(2) ? NameId{} : name(), name(), static_cast<MembershipSource>(number(3) + 1),
                                   std::to_string(number(1'000))});
}

void RandomChanges::engage(Changes& changes) {
  const PersonId person = any_person();
  if (!person) return;
  EngagementRecord engagement{person, {}, static_cast<double>(number(9)), static_cast<double>(number(100))};
  if (!once_in(3)) engagement.counts = {{name(), number(20) + 1}};
  changes.engagement.push_back(engagement);
}

void RandomChanges::engage_account(Changes& changes) {
  changes.engagement_due.push_back({any_account(), once_in(3) ? std::nullopt : std::optional(instant())});
  if (once_in(3)) changes.engagement_round = {instant(), "model", once_in(2)};
}

void RandomChanges::event(Changes& changes) {
  ++events_;
  changes.activity.push_back({any_account(), events_, instant(), any_person(), name(),
                              once_in(2) ? "" : "event-" + std::to_string(events_), attributes()});
  if (once_in(2)) changes.to_evaluate.emplace_back(any_account(), !once_in(3));
}

void RandomChanges::forget_events(Changes& changes) {
  changes.forgotten_activity.emplace_back(any_account(), number(events_ + 1));
}

void RandomChanges::audience(Changes& changes) {
  changes.audience_members.push_back({any_account(), name(), instant(), !once_in(3)});
}

void RandomChanges::roster(Changes& changes) {
  const PersonId person = once_in(2) ? PersonId{} : any_person();
  changes.rosters.push_back(
      {static_cast<RosterKind>(number(2) + 1), name(), any_account(), person, instant(), !once_in(3)});
}

void RandomChanges::mail(Changes& changes) {
  changes.mailed.push_back({name(), name(), std::to_string(number(3)) + "@acme.example"});
}

void RandomChanges::note(Changes& changes) {
  changes.notes.push_back({any_account(),
                           instant(),
                           static_cast<NoteKind>(number(7) + 1),
                           {number(5) + 1},
                           once_in(3) ? kNoNode : static_cast<NodeIndex>(number(9)),
                           std::to_string(number(1'000))});
}

void RandomChanges::count(Changes& changes) {
  const auto path = static_cast<PathIndex>(number(3));
  changes.count({{number(3) + 1}, CounterKind::taken, static_cast<std::uint16_t>(number(3)), path}, number(5) - 2);
  changes.count({{number(3) + 1}, CounterKind::visited, static_cast<std::uint16_t>(number(3)), kNoPath});
}

void RandomChanges::publish(Changes& changes) {
  ++versions_;
  changes.snapshots.push_back({versions_, {{"journeys/a.yaml", "journey: a # " + std::to_string(versions_)}}});
  changes.versions.push_back(
      {{versions_}, "a", static_cast<std::uint32_t>(versions_), "f00d", instant(), once_in(2), versions_});
  if (once_in(2)) changes.definitions = {versions_, "beef", instant()};
}

void RandomChanges::life(Changes& changes) {
  changes.journeys.push_back(
      {"journey-" + std::to_string(number(3)), static_cast<JourneyState>(number(5) + 1), instant()});
}

void RandomChanges::task(Changes& changes) {
  TaskRecord task;
  task.id = tasks_ == 0 || once_in(2) ? ++tasks_ : number(tasks_) + 1;
  task.kind = static_cast<TaskKind>(number(6) + 1);
  task.journey = "a";
  task.gone = once_in(2) ? "" : "leave";
  task.account.value = number(3);
  task.to.value = number(3);
  task.next.value = number(50);
  task.last.value = number(50);
  task.since = instant();
  task.done = number(50);
  task.over = once_in(3);
  changes.tasks.push_back(task);
}

void RandomChanges::sweep(Changes& changes) {
  changes.sweeps.push_back({{number(4)}, {number(50)}, once_in(2) ? std::nullopt : std::optional(instant())});
}

void RandomChanges::name_something(Changes& changes) {
  ++names_;
  changes.names.emplace_back(static_cast<NameId>(names_), "name-" + std::to_string(names_));
}

void RandomChanges::journal(Changes& changes) {
  if (!changes.journal) {
    ++journal_;
    changes.journal = JournalRecord{journal_, instant(), "entry " + std::to_string(journal_)};
  }
  if (once_in(3)) changes.forgotten_journal = number(journal_ + 1);
}

void RandomChanges::ask(Changes& changes) {
  const std::string caller = once_in(2) ? "crm" : "";
  const std::string action = once_in(2) ? "enter" : "publish";
  changes.audit.push_back({.sequence = number(9),
                           .at = instant(),
                           .caller = caller,
                           .request_id = std::to_string(number(9)),
                           .action = action,
                           .target = "acme",
                           .refused = once_in(2) ? "no" : ""});
  if (once_in(3)) return;
  changes.asked_keys.push_back({.caller = caller,
                                .key = std::to_string(number(20)),
                                .fingerprint = std::to_string(number(9)),
                                .result = std::to_string(number(9)),
                                .at = instant()});
  changes.asked_keys_since = instant();
}

void RandomChanges::forget_history(Changes& changes) {
  const TokenRecord* token = any_token();
  if (!token || token->parent || !is_final(token->state)) return;
  ForgottenHistory forgotten{token->id, token->account, {}, instant()};
  gone_.insert(token->id);
  for (const TokenRecord& each : tokens_) {
    if (each.parent == token->id && gone_.insert(each.id).second) forgotten.people.push_back(each.id);
  }
  std::erase_if(deliveries_, [&](const DeliveryRecord& each) { return gone_.contains(each.key.token); });
  changes.history.forgotten.push_back(std::move(forgotten));
  if (once_in(2)) changes.history.next = token->id;
  if (once_in(2))
    changes.history.archive =
        ArchiveRecord{std::to_string(number(3)) + ".db", number(1'000) - 500, number(9), number(9)};
}

}  // namespace caravan::testing
