// The manual's page of tests: what it shows is what the program prints.

#include "tests/tools/scenario_workspace.hpp"
#include "tools/caravan/help_texts.hpp"

namespace caravan::tests {
namespace {

/// The plain blocks of the page.
std::vector<std::string> blocks_of_page() {
  std::vector<std::string> blocks;
  for (const tools::HelpText& page : tools::help_texts()) {
    if (page.topic != "testing") continue;
    std::string_view rest = page.markdown;
    constexpr std::string_view fence = "```\n";
    for (std::size_t at = rest.find(fence); at != std::string_view::npos; at = rest.find(fence)) {
      rest.remove_prefix(at + fence.size());
      const std::size_t end = rest.find(fence);
      blocks.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end + fence.size());
    }
  }
  return blocks;
}

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part))
    text.erase(at, part.size());
  return text;
}

/// Up to the time that it took.
std::string without_time(const std::string& text) {
  return text.substr(0, text.rfind(", "));
}

}  // namespace

TEST_CASE("the page of tests shows what the program prints") {
  const std::vector<std::string> blocks = blocks_of_page();
  REQUIRE(blocks.size() == 3);
  ScenarioWorkspace workspace;
  const std::string root = workspace.root() + "/";
  workspace.scenarios(ScenarioWorkspace::heard(), "answers.yaml");
  workspace.scenarios(ScenarioWorkspace::waiting("hello") + "---\n" + ScenarioWorkspace::waiting("settle"));
  const std::string shown = blocks[0];
  CHECK(without_time(shown) == "$ caravan test\n" + without_time(without(workspace.test().out, root)));

  workspace.scenarios(ScenarioWorkspace::waiting("settle"));
  // Places are as wide as their paths, which are longer here than on the page.
  const auto squeezed = [](const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c != ' ' || out.empty() || out.back() != ' ') out += c;
    }
    return out;
  };
  const std::string printed = squeezed(without(workspace.test({"--coverage"}).out, root));
  CHECK_THAT(printed, Catch::EndsWith(squeezed(blocks[1])));
}

TEST_CASE("the commands of the page of tests run") {
  const ScenarioWorkspace workspace;
  std::string command = blocks_of_page()[2];
  std::vector<std::string> words;
  std::istringstream line(command);
  for (std::string word; line >> word;)
    words.push_back(word == "my-workspace"                                         ? workspace.root()
                    : word.starts_with("report.") || word.starts_with("coverage.") ? workspace.file(word)
                                                                                   : word);
  REQUIRE(words.front() == "caravan");
  words.erase(words.begin());
  const Outcome outcome = run(words);
  // 58.3 % are less than the 90 that the page asks for.
  CHECK(outcome.exit_code == 1);
  CHECK_THAT(outcome.err, Catch::Contains("--min asks for 90 %"));
  CHECK(std::filesystem::exists(workspace.folder / "report.xml"));
  CHECK(std::filesystem::exists(workspace.folder / "coverage.info"));
}

}  // namespace caravan::tests
