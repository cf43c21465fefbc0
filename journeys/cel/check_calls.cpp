// The checker's part on calls: which function is meant, which of its overloads fit, and what the call's type is.

#include <algorithm>

#include "journeys/cel/checker.hpp"
#include "journeys/cel/functions/registry.hpp"
#include "journeys/cel/suggest.hpp"
#include "journeys/cel/time.hpp"

namespace caravan::cel {

namespace {

std::string list_of(const std::vector<std::string>& parts, std::string_view by) {
  std::string result;
  for (const std::string& part : parts) {
    if (!result.empty()) result += by;
    result += part;
  }
  return result;
}

bool is_number_type(const Type& type) {
  return type.is_dyn() || type.is(Type::Form::variable) || type.is(Type::Form::integer) ||
         type.is(Type::Form::unsigned_integer) || type.is(Type::Form::floating);
}

bool is_extreme(std::string_view name) {
  return name == "math.least" || name == "math.greatest";
}

}  // namespace

Type Checker::call(Expression& e) {
  if (e.method) {
    Type type;
    if (namespaced_call(e, type)) return type;
    visit(*e.children[0]);
    return resolve_call(e, e.name, true, 0);
  }
  for (const std::string& name : candidates(e.name, e.rooted))
    if (standard_functions().has(name, false) || environment_.has_function(name))
      return resolve_call(e, name, false, 0);
  return resolve_call(e, e.name, false, 0);
}

/// `math.abs(x)`: what looks like a receiver may be the function's namespace.
bool Checker::namespaced_call(Expression& e, Type& type) {
  std::string receiver;
  bool rooted = false;
  if (!qualified_name(*e.children[0], receiver, rooted)) return false;
  for (const std::string& name : candidates(receiver + "." + e.name, rooted)) {
    const bool host = !environment_.find_functions(name, false).empty();
    if (!host && !standard_functions().has(name, false) && !is_extreme(name)) continue;
    e.resolution.namespaced = true;
    type = resolve_call(e, name, false, 1);
    return true;
  }
  return false;
}

/// The arguments start at child `first_argument`; a method's receiver was visited.
Type Checker::resolve_call(Expression& e, std::string_view name, bool method, std::size_t first_argument) {
  for (std::size_t i = std::max<std::size_t>(first_argument, method ? 1 : 0); i < e.children.size(); ++i)
    visit(*e.children[i]);
  if (!method && is_extreme(name)) return extreme(e, first_argument);
  std::vector<Type> arguments;
  for (std::size_t i = first_argument; i < e.children.size(); ++i)
    arguments.push_back(e.children[i]->type);

  std::vector<const std::vector<Type>*> parameters;
  std::vector<const Type*> results;
  const Function* builtin = standard_functions().find(name, method, arguments.size());
  if (builtin) {
    for (const Overload& overload : builtin->overloads) {
      parameters.push_back(&overload.signature.parameters);
      results.push_back(&overload.signature.result);
    }
  }
  auto host = environment_.find_functions(name, method);
  std::erase_if(host, [&](const auto& overload) { return overload->parameters.size() != arguments.size(); });
  for (const auto& overload : host) {
    parameters.push_back(&overload->parameters);
    results.push_back(&overload->result);
  }
  e.resolution.meaning = host.empty() ? builtin ? Resolution::Meaning::builtin : Resolution::Meaning::unresolved
                                      : Resolution::Meaning::host;
  e.resolution.builtin = builtin;
  e.resolution.host = std::move(host);
  bool fitted = false;
  Type result = overloads(parameters, results, arguments, fitted);
  if (!fitted) return no_such_call(e, name, method, arguments);
  check_literals(e, first_argument);
  check_constant_text(e, name, first_argument);
  return result;
}

Type Checker::overloads(const std::vector<const std::vector<Type>*>& parameters,
                        const std::vector<const Type*>& results, const std::vector<Type>& arguments, bool& fitted) {
  const Inference::Knowledge before = inference_.knowledge();
  Inference::Knowledge learned;
  Type result;
  Type meaning;
  std::size_t count = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::map<std::string, Type, std::less<>> names;
    bool fits = true;
    for (std::size_t j = 0; j < arguments.size() && fits; ++j)
      fits = inference_.assignable(inference_.instantiate((*parameters[i])[j], names), arguments[j]);
    if (fits) {
      result = inference_.instantiate(*results[i], names);
      const Type resolved = inference_.resolved(result);
      meaning = count == 0 || resolved == meaning ? resolved : Type::dyn();
      if (count++ == 0) learned = inference_.knowledge();
    }
    inference_.restore(before);
  }
  fitted = count > 0;
  if (count > 1) return meaning;
  // Only when one overload fits is what it taught about the arguments certain.
  if (count == 1) inference_.restore(std::move(learned));
  return fitted ? result : Type::error();
}

