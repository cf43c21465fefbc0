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
  VisitOutcome outcome = VisitOutcome::done;  ///< done or nobody
};
/// Stands here until `due_at`; a time that is past goes on at once.
struct WaitUntil {
  Instant due_at;
};
/// The journey ends here for this token.
struct Finish {};
/// The token leaves the journey: nothing here is meant for it.
struct Leave {};
/// The node could not do its work; the token is held with the reason, and tries again.
struct Fail {
  std::string reason;
};
using Step = std::variant<Advance, WaitUntil, Finish, Leave, Fail>;

/// A value computed for a message, by the name the template uses.
struct MessageValue {
  std::string_view name;
  const cel::Program* program;
};

/// What a node sees and may do during one visit. References are valid until the visit ends.
class Scene {
 public:
  virtual ~Scene() = default;

  virtual Instant now() const = 0;
  /// The time zone of the journey, else of the workspace.
  virtual const std::string& timezone() const = 0;
  /// The people in scope, by id.
  virtual std::span<const PersonRecord> people() = 0;

  /// Whether a condition holds for the account. One that fails to evaluate does not hold, and is noted.
  virtual bool holds(const cel::Program& condition) = 0;
  /// The same for one of the people in scope.
  virtual bool holds_for(const cel::Program& condition, const PersonRecord& person) = 0;
  /// The text that an expression yields; nothing when it fails or yields no text, which is noted.
  virtual std::optional<std::string> text_of(const cel::Program& program) = 0;

  /// The text of one of the account's attributes; nothing when it has none.
  virtual std::optional<std::string> account_text(NameId attribute) = 0;

  /// Promises a mail to a person. False when they have no usable address. A value of `with` that fails to evaluate is
  /// left out and noted.
  virtual bool mail(MessageIndex message, const PersonRecord& person, std::span<const MessageValue> with) = 0;
  /// Promises the sales summary of a buying group to an address; `ordinal` numbers the node's addresses from 1.
  /// False when it is not a usable address.
  virtual bool notify(MessageIndex message, int ordinal, std::string_view address, NameId interest) = 0;
  /// Makes the person a member of the account's buying group, which is made where there is none. False when nothing
  /// changed: a member already, in this role or by a stronger source.
  virtual bool assign(NameId interest, const PersonRecord& person, NameId role) = 0;
};

class Node {
 public:
  virtual ~Node() = default;
  /// A token has arrived.
  virtual Step visit(Scene& scene) const = 0;
  /// The time that a WaitUntil of this node named has come.
  virtual Step wake(Scene& scene) const;
};

}  // namespace caravan
