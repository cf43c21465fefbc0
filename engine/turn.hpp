#pragma once
// The turn: one input applied to one subject. It runs tokens from where they stand to where each must stop, and leaves
// what must be written in Changes. It depends on the records it reads, the input, the journey's version and the time it
// is given, and on nothing else.

#include "engine/journey_library.hpp"
#include "engine/lifecycle.hpp"
#include "engine/subject.hpp"
#include "engine/subject_facts.hpp"

namespace caravan {

/// Numbers for new records; one thread gives them out.
struct Numbering {
  AccountId account;
  PersonId person;
  TokenId token;
};

/// Runs turns one after the other, keeping its memory between them. One thread uses it.
class TurnRunner final : private Scene {
 public:
  /// Held tokens try again after this long.
  static constexpr std::chrono::milliseconds kRetryAfter = std::chrono::hours(1);
  /// A run that visits more nodes than this without stopping is a fault of its journey.
  static constexpr std::size_t kMostVisitsPerRun = 10'000;

  TurnRunner(Reader& reader, NameBook& names, JourneyLibrary& library, Numbering& numbering)
      : reader_(reader),
        names_(names),
        library_(library),
        numbering_(numbering),
        email_(names.id_of("email")),
        facts_(reader, names) {}

  /// The account enters the journey if its audience lets it and it was never in. True when it did.
  bool evaluate(Subject& subject, const RunnableJourney& journey, Instant now, Changes& changes);

  /// The account enters the journey.
  void enter(Subject& subject, const RunnableJourney& journey, Instant now, Changes& changes);

  /// The token's time has come; nothing happens when it is not due (any more). True when it ran.
  bool wake(Subject& subject, TokenId token, Instant now, Changes& changes);

 private:
  struct Undo;
  void begin(Subject& subject, const RunnableJourney& journey, TokenRecord& token, Instant now, Changes& changes);
  void run(NodeIndex from);
  void run_guarded(NodeIndex from);
  std::optional<NodeIndex> take(NodeIndex at, const Step& step);
  NodeIndex go_on(NodeIndex at, const Advance& advance);
  void stop(Verb verb, std::optional<Instant> due_at);
  void end(Verb verb, CounterKind counter);
  void hold(NodeIndex at, std::string reason);
  void transition(Verb verb);
  void flush();
  void count(CounterKind kind, std::uint16_t slot = 0, PathIndex path = kNoPath, std::int64_t by = 1);
  void note(NoteKind kind, std::string text);
  cel::Value evaluate(const cel::Program& program, const PersonRecord* person);
  void note_expression(const cel::Program& program, const std::string& why);
  bool test(const cel::Program& condition, const PersonRecord* person);
  bool promise(MessageIndex message, RecipientId recipient, std::string_view address, Attributes values);

  // What nodes see.
  Instant now() const override { return now_; }
  const std::string& timezone() const override { return journey_->journey.timezone; }
  std::span<const PersonRecord> people() override { return subject_->people(reader_); }
  bool holds(const cel::Program& condition) override { return test(condition, nullptr); }
  bool holds_for(const cel::Program& condition, const PersonRecord& person) override {
    return test(condition, &person);
  }
  std::optional<std::string> text_of(const cel::Program& program) override;
  std::optional<std::string> account_text(NameId attribute) override;
  bool mail(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) override;
  bool notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) override;
  bool assign(NameId interest, const PersonRecord& person, NameId role) override;

  Reader& reader_;
  NameBook& names_;
  JourneyLibrary& library_;
  Numbering& numbering_;
  NameId email_;
  SubjectFacts facts_;
  cel::Evaluation evaluation_;

  // Of the turn at hand.
  Instant now_{};
  Subject* subject_ = nullptr;
  const RunnableJourney* journey_ = nullptr;
  TokenRecord* token_ = nullptr;
  Changes* changes_ = nullptr;
  NodeIndex at_ = kNoNode;
  RunRecord run_;
  std::vector<std::pair<CounterKey, std::int64_t>> counted_;
  std::optional<std::vector<GroupRecord>> groups_before_;  ///< as they were before this turn's first assignment
};

}  // namespace caravan
