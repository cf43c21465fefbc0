#include "engine/harness/scenario_run.hpp"

#include "engine/harness/expectations.hpp"
#include "engine/harness/scenario_inputs.hpp"
#include "engine/harness/timeline.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

constexpr std::chrono::days kLongestEnd{3'653};  ///< ten years

/// What a scenario begins with, as inputs, and for each the place of what it was written as.
struct Given {
  explicit Given(const ScenarioDefinition& scenario) {
    // Accounts and people first: all else is about them, whatever the order in which they stand.
    for (const ScenarioAccount& each : scenario.accounts)
      add(each);
    for (const ScenarioPerson& each : scenario.people)
      add(each);
    for (const ScenarioEvent& each : scenario.events)
      add(each);
    for (const ScenarioGroup& each : scenario.groups)
      add(each);
  }

  template <class Written>
  void add(const Written& written) {
    for (Input& input : inputs_of(written)) {
      inputs.push_back(std::move(input));
      places.push_back(written.place);
    }
  }

  std::vector<Input> inputs;
  std::vector<Place> places;
};

class ScenarioRunner {
 public:
  ScenarioRunner(const ScenarioDefinition& scenario, std::shared_ptr<const Workspace> workspace, NameBook& names)
      : scenario_(scenario), workspace_(std::move(workspace)) {
    Given given(scenario);
    places_given_ = std::move(given.places);
    rehearsal_.emplace(workspace_, names, scenario.at, std::move(given.inputs));
  }

  Rehearsal& rehearsal() { return *rehearsal_; }
  std::size_t steps() const { return steps_; }

  std::optional<ScenarioFailure> run() {
    for (std::size_t i = 0; i < rehearsal_->given().size(); ++i) {
      const InputResult& result = rehearsal_->given()[i];
      if (!result.refused.empty()) return refusal(places_given_[i], "given", result.refused, {});
    }
    for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
      const ScenarioStep* next = i + 1 < scenario_.steps.size() ? &scenario_.steps[i + 1] : nullptr;
      if (std::optional<ScenarioFailure> failure = run(scenario_.steps[i], next)) return failure;
      ++steps_;
    }
    return std::nullopt;
  }

 private:
  std::optional<ScenarioFailure> run(const ScenarioStep& step, const ScenarioStep* next) {
    if (const auto* expect = std::get_if<ExpectStep>(&step.what)) return run_expect(step, *expect);
    refused_.clear();
    std::visit([&](const auto& what) { take(what); }, step.what);
    const auto* answer = next ? std::get_if<ExpectStep>(&next->what) : nullptr;
    if (refused_.empty() || (answer && answer->refused)) return std::nullopt;
    return refusal(step.place, step.key, refused_, account_of(step));
  }

  void take(const AdvanceStep& step) {
    if (step.by)
      rehearsal_->advance_to(add(rehearsal_->now(), *step.by, workspace_->configuration.timezone));
    else if (step.to)
      rehearsal_->advance_to(*step.to);
    else
      rehearsal_->run_out(rehearsal_->now() + kLongestEnd);
  }
  void take(const ChannelStep& step) { rehearsal_->set_channel(to_rule(step)); }
  void take(const ExpectStep&) {}
  void take(const PublishStep& step) {
    post(inputs_of(step));
    if (refused_.empty()) workspace_ = step.workspace;
  }
  template <class Step>
  void take(const Step& step) {
    post(inputs_of(step));
  }

  void post(std::vector<Input> inputs) {
    for (const InputResult& result : rehearsal_->post_all(std::move(inputs))) {
      if (refused_.empty()) refused_ = result.refused;
    }
  }

  std::optional<ScenarioFailure> run_expect(const ScenarioStep& step, const ExpectStep& expect) {
    std::optional<Mismatch> mismatch = expect.refused ? check_refused(step, expect) : std::nullopt;
    if (!mismatch) mismatch = check(expect, step.place, *rehearsal_, *workspace_);
    if (!mismatch) return std::nullopt;
    ScenarioFailure failure;
    failure.place = mismatch->place;
    failure.step = step.key;
    failure.subject = label_of(expect);
    failure.what = std::move(mismatch->what);
    failure.message = std::move(mismatch->message);
    failure.diff = std::move(mismatch->diff);
    add_timeline(failure, account_of(step));
    return failure;
  }

  std::optional<Mismatch> check_refused(const ScenarioStep& step, const ExpectStep& expect) const {
    if (!refused_.empty() && refused_.find(*expect.refused) != std::string::npos) return std::nullopt;
    const auto place = expect.places.find("refused");
    Mismatch mismatch;
    mismatch.place = place == expect.places.end() ? step.place : place->second;
    mismatch.what = "refused";
    mismatch.message = refused_.empty() ? "the step before should be refused, and it was taken"
                                        : "the step before was refused for another reason";
    mismatch.diff = diff_lines(std::array{*expect.refused},
                               refused_.empty() ? std::vector<std::string>() : std::vector<std::string>{refused_});
    return mismatch;
  }

  ScenarioFailure refusal(const Place& place, const std::string& step, const std::string& why,
                          const std::string& account) {
    ScenarioFailure failure;
    failure.place = place;
    failure.step = step;
    failure.subject = account.empty() ? "" : "account " + account;
    failure.what = "refused";
    failure.message = "the engine refuses this: " + why;
    add_timeline(failure, account);
    return failure;
  }

  void add_timeline(ScenarioFailure& failure, const std::string& key) {
    if (key.empty()) return;
    const std::optional<AccountRecord> account = rehearsal_->reader().account(key);
    if (account) failure.timeline = timeline_of(*rehearsal_, *account, workspace_->configuration.timezone);
  }

  /// The key of the account that a step is about; empty where there is none.
  std::string account_of(const ScenarioStep& step) {
    return std::visit(
        [&](const auto& what) -> std::string {
          using Step = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<Step, ScenarioAccount>) {
            return what.key;
          } else if constexpr (std::is_same_v<Step, RemovePersonStep>) {
            return account_of({}, what.person);
          } else if constexpr (std::is_same_v<Step, ScenarioPerson>) {
            return account_of(what.account, what.key);
          } else if constexpr (std::is_same_v<Step, ScenarioEvent> || std::is_same_v<Step, EnterStep> ||
                               std::is_same_v<Step, ExpectStep>) {
            return account_of(what.account, what.person);
          } else if constexpr (std::is_same_v<Step, HelpStep> || std::is_same_v<Step, ScenarioGroup>) {
            return what.account;
          } else {
            return {};
          }
        },
        step.what);
  }
  std::string account_of(const std::string& account, const std::string& person) {
    if (!account.empty() || person.empty()) return account;
    const std::optional<PersonRecord> found = rehearsal_->reader().person(person);
    const std::optional<AccountRecord> of = found ? rehearsal_->reader().account(found->account) : std::nullopt;
    return of ? of->key : std::string();
  }

  const ScenarioDefinition& scenario_;
  std::shared_ptr<const Workspace> workspace_;  ///< what is published now
  std::vector<Place> places_given_;
  std::optional<Rehearsal> rehearsal_;
  std::string refused_;  ///< why the last step that was no `expect` was refused; empty: it was not
  std::size_t steps_ = 0;
};

