#include "tools/caravan/help_format.hpp"

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

constexpr std::size_t widest_page = 100;

struct Entry {
  std::string name;
  std::string text;
};

std::size_t page_width() {
  return std::min(Terminal::output().width(), widest_page);
}

std::string heading(std::string_view text) {
  return Terminal::output().paint(Style::strong, text) + "\n";
}

/// Names in one column, their texts in the next, broken where the page ends.
std::string entries_as_text(const std::vector<Entry>& entries) {
  constexpr std::size_t widest_name = 26;
  std::size_t column = 0;
  for (const Entry& entry : entries) {
    if (display_width(entry.name) <= widest_name) column = std::max(column, display_width(entry.name));
  }
  std::string out;
  for (const Entry& entry : entries) {
    const std::size_t width = display_width(entry.name);
    std::string line = "  " + Terminal::output().paint(Style::accent, entry.name);
    bool is_first = true;
    for (const std::string& text : wrapped(entry.text, page_width() - column - 4)) {
      const bool stands_beside = is_first && width <= column;
      if (is_first && !stands_beside) line += "\n";
      line += std::string(stands_beside ? column - width + 2 : column + 4, ' ') + text + "\n";
      is_first = false;
    }
    out += line;
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const std::string& line : wrapped(text.substr(0, end), page_width()))
      out += line + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Entry entry_of(const CLI::Option& option) {
  std::string name =
      option.get_positional() && option.nonpositional() ? option.get_name(false, true) : option.get_name(true, true);
  for (std::size_t at = 0; (at = name.find(',', at)) != std::string::npos; at += 2)
    name.insert(at + 1, " ");
  const bool is_flag = option.get_type_size_min() == 0;
  // Validators add what they allow to the type's name; the description says it better.
  const std::string type = option.get_type_name().substr(0, option.get_type_name().find(':'));
  if (!is_flag && !type.empty()) name += " " + type;
  std::string text = option.get_description();
  if (option.get_required()) text += " (required)";
  return {name, text};
}

std::string options_as_text(const CLI::App& app) {
  std::vector<Entry> arguments;
  std::vector<Entry> options;
  for (const CLI::Option* option :
       app.get_options([](const CLI::Option* each) { return !each->get_group().empty(); })) {
    (option->get_positional() && !option->nonpositional() ? arguments : options).push_back(entry_of(*option));
  }
  std::string out;
  if (!arguments.empty()) out += "\n" + heading("Arguments") + entries_as_text(arguments);
  if (!options.empty()) out += "\n" + heading("Options") + entries_as_text(options);
  return out;
}

/// Its first sentence, whichever lines it stands on.
std::string summary(std::string text) {
  text.resize(std::min(text.find("\n\n"), text.size()));
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (const std::size_t end = text.find(". "); end != std::string::npos) text.resize(end);
  while (text.ends_with('.'))
    text.pop_back();
  return text;
}

std::string commands_as_text(const CLI::App& app) {
  std::vector<std::string> groups;
  std::map<std::string, std::vector<Entry>> entries;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
    if (!entries.contains(command->get_group())) groups.push_back(command->get_group());
    entries[command->get_group()].push_back({command->get_name(), summary(command->get_description())});
  }
  std::string out;
  for (const std::string& group : groups)
    out += "\n" + heading(group) + entries_as_text(entries[group]);
  return out;
}

}  // namespace

std::string called_as(const CLI::App& command) {
  std::string called;
  for (const CLI::App* each = &command; each != nullptr; each = each->get_parent())
    called = each->get_name() + (called.empty() ? "" : " " + called);
  return called;
}

std::string placeholder_of(const CLI::Option& option) {
  std::string name = option.get_name(true, false);
  for (char& c : name)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string usage_of(const CLI::App& command) {
  std::string line = called_as(command);
  for (const CLI::Option* option :
       command.get_options([](const CLI::Option* each) { return each->get_positional(); })) {
    const std::string name = placeholder_of(*option);
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  if (!command.get_subcommands([](const CLI::App*) { return true; }).empty())
    line += command.get_parent() && command.get_require_subcommand_min() == 0 ? " [COMMAND]" : " COMMAND";
  return line;
}

std::string HelpFormat::make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const {
  const bool is_below_root = app->get_parent() != nullptr && app->get_parent()->get_parent() == nullptr;
  std::string out = paragraphs(app->get_description());
  out += "\n" + heading("Usage") + "  " + usage_of(*app) + " [OPTIONS]\n";
  out += commands_as_text(*app) + options_as_text(*app);
  if (!app->get_footer().empty()) out += "\n" + app->get_footer() + "\n";
  if (is_below_root) {
    out += "\nOf all commands: --log-level, --log-format (see `caravan --help`).\n";
  }
  return out;
}

}  // namespace caravan::tools
