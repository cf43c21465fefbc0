#include "tools/caravan/usage_error.hpp"

#include "journeys/diagnostic.hpp"
#include "tools/caravan/help_format.hpp"

namespace caravan::tools {
namespace {

const CLI::App& chosen_command(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty())
    command = command->get_subcommands().front();
  return *command;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

/// The sentence for arguments that nobody expected, with the option that was probably meant.
std::string unexpected(const CLI::App& app, const CLI::ParseError& error) {
  for (const std::string& extra : app.remaining(true)) {
    if (!extra.starts_with("-")) return "\"" + extra + "\" was not expected here";
    std::vector<std::string> options;
    for (const CLI::App* each : {&chosen_command(app), &app}) {
      for (const CLI::Option* option : each->get_options()) {
        for (const std::string& name : option->get_lnames())
          options.push_back("--" + name);
      }
    }
    const std::string meant = did_you_mean(extra, options);
    return "there is no option " + extra + (meant.empty() ? "" : "; " + meant);
  }
  return error.what();
}

/// Of a command that is one of several: which of them is missing.
std::string missing_command(const CLI::App& app, const CLI::App& command) {
  const std::vector<std::string> names = command_names(command);
  std::string known;
  for (std::size_t at = 0; at < names.size(); ++at)
    known += (at == 0 ? "" : at + 1 == names.size() ? " or " : ", ") + names[at];
  const std::string called = called_as(command);
  for (const std::string& extra : app.remaining(true)) {
    if (extra.starts_with("-")) continue;
    const std::string meant = did_you_mean(extra, names);
    return "after `" + called + "` stands " + known + ", not \"" + extra + "\"" + (meant.empty() ? "" : "; " + meant);
  }
  return "`" + called + "` is not whole: " + known + " stands after it";
}

/// What must be given and is not: an argument, an option, or which command.
std::string missing(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen_command(app);
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    const std::string name =
        option->get_positional() ? placeholder_of(*option) : option->get_name() + " " + option->get_type_name();
    const std::string call = usage_of(command) + (option->get_positional() ? "" : " " + name);
    return name + " is missing; the call is `" + call + "`";
  }
  if (command.get_require_subcommand_min() > 0) return missing_command(app, command);
  return error.what();
}

/// An option of the command or of those above it, by the name that the library calls it.
const CLI::Option* option_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* each = &chosen_command(app); each != nullptr; each = each->get_parent()) {
    for (const CLI::Option* option : each->get_options())
      if (option->get_name() == name) return option;
  }
  return nullptr;
}

/// The two sides of `between` in what the library says; empty where it says something else.
std::pair<std::string, std::string> sides(std::string_view said, std::string_view between) {
  const std::size_t at = said.find(between);
  if (at == std::string_view::npos) return {};
  return {std::string(said.substr(0, at)), std::string(said.substr(at + between.size()))};
}

std::string no_number(const CLI::ParseError& error) {
  constexpr std::string_view before = "Could not convert: ";
  const std::string_view said = error.what();
  if (!said.starts_with(before)) return std::string(said);
  const auto [name, value] = sides(said.substr(before.size()), " = ");
  return name + " takes a number; this is \"" + value + "\"";
}

std::string wrong_count(const CLI::App& app, const CLI::ParseError& error) {
  const std::string name = sides(error.what(), ": ").first;
  const CLI::Option* option = option_named(app, name);
  if (option == nullptr) return error.what();
  const std::string type = option->get_type_name().substr(0, option->get_type_name().find(':'));
  if (option->count() > 1) return name + " stands there " + std::to_string(option->count()) + " times; once is enough";
  return name + " takes a value: " + name + " " + type;
}

}  // namespace

std::optional<std::string> unknown_command(const CLI::App& app, std::span<char*> arguments) {
  if (arguments.empty() || arguments[0][0] == '-' || arguments[0][0] == '\0') return std::nullopt;
  const std::vector<std::string> names = command_names(app);
  if (std::find(names.begin(), names.end(), arguments[0]) != names.end()) return std::nullopt;
  const std::string meant = did_you_mean(arguments[0], names);
  return "there is no command \"" + std::string(arguments[0]) + "\"" +
         (meant.empty() ? "; see `caravan --help`" : "; " + meant);
}

std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) return unexpected(app, error);
  if (dynamic_cast<const CLI::RequiredError*>(&error)) return missing(app, error);
  if (dynamic_cast<const CLI::ConversionError*>(&error)) return no_number(error);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return wrong_count(app, error);
  if (dynamic_cast<const CLI::ValidationError*>(&error)) {
    const auto [name, reason] = sides(error.what(), ": ");
    return reason.starts_with("is ") ? name + " " + reason : std::string(error.what());
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error)) {
    const auto [one, other] = sides(error.what(), " excludes ");
    return one + " and " + other + " do not go together: leave one out";
  }
  if (dynamic_cast<const CLI::RequiresError*>(&error)) {
    const auto [one, other] = sides(error.what(), " requires ");
    return one + " goes with " + other + ": give that as well";
  }
  return error.what();
}

}  // namespace caravan::tools