/// math.least and math.greatest: one list, or numbers of any types.
Type Checker::extreme(Expression& e, std::size_t first_argument) {
  e.resolution.meaning = e.name == "least" ? Resolution::Meaning::least : Resolution::Meaning::greatest;
  const std::size_t count = e.children.size() - first_argument;
  if (count == 0) {
    report(e, "math." + e.name + "() needs at least one argument");
    return Type::error();
  }
  Type result = inference_.shallow(e.children[first_argument]->type);
  if (count == 1 && result.is(Type::Form::list)) {
    const Type element = inference_.shallow(result.argument(0));
    if (!is_number_type(element))
      report(*e.children[first_argument],
             "math." + e.name + "() compares numbers, not " + inference_.resolved(element).text());
    return element;
  }
  for (std::size_t i = first_argument; i < e.children.size(); ++i) {
    const Type type = inference_.shallow(e.children[i]->type);
    if (!is_number_type(type))
      report(*e.children[i], "math." + e.name + "() compares numbers, not " + inference_.resolved(type).text());
    if (!(type == result)) result = Type::dyn();
  }
  return result;
}

/// Overloads may share a check: what is wrong with an argument is said once.
void Checker::check_literals(const Expression& e, std::size_t first_argument) {
  for (std::size_t i = 0; first_argument + i < e.children.size(); ++i) {
    const Expression& argument = *e.children[first_argument + i];
    if (argument.form != Form::literal || !argument.literal.is(Kind::string)) continue;
    for (const auto& overload : e.resolution.host) {
      if (i >= overload->literal_checks.size() || !overload->literal_checks[i]) continue;
      auto fault = overload->literal_checks[i](argument.name);
      if (!fault) continue;
      report(argument, std::move(fault->message), std::move(fault->hint));
      break;
    }
  }
}

/// Times written into the expression are read now, so that a slip is found before anything runs.
void Checker::check_constant_text(const Expression& e, std::string_view name, std::size_t first_argument) {
  if (e.method || e.children.size() != first_argument + 1) return;
  const Expression& argument = *e.children[first_argument];
  if (argument.form != Form::literal || !argument.literal.is(Kind::string)) return;
  if (name == "timestamp" && !parse_timestamp(argument.name))
    report(argument, "not a point in time: " + quote(argument.name),
           "written as 2026-01-05T09:00:00Z or 2026-01-05T10:00:00+01:00, in the years 1 to 9999");
  if (name == "duration" && !parse_duration(argument.name))
    report(argument, "not a duration: " + quote(argument.name),
           "written as 36h, 90m or 1h30m15s; the largest unit is the hour");
}

Type Checker::no_such_call(Expression& e, std::string_view name, bool method, const std::vector<Type>& arguments) {
  if (std::any_of(arguments.begin(), arguments.end(), [](const Type& type) { return type.is(Type::Form::error); }))
    return Type::error();
  const std::string shown{name};
  std::vector<std::string> known;
  for (std::size_t count = 0; count <= most_arguments; ++count)
    if (const Function* function = standard_functions().find(name, method, count))
      for (const Overload& overload : function->overloads)
        known.push_back(overload.signature.text());
  for (const auto& overload : environment_.find_functions(name, method))
    known.push_back(Signature{overload->name, overload->method, overload->parameters, overload->result}.text());
  if (!known.empty()) {
    std::vector<std::string> given;
    for (std::size_t i = method ? 1 : 0; i < arguments.size(); ++i)
      given.push_back(inference_.resolved(arguments[i]).text());
    const std::string receiver = method ? inference_.resolved(arguments[0]).text() + "." : std::string{};
    report(e, "no function fits " + receiver + shown + "(" + list_of(given, ", ") + ")",
           "there is " + list_of(known, "; "));
    return Type::error();
  }
  const bool other_way = standard_functions().has(name, !method) || !environment_.find_functions(name, !method).empty();
  std::vector<std::string> names = standard_functions().names(method);
  for (std::string& host : environment_.function_names())
    names.push_back(std::move(host));
  std::string hint;
  if (other_way)
    hint = method ? "it is called as " + shown + "(...)" : "it is called on something: x." + shown + "(...)";
  report(e.place, e.name.size(),
         "unknown function \"" + shown + "\"" + (other_way ? std::string{} : did_you_mean(name, names)),
         std::move(hint));
  return Type::error();
}

}  // namespace caravan::cel
