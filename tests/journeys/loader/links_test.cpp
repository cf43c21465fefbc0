// caravan.yaml's `links`: what it may hold, and that nothing in it leads mails' readers astray.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

/// The faults of `links: {...}`, without the file's name.
Lines faults(const std::string& links) {
  Lines lines = faults_of("caravan.yaml", "links: {" + links + "}\napi: {}\n");
  for (std::string& line : lines) {
    if (line.starts_with("caravan.yaml:")) line.erase(0, 13);
  }
  return lines;
}

TEST_CASE("links are read with all their keys") {
  const Loaded loaded(
      with(basics(), "caravan.yaml",
           "links:\n  url: https://go.example.com/\n  key_file: keys/links\n  opens: false\n"
           "  clicks: false\n  origins: ['https://www.example.com', 'http://localhost:3000']\napi: {}\n"));
  REQUIRE(loaded.faults() == Lines{});
  const LinksDefinition& links = loaded.workspace->configuration.links;
  CHECK(links.url == "https://go.example.com");
  CHECK(links.key_file == "keys/links");
  CHECK_FALSE(links.opens);
  CHECK_FALSE(links.clicks);
  CHECK(links.origins == std::vector<std::string>{"https://www.example.com", "http://localhost:3000"});
}

TEST_CASE("without links there are none, and with them openings and clicks are told") {
  CHECK(Loaded(basics()).workspace->configuration.links.url.empty());
  const Loaded loaded(
      with(basics(), "caravan.yaml", "links: {url: 'https://go.example.com:8443/c', key_env: KEY}\napi: {}\n"));
  REQUIRE(loaded.faults() == Lines{});
  const LinksDefinition& links = loaded.workspace->configuration.links;
  CHECK(links.url == "https://go.example.com:8443/c");
  CHECK(links.key_env == "KEY");
  CHECK(links.opens);
  CHECK(links.clicks);
}

TEST_CASE("faults of links") {
  CHECK(faults("key_env: KEY") == Lines{"1:1: error: `links` needs the key `url`"});
  CHECK(faults("url: 'https://go.example.com'") ==
        Lines{"1:1: error: `links` need a key that signs them; add `key_env` or `key_file`; `openssl rand -base64 32` "
              "makes a good key"});
  const std::string where =
      "1:14: error: `url` must be where the API is reached from outside; `https://` and a host in "
      "lower case, such as `https://go.example.com`";
  for (const char* url : {"'go.example.com'", "'ftp://go.example.com'", "'https://Go.example.com'", "'https://'",
                          "'https://go.example.com/?a=b'", "'https://a@go.example.com'", "'https://go.example.com:0'",
                          "'https://go.example.com/a b'"})
    CHECK(faults("url: " + std::string(url) + ", key_env: KEY") == Lines{where});
  CHECK(faults("url: 'http://go.example.com', key_env: KEY") ==
        Lines{"1:14: warning: links that are not `https` can be read and changed on their way; mail programs offer no "
              "unsubscribing in one click for them"});
  CHECK(faults("url: 'http://127.0.0.1:8080', key_env: KEY") == Lines{});
  const std::string origin =
      "error: an origin is the beginning of a page's address, up to its path; `https://` and a "
      "host in lower case, such as `https://www.example.com`";
  for (const char* each :
       {"www.example.com", "'https://www.example.com/'", "'https://www.example.com/form'", "'*'", "'null'", "{}"}) {
    const Lines found = faults("url: 'https://go.example.com', key_env: KEY, origins: [" + std::string(each) + "]");
    REQUIRE(found.size() == 1);
    CHECK(found.front() == "1:64: " + origin);
  }
}

TEST_CASE("an origin is written as browsers tell it, without the port that it has anyway") {
  const auto found = [](const std::string& origin) {
    return faults("url: 'https://go.example.com', key_env: KEY, origins: ['" + origin + "']");
  };
  CHECK(found("https://www.example.com:443") ==
        Lines{"1:64: error: browsers leave the port out where it is 443; write `https://www.example.com`"});
  CHECK(found("http://www.example.com:80") ==
        Lines{"1:64: error: browsers leave the port out where it is 80; write `http://www.example.com`"});
  for (const char* origin :
       {"https://www.example.com:80", "http://www.example.com:443", "https://www.example.com:8443"})
    CHECK(found(origin) == Lines{});
}

TEST_CASE("links that nothing answers are warned of") {
  CHECK(faults_of("caravan.yaml", "links: {url: 'https://go.example.com', key_env: KEY}\n") ==
        Lines{"caravan.yaml:1:1: warning: mails have links, and nothing here answers whoever follows them; add `api: "
              "{listen: 127.0.0.1:8080}`, and lead what comes to `url` there"});
}

TEST_CASE("a key of links never stands in the file itself") {
  CHECK(
      faults("url: 'https://go.example.com', key: hush") ==
      Lines{
          "1:40: error: a secret never stands in this file; write `key_env` with the name of an environment variable, "
          "or `key_file` with the path of a file that holds it"});
}

