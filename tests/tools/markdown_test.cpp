// The manual's pages are read on terminals and in pipes.

#include "tools/caravan/markdown.hpp"

#include "tests/support/catch.hpp"
#include "tools/caravan/help_texts.hpp"
#include "tools/caravan/node_reference.hpp"

using namespace caravan::tools;

TEST_CASE("markdown becomes plain text") {
  CHECK(render_markdown("# Title\n\nA paragraph\nof two lines with `code` and **weight**.\n\n- one\n- two\n  goes on\n",
                        Terminal::plain()) ==
        "Title\n\nA paragraph of two lines with `code` and weight.\n\n- one\n- two goes on\n");
}

TEST_CASE("code and tables keep their lines") {
  const std::string page =
      render_markdown("```yaml\na:  1\n# no heading\n```\n\n| key | meaning |\n|---|---|\n| `a` | first \\| last |\n",
                      Terminal::plain());
  CHECK_THAT(page, Catch::Contains("    a:  1\n    # no heading\n"));
  CHECK_THAT(page, Catch::Contains("key  meaning\n"));
  CHECK_THAT(page, Catch::Contains("a    first | last\n"));
}

TEST_CASE("every page has a title and ends") {
  CHECK(help_texts().size() >= 6);
  for (const HelpText& text : help_texts()) {
    CAPTURE(text.topic);
    CHECK_FALSE(title_of(text.markdown).empty());
    CHECK(render_markdown(text.markdown, Terminal::plain()).size() > 200);
  }
}

TEST_CASE("the reference of nodes has every type with its keys") {
  const std::string reference = node_reference();
  for (const char* type :
       {"### split", "### wait", "### send_email", "### assign_to_buying_group", "### notify_sales", "### end"}) {
    CHECK_THAT(reference, Catch::Contains(type));
  }
}
