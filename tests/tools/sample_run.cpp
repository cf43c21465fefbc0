#include "tests/tools/sample_run.hpp"

#include <fstream>

#include <boost/json/parse.hpp>

#include "tests/support/catch.hpp"

namespace caravan::tests {
namespace {

namespace json = boost::json;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string text(const json::value& value) {
  return std::string(value.as_string());
}

/// The header's value, folded lines joined.
std::string header(const std::string& mail, const std::string& name) {
  const std::size_t begin = mail.find(name + ": ");
  if (begin == std::string::npos) return {};
  std::string value;
  for (std::size_t at = begin + name.size() + 2; at < mail.size() && mail[at] != '\r' && mail[at] != '\n'; ++at)
    value += mail[at];
  return value;
}

/// What stands between the headers of the first part and the next boundary, quoted-printable decoded.
std::string text_part(const std::string& mail) {
  const std::string blank = mail.find("\r\n") == std::string::npos ? "\n\n" : "\r\n\r\n";
  const std::size_t begin = mail.find(blank, mail.find("\n--=_")) + blank.size();
  const std::size_t end = mail.find("\n--=_", begin);
  std::string decoded;
  for (std::size_t at = begin; at < end; ++at) {
    if (mail[at] == '\r') continue;
    if (mail[at] != '=') {
      decoded += mail[at];
    } else if (mail[at + 1] == '\r' || mail[at + 1] == '\n') {
      at = mail.find('\n', at);  // the line goes on
    } else {
      decoded += static_cast<char>(std::stoi(mail.substr(at + 1, 2), nullptr, 16));
      at += 2;
    }
  }
  return decoded;
}

std::vector<std::string> journeys_of(const std::filesystem::path& workspace) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(workspace / "journeys"))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::filesystem::path sample(const std::string& name) {
  return std::filesystem::path(CARAVAN_SOURCE_DIR) / "samples" / name;
}

SampleRun::SampleRun(const std::filesystem::path& workspace) : workspace_(workspace) {
  const Outcome check = run({"check", workspace.string()});
  CAPTURE(check.out);
  REQUIRE(check.exit_code == 0);
  CHECK_THAT(check.out, Catch::EndsWith(": no errors\n"));
  const std::string data = (workspace / "data/").string();
  std::vector<std::string> import = {"import", "--accounts", data + "accounts.csv", "--people", data + "people.csv"};
  if (std::filesystem::exists(data + "history.jsonl"))
    import.insert(import.end(), {"--events", data + "history.jsonl"});
  const Outcome imported = run(import);
  CAPTURE(imported.err);
  REQUIRE(imported.exit_code == 0);
  const Outcome serve =
      run({"serve", "--publish", "--events", data + "events.jsonl", "--outbox", (folder_ / "outbox").string(),
           "--speed", "max", "--start", "2026-01-05T04:00:00Z", "--until-idle", "--quiet"});
  CAPTURE(serve.err);
  REQUIRE(serve.exit_code == 0);
  status_ = json({"status", "--json"});
  for (const json::value& journey : status_.at("journeys").as_array()) {
    const std::string name = text(journey.at("journey"));
    std::vector<std::string> above;  // the node that the paths of a depth belong to
    for (const json::value& line : journey.at("map").as_array()) {
      const std::size_t depth = line.at("depth").to_number<std::size_t>();
      if (const json::value* node = line.as_object().if_contains("node")) {
        above.resize(depth + 1);
        above[depth] = text(*node);
        visited_[name][above[depth]] = line.at("visited").as_int64();
      } else {
        taken_[name][above.at(depth) + "/" + text(line.at("path"))] = line.at("taken").as_int64();
      }
    }
  }
}

Outcome SampleRun::run(std::vector<std::string> arguments) const {
  if (arguments.front() != "check") {
    const std::string database = (folder_ / "caravan.db").string();
    arguments.insert(arguments.end(), {"-d", database, "-w", workspace_.string()});
  }
  return tests::run(arguments);
}

json::value SampleRun::json(std::vector<std::string> arguments) const {
  const Outcome outcome = run(std::move(arguments));
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return json::parse(outcome.out);
}

const json::value& SampleRun::journey(const std::string& name) const {
  const json::array& journeys = status_.at("journeys").as_array();
  const auto* found = std::find_if(journeys.begin(), journeys.end(),
                                   [&](const json::value& each) { return text(each.at("journey")) == name; });
  REQUIRE(found != journeys.end());
  return *found;
}

std::int64_t SampleRun::taken(const std::string& journey, const std::string& path) const {
  return taken_.at(journey).at(path);
}

std::int64_t SampleRun::visited(const std::string& journey, const std::string& node) const {
  return visited_.at(journey).at(node);
}

std::int64_t SampleRun::delivered(const std::string& name, const std::string& message) const {
  for (const json::value& each : journey(name).at("messages").as_array()) {
    if (text(each.at("message")) == message) return each.at("delivered").as_int64();
  }
  FAIL("no message " << message);
  return 0;
}

std::int64_t SampleRun::members_of_list(const std::string& list) const {
  const json::value lists = json({"lists", "--json"});
  for (const json::value& each : lists.at("lists").as_array()) {
    if (text(each.at("name")) == list) return each.at("members").as_int64();
  }
  FAIL("no list " << list);
  return 0;
}

std::int64_t SampleRun::files(const std::string& ending, const std::string& below) const {
  std::int64_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "outbox" / below))
    count += entry.path().extension() == ending;
  return count;
}

