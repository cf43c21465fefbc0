// The company list for ad platforms: which domain an account has, and values that would break a line.

#include "tools/caravan/report/company_list.hpp"

#include "tests/support/catch.hpp"

using namespace caravan::tools;

TEST_CASE("a domain is the host of what somebody has written") {
  CHECK(domain_in("acme.example") == "acme.example");
  CHECK(domain_in("  https://www.Acme.example/about?x=1#y ") == "acme.example");
  CHECK(domain_in("http://user:secret@acme.example:8080/") == "acme.example");
  CHECK(domain_in("mira@acme.example") == "acme.example");
  CHECK(domain_in("shop.acme.example.") == "shop.acme.example");
  for (const char* none : {"", "acme", "www.", "https://", "n/a", "a b.example", "\"x\".example", ".example"}) {
    CAPTURE(none);
    CHECK(domain_in(none).empty());
  }
}

TEST_CASE("a cell is quoted where it must be and never breaks its line") {
  CHECK(csv_cell("Acme") == "Acme");
  CHECK(csv_cell("Acme, Inc.") == "\"Acme, Inc.\"");
  CHECK(csv_cell("the \"A\"") == "\"the \"\"A\"\"\"");
  CHECK(csv_cell(" two\r\nlines\t") == "two  lines");
  CHECK(csv_cell(std::string_view("a\0b", 3)) == "a b");
  CHECK(csv_cell("=1+1") == "=1+1");
}
