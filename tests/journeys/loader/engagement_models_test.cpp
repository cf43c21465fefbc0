#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

constexpr std::string_view file = "buying-groups/x.yaml";

/// The faults of one engagement model with these keys, from line 2, without the file's name.
Lines faults_of_model(const std::string& keys, SourceTexts texts = basics()) {
  Lines lines = Loaded(with(std::move(texts), std::string(file), "engagement_model: m\n" + keys)).faults();
  for (std::string& line : lines) {
    if (line.starts_with(file)) line.erase(0, file.size() + 1);
  }
  return lines;
}

/// A model of one weight; `keys` are its further ones.
std::string model(const std::string& name, const std::string& keys = "") {
  return "engagement_model: " + name + "\n" + keys + "weights: {form.submitted: 40}\n";
}

const std::string weights = "weights: {form.submitted: 40}\n";

TEST_CASE("an engagement model says what counts, how much, and for how long") {
  const Loaded loaded(with(basics(), std::string(file),
                           "engagement_model: keen\nwindow: 6w\ndaily_cap: 5\n"
                           "weights: {webinar.joined: 100, form.submitted: 40, email.opened: 1}\n"));
  REQUIRE(loaded.faults() == Lines{});
  const EngagementModelDefinition* active = loaded.workspace->engagement_model();
  REQUIRE(active != nullptr);
  CHECK(active->name == "keen");
  CHECK(active->window_days == 42);
  CHECK(active->daily_cap == 5);
  CHECK(active->weights == std::vector<std::pair<std::string, std::int64_t>>{
                               {"webinar.joined", 100}, {"form.submitted", 40}, {"email.opened", 1}});
}

TEST_CASE("thirty days and twenty a day are what a model counts that does not say") {
  const Loaded loaded(with(basics(), std::string(file), model("m")));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(loaded.workspace->engagement_model()->window_days == 30);
  CHECK(loaded.workspace->engagement_model()->daily_cap == 20);
}

TEST_CASE("a window is whole days, at most a leap year of them") {
  const auto faults = [](const std::string& window) { return faults_of_model("window: " + window + "\n" + weights); };
  CHECK(faults("1d") == Lines{});
  CHECK(faults("366d") == Lines{});
  CHECK(faults("52w2d") == Lines{});
  CHECK(faults("367d") == Lines{"2:9: error: a window is at most 366 days; write for example `30d` or `4w`"});
  CHECK(faults("1mo") ==
        Lines{"2:9: error: a window is whole days or weeks, and `1mo` is not; write for example `30d` or `4w`"});
  CHECK(faults("1d12h") ==
        Lines{"2:9: error: a window is whole days or weeks, and `1d12h` is not; write for example `30d` or `4w`"});
  CHECK(faults("24h").size() == 1);
  CHECK(faults("0d") == Lines{"2:9: error: `window` must be longer than nothing"});
  CHECK(faults("30").size() == 1);
}

TEST_CASE("a daily cap is from 1 to 1000") {
  CHECK(faults_of_model("daily_cap: 1000\n" + weights) == Lines{});
  CHECK(faults_of_model("daily_cap: 0\n" + weights) == Lines{"2:12: error: `daily_cap` must be from 1 to 1000"});
  CHECK(faults_of_model("daily_cap: 1001\n" + weights).size() == 1);
  CHECK(faults_of_model("daily_cap: 2.5\n" + weights) == Lines{"2:12: error: `daily_cap` must be a whole number"});
}

TEST_CASE("faults of weights") {
  CHECK(faults_of_model("window: 30d\n") == Lines{"1:19: error: an engagement model needs the key `weights`"});
  CHECK(faults_of_model("weights: {}\n") == Lines{"2:1: error: an engagement model needs at least one weight; write "
                                                  "for example `form.submitted: 40`"});
  CHECK(faults_of_model("weights: [form.submitted]\n") ==
        Lines{"2:10: error: `weights` must be a mapping of keys to values"});
  CHECK(
      faults_of_model("weights: {form.submitted: 0, page.viewed: 101}\n") ==
      Lines{"2:27: error: `form.submitted` must be from 1 to 100", "2:43: error: `page.viewed` must be from 1 to 100"});
  CHECK(faults_of_model("weights: {form.submitted: high}\n") ==
        Lines{"2:27: error: `form.submitted` must be a whole number"});
  CHECK(faults_of_model("weights: {form.submitted: }\n") == Lines{"2:11: error: `form.submitted` has no value"});
  CHECK(faults_of_model("weights: {form submitted: 3}\n") ==
        Lines{"2:11: error: `form submitted` is no type of event; it is words joined by dots, for example "
              "`form.submitted`"});
  CHECK(faults_of_model("wieghts: {form.submitted: 3}\n") ==
        Lines{"2:1: error: unknown key `wieghts`; did you mean \"weights\"?"});
}

