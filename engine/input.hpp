#pragma once
// What enters the engine from outside, and what it answers.

#include "storage/records.hpp"

namespace caravan {

class Workspace;

/// An account as somebody says it is: made where the key is new, else its attributes are merged (null takes one out).
struct UpsertAccount {
  std::string key;
  AttributeMap attributes;
};

/// A person, the same way. `account` is the key of their primary account, which must be there; empty keeps the present
/// one. `account_role` is what they are in it; nothing keeps what is there, empty takes it out.
struct UpsertPerson {
  std::string key;
  std::string account;
  AttributeMap attributes;
  std::optional<std::string> account_role = {};
};

/// A person belongs to an account beside their primary one, or does not any more.
struct RelatePerson {
  std::string person;
  std::string account;
  std::string role = {};  ///< what they are in it; empty: nothing is said
  bool related = true;
};

/// Takes a person away, with their memberships. Whatever they are in goes on without them.
struct RemovePerson {
  std::string key;
};

/// Nobody at an address wants mails, or that is taken back: what is kept for whoever comes by it. It is known by its
/// hash (engine/kept_consent.hpp), so that no journal holds it. Who is there already is not looked for. `created` says
/// whether that was otherwise before.
struct SuppressAddress {
  std::string hash;
  bool suppressed = true;
};

/// Something that happened to an account or to a person, told by somebody outside.
struct TellEvent {
  std::string type;           ///< `form.submitted`
  std::string account;        ///< the key of the account, or
  std::string person;         ///< of the person it happened to
  std::string id;             ///< the sender's; an account takes each once. Empty: taken every time
  std::optional<Instant> at;  ///< when it happened; none, or a time to come: now
  AttributeMap properties;
};

/// The account (or person, in a journey for people) enters a journey; refused where the journey's rules do not let it
/// in.
struct EnterJourney {
  std::string journey;
  std::string account;
  std::string person;
};

/// Publishes the journeys of a workspace that has no errors; those named, or all.
struct Publish {
  std::shared_ptr<const Workspace> workspace;
  std::vector<std::string> journeys = {};  ///< empty: all, and those that the workspace has no more are closed
  /// What becomes of accounts under way in older versions.
  enum class UnderWay { stay, move } under_way = UnderWay::stay;
  /// With `move`, what becomes of those whose node is gone: empty: refuse; `leave`, `stay` or the id of a node.
  std::string gone = {};
};

/// Changes where a journey stands in its life.
struct ChangeJourney {
  enum class Command { pause, resume, close, abort } command = Command::pause;
  std::string journey;
};

/// Makes held tokens try again at once or go past their node, or takes tokens out.
struct Interfere {
  enum class Command { retry, skip, remove } command = Command::retry;
  std::string journey;
  std::string node;     ///< empty: wherever they stand
  std::string account;  ///< empty: all accounts
};

/// Puts a person into a buying group or takes them out, by hand: neither a journey nor the roles' conditions change
/// that any more, until it is released.
struct ChangeMember {
  enum class Command {
    assign,   ///< with `role`; makes the group where the account has none
    remove,   ///< the person stays out
    release,  ///< what was decided by hand or by a journey is forgotten: the roles' conditions decide again
  } command = Command::assign;
  std::string account;
  std::string solution_interest;
  std::string person;
  std::string role = {};    ///< for `assign`; empty: the first role whose condition holds for them
  std::string reason = {};  ///< kept with it
};

/// Sets the stage or the status of a buying group by hand.
struct ChangeGroup {
  std::string account;
  std::string solution_interest;
  std::string stage = {};   ///< one that the stage model allows from where the group stands; empty: as it is
  std::string status = {};  ///< empty: as it is
  std::string reason = {};  ///< kept in the group's history
};

/// Computes engagement now instead of at the next midnight.
struct ScoreEngagement {};

using Input = std::variant<UpsertAccount, UpsertPerson, RelatePerson, RemovePerson, TellEvent, EnterJourney, Publish,
                           ChangeJourney, Interfere, ChangeMember, ChangeGroup, ScoreEngagement, SuppressAddress>;

/// Of what kind a refusal is. Stored numbers.
enum class Refusal : std::uint8_t {
  none = 0,
  invalid = 1,      ///< the input itself is wrong
  unknown = 2,      ///< it names something that does not exist
  conflict = 3,     ///< what is there at present forbids it
  unavailable = 4,  ///< the engine is stopping, or could not do it; nothing is wrong with the input
  key_reused = 5,   ///< its key was used before, for something else
};

/// Why something is not done, if it is not.
struct WhyNot {
  Refusal kind = Refusal::none;
  std::string sentence = {};  ///< empty: it is done
  bool empty() const { return sentence.empty(); }
};

/// What became of an input: empty when it was taken, else why it was refused and nothing of it was done.
struct InputResult {
  std::string refused = {};
  bool created = false;
  bool duplicate = false;           ///< an event that the account has already: nothing was done
  Refusal refusal = Refusal::none;  ///< none exactly when it was taken
  bool repeated = false;            ///< it was asked for before under the same key: what was answered then
  bool operator==(const InputResult&) const = default;
};

inline InputResult refuse(Refusal kind, std::string sentence) {
  return {.refused = std::move(sentence), .refusal = kind};
}
inline InputResult refuse(WhyNot why) {
  return refuse(why.kind, std::move(why.sentence));
}

/// Who asked for inputs, for the audit trail, and by which key it is known when they ask for the same again. Inputs
/// that are posted together are asked for together. Everything empty: nobody in particular.
struct Asked {
  std::string caller = {};
  std::string request_id = {};
  std::string action = {};  ///< what for, in a word or two; empty: no line in the audit trail
  std::string target = {};
  std::string key = {};          ///< the caller's own; empty: none
  std::string fingerprint = {};  ///< with a key: of all that is asked for
};

/// How long a key is known.
inline constexpr std::chrono::hours kAskedKeysKept{24};

/// Told on the I/O thread, inputs in the order they were posted, after the commit.
using InputAnswer = std::function<void(const InputResult&)>;

}  // namespace caravan
