#pragma once
// A world for tests of nodes and of the engine's core: a folder with a store, a workspace from texts, an engine over
// virtual time. It is moved by hand, run until it is idle, killed and restarted, and read back as short sentences.

#include <boost/asio/io_context.hpp>

#include "engine/engine.hpp"
#include "engine/move_plan.hpp"
#include "tests/storage/temporary_folder.hpp"

namespace caravan::test {

/// Monday, 5 January 2026, 09:00 UTC: where every world begins.
inline constexpr Instant kMonday{std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + std::chrono::hours(9)};

/// A workspace around a journey `seeds` that everybody enters: the audience `everyone`, the solution interest
/// `ai-driven-seeds` (decision_maker x 3 by title, influencer, the optional user) and the mails welcome, story and
/// farewell. `nodes` is YAML, with or without indentation of its own.
SourceTexts seeds_workspace(std::string_view nodes);
/// The same around a whole document `journeys/seeds.yaml`.
SourceTexts workspace_with(std::string journey_document);

/// `text` with so many blanks before every line that has something on it.
std::string indented(std::string_view text, std::size_t blanks);

/// Loads texts with the real node types and made-up attribute numbers. Every fault as `file:line:column: message`.
std::vector<std::string> faults_of(const SourceTexts& texts);

/// The name of a message's template or connection, `sales summary` or `sales chat`.
std::string name_of_message(const CompiledJourney& journey, MessageIndex index);

/// A value that can be kept, and that cannot be put into another one: what does so fails.
AttributeInput too_deep();

/// Shorthands for attributes: text("a"), number(3).
inline AttributeInput text(std::string value) {
  return {std::move(value)};
}
inline AttributeInput number(std::int64_t value) {
  return {value};
}

class World {
 public:
  /// A batch takes as many inputs as turns, here and below.
  explicit World(SourceTexts texts, EngineSettings settings = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// From the next start on, deliveries go out for real, as caravan.yaml says; files below folder(). Without it they
  /// are promised only.
  void open_channels() { has_channels_ = true; }

  // What happens. Each of these runs until the engine is idle at the present time.

  /// The account as said; it must be taken.
  void account(const std::string& key, AttributeMap attributes = {});
  void person(const std::string& key, const std::string& account, AttributeMap attributes = {});
  /// Something happens to a person, or to an account; it must be taken.
  void event(const std::string& type, const std::string& person, AttributeMap properties = {});
  void account_event(const std::string& type, const std::string& account, AttributeMap properties = {});
  // What is asked of journeys: each gives why it was refused, empty when it was done.
  std::string enter(const std::string& journey, const std::string& account);
  std::string change(ChangeJourney::Command command, const std::string& journey = "seeds");
  std::string interfere(Interfere input);
  std::string publish(SourceTexts texts, Publish::UnderWay under_way = Publish::UnderWay::stay,
                      const std::string& gone = {}, std::vector<std::string> journeys = {});
  /// What publish() posts.
  Publish publication(SourceTexts texts, Publish::UnderWay under_way = Publish::UnderWay::stay,
                      const std::string& gone = {}, std::vector<std::string> journeys = {});
  InputResult post(Input input);
  /// Posts all together, then runs; the answers in the order they came.
  std::vector<InputResult> post_all(std::vector<Input> inputs);
  void run();
  /// Time passes, and whatever is due on the way happens at its own time.
  void advance(std::chrono::milliseconds by);
  /// Time passes until no token waits for it any more, at most `most`.
  void run_out(std::chrono::milliseconds most = std::chrono::hours(24 * 3650));
  /// Posts the inputs, runs until at least `batches` more commits are done, then drops the engine without a word, and
  /// the store with it. Where they publish, what runs next must not publish other texts itself.
  void drop_after(std::size_t batches, std::vector<Input> inputs = {});

  /// Ends the engine in order, closes the store, opens both again.
  void restart();
  /// The same, with a workspace that says something else.
  void restart_with(SourceTexts texts);
  void restart_with(EngineSettings settings);
  /// Ends the engine and closes the store; what runs next has these settings.
  void stop_with(EngineSettings settings);
  /// Time passes while nobody looks.
  void advance_clock(std::chrono::milliseconds by) { clock_.move_to(clock_.now() + by); }

  // What has come of it.

  Instant now() { return clock_.now(); }
  /// When the next token is due, as the store has it.
  std::optional<Instant> next_due() { return reader().next_due(); }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path file() const { return folder_.file(); }
  Store& store();
  const std::vector<Publication>& publications();
  /// A reader that sees all that is committed.
  Reader& reader();

  std::vector<AccountRecord> accounts();
  AccountRecord account_record(const std::string& key);
  std::vector<PersonRecord> people(const std::string& account);
  /// `employees=20 industry=retail`
  std::string attributes(const Attributes& attributes);
  /// The account's tokens, oldest first.
  std::vector<TokenRecord> tokens(const std::string& account);
  /// The only token of an account. Throws when there are none or more.
  TokenRecord token(const std::string& account);
  /// The newest of an account's tokens that runs for a person; of those that run for the account where `person` is
  /// empty. Throws when there is none.
  TokenRecord token(const std::string& account, const std::string& person);
  std::vector<RunRecord> runs(TokenId token);
  /// What the account visited, in order: `welcome settle:stopped by-size/enterprise story:nobody`; tokens are divided
  /// by ` | `. An outcome stands behind a colon unless it is `done`, a path behind a slash.
  std::string trail(const std::string& account);
  std::string trail(const TokenRecord& token);
  /// `waiting at settle`, `completed at end`; tokens are divided by ` | `.
  std::string standing(const std::string& account);
  /// The deliveries of an account in the order of their keys: `story to vp@acme.example`.
  std::vector<std::string> mails(const std::string& account);
  std::vector<DeliveryRecord> deliveries(const std::string& account);
  /// What a delivery will be rendered with: `person.first_name=Ada offer=none`.
  std::string values(const DeliveryRecord& delivery);
  /// `ai-driven-seeds: acme-vp decision_maker, acme-dev user`.
  std::vector<std::string> groups(const std::string& account);
  /// What is kept of its events, as they came: `form.submitted {form=demo}`.
  std::vector<std::string> activity(const std::string& account);
  /// The names of the audiences it is in.
  std::vector<std::string> audiences(const std::string& account);
  JourneyState journey_state(const std::string& journey = "seeds");
  std::vector<GroupRecord> group_records(const std::string& account);
  std::vector<NoteRecord> notes(const std::string& account);
  /// The texts of those of one kind.
  std::vector<std::string> notes(const std::string& account, NoteKind kind);
  VersionId version_of(std::uint32_t number, std::string_view journey = "seeds");
  std::int64_t counted(const CounterKey& key);
  /// A counter of a version of `seeds`; of the node and the path of these names, where there are such.
  std::int64_t counted(CounterKind kind, const std::string& node = {}, const std::string& path = {},
                       std::uint32_t version = 1);
  /// A counter of a message: a template's name, or `sales summary`.
  std::int64_t counted_message(CounterKind kind, const std::string& name, std::uint32_t version = 1);

  /// Everything that is in the store, by keys and names instead of numbers, for comparison.
  std::string portrait();
  /// Where the counters are not what can be counted from the rows: one line a difference.
  std::vector<std::string> counter_differences();

  /// A version as the store has it.
  const RunnableJourney& journey(VersionId version);

 private:
  struct Running;
  Running& running();
  void open();
  void close();
  void end();
  std::string name_of(NodeIndex node, VersionId version);
  /// A token's moves from version to version, as its account's notes tell them.
  std::vector<MoveNote> moves(const TokenRecord& token);
  /// The version that a token was in when it made a visit.
  VersionId version_at(const TokenRecord& token, const std::vector<MoveNote>& moves, std::size_t visit);

  caravan::testing::TemporaryFolder folder_;
  SourceTexts texts_;
  EngineSettings settings_;
  bool has_channels_ = false;
  VirtualClock clock_{kMonday};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Running> running_;
  std::unique_ptr<Reader> reader_;
  std::vector<std::unique_ptr<NameBook>> reading_names_;
  std::map<VersionId, std::shared_ptr<const RunnableJourney>> journeys_;
};

}  // namespace caravan::test