TEST_CASE("a mail may say that it goes to those who have unsubscribed as well") {
  const Loaded loaded(with(with(basics(), "emails/invoice.html", "---\nsubject: x\noperational: true\n---\n<p>x</p>\n"),
                           "emails/news.html", "---\nsubject: x\n---\n<p>x</p>\n"));
  REQUIRE(loaded.faults() == Lines{});
  CHECK(loaded.workspace->emails.at("invoice").operational);
  CHECK_FALSE(loaded.workspace->emails.at("news").operational);
}

TEST_CASE("topics are read in their order, and a mail names the one that it is about") {
  const Loaded loaded(
      with(with(basics(), "caravan.yaml",
                "topics:\n  news: {title: News of us, description: Once a month}\n  events: {title: Events}\n"
                "  a-third: {}\n"),
           "emails/invitation.html", "---\nsubject: x\ntopic: events\n---\n<p>x</p>\n"));
  CHECK(loaded.faults() ==
        Lines{"caravan.yaml:2:3: warning: no mail is about the topic `news`; write `topic: news` into the front matter "
              "of those that are",
              "caravan.yaml:4:3: warning: no mail is about the topic `a-third`; write `topic: a-third` into the front "
              "matter of those that are"});
  const std::vector<TopicDefinition>& topics = loaded.workspace->configuration.topics;
  REQUIRE(topics.size() == 3);
  CHECK(topics[0].name == "news");
  CHECK(topics[0].title == "News of us");
  CHECK(topics[0].description == "Once a month");
  CHECK(topics[1].name == "events");
  CHECK(topics[2].title == "a-third");
  CHECK(loaded.workspace->emails.at("invitation").topic == "events");
}

TEST_CASE("faults of topics, and of mails that name one") {
  const auto faults = [](const std::string& topics, const std::string& front) {
    const Loaded loaded(with(with(basics(), "caravan.yaml", topics), "emails/invitation.html",
                             "---\nsubject: x\n" + front + "---\n<p>x</p>\n"));
    return loaded.faults();
  };
  CHECK(faults("topics: {events: {title: x}}\n", "topic: evnets\n") ==
        Lines{"caravan.yaml:1:10: warning: no mail is about the topic `events`; write `topic: events` into the front "
              "matter of those that are",
              "emails/invitation.html:3:8: error: there is no topic `evnets`; did you mean \"events\"?"});
  CHECK(faults("topics: {events: {title: x}}\n", "topic: zoology\n").back() ==
        "emails/invitation.html:3:8: error: there is no topic `zoology`; topics stand in caravan.yaml");
  CHECK(
      faults("timezone: UTC\n", "topic: events\n") ==
      Lines{"emails/invitation.html:3:8: error: caravan.yaml has no topics; add `topics: {events: {title: ...}}` to it "
            "(caravan help links)"});
  CHECK(faults("topics: {events: {title: x}}\n", "operational: true\ntopic: events\n").back() ==
        "emails/invitation.html:4:1: error: an operational mail has no topic; it goes to everybody, whatever they have "
        "chosen: take out one of the two");
  CHECK(faults("topics: {Events: {titel: x}}\n", "").front() ==
        "caravan.yaml:1:10: error: the name of a topic must be lower-case words joined by dashes; write `events`");
  CHECK(faults("topics: [events]\n", "") ==
        Lines{"caravan.yaml:1:9: error: `topics` must be a mapping of keys to values"});
}

TEST_CASE("`unsubscribed` of people is a flag, with and without a schema") {
  CHECK(faults_of("schema.yaml",
                  "schema: {account: {industry: any, employees: any}, person: {title: text, unsubscribed: flag}}\n") ==
        Lines{});
  CHECK(faults_of("schema.yaml",
                  "schema: {account: {industry: any, employees: any}, person: {title: text, unsubscribed: text}}\n") ==
        Lines{"schema.yaml:1:88: error: a person's `unsubscribed` is a flag: mails heed it"});
  CHECK(faults_of("schema.yaml",
                  "schema: {account: {industry: any, employees: any}, person: {title: text, left_topics: text}}\n") ==
        Lines{"schema.yaml:1:87: error: a person's `left_topics` is a list: mails heed it"});
}

TEST_CASE("what events have by themselves keeps its type in a schema") {
  const std::string start =
      "schema: {account: {industry: any, employees: any}, person: {title: text}, event: {email.bounced: {";
  CHECK(faults_of("schema.yaml", start + "permanent: flag, provider: text}}}\n") == Lines{});
  CHECK(faults_of("schema.yaml", start + "permanent: text}}}\n") ==
        Lines{"schema.yaml:1:99: error: `permanent` of `email.bounced` is a flag wherever such an event comes from"});
}

}  // namespace
}  // namespace caravan
