// The sample `ai-driven-seeds` tells the story that its README tells: accounts are found, groups completed, engagement
// rises, and sales has those that are ready and no others. Its data is what the README says that it is.

#include <fstream>
#include <set>
#include <sstream>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/catch.hpp"
#include "tests/tools/sample_run.hpp"

using namespace caravan::tests;

namespace json = boost::json;

namespace {

using Path = std::pair<std::string, std::string>;  ///< the day it was taken, and its name

const std::filesystem::path workspace = sample("ai-driven-seeds");
const std::string followed = "grw-0016";  ///< the account that the README follows

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string text(const json::value& value) {
  return std::string(value.as_string());
}

std::vector<json::value> json_lines(const std::string& lines) {
  std::vector<json::value> values;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);)
    values.push_back(json::parse(line));
  return values;
}

/// The paths that the followed account took at a split, in order.
std::vector<Path> paths(const json::value& account, const std::string& split) {
  std::vector<Path> taken;
  for (const json::value& line : account.at("timeline").as_array()) {
    const json::object& visit = line.as_object();
    if (visit.contains("path") && visit.contains("node") && text(visit.at("node")) == split)
      taken.emplace_back(text(visit.at("at")).substr(0, 10), text(visit.at("path")));
  }
  return taken;
}

/// `(grw-0016)` in the text of a summary.
std::string account_of(const WrittenMail& summary) {
  const std::size_t begin = summary.text.find("(grw-") + 1;
  return summary.text.substr(begin, summary.text.find(')', begin) - begin);
}

/// A command in the README that asks the workspace's database, with the output that stands below it; `...` stands for
/// lines that were left out.
struct Shown {
  std::vector<std::string> arguments;  ///< without the program and the workspace
  std::vector<std::string> lines;
};

std::vector<Shown> shown_in_readme() {
  const std::string of_the_workspace = " -w samples/ai-driven-seeds";
  std::vector<Shown> all;
  bool in_block = false;
  std::istringstream readme(text_of(workspace / "README.md"));
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("$ caravan ") && line.find(of_the_workspace) != std::string::npos) {
      std::string command = line.substr(std::string("$ caravan ").size());
      command.erase(command.find(of_the_workspace), of_the_workspace.size());
      std::istringstream words(command);
      all.push_back({{std::istream_iterator<std::string>(words), {}}, {}});
      in_block = true;
    } else if (line == "```") {
      in_block = false;
    } else if (in_block && line != "..." && !line.empty()) {
      all.back().lines.push_back(line);
    }
  }
  return all;
}

/// Each line stands in what the program prints, in that order.
void check_shown(const Shown& shown, const std::string& printed) {
  std::size_t at = 0;
  for (const std::string& line : shown.lines) {
    CAPTURE(line, printed);
    at = printed.find(line + "\n", at);
    REQUIRE(at != std::string::npos);
    at += line.size();
  }
}

/// Whom we know at first decides; an ad finds one colleague and a form another; the ads end.
void check_completing(const SampleRun& run, const json::value& account) {
  CHECK(paths(account, "who-is-missing") == std::vector<Path>{{"2026-01-05", "practitioner"},
                                                              {"2026-01-14", "influencer"},
                                                              {"2026-01-16", "influencer"},
                                                              {"2026-01-21", "enough-are-there"}});
  const json::value& group = account.at("buying_groups").at(0);
  std::vector<std::string> members;
  for (const json::value& each : group.at("members").as_array())
    members.push_back(text(each.at("since")).substr(0, 10) + " " + text(each.at("role")));
  CHECK(members ==
        std::vector<std::string>{"2026-01-05 decision_maker", "2026-01-14 practitioner", "2026-01-21 influencer"});
  CHECK(group.at("completeness").to_number<double>() == Approx(83.33).margin(0.01));  // (1 + 1/2 + 1) / 3

  std::vector<std::string> ads;
  for (const json::value& each :
       json_lines(run.run({"destinations", "colleagues-wanted", "--changes", "--json"}).out)) {
    if (text(each.at("account")) == followed)
      ads.push_back(text(each.at("at")).substr(0, 10) + " " + text(each.at("change")));
  }
  CHECK(ads == std::vector<std::string>{"2026-01-05 in", "2026-01-21 out"});
}

/// It becomes warm, then warmer, and is moved on when it is very interested.
void check_rising(const json::value& account) {
  CHECK(paths(account, "how-interested") == std::vector<Path>{{"2026-01-26", "warm-on-farms"},
                                                              {"2026-02-02", "warm-on-farms"},
                                                              {"2026-02-05", "warm-on-farms"},
                                                              {"2026-02-06", "very"}});
  std::vector<std::string> stages;
  for (const json::value& each : account.at("buying_groups").at(0).at("history").as_array()) {
    if (text(each.at("what")) == "stage")
      stages.push_back(text(each.at("at")).substr(0, 10) + " " + text(each.at("after")));
  }
  CHECK(stages ==
        std::vector<std::string>{"2026-01-05 Identified", "2026-01-21 Engaged", "2026-02-06 Ready for sales"});
}

