// Texts that others wrote stand within one line of ours.

#include "engine/one_line.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

TEST_CASE("line breaks, controls and runs of blanks become one blank, and none stays at the ends") {
  CHECK(one_line("Vera Paz") == "Vera Paz");
  CHECK(one_line("  Vera\r\n\t Paz\n") == "Vera Paz");
  CHECK(one_line("a\x01\x7f"
                 "b") == "a b");
  CHECK(one_line("a\u0085b\u2028c\u2029d\u00a0e") == "a b c d e");
  CHECK(one_line(" \n ") == "");
  CHECK(one_line("") == "");
}

TEST_CASE("marks that turn the direction of writing are not passed on") {
  CHECK(one_line("invoice\u202Efdp.exe") == "invoice fdp.exe");
  CHECK(one_line("a\u2066b\u2069c\u200Fd") == "a b c d");
}

TEST_CASE("what is not UTF-8 is replaced") {
  CHECK(one_line("caf\xE9 x") == "caf\uFFFD x");
}

TEST_CASE("a long text is cut between code points") {
  CHECK(one_line("äöü", 3) == "äöü");
  CHECK(one_line("äöüß", 3) == "äöü…");
  CHECK(one_line("ab cd", 3) == "ab…");
  CHECK(one_line("ab  ", 2) == "ab");
  CHECK(one_line(std::string(10'000, 'x')).size() == 303);
}
