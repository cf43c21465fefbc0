// What a file says of the accounts that people belong to.

#include "engine/intake/relations.hpp"

#include <boost/json/parse.hpp>

#include "engine/intake/intake.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using Catch::Contains;

namespace {

/// `acme:advisor zeta:`, with `-` before who is taken out.
std::string text_of(const std::vector<RelatePerson>& relations) {
  std::string text;
  for (const RelatePerson& each : relations)
    text += (text.empty() ? "" : " ") + std::string(each.related ? "" : "-") + each.account + ":" + each.role;
  return text;
}

std::string in_json(std::string_view json) {
  const Relations relations = relations_in_json(boost::json::parse(json));
  return relations.problem.empty() ? text_of(relations.accounts) : relations.problem;
}

IntakeLine first_of(std::unique_ptr<InputReader> reader) {
  auto step = reader->next();
  REQUIRE(step);
  if (const auto* problem = std::get_if<IntakeProblem>(&*step)) FAIL(problem->reason);
  return std::get<IntakeLine>(*step);
}

}  // namespace

TEST_CASE("a cell names accounts, each with or without a role") {
  const auto in_cell = [](std::string_view cell) { return text_of(relations_in_cell(cell).accounts); };
  CHECK(in_cell("acme") == "acme:");
  CHECK(in_cell("acme:advisor;zeta; tech : field agronomist ;") == "acme:advisor zeta: tech:field agronomist");
  CHECK(in_cell("urn:acme:advisor;urn:zeta:") == "urn:acme:advisor urn:zeta:");
  CHECK(in_cell(" ; ").empty());
  CHECK_THAT(relations_in_cell("acme;:advisor").problem, Contains("the key is empty"));
}

TEST_CASE("a list names accounts by key or by object") {
  CHECK(in_json(R"(["acme", {"account": "zeta", "role": "advisor"}, 42, {"account": 7, "role": null}])") ==
        "acme: zeta:advisor 42: 7:");
  CHECK(in_json(R"([{"account": "acme", "related": false}])") == "-acme:");
  CHECK(in_json("null").empty());
  CHECK(in_json("[]").empty());
  for (const char* none : {R"("acme")", R"([["acme"]])", R"([{"account": "acme", "roles": "x"}])", R"([true])",
                           R"([{"account": "acme", "related": "no"}])"}) {
    CAPTURE(none);
    CHECK_THAT(in_json(none), Contains("takes a list of accounts"));
  }
  CHECK_THAT(in_json(R"([{"role": "advisor"}])"), Contains("the key is empty"));
}

TEST_CASE("a record names a thousand accounts and no more") {
  std::string cell;
  for (std::size_t account = 0; account < kMostAccounts; ++account)
    cell += std::to_string(account) + ";";
  CHECK(relations_in_cell(cell).problem.empty());
  CHECK_THAT(relations_in_cell(cell + "one").problem, Contains("more than 1000 accounts"));
}

TEST_CASE("account_role and accounts of people are no attributes; those of accounts are") {
  const std::string text = "key,account,account_role,accounts\nada,acme,employee,zeta:advisor\n";
  IntakeSettings settings;
  settings.kind = RecordKind::person;
  TextSource people(text);
  const IntakeLine ada = first_of(read_csv(people, settings));
  const auto& person = std::get<UpsertPerson>(ada.input);
  CHECK(person.attributes.empty());
  CHECK(person.account_role == "employee");
  REQUIRE(ada.relations.size() == 1);
  CHECK(ada.relations[0].person == "ada");
  CHECK(text_of(ada.relations) == "zeta:advisor");
  TextSource accounts(text);
  const IntakeLine account = first_of(read_csv(accounts, {}));
  CHECK(std::get<UpsertAccount>(account.input).attributes.size() == 3);
  CHECK(account.relations.empty());
}

TEST_CASE("null takes the role in the account out, an empty cell says nothing of it") {
  IntakeSettings settings;
  settings.kind = RecordKind::person;
  TextSource json(R"({"key": "ada", "account_role": null})");
  CHECK(std::get<UpsertPerson>(first_of(read_json_lines(json, settings)).input).account_role == "");
  TextSource csv("key,account,account_role\nada,acme,\n");
  CHECK(std::get<UpsertPerson>(first_of(read_csv(csv, settings)).input).account_role == std::nullopt);
}

TEST_CASE("another column is taken as them by its rename") {
  IntakeSettings settings;
  settings.kind = RecordKind::person;
  settings.renames = {{"Function", "account_role"}, {"Also", "accounts"}};
  TextSource csv("key,account,Function,Also\nada,acme,buyer,zeta\n");
  const IntakeLine line = first_of(read_csv(csv, settings));
  CHECK(std::get<UpsertPerson>(line.input).account_role == "buyer");
  CHECK(text_of(line.relations) == "zeta:");
}