std::vector<WrittenMail> SampleRun::mails(const std::string& part) const {
  std::vector<WrittenMail> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "outbox")) {
    if (entry.path().extension() != ".eml") continue;
    const std::string mail = text_of(entry.path());
    WrittenMail written{header(mail, "To"), header(mail, "Subject"), header(mail, "Date"), text_part(mail)};
    if (written.subject.find(part) != std::string::npos) found.push_back(std::move(written));
  }
  return found;
}

void check_facts_of_all(const SampleRun& run) {
  const json::value status = run.json({"status", "--json"});
  std::int64_t to_sales = 0;
  std::int64_t mails = 0;
  for (const json::value& journey : status.at("journeys").as_array()) {
    const std::string name = text(journey.at("journey"));
    CAPTURE(name);
    CHECK(journey.at("entered").as_int64() > 0);
    CHECK(journey.at("under_way") == 0);
    CHECK(journey.at("failed") == 0);
    CHECK(journey.at("held") == 0);
    for (const json::value& line : journey.at("map").as_array()) {
      CAPTURE(line);
      if (line.as_object().contains("path")) {
        CHECK(line.at("taken").as_int64() > 0);
        continue;
      }
      CHECK(line.at("visited").as_int64() > 0);
      CHECK(line.at("standing") == 0);
      CHECK(line.at("failed_expressions") == 0);
    }
    for (const json::value& message : journey.at("messages").as_array()) {
      const std::string kind = text(message.at("message"));
      CAPTURE(kind);
      CHECK(message.at("promised").as_int64() > 0);
      if (kind.starts_with("call of ")) continue;
      CHECK(message.at("delivered") == message.at("promised"));
      if (kind == "sales summary") to_sales += message.at("delivered").as_int64();
      const bool is_mail = !kind.starts_with("SMS ") && !kind.starts_with("chat message ");
      if (is_mail) mails += message.at("delivered").as_int64();
    }
  }
  CHECK(to_sales > 0);
  CHECK(run.files(".eml") == mails);
}

void check_pictures(const std::filesystem::path& workspace) {
  const std::string readme = text_of(workspace / "README.md");
  for (const std::string& journey : journeys_of(workspace)) {
    CAPTURE(journey);
    const Outcome graph = tests::run({"graph", journey, "-w", workspace.string()});
    REQUIRE(graph.exit_code == 0);
    CHECK(readme.find("```mermaid\n" + graph.out + "```\n") != std::string::npos);
  }
}

}  // namespace caravan::tests
