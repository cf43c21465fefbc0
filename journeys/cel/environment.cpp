#include "journeys/cel/environment.hpp"

#include <algorithm>

#include "journeys/cel/signature.hpp"

namespace caravan::cel {

Slot Environment::declare(std::string name, Type type) {
  variables_.push_back({std::move(name), std::move(type)});
  return Slot{static_cast<std::uint32_t>(variables_.size() - 1)};
}

void Environment::add_type(std::shared_ptr<const ObjectType> type) {
  types_.push_back(std::move(type));
}

void Environment::add_function(HostOverload overload) {
  functions_.push_back(std::make_shared<const HostOverload>(std::move(overload)));
}

void Environment::add_function(std::string_view signature, HostFunction call, std::vector<LiteralCheck> checks) {
  Signature read = parse_signature(signature, [this](std::string_view name) { return find_type(name); });
  HostOverload overload{.name = std::move(read.name),
                        .method = read.method,
                        .parameters = std::move(read.parameters),
                        .result = std::move(read.result),
                        .call = std::move(call),
                        .literal_checks = std::move(checks)};
  if (overload.method) overload.literal_checks.insert(overload.literal_checks.begin(), LiteralCheck{});
  add_function(std::move(overload));
}

std::optional<Slot> Environment::find_variable(std::string_view name) const {
  for (std::size_t i = variables_.size(); i-- > 0;)
    if (variables_[i].name == name) return Slot{static_cast<std::uint32_t>(i)};
  return std::nullopt;
}

std::vector<std::shared_ptr<const HostOverload>> Environment::find_functions(std::string_view name, bool method) const {
  std::vector<std::shared_ptr<const HostOverload>> found;
  for (const auto& function : functions_)
    if (function->name == name && function->method == method) found.push_back(function);
  return found;
}

bool Environment::has_function(std::string_view name) const {
  return std::any_of(functions_.begin(), functions_.end(),
                     [&](const auto& function) { return function->name == name; });
}

std::vector<std::string> Environment::function_names() const {
  std::vector<std::string> names;
  for (const auto& function : functions_)
    names.push_back(function->name);
  return names;
}

std::shared_ptr<const ObjectType> Environment::find_type(std::string_view name) const {
  for (const auto& type : types_)
    if (type->name() == name) return type;
  return nullptr;
}

}  // namespace caravan::cel