TEST_CASE("only events that are kept can be counted") {
  CHECK(faults_of_model("weights: {interesting_moment: 60, buying_group.stage_changed: 60}\n") ==
        Lines{"2:35: error: events of the type `buying_group.stage_changed` are not kept, so that none can be counted; "
              "`caravan help events` says which are kept"});
}

TEST_CASE("where the schema declares events, a weight is of one of them") {
  const SourceTexts texts = with(basics(), "schema.yaml",
                                 "schema:\n  account: {industry: text}\n  person: {title: text}\n"
                                 "  event: {webinar.joined: {}}\n");
  CHECK(faults_of_model("weights: {webinar.joined: 60, email.opened: 30}\n", texts) == Lines{});
  CHECK(faults_of_model("weights: {webinar.joind: 60}\n", texts) ==
        Lines{"2:11: error: nothing raises the event `webinar.joind`; did you mean \"webinar.joined\"?"});
  CHECK(faults_of_model("weights: {trade_fair: 60}\n", texts) ==
        Lines{"2:11: error: nothing raises the event `trade_fair`; add it to the `event` section of schema.yaml"});
}

TEST_CASE("of several models the one that says so is active") {
  const Loaded loaded(
      with(basics(), std::string(file),
           model("calm") + "---\n" + model("keen", "active: true\n") + "---\n" + model("new", "active: false\n")));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(loaded.workspace->engagement_model()->name == "keen");
  CHECK(loaded.workspace->engagement_models.size() == 3);
  CHECK_FALSE(loaded.workspace->engagement_models.at("calm").active);
  CHECK_FALSE(loaded.workspace->engagement_models.at("new").active);
}

TEST_CASE("of several models one must be active, and no more than one") {
  CHECK(faults_of(std::string(file), model("calm") + "---\n" + model("keen")) ==
        Lines{"buying-groups/x.yaml:4:19: error: of several engagement models one must say `active: true`; the first "
              "is at buying-groups/x.yaml:1"});
  SourceTexts texts = with(basics(), "buying-groups/calm.yaml", model("calm", "active: true\n"));
  texts[std::string(file)] = model("keen", "active: true\n");
  CHECK(Loaded(texts).faults() == Lines{"buying-groups/x.yaml:2:1: error: one engagement model is active, and `calm` "
                                        "is it already; its `active: true` is at buying-groups/calm.yaml:2"});
  CHECK(faults_of_model("active: maybe\n" + weights) == Lines{"2:9: error: `active` must be `true` or `false`"});
}

TEST_CASE("one model alone may be put aside, and then nothing scores") {
  const Loaded loaded(with(basics(), std::string(file), model("m", "active: false\n")));
  CHECK(loaded.faults() == Lines{});
  CHECK(loaded.workspace->engagement_model() == nullptr);
  CHECK(Loaded(basics()).workspace->engagement_model() == nullptr);
}

TEST_CASE("expressions read engagement where an active model scores it, whichever file is read first") {
  const std::string audience = "audience: keen\nwhen: people.exists(p, p.engagement > 50.0)\n";
  const SourceTexts texts = with(basics(), "audiences/keen.yaml", audience);
  constexpr std::string_view unscored =
      "audiences/keen.yaml:2:26: error: nothing scores engagement: the workspace has no active engagement_model "
      "document";
  CHECK(Loaded(texts).faults() == Lines{std::string(unscored)});
  CHECK(Loaded(with(texts, std::string(file), model("m"))).faults() == Lines{});
  CHECK(Loaded(with(texts, std::string(file), model("m", "active: false\n"))).faults() == Lines{std::string(unscored)});
}

TEST_CASE("a model that cannot be read is one fault, not one more in every expression that reads engagement") {
  const SourceTexts texts =
      with(basics(), "audiences/keen.yaml", "audience: keen\nwhen: people.exists(p, p.engagement > 50.0)\n");
  CHECK(Loaded(with(texts, std::string(file), "engagement_model: [m]\n" + weights)).faults() ==
        Lines{"buying-groups/x.yaml:1:19: error: `engagement_model` must be text, not a list"});
  CHECK(Loaded(with(texts, std::string(file), model("a") + "---\n" + model("b"))).faults().size() == 1);
}

}  // namespace
}  // namespace caravan
