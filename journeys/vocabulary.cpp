#include "journeys/vocabulary.hpp"

#include "journeys/events.hpp"
#include "journeys/vocabulary_types.hpp"

namespace caravan {
namespace {

using cel::Type;

/// The name that takes a variable's slot where authors cannot use the variable: no expression can spell it, and it is
/// too long to be near to any name.
std::string unusable_name(std::size_t slot) {
  return std::string(64, ' ') + std::to_string(slot);
}

bool is_known(Variable variable, Scope scope, Within within) {
  switch (variable) {
    case Variable::account:
    case Variable::people:
    case Variable::now: return true;
    case Variable::person: return scope == Scope::person || scope == Scope::event;
    case Variable::journey: return within == Within::journey;
    case Variable::event: return scope == Scope::event;
  }
  return false;
}

/// The types that Caravan knows and those that the schema declares, each once.
std::vector<std::string> all_event_types(const SchemaDefinition& schema) {
  std::vector<std::string> names;
  for (const EventType& known : event_types())
    names.emplace_back(known.name);
  for (const EventDefinition& declared : schema.events)
    names.push_back(declared.type);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

Vocabulary::Vocabulary(const SchemaDefinition& schema, const KnownNames& known, AttributeNames& names)
    : account_(make_account_type(schema, names)),
      person_(make_person_type(schema, known, names)),
      event_(make_event_type(schema, names)),
      journey_(make_journey_type()),
      group_(make_group_type(known)) {
  const std::vector<std::string> types = all_event_types(schema);
  if (!schema.events.empty()) event_types_ = types;
  for (const auto& type : {account_, person_, event_, journey_, group_})
    basis_.add_type(type);
  add_domain_functions(basis_, known, event_types_);
  for (const Scope scope : {Scope::account, Scope::person, Scope::event})
    by_scope_[static_cast<std::size_t>(scope)] = environments_of(scope, event_);
  for (const std::string& type : types)
    by_event_type_.emplace(type, environments_of(Scope::event, make_event_type(schema, type, names, event_)));
}

const cel::Environment& Vocabulary::environment(Scope scope, Within within, std::string_view event_type) const {
  const auto found = scope == Scope::event ? by_event_type_.find(event_type) : by_event_type_.end();
  const Pair& pair = found == by_event_type_.end() ? by_scope_[static_cast<std::size_t>(scope)] : found->second;
  return pair[static_cast<std::size_t>(within)];
}

Vocabulary::Pair Vocabulary::environments_of(Scope scope, const std::shared_ptr<const cel::ObjectType>& event) const {
  const std::array<Type, variable_names.size()> types = {Type::object(account_), Type::list(Type::object(person_)),
                                                         Type::object(person_),  Type::object(event),
                                                         Type::object(journey_), Type::timestamp()};
  Pair pair = {basis_, basis_};
  for (const Within within : {Within::workspace, Within::journey}) {
    for (std::size_t slot = 0; slot < variable_names.size(); ++slot) {
      const bool usable = is_known(static_cast<Variable>(slot), scope, within);
      pair[static_cast<std::size_t>(within)].declare(usable ? std::string(variable_names[slot]) : unusable_name(slot),
                                                     types[slot]);
    }
  }
  return pair;
}

}  // namespace caravan
