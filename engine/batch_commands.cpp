// What is asked of journeys: to be published, to change where they stand in their life, to let somebody in, to help
// tokens that are held.

#include "engine/batch.hpp"
#include "engine/publication_plan.hpp"

namespace caravan {
namespace {

std::string unknown(const std::string& journey) {
  return "no journey \"" + journey + "\" is published";
}

std::string name_of(JourneyState state) {
  switch (state) {
    case JourneyState::live: return "live";
    case JourneyState::paused: return "paused";
    case JourneyState::closed: return "closed";
    case JourneyState::finished: return "finished";
    case JourneyState::aborted: return "aborted";
  }
  return "unknown";
}

}  // namespace

InputResult BatchRunner::take(const EnterJourney& input, Changes& changes) {
  const LiveJourney* journey = runner_.plan().find(input.journey);
  if (!journey) {
    const std::optional<JourneyState> state = library_.state(input.journey);
    if (state && *state <= JourneyState::paused) return refuse(Refusal::conflict, library_.fault_of(input.journey));
    if (!state) return refuse(Refusal::unknown, unknown(input.journey));
    return refuse(Refusal::conflict, "the journey \"" + input.journey + "\" is " + name_of(*state));
  }
  Subject* subject = nullptr;
  PersonId person;
  if (!input.person.empty()) {
    const std::optional<Subjects::PersonPlace> place = subjects_.find_person(input.person);
    if (!place) return refuse(Refusal::unknown, "there is no person \"" + input.person + "\"");
    if (journey->definition().subject != JourneySubject::person) {
      return refuse(Refusal::conflict, "the journey \"" + input.journey +
                                           "\" is for accounts: name the account, and all its people go along");
    }
    subject = subjects_.find(place->account);
    person = place->person;
  } else {
    subject = subjects_.find(input.account);
    if (!subject || is_stand_in(subject->account))
      return refuse(Refusal::unknown, "there is no account \"" + input.account + "\"");
  }
  make_current(*subject, changes);
  return refuse(runner_.enter(*subject, *journey, person, now_, changes));
}

InputResult BatchRunner::take(const Publish& input, Changes& changes) {
  if (std::string why = refuse_move(input); !why.empty()) return refuse(Refusal::conflict, std::move(why));
  for (const std::string& name : input.journeys) {
    if (!input.workspace->journeys.contains(name))
      return refuse(Refusal::unknown, "the workspace has no journey \"" + name + "\"");
  }
  const std::vector<Publication> publications = library_.publish(input.workspace, input.journeys, now_, changes);
  go_live(now_, changes);
  if (input.under_way == Publish::UnderWay::stay) return {};
  for (const Publication& publication : publications) {
    const LiveJourney* journey = runner_.plan().find(publication.journey);
    if (!journey) continue;
    TaskRecord task;
    task.kind = TaskKind::move;
    task.journey = publication.journey;
    task.to = journey->journey->record.id;
    task.gone = input.gone;
    add_task(std::move(task), changes);
  }
  return {};
}

/// Why accounts under way cannot be taken along; empty when they can, or are not to be.
std::string BatchRunner::refuse_move(const Publish& publish) {
  if (publish.under_way == Publish::UnderWay::stay) return {};
  const auto counters = reader_.counters();
  std::string reasons;
  for (const auto& [name, definition] : publish.workspace->journeys) {
    const bool is_meant = publish.journeys.empty() ||
                          std::find(publish.journeys.begin(), publish.journeys.end(), name) != publish.journeys.end();
    if (!is_meant) continue;
    const CompiledJourney to = compile_journey(*publish.workspace, definition, names_);
    for (const VersionRecord& version : library_.versions_of(name)) {
      if (runner_.tally().under_way(version.id) == 0) continue;
      const CompiledJourney& from = library_.version(version.id)->journey;
      const MovePlan plan = plan_move(from, to, publish.gone);
      const std::string why = refusal(plan, from, node_counts(counters, version.id, from.nodes.size()));
      if (!why.empty()) reasons += (reasons.empty() ? "" : "; ") + name + ": " + why;
    }
  }
  return reasons;
}

void BatchRunner::add_task(TaskRecord task, Changes& changes) {
  task.id = ++numbering_.task;
  task.next = TokenId{1};
  task.last = numbering_.token;
  task.since = now_;
  changes.tasks.push_back(task);
  tasks_.push_back(std::move(task));
}

InputResult BatchRunner::take(const ChangeJourney& input, Changes& changes) {
  using Command = ChangeJourney::Command;
  const std::optional<JourneyState> present = library_.state(input.journey);
  if (!present) return refuse(Refusal::unknown, unknown(input.journey));
  JourneyState wanted = JourneyState::live;
  bool is_allowed = false;
  switch (input.command) {
    case Command::pause:
      wanted = JourneyState::paused;
      is_allowed = present == JourneyState::live;
      break;
    case Command::resume: is_allowed = present == JourneyState::paused; break;
    case Command::close:
      wanted = JourneyState::closed;
      is_allowed = present == JourneyState::live || present == JourneyState::paused;
      break;
    case Command::abort:
      wanted = JourneyState::aborted;
      is_allowed = present != JourneyState::aborted && present != JourneyState::finished;
      break;
  }
  if (!is_allowed) return refuse(Refusal::conflict, "the journey \"" + input.journey + "\" is " + name_of(*present));
  library_.change_state(input.journey, wanted, now_, changes);
  go_live(now_, changes);
  if (input.command == Command::abort) {
    TaskRecord task;
    task.kind = TaskKind::abort;
    task.journey = input.journey;
    add_task(std::move(task), changes);
  }
  return {};
}

/// Whether some version of the journey has it.
bool BatchRunner::has_node(const std::string& journey, const std::string& node) {
  const std::vector<VersionRecord> versions = library_.versions_of(journey);
  return std::any_of(versions.begin(), versions.end(), [&](const VersionRecord& version) {
    try {
      return library_.version(version.id)->journey.find(node) != kNoNode;
    } catch (const StoreUnavailable&) {
      throw;
    } catch (const std::runtime_error&) {
      return false;  // whose texts no longer check
    }
  });
}

InputResult BatchRunner::take(const Interfere& input, Changes& changes) {
  const std::optional<JourneyState> state = library_.state(input.journey);
  if (!state) return refuse(Refusal::unknown, unknown(input.journey));
  if (state == JourneyState::paused && input.command != Interfere::Command::remove)
    return refuse(Refusal::conflict, "the journey \"" + input.journey + "\" is paused: resume it first");
  if (!input.node.empty() && !has_node(input.journey, input.node))
    return refuse(Refusal::unknown, "the journey \"" + input.journey + "\" has no node \"" + input.node + "\"");
  TaskRecord task;
  switch (input.command) {
    case Interfere::Command::retry: task.kind = TaskKind::retry; break;
    case Interfere::Command::skip: task.kind = TaskKind::skip; break;
    case Interfere::Command::remove: task.kind = TaskKind::remove; break;
  }
  task.journey = input.journey;
  task.node = input.node;
  if (input.account.empty()) {
    add_task(std::move(task), changes);
    return {};
  }
  Subject* subject = subjects_.find(input.account);
  if (!subject) return refuse(Refusal::unknown, "there is no account \"" + input.account + "\"");
  make_current(*subject, changes);
  return interfere_with(*subject, task, changes);
}

template <class Input>
InputResult BatchRunner::change_group(const Input& input, Changes& changes) {
  const std::shared_ptr<const Definitions>& definitions = runner_.plan().definitions();
  if (!definitions) return refuse(Refusal::conflict, "nothing is published yet: publish the workspace first");
  if (!definitions->interest(input.solution_interest)) {
    std::vector<std::string> names;
    for (const InterestPlan& plan : definitions->interests)
      names.push_back(plan.name);
    const std::string hint = did_you_mean(input.solution_interest, names);
    return refuse(Refusal::unknown, "no solution interest \"" + input.solution_interest + "\" is published" +
                                        (hint.empty() ? "" : ": " + hint));
  }
  Subject* subject = subjects_.find(input.account);
  if (!subject || is_stand_in(subject->account))
    return refuse(Refusal::unknown, "there is no account \"" + input.account + "\"");
  make_current(*subject, changes);
  // A hand acts on what conditions have made of the data, which nobody has looked at yet.
  if (!is_running()) runner_.sweep_groups(*subject, now_, changes);
  return refuse(runner_.change(*subject, input, now_, changes));
}

InputResult BatchRunner::take(const ChangeMember& input, Changes& changes) {
  return change_group(input, changes);
}

InputResult BatchRunner::take(const ChangeGroup& input, Changes& changes) {
  return change_group(input, changes);
}

InputResult BatchRunner::take(const ScoreEngagement&, Changes& changes) {
  const std::shared_ptr<const Definitions>& definitions = runner_.plan().definitions();
  if (!definitions || !definitions->engagement)
    return refuse(Refusal::conflict,
                  "nothing scores engagement: the published workspace has no active engagement_model");
  rounds_.ask();
  rounds_.begin(now_, changes);
  return {};
}

InputResult BatchRunner::interfere_with(Subject& subject, const TaskRecord& task, Changes& changes) {
  std::vector<TokenId> tokens;
  for (const TokenRecord& token : subject.tokens(reader_)) {
    if (!is_final(token.state) && library_.journey_of(token.version) == task.journey) tokens.push_back(token.id);
  }
  bool is_done = false;
  for (const TokenId token : tokens)
    is_done = runner_.act(subject, token, task, nullptr, now_, changes) || is_done;
  if (is_done) return {};
  const std::string where = task.node.empty() ? "in the journey" : "at " + task.node;
  return refuse(Refusal::conflict, task.kind == TaskKind::remove ? "the account is not " + where
                                                                 : "nothing of the account is held " + where);
}

}  // namespace caravan
