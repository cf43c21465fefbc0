#pragma once
// What a node is to the engine: something a token visits. A node sees and does only what its Scene offers, keeps
// nothing between visits, and reads neither clock nor chance nor socket, so that a turn is a pure function.

#include "journeys/definitions.hpp"
#include "storage/records.hpp"

namespace caravan {

// What came of a visit. A failed expression is not a failure of the node: it does not match, and is noted.

/// On to the next node, or along `path`.
struct Advance {
  PathIndex path = kNoPath;
  VisitOutcome outcome = VisitOutcome::done;
};
/// Stands here until `due_at`; a time that is past goes on at once.
struct WaitUntil {
  Instant due_at;
};
/// Stands here until one of the events that the node hears() comes, or until `due_at`, when wake() says what then. A
/// time that is past comes at once.
struct ListenUntil {
  std::optional<Instant> due_at;
  std::string memory;  ///< kept with the token, and given to hear()
};
/// People go along paths on their own; the token stands here until all of them have come to the end of theirs, then
/// goes on to the next node. With nobody, it goes on at once.
struct Fork {
  struct Branch {
    PersonId person;
    PathIndex path;
  };
  std::vector<Branch> branches;
};
/// The journey ends here for this token.
struct Finish {};
/// The token leaves the journey: nothing here is meant for it.
struct Leave {};
/// The node could not do its work; the token is held with the reason, and tries again.
struct Fail {
  std::string reason;
};
using Step = std::variant<Advance, WaitUntil, ListenUntil, Fork, Finish, Leave, Fail>;

/// Something that has happened to the account or to one of its people.
struct Event {
  NameId type{};
  Instant at{};     ///< when it happened
  PersonId person;  ///< none: the account
  std::string id;   ///< the sender's; empty: raised by the engine
  Attributes properties;
};

/// A value computed for a message, by the name the template uses.
struct MessageValue {
  std::string_view name;
  const cel::Program* program;
};

/// Static lists and destinations' audiences, by name.
struct Roster {
  RosterKind kind = RosterKind::list;
  NameId name{};
};

/// What a node sees and may do during one visit. References are valid until the visit ends. Where the token runs for
/// one person (in a people split, in a journey for people), that person is the only one in scope.
class Scene {
 public:
  virtual ~Scene() = default;

  virtual Instant now() const = 0;
  /// The time zone of the journey, else of the account, else of the workspace.
  virtual const std::string& timezone() = 0;
  virtual const AccountRecord& account() = 0;
  /// Whom the token runs for; null at the level of the account.
  virtual const PersonRecord* person() = 0;
  /// The people in scope, by id.
  virtual std::span<const PersonRecord> people() = 0;

  /// Whether a condition holds, for the account or for whom the token runs; in hear(), of the event. One that fails to
  /// evaluate does not hold, and is noted.
  virtual bool holds(const cel::Program& condition) = 0;
  /// The same for one of the people in scope.
  virtual bool holds_for(const cel::Program& condition, const PersonRecord& person) = 0;
  /// What an expression yields, nothing when it fails, which is noted. `person` as the person at hand; null: whom the
  /// token runs for, if anybody. A null that it yields is a value.
  virtual std::optional<AttributeInput> value_of(const cel::Program& program, const PersonRecord* person = nullptr) = 0;
  /// The number that an expression yields, of a person or for whom the token runs; nothing when it fails or yields
  /// something else, which is noted.
  virtual std::optional<double> number_of(const cel::Program& program, const PersonRecord* person = nullptr) = 0;
  /// The text that an expression yields; nothing when it fails or yields no text, which is noted.
  virtual std::optional<std::string> text_of(const cel::Program& program) = 0;
  /// The same for a timestamp.
  virtual std::optional<Instant> instant_of(const cel::Program& program) = 0;

  /// The text of one of the account's attributes; nothing when it has none.
  virtual std::optional<std::string> account_text(NameId attribute) = 0;

  /// Promises a message (a mail, an SMS, a chat message) to a person. False when they have no usable address, or the
  /// journey has sent it to that address already and does not do so twice. A value of `with` that fails to evaluate is
  /// left out and noted.
  virtual bool send(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) = 0;
  /// Promises what sales is told of a buying group to an address: of a mail, of a chat, or the name of a connection, as
  /// the message goes. `ordinal` numbers the node's addresses from 1. False when it is not a usable address.
  virtual bool notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) = 0;
  /// Promises a call of a webhook with a body computed here. A value that fails to evaluate is left out and noted.
  virtual void call(MessageIndex message, std::span<const MessageValue> body) = 0;

  /// Makes the person a member of the account's buying group, which is made where there is none. False when nothing
  /// changed: a member already, in this role or by a stronger source.
  virtual bool assign(NameId interest, const PersonRecord& person, NameId role) = 0;
  /// Takes the person out of the group; they are remembered as removed. False when nothing changed.
  virtual bool unassign(NameId interest, const PersonRecord& person) = 0;
  /// Moves the group to a stage, in a status; 0 leaves either as it is. False, with a note on why, when there is no
  /// group or the stage model does not allow it from here.
  virtual bool update_group(NameId interest, NameId stage, NameId status) = 0;

  /// Sets an attribute, or takes it out (null). Raises account.changed or person.changed. False when nothing changed.
  virtual bool set_account(NameId attribute, const AttributeInput& value) = 0;
  virtual bool set_person(const PersonRecord& person, NameId attribute, const AttributeInput& value) = 0;

  /// Adds to a number that the account, or the person where one is given, has as an attribute (0 where it has none).
  /// Raises score.changed. Nothing when the attribute holds no number, which is noted.
  virtual std::optional<double> change_score(NameId score, double by, const PersonRecord* person) = 0;
  /// Says that something has happened, once the token has stopped. `person` may be null: to the account.
  virtual void raise(std::string_view type, AttributeMap properties, const PersonRecord* person) = 0;

  /// Puts the account (null) or a person into a list or a destination's audience, or takes them out.
  virtual void enrol(Roster roster, const PersonRecord* person, bool in) = 0;

  /// The account (or the person, where the journey is for people: each in scope) enters another journey, or leaves it,
  /// once the token has stopped. What comes of it is on their timeline.
  virtual void enter_journey(std::string_view journey) = 0;
  virtual void leave_journey(std::string_view journey) = 0;

  /// How often each path of this node was taken so far in this version of the journey, by everybody.
  virtual std::int64_t taken(PathIndex path) = 0;
  /// What a hash of the subject is made from: the key of the account, or of the person where one is given.
  virtual std::string_view subject_key(const PersonRecord* person) = 0;
  virtual std::string_view journey_name() = 0;
};

class Node {
 public:
  virtual ~Node() = default;
  /// A token has arrived.
  virtual Step visit(Scene& scene) const = 0;
  /// The time that a WaitUntil or ListenUntil of this node named has come.
  virtual Step wake(Scene& scene) const;
  /// The types of events that a token which listens here wants to hear of.
  virtual std::span<const NameId> hears() const { return {}; }
  /// One of these has come. Nothing to go on listening; `memory` is the token's and may be changed.
  virtual std::optional<Step> hear(Scene& scene, const Event& event, std::string& memory) const;
  /// A call that this visit promised has ended. Nothing to go on as before: only a token that still listens here can be
  /// moved on.
  virtual std::optional<Step> answered(Scene& scene, DeliveryState state, const Answer& answer) const;
};

}  // namespace caravan
