// The manual's page of links: its examples are taken as an author would take them, checked and run.
#include "engine/harness/scenario_run.hpp"
#include "engine/message_check.hpp"
#include "engine/name_book.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tools/caravan/help_texts.hpp"

namespace caravan::tests {
namespace {

/// The first block of the page that begins with `start`.
std::string block_of_page(std::string_view start) {
  for (const tools::HelpText& page : tools::help_texts()) {
    if (page.topic != "links") continue;
    const std::string_view text = page.markdown;
    const std::size_t begin = text.find(start);
    REQUIRE(begin != std::string_view::npos);
    return std::string(text.substr(begin, text.find("```", begin) - begin));
  }
  return {};
}

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted())
    text += render(each, Colour::never);
  return text;
}

}  // namespace

TEST_CASE("the examples of the page of links are sound, and its scenario holds") {
  const SourceTexts texts = {
      {"caravan.yaml", block_of_page("links:\n")},
      {"audiences/all.yaml", "audience: all\nwhen: \"true\"\n"},
      {"emails/invoice.html", block_of_page("---\nsubject: Your invoice\n") + "<p>{{unsubscribe_url}}</p>\n"},
      {"emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Hello</p>\n"},
      {"emails/farewell.html", "---\nsubject: Goodbye\n---\n<p>Goodbye</p>\n"},
      {"journeys/welcome.yaml",
       "journey: welcome\nenter: {audience: all}\nnodes:\n  - {id: hello, send_email: welcome}\n"
       "  - {id: rest, wait: 3d}\n  - {id: bye, send_email: farewell}\n"},
      {"scenarios/alone.yaml", block_of_page("scenario: whoever has unsubscribed")},
  };
  NameBook names;
  std::unique_ptr<Workspace> loaded = load_workspace(texts, "", node_shapes(), names);
  check_messages(*loaded);
  REQUIRE(text_of(loaded->diagnostics) == "");
  CHECK(loaded->emails.at("invoice").operational);
  CHECK(loaded->configuration.links.url == "https://go.example.com");
  const std::shared_ptr<const Workspace> workspace = std::move(loaded);
  const ScenarioSet set =
      load_scenarios(*workspace, texts, {.shapes = node_shapes(), .names = names, .also_check = check_messages});
  REQUIRE(text_of(set.diagnostics) == "");
  REQUIRE(set.scenarios.size() == 1);
  const ScenarioResult result = run_scenario(set.scenarios.front(), workspace, names);
  CHECK((result.failure ? to_text(*result.failure) : "") == "");
}

}  // namespace caravan::tests
