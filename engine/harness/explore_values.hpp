#pragma once
// What a condition asks about, and the values that make a difference to it: the constants it compares attributes with
// and their neighbours. Read from the expression's syntax tree, before anything runs.

#include "journeys/cel/ast.hpp"
#include "journeys/workspace.hpp"
#include "storage/attributes.hpp"

namespace caravan::exploring {

/// Something that an expression reads by its name: `account.industry`, `person.title`, `event.form`.
struct Quality {
  enum class Of : std::uint8_t { account, person, event } of = Of::account;
  std::string event_type;  ///< of an event: of which type; empty: of whichever
  std::string name;
  auto operator<=>(const Quality&) const = default;
};
/// `account.industry`, `event.form`
std::string to_text(const Quality& quality);

/// What a variable of an expression holds, as far as explorations ask: an account, a person or an event.
struct Holder {
  Quality::Of of = Quality::Of::account;
  std::string event_type;
};

/// Values without a repetition, in the order they were found. std::monostate: it is absent.
using Values = std::vector<AttributeInput>;
void add_value(Values& to, AttributeInput value);
/// Whether both are the same value of the same type. Of lists and maps no two are.
bool same_value(const AttributeInput& left, const AttributeInput& right);

/// What expressions ask about.
struct Questions {
  std::map<Quality, Values> qualities;
  std::set<std::string> event_types;         ///< of activity(), and compared with event.type
  std::set<std::string> solution_interests;  ///< of group(), has_group(), person.role()
  std::set<std::string> stages;              ///< texts that are compared with a group's stage
  std::set<std::string> statuses;
};

/// Adds what an expression asks about. In event scope `event` is of `event_type`, where that is known. `now` is what
/// times that are compared with `now` are near.
void ask_about(const cel::Expression& expression, const std::string& event_type, Instant now, Questions& to);
/// The same for an expression of a workspace without errors.
void ask_about(const Expression& expression, const std::string& event_type, Instant now, Questions& to);

/// The syntax tree of an expression that compiles.
cel::ExpressionPtr tree_of(const Expression& expression);

/// The value of a literal, of a negated number, of `timestamp("...")` or `duration("...")`; nothing for all else, and
/// for what no attribute can hold.
std::optional<AttributeInput> constant_of(const cel::Expression& expression);

/// The quality that an expression is: `account.industry`, `account.?industry`, `account["industry"]`. Nothing for what
/// everybody has (keys, engagement) and for what is no attribute.
std::optional<Quality> quality_of(const cel::Expression& expression, const std::string& event_type);

}  // namespace caravan::exploring
