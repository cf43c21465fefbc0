#include <caravan/harness.hpp>
#include <catch2/catch.hpp>

TEST_CASE("a technology company gets the story three days after the welcome") {
  const caravan::harness::Workspace workspace(WORKSPACE);
  caravan::harness::Rehearsal rehearsal(workspace, "2026-01-05T09:00:00Z");
  rehearsal.account("acme", {{"name", "Acme"}, {"industry", "technology"}});
  rehearsal.person("ada", "acme", {{"email", "ada@acme.example"}, {"first_name", "Ada"}});
  CHECK(rehearsal.standing("first-touch", "acme").node == "settle");
  rehearsal.advance("3d");
  CHECK(rehearsal.sent_to("ada@acme.example").at(1).subject == "A story for Acme");
}
