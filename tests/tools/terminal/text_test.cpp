// Texts, figures and tables as a terminal shows them.

#include "tests/support/catch.hpp"
#include "tools/caravan/terminal/progress.hpp"
#include "tools/caravan/terminal/table.hpp"

using namespace caravan::tools;

TEST_CASE("a text is as wide as a terminal draws it") {
  CHECK(display_width("Meadow") == 6);
  CHECK(display_width("Łódź") == 4);
  CHECK(display_width("e\u0301") == 1);  // an e and its accent
  CHECK(display_width("種子") == 4);
  CHECK(display_width("🌱") == 2);
  CHECK(display_width("a\xff") == 2);
}

TEST_CASE("nobody's data steers a terminal") {
  CHECK(printable("Łódź") == "Łódź");
  CHECK(printable("a\x1b[2Jb") == "a\\u{1b}[2Jb");
  CHECK(printable("line\nline") == "line\\u{a}line");
  CHECK(printable("\u202Egnp.exe") == "\\u{202e}gnp.exe");
  CHECK(printable("\u009b") == "\\u{9b}");
  CHECK(printable("a\xff") == "a\\xff");
}

TEST_CASE("what is too long ends in an ellipsis") {
  CHECK(shortened("Meadow", 6) == "Meadow");
  CHECK(shortened("Meadows", 6) == "Meado…");
  CHECK(shortened("種子種子", 5) == "種子…");
}

TEST_CASE("lines break at words") {
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("unbreakable word", 4) == std::vector<std::string>{"unbreakable", "word"});
}

TEST_CASE("figures are read in groups of three") {
  CHECK(with_separators(0) == "0");
  CHECK(with_separators(999) == "999");
  CHECK(with_separators(1'000) == "1,000");
  CHECK(with_separators(-1'234'567) == "-1,234,567");
  CHECK(counted(1, "account", "accounts") == "1 account");
  CHECK(counted(2'000, "account", "accounts") == "2,000 accounts");
  CHECK(share(3, 8) == "37.5 %");
  CHECK(share(0, 0) == "–");
  CHECK(human_bytes(12'345'678) == "12.3 MB");
  CHECK(human_seconds(125) == "2 min 05 s");
  CHECK(human_seconds(11'400) == "3 h 10 min");
}

TEST_CASE("a table is aligned by what is seen and ends no line with spaces") {
  Table table({{"node", Align::left}, {"count", Align::right}});
  table.add_row({{"種子"}, figure(1'234)});
  table.add_row({{"b"}, figure(0)});
  CHECK(table.render(Terminal::plain()) ==
        "node  count\n"
        "────  ─────\n"
        "種子  1,234\n"
        "b         ·\n");
}

TEST_CASE("a progress line tells how far, how fast and how long") {
  CHECK(progress_line("accounts", 0.5, 2'000, 10.0, 100) ==
        "accounts ████████████░░░░░░░░░░░░ 50 %  2,000  200/s  10 s left");
  CHECK(progress_line("accounts", std::nullopt, 2'000, 10.0, 100) == "accounts  2,000  200/s");
  CHECK(display_width(progress_line("accounts", 0.5, 2'000, 10.0, 20)) == 20);
}