ScenarioResult run_unmeasured(const ScenarioDefinition& scenario, std::shared_ptr<const Workspace> workspace,
                              NameBook& names, Coverage* coverage) {
  ScenarioResult result;
  result.scenario = &scenario;
  result.ended = scenario.at;
  // What a scenario's conditions come to while nobody counts is nobody's.
  const cel::Probing watched(coverage ? &coverage->conditions() : nullptr);
  std::optional<ScenarioRunner> runner;
  try {
    runner.emplace(scenario, std::move(workspace), names);
    result.failure = runner->run();
  } catch (const std::exception& error) {
    ScenarioFailure failure;
    failure.place = scenario.place;
    failure.step = "scenario";
    failure.what = "failed";
    failure.message = error.what();
    result.failure = std::move(failure);
  }
  if (!runner) return result;
  result.steps = runner->steps();
  result.ended = runner->rehearsal().now();
  if (coverage) coverage->add(runner->rehearsal().reader(), runner->rehearsal().library());
  return result;
}

}  // namespace

std::string to_text(const ScenarioFailure& failure) {
  std::string text;
  if (failure.place.file) {
    const Position at = position_of(failure.place);
    text = failure.place.file->path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
  }
  text += failure.message + "\n";
  for (const DiffLine& line : failure.diff)
    text += "  " + to_text(line) + "\n";
  for (const std::string& line : failure.timeline)
    text += "  " + line + "\n";
  return text;
}

ScenarioResult run_scenario(const ScenarioDefinition& scenario, std::shared_ptr<const Workspace> workspace,
                            NameBook& names, Coverage* coverage) {
  const auto began = std::chrono::steady_clock::now();
  ScenarioResult result = run_unmeasured(scenario, std::move(workspace), names, coverage);
  result.took = std::chrono::steady_clock::now() - began;
  return result;
}

}  // namespace caravan
