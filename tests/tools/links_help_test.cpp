// The manual's page of links: its examples are taken as an author would take them, checked and run.
#include "engine/harness/scenario_run.hpp"
#include "engine/message_check.hpp"
#include "engine/name_book.hpp"
#include "nodes/registry.hpp"
#include "tests/support/catch.hpp"
#include "tools/caravan/help_texts.hpp"

namespace caravan::tests {
namespace {

/// What the page has from `start` to `end`, for the first time.
std::string part_of_page(std::string_view start, std::string_view end) {
  for (const tools::HelpText& page : tools::help_texts()) {
    if (page.topic != "links") continue;
    const std::string_view text = page.markdown;
    const std::size_t begin = text.find(start);
    REQUIRE(begin != std::string_view::npos);
    return std::string(text.substr(begin, text.find(end, begin) - begin));
  }
  return {};
}

/// A block that begins so; and what stands within a line.
std::string block_of_page(std::string_view start) {
  return part_of_page(start, "```");
}
std::string piece_of_page(std::string_view start) {
  return part_of_page(start, "`");
}

std::string text_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics.sorted())
    text += render(each, Colour::never);
  return text;
}

}  // namespace

TEST_CASE("the examples of the page of links are sound, and its scenarios hold") {
  const SourceTexts texts = {
      {"caravan.yaml", block_of_page("links:\n") + block_of_page("topics:\n")},
      {"audiences/all.yaml", "audience: all\nwhen: \"true\"\n"},
      {"emails/invoice.html", block_of_page("---\nsubject: Your invoice\n") + "<p>{{unsubscribe_url}}</p>\n"},
      {"emails/fair.html", block_of_page("---\nsubject: See us") + "<p>Come</p>\n"},
      {"emails/news.html", "---\nsubject: News\ntopic: product-news\n---\n<p>News</p>\n"},
      {"journeys/no-events.yaml", block_of_page("journey: no-events")},
      {"audiences/no-events.yaml",
       "audience: no-events\nwhen: 'people.exists(person, " + piece_of_page("\"events\" in person.") + ")'\n"},
      {"emails/welcome.html", "---\nsubject: Welcome\n---\n<p>Hello</p>\n"},
      {"emails/farewell.html", "---\nsubject: Goodbye\n---\n<p>Goodbye</p>\n"},
      {"journeys/welcome.yaml",
       "journey: welcome\nenter: {audience: all}\nnodes:\n  - {id: hello, send_email: welcome}\n"
       "  - {id: rest, wait: 3d}\n  - {id: bye, send_email: farewell}\n"},
      {"scenarios/alone.yaml", block_of_page("scenario: whoever has unsubscribed")},
      {"scenarios/outlived.yaml", block_of_page("scenario: what somebody wanted")},
      {"scenarios/nobody.yaml", block_of_page("scenario: an address that is none")},
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
  REQUIRE(set.scenarios.size() == 3);
  for (const auto& scenario : set.scenarios) {
    const ScenarioResult result = run_scenario(scenario, workspace, names);
    CHECK((result.failure ? to_text(*result.failure) : "") == "");
  }
}

}  // namespace caravan::tests