/// Its owner got one mail, the one in the README.
void check_hand_over(const std::vector<WrittenMail>& summaries) {
  const auto is_about_it = [](const WrittenMail& mail) { return account_of(mail) == followed; };
  REQUIRE(std::count_if(summaries.begin(), summaries.end(), is_about_it) == 1);
  const WrittenMail& mail = *std::find_if(summaries.begin(), summaries.end(), is_about_it);
  CHECK(mail.to == "ana.ribeiro@sales.example");
  CHECK_THAT(mail.text, Catch::Contains("Completeness  83%"));
  CHECK_THAT(mail.text, Catch::Contains("Stage         Ready for sales"));
  CHECK_THAT(mail.text, Catch::Contains("Influencer: 1 of 2"));
  CHECK_THAT(mail.text, Catch::Contains("Kavya Kumar, Data Scientist"));
  const std::string shown = "```\nTo: " + mail.to + "\nSubject: " + mail.subject + "\n\n" + mail.text;
  CHECK_THAT(text_of(workspace / "README.md"), Catch::Contains(shown.substr(0, shown.find_last_not_of('\n') + 1)));
}

/// Sales was told of each group that is ready, once, and of no other.
void check_only_who_is_ready(const SampleRun& run, const std::vector<WrittenMail>& summaries) {
  std::set<std::string> ready;
  for (const json::value& group : json_lines(run.run({"groups", "--json"}).out)) {
    CAPTURE(group);
    if (text(group.at("stage")) == "Ready for sales") {
      ready.insert(text(group.at("account")));
      CHECK(group.at("completeness").to_number<double>() >= 80);
    } else {
      CHECK(text(group.at("status")) == "resting");
    }
  }
  std::set<std::string> told;
  for (const WrittenMail& mail : summaries)
    told.insert(account_of(mail));
  CHECK(told == ready);
  CHECK(summaries.size() == ready.size());
}

}  // namespace

TEST_CASE("the sample's accounts and people are those that the generator makes") {
  const std::string accounts = (workspace / "data/accounts.csv").string();
  CHECK(run({"generate", "accounts", "--count", "400", "--seed", "2026", "--format", "csv"}).out == text_of(accounts));
  CHECK(run({"generate", "people", "--accounts", accounts, "--seed", "2026", "--per-account", "6", "--format", "csv"})
            .out == text_of(workspace / "data/people.csv"));
}

TEST_CASE("the sample's events are those that its script makes") {
  if (std::system("command -v python3 > /dev/null") != 0) {
    WARN("skipped: there is no python3");
    return;
  }
  const Folder folder;
  const std::string made = (folder / "events.jsonl").string();
  const std::string script = (workspace / "data/make_events.py").string();
  REQUIRE(std::system(("python3 '" + script + "' > '" + made + "'").c_str()) == 0);
  CHECK(text_of(made) == text_of(workspace / "data/events.jsonl"));
}

TEST_CASE("the sample's accounts have groups before any journey has begun, most of them at 33 %") {
  const Folder folder;
  const std::filesystem::path copy = folder / "ai-driven-seeds";
  std::filesystem::copy(workspace, copy, std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy / "journeys");
  const std::string database = (folder / "caravan.db").string();
  const std::string data = (copy / "data/").string();
  REQUIRE(run({"import", "-w", copy.string(), "-d", database, "--accounts", data + "accounts.csv", "--people",
               data + "people.csv"})
              .exit_code == 0);
  const Outcome serve = run({"serve", copy.string(), "--publish", "-d", database, "--speed", "max", "--start",
                             "2026-01-05T04:00:00Z", "--until-idle", "--quiet"});
  CAPTURE(serve.err);
  REQUIRE(serve.exit_code == 0);

  std::map<std::string, int> by_completeness;
  for (const json::value& group : json_lines(run({"groups", "-d", database, "--json"}).out))
    ++by_completeness[std::to_string(std::lround(group.at("completeness").to_number<double>()))];
  CHECK(by_completeness == std::map<std::string, int>{{"33", 156}, {"50", 46}, {"67", 48}, {"83", 11}});

  const Shown at_first = shown_in_readme().front();
  std::vector<std::string> command = at_first.arguments;
  command.insert(command.end(), {"-d", database});
  check_shown(at_first, run(command).out);
}

TEST_CASE("ai-driven-seeds: groups are completed, become interested, and sales has those that are ready") {
  const SampleRun run(workspace);
  check_facts_of_all(run);
  CHECK(run.journey("ai-driven-seeds").at("entered") == 261);
  CHECK(run.journey("ai-driven-seeds").at("reached_goal") == 53);
  CHECK(run.visited("ai-driven-seeds", "engaged") == 94);
  CHECK(run.visited("ai-driven-seeds", "rest") == 208);
  CHECK(run.journey("your-part").at("entered") == 239);

  const json::value account = run.json({"show", "account", followed, "--json"});
  check_completing(run, account);
  check_rising(account);
  const std::vector<WrittenMail> summaries = run.mails("AI Driven Seeds: ");
  CHECK(summaries.size() == 53);
  check_hand_over(summaries);
  check_only_who_is_ready(run, summaries);
  const json::value destinations = run.json({"destinations", "--json"});
  CHECK(destinations.at("destinations").at(0).at("members") == 0);  // nobody sees ads any more

  const std::vector<Shown> shown = shown_in_readme();
  REQUIRE(shown.size() == 5);
  for (std::size_t i = 1; i < shown.size(); ++i)
    check_shown(shown[i], run.run(shown[i].arguments).out);
}

TEST_CASE("ai-driven-seeds: the pictures in the README are those of the journeys") {
  check_pictures(workspace);
}
