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

/// A person, the same way. `account` is the key of an account that must be there; empty keeps the present one.
struct UpsertPerson {
  std::string key;
  std::string account;
  AttributeMap attributes;
};

/// Takes a person away, with their memberships. Whatever they are in goes on without them.
struct RemovePerson {
  std::string key;
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

using Input =
    std::variant<UpsertAccount, UpsertPerson, RemovePerson, TellEvent, EnterJourney, Publish, ChangeJourney, Interfere>;

/// What became of an input: empty when it was taken, else why it was refused and nothing of it was done.
struct InputResult {
  std::string refused;
  bool created = false;
  bool duplicate = false;  ///< an event that the account has already: nothing was done
};

/// Told on the I/O thread, inputs in the order they were posted, after the commit.
using InputAnswer = std::function<void(const InputResult&)>;

}  // namespace caravan
