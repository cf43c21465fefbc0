// caravan help: the manual's pages, readable where the program runs.

#include <iostream>

#include "journeys/diagnostic.hpp"
#include "tools/caravan/failure.hpp"
#include "tools/caravan/help_texts.hpp"
#include "tools/caravan/markdown.hpp"
#include "tools/caravan/node_reference.hpp"

namespace caravan::tools {
namespace {

/// Where a page wants the reference of the node types.
constexpr std::string_view node_mark = "<!-- nodes -->\n";

std::string page_of(const HelpText& text) {
  std::string page(text.markdown);
  if (const std::size_t mark = page.find(node_mark); mark != std::string::npos) {
    page.replace(mark, node_mark.size(), node_reference());
  }
  return page;
}

void list_topics() {
  std::size_t width = 0;
  for (const HelpText& text : help_texts())
    width = std::max(width, display_width(text.topic));
  const Terminal& terminal = Terminal::output();
  std::cout << terminal.paint(Style::strong, "Topics of `caravan help TOPIC`") << "\n";
  for (const HelpText& text : help_texts()) {
    std::cout << "  " << terminal.paint(Style::accent, text.topic)
              << std::string(width - display_width(text.topic) + 2, ' ') << title_of(text.markdown) << "\n";
  }
  std::cout << "\nOf a command: `caravan COMMAND --help`.\n";
}

ExitCode help(CLI::App& app, const std::string& topic) {
  if (topic.empty()) {
    list_topics();
    return ExitCode::success;
  }
  std::vector<std::string> known;
  for (const HelpText& text : help_texts()) {
    known.emplace_back(text.topic);
    if (text.topic != topic) continue;
    std::cout << render_markdown(page_of(text), Terminal::output());
    return ExitCode::success;
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
    if (command->get_name() != topic) continue;
    std::cout << command->help();
    return ExitCode::success;
  }
  const std::string meant = did_you_mean(topic, known);
  throw Failure(ExitCode::usage,
                "there is no help on \"" + topic + "\"; " + (meant.empty() ? "see `caravan help`" : meant));
}

}  // namespace

void add_help(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand(
      "help", "Shows a page of the manual: expressions, journeys, operations and more; without a topic, lists them.");
  const auto topic = std::make_shared<std::string>();
  command->add_option("topic", *topic, "A page, or a command")->type_name("TOPIC");
  command->callback([&app, topic, &exit_code] { exit_code = help(app, *topic); });
}

}  // namespace caravan::tools
