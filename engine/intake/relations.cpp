#include "engine/intake/relations.hpp"

#include "engine/intake/values.hpp"

namespace caravan {
namespace {

namespace json = boost::json;

constexpr std::string_view what_it_takes =
    "takes a list of accounts, each a key or an object such as {\"account\": \"acme\", \"role\": \"advisor\"}";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Why the account cannot be one; empty when it is added.
std::string add(RelatePerson relation, Relations& to) {
  if (std::string problem = key_problem(relation.account); !problem.empty())
    return "`accounts`: " + problem + ", of an account";
  if (to.accounts.size() == kMostAccounts)
    return "`accounts` names more than " + std::to_string(kMostAccounts) + " accounts";
  to.accounts.push_back(std::move(relation));
  return {};
}

/// Keys may be written as whole numbers.
bool read_text(const json::value& value, std::string& to) {
  if (const json::string* text = value.if_string()) {
    to = *text;
    return true;
  }
  const std::int64_t* number = value.if_int64();
  if (number) to = std::to_string(*number);
  return number != nullptr;
}

std::string read_object(const json::object& object, RelatePerson& to) {
  for (const auto& [name, value] : object) {
    const bool* flag = value.if_bool();
    if (name == "account" && read_text(value, to.account)) continue;
    if (name == "role" && (value.is_null() || read_text(value, to.role))) continue;
    if (name == "related" && flag) {
      to.related = *flag;
      continue;
    }
    return "`accounts` " + std::string(what_it_takes) + "; \"" + std::string(name).substr(0, 80) + "\" is not that";
  }
  return {};
}

}  // namespace

Relations relations_in_cell(std::string_view cell) {
  Relations relations;
  for (std::size_t at = 0; at <= cell.size() && relations.problem.empty();) {
    const std::size_t end = std::min(cell.find(';', at), cell.size());
    const std::string_view part = trimmed(cell.substr(at, end - at));
    at = end + 1;
    if (part.empty()) continue;
    const std::size_t colon = part.rfind(':');
    RelatePerson relation;
    relation.account = trimmed(part.substr(0, colon));
    if (colon != std::string_view::npos) relation.role = trimmed(part.substr(colon + 1));
    relations.problem = add(std::move(relation), relations);
  }
  return relations;
}

Relations relations_in_json(const json::value& value) {
  Relations relations;
  if (value.is_null()) return relations;
  const json::array* list = value.if_array();
  if (!list) {
    relations.problem = "`accounts` " + std::string(what_it_takes);
    return relations;
  }
  for (const json::value& element : *list) {
    RelatePerson relation;
    if (const json::object* object = element.if_object()) {
      relations.problem = read_object(*object, relation);
    } else if (!read_text(element, relation.account)) {
      relations.problem = "`accounts` " + std::string(what_it_takes);
    }
    if (relations.problem.empty()) relations.problem = add(std::move(relation), relations);
    if (!relations.problem.empty()) break;
  }
  return relations;
}

}  // namespace caravan
