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

}  // namespace caravan::test
