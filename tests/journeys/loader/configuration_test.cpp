// caravan.yaml: what it may hold, and that no secret stands in it.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The faults of a caravan.yaml, without the file's name.
Lines configuration_faults(std::string text) {
  Lines lines = faults_of("caravan.yaml", std::move(text));
  constexpr std::string_view file = "caravan.yaml:";
  for (std::string& line : lines) {
    if (line.starts_with(file)) line.erase(0, file.size());
  }
  return lines;
}

ConfigurationDefinition configuration_of(std::string text) {
  const Loaded loaded(with(basics(), "caravan.yaml", std::move(text)));
  REQUIRE(loaded.faults() == Lines{});
  return loaded.workspace->configuration;
}

TEST_CASE("an SMTP channel is read with all its keys") {
  const Loaded loaded(
      with(basics(), "caravan.yaml",
           "data: {database: data/c.db}\nchannels:\n  email:\n    type: smtp\n    host: mail.example.com\n"
           "    port: 465\n    security: tls\n    user: u\n    password_env: MAIL_PASSWORD\n"
           "    ca_file: ca.pem\n    from: Seeds <s@example.com>\n    in_doubt: hold\n    connections: 8\n"));
  REQUIRE(loaded.faults() == Lines{});
  const ConfigurationDefinition& configuration = loaded.workspace->configuration;
  CHECK(configuration.database == "data/c.db");
  const SmtpChannel& smtp = std::get<SmtpChannel>(configuration.email.transport);
  CHECK(smtp.host == "mail.example.com");
  CHECK(smtp.port == 465);
  CHECK(smtp.security == TransportSecurity::tls);
  CHECK(smtp.password_env == "MAIL_PASSWORD");
  CHECK(configuration.email.in_doubt == InDoubt::hold);
  CHECK(configuration.email.connections == 8);
}

TEST_CASE("faults of caravan.yaml") {
  CHECK(configuration_faults("timezone: Europe/Berln\n") ==
        Lines{"1:11: error: there is no time zone `Europe/Berln`; use a name of the IANA database, for "
              "example `Europe/Berlin`"});
  CHECK(configuration_faults("timzone: UTC\n") ==
        Lines{"1:1: error: unknown key `timzone`; did you mean \"timezone\"?"});
  CHECK(configuration_faults("channels: {email: {type: smtp}}\n") ==
        Lines{"1:12: error: an `smtp` channel needs the key `host`"});
  CHECK(configuration_faults("channels: {email: {type: smpt}}\n") ==
        Lines{"1:26: error: `type` must be `file` or `smtp`; did you mean \"smtp\"?"});
  CHECK(configuration_faults("channels: {email: {folder: x}}\n") == Lines{"1:12: error: `email` needs the key `type`"});
  CHECK(configuration_faults("channels: {email: {type: file, host: x}}\n") == Lines{"1:32: error: unknown key `host`"});
  CHECK(configuration_faults("channels: {email: {type: smtp, host: x, port: 70000}}\n") ==
        Lines{"1:47: error: `port` must be from 1 to 65535"});
  CHECK(configuration_faults("channels: {email: {type: smtp, host: x, user: u}}\n") ==
        Lines{"1:41: error: a `user` needs a password; add `password_env` or `password_file`"});
  CHECK(configuration_faults("data: x\n") == Lines{"1:7: error: `data` must be a mapping of keys to values"});
}

TEST_CASE("the API listens on this machine alone where nothing else is said") {
  const ApiDefinition none = configuration_of("timezone: UTC\n").api;
  CHECK_FALSE(none.written);
  const ApiDefinition plain = configuration_of("api: {}\n").api;
  CHECK(plain.written);
  CHECK(plain.address == "127.0.0.1");
  CHECK(plain.port == 8080);
  CHECK(plain.needs_token);
}

TEST_CASE("the API's keys are read, and addresses that are none are told") {
  const ApiDefinition api =
      configuration_of(
          "api:\n  listen: '[::1]:9443'\n  tokens: none\n  tls: {certificate: a.pem, key: a.key}\n"
          "  trusted_proxies: [10.0.0.1, '::1']\n  connections: 10\n  body_bytes: 2048\n"
          "  requests_per_second: 50\n")
          .api;
  CHECK(api.address == "::1");
  CHECK(api.port == 9443);
  CHECK_FALSE(api.needs_token);
  CHECK(api.tls_certificate == "a.pem");
  CHECK(api.tls_key == "a.key");
  CHECK(api.trusted_proxies == std::vector<std::string>{"10.0.0.1", "::1"});
  CHECK(api.connections == 10);
  CHECK(api.body_bytes == 2048);
  CHECK(api.requests_per_second == 50);
  CHECK(configuration_faults("api: {listen: example.com:80}\n") ==
        Lines{"1:15: error: `listen` takes an IP address of this machine and a port; for example `127.0.0.1:8080`, or "
              "`0.0.0.0:8080` for every address"});
  CHECK(configuration_faults("api: {listen: 127.0.0.1}\n") ==
        Lines{"1:15: error: no port stands behind the address; for example `127.0.0.1:8080`"});
  for (const std::string port : {"99999", "99999999999999999999"}) {
    CHECK(configuration_faults("api: {listen: 127.0.0.1:" + port + "}\n") ==
          Lines{"1:15: error: " + port + " is no port; ports are 1 to 65535, and 0 is any that is free"});
  }
  CHECK(configuration_faults("api: {tls: {certificate: a.pem}}\n") == Lines{"1:7: error: `tls` needs the key `key`"});
  CHECK(configuration_faults("api: {trusted_proxies: [proxy.example.com]}\n") ==
        Lines{"1:25: error: this is no IP address; for example `127.0.0.1`"});
}

TEST_CASE("an API that others reach warns where it asks for no token, or takes them in the clear") {
  CHECK(configuration_faults("api: {listen: '0.0.0.0:80', tokens: none}\n") ==
        Lines{"1:1: warning: whoever reaches 0.0.0.0 may do everything: no token is asked for; `tokens: required`, and "
              "`caravan token create` for whoever asks"});
  CHECK(configuration_faults("api: {listen: '0.0.0.0:80'}\n") ==
        Lines{"1:1: warning: tokens go over the network in the clear; add `tls`, or listen on 127.0.0.1 behind a proxy "
              "that has it"});
}

TEST_CASE("a connection is read with all its keys, and has sound defaults") {
  const ConfigurationDefinition configuration = configuration_of(
      "connections:\n  crm:\n    url: https://crm.example.com:8443/hooks?x=1\n    headers: {X-Source: caravan}\n"
      "    secret_env: CRM_SECRET\n    token_file: keys/token\n    timeout: 2m30s\n"
      "    retry: {attempts: 3, first: 500ms, longest: 24h}\n    connections: 2\n    allow_private: true\n"
      "    ca_file: ca.pem\n  plain: {url: 'http://[::1]:80'}\n");
  REQUIRE(configuration.connections.size() == 2);
  const ConnectionDefinition& crm = configuration.connections.at("crm");
  CHECK(crm.name == "crm");
  CHECK(crm.url == "https://crm.example.com:8443/hooks?x=1");
  CHECK(crm.headers == std::vector<std::pair<std::string, std::string>>{{"X-Source", "caravan"}});
  CHECK(crm.secret_env == "CRM_SECRET");
  CHECK(crm.token_file == "keys/token");
  CHECK(crm.timeout == seconds(150));
  CHECK(crm.retry.attempts == 3);
  CHECK(crm.retry.first == milliseconds(500));
  CHECK(crm.retry.longest == hours(24));
  CHECK(crm.connections == 2);
  CHECK(crm.allow_private);
  CHECK(crm.ca_file == "ca.pem");
  const ConnectionDefinition& plain = configuration.connections.at("plain");
  CHECK(plain.timeout == seconds(10));
  CHECK(plain.retry.attempts == 12);
  CHECK_FALSE(plain.allow_private);
}

TEST_CASE("faults of a connection") {
  const auto faults = [](const std::string& keys) {
    return configuration_faults("connections:\n  crm: {" + keys + "}\n");
  };
  const auto url_faults = [&](const std::string& url) { return faults("url: '" + url + "'"); };
  const Lines no_url = {"2:14: error: `url` must be a URL of HTTP; for example `https://crm.example.com/hooks`"};
  for (const std::string url : {"", "crm.example.com", "ftp://crm.example.com", "https://", "https:///hooks",
                                "https://:80/", "https://a b/", "https://crm.example.com:0/", "https://crm:99999",
                                "https://crm:x", "https://[::1", "https://[]", "https://crm.example.com/ä"}) {
    INFO(url);
    CHECK(url_faults(url) == no_url);
  }
  CHECK(url_faults("https://crm.example.com/#top") ==
        Lines{"2:14: error: what stands behind `#` in a URL is never sent; take it out"});
  CHECK(faults("timeout: 5s") == Lines{"2:3: error: a connection needs the key `url`"});
  CHECK(faults("url: 'https://x', timeout: 1d") ==
        Lines{"2:36: error: `timeout` counts in hours, minutes and seconds; a day may have 23, 24 or 25 hours; write "
              "for example `24h`"});
  CHECK(faults("url: 'https://x', timeout: 10m") == Lines{"2:36: error: `timeout` must be from 100ms to 5m"});
  CHECK(faults("url: 'https://x', retry: {first: 2h, longest: 1h}") ==
        Lines{"2:27: error: `first` (2h) is longer than `longest` (1h)"});
  CHECK(faults("url: 'https://x', retry: {attempts: 0}") == Lines{"2:45: error: `attempts` must be from 1 to 1000"});
  CHECK(faults("url: 'https://x', retri: {}") == Lines{"2:27: error: unknown key `retri`; did you mean \"retry\"?"});
  CHECK(faults("url: 'https://x', headers: {X Y: z}") ==
        Lines{"2:37: error: the name of a header is letters, digits and dashes"});
  CHECK(faults("url: 'https://x', headers: {Host: y}") ==
        Lines{"2:37: error: the engine sets the header `Host` itself"});
  CHECK(faults("url: 'https://x', headers: {X-Y: \"a\\nb\"}") == Lines{"2:42: error: `X-Y` must be one line"});
  CHECK(configuration_faults("connections: {Big CRM: {url: 'https://x'}}\n") ==
        Lines{"1:15: error: the name of a connection must be lower-case words joined by dashes; write `big-crm`"});
  CHECK(configuration_faults("connections: {crm: https://x}\n") ==
        Lines{"1:20: error: `crm` must be a mapping of keys to values"});
}

TEST_CASE("a secret never stands in caravan.yaml") {
  const auto faults = [](const std::string& keys) {
    return configuration_faults("connections:\n  crm: {url: 'https://x', " + keys + "}\n");
  };
  CHECK(faults("secret: s3cret") ==
        Lines{"2:27: error: a secret never stands in this file; write `secret_env` with the name of an environment "
              "variable, or `secret_file` with the path of a file that holds it"});
  CHECK(faults("token: t0ken") ==
        Lines{"2:27: error: a secret never stands in this file; write `token_env` with the name of an environment "
              "variable, or `token_file` with the path of a file that holds it"});
  CHECK(faults("password: pw") ==
        Lines{"2:27: error: a secret never stands in this file; write `token_env` with the name of an environment "
              "variable, or `token_file` with the path of a file that holds it"});
  CHECK(faults("headers: {authorization: Bearer abc}") ==
        Lines{"2:37: error: a secret never stands in this file; a bearer token comes from `token_env` or "
              "`token_file`"});
  CHECK(faults("secret_env: 8s3cr-et!") ==
        Lines{"2:39: error: `secret_env` is the name of an environment variable, not the secret itself; for example "
              "`MAIL_PASSWORD`"});
  CHECK(faults("token_env: TOKEN, token_file: f") ==
        Lines{"2:45: error: the token comes from `token_env` or from `token_file`, not from both"});
  CHECK(configuration_faults("connections: {crm: {url: 'https://me:pw@crm.example.com/'}}\n") ==
        Lines{"1:26: error: a secret never stands in this file; take the user and the password out of the URL; a "
              "bearer token comes from `token_env` or `token_file`"});
  CHECK(configuration_faults("channels: {email: {type: smtp, host: x, user: u, password: pw, password_env: PW}}\n") ==
        Lines{"1:50: error: a secret never stands in this file; write `password_env` with the name of an environment "
              "variable, or `password_file` with the path of a file that holds it"});
}

TEST_CASE("SMS and chat go into files or to a connection") {
  const ConfigurationDefinition configuration = configuration_of(
      "channels:\n  sms: {type: connection, connection: texts, address: phone, in_doubt: hold}\n"
      "  chat: {type: file, address: chat_id}\nconnections: {texts: {url: 'https://texts.example.com'}}\n");
  REQUIRE(configuration.sms);
  CHECK(configuration.sms->connection == "texts");
  CHECK(configuration.sms->address == "phone");
  CHECK(configuration.sms->folder.empty());
  CHECK(configuration.sms->in_doubt == InDoubt::hold);
  REQUIRE(configuration.chat);
  CHECK(configuration.chat->folder == "outbox");
  CHECK(configuration.chat->connection.empty());
  CHECK(configuration.chat->in_doubt == InDoubt::retry);
}

TEST_CASE("faults of an SMS or chat channel") {
  CHECK(configuration_faults("channels: {sms: {}}\n") ==
        Lines{"1:12: error: `sms` needs the key `type`", "1:12: error: `sms` needs the key `address`"});
  CHECK(configuration_faults("channels: {sms: {type: smtp, address: phone}}\n") ==
        Lines{"1:24: error: `type` must be `file` or `connection`"});
  CHECK(configuration_faults("channels: {sms: {type: file, address: phone, connection: x}}\n") ==
        Lines{"1:46: error: unknown key `connection`"});
  CHECK(configuration_faults("channels: {sms: {type: connection, address: phone}}\n") ==
        Lines{"1:12: error: `sms` needs the key `connection`"});
  CHECK(configuration_faults("channels: {sms: {type: connection, address: phone, connection: text}}\n"
                             "connections: {texts: {url: 'https://x'}}\n") ==
        Lines{"1:64: error: there is no connection `text`; did you mean \"texts\"?"});
  CHECK(configuration_faults("channels: {sms: {type: connection, address: phone, connection: text}}\n") ==
        Lines{"1:64: error: there is no connection `text`; connections stand in caravan.yaml"});
  CHECK(configuration_faults("channels: {sms: {type: file, address: person.phone}}\n") ==
        Lines{"1:39: error: the name of an attribute must be letters, digits and underscores; expressions read it as "
              "`person.name`"});
}

TEST_CASE("attributes that caravan.yaml names are those of the schema") {
  const SourceTexts texts = with(basics(), "schema.yaml",
                                 "schema: {account: {industry: text, zone: text, employees: whole_number}, person: "
                                 "{title: text, phone: text}}\n");
  const auto faults = [&](const std::string& text) { return Loaded(with(texts, "caravan.yaml", text)).faults(); };
  CHECK(faults("timezone_attribute: zone\nchannels: {sms: {type: file, address: phone}}\n") == Lines{});
  CHECK(faults("channels: {sms: {type: file, address: email}}\n") == Lines{});
  CHECK(faults("timezone_attribute: zoen\n") ==
        Lines{"caravan.yaml:1:21: error: the schema has no attribute `account.zoen`; did you mean \"zone\"?"});
  CHECK(faults("timezone_attribute: postal_code\n") ==
        Lines{"caravan.yaml:1:21: error: the schema has no attribute `account.postal_code`; add it to schema.yaml"});
  CHECK(faults("timezone_attribute: employees\n") ==
        Lines{"caravan.yaml:1:21: error: `employees` must be text, and schema.yaml says whole_number"});
  CHECK(faults("timezone_attribute: key\n") ==
        Lines{"caravan.yaml:1:21: error: `key` is no attribute; it names the account and never changes"});
  CHECK(faults("channels: {sms: {type: file, address: phon}}\n") ==
        Lines{"caravan.yaml:1:39: error: the schema has no attribute `person.phon`; did you mean \"phone\"?"});
}

TEST_CASE("lists and destinations have names, and hold accounts or people") {
  const ConfigurationDefinition configuration = configuration_of(
      "lists:\n  newsletter: {of: people, title: The newsletter}\n  key-accounts: {of: accounts}\n"
      "destinations: {ads: {of: people}}\n");
  REQUIRE(configuration.lists.size() == 2);
  CHECK(configuration.lists.at("newsletter").title == "The newsletter");
  CHECK(configuration.lists.at("newsletter").of == RosterOf::people);
  CHECK(configuration.lists.at("key-accounts").title == "key-accounts");
  CHECK(configuration.lists.at("key-accounts").of == RosterOf::accounts);
  CHECK(configuration.destinations.at("ads").of == RosterOf::people);
}

TEST_CASE("faults of lists and destinations") {
  CHECK(configuration_faults("lists: {x: {}}\n") == Lines{"1:9: error: `x` needs the key `of`"});
  CHECK(configuration_faults("lists: {x: {of: account}}\n") ==
        Lines{"1:17: error: `of` must be `accounts` or `people`; did you mean \"accounts\"?"});
  CHECK(configuration_faults("destinations: {X: {of: people}}\n") ==
        Lines{"1:16: error: a name in `destinations` must be lower-case words joined by dashes; write `x`"});
  CHECK(configuration_faults("destinations: {x: people}\n") ==
        Lines{"1:19: error: `x` must be a mapping of keys to values"});
  CHECK(configuration_faults("lists: [x]\n") == Lines{"1:8: error: `lists` must be a mapping of keys to values"});
}

TEST_CASE("limits and retries are those of caravan.yaml") {
  const ConfigurationDefinition configuration = configuration_of(
      "limits: {paths_per_split: 3, paths_per_variant_split: 4, nodes_per_journey: 50, people_per_account: 6, "
      "activity_per_account: 0, event_bytes: 1024}\nretries: {attempts: 2, first: 1s, longest: 1m}\n");
  CHECK(configuration.limits.paths_per_split == 3);
  CHECK(configuration.limits.paths_per_variant_split == 4);
  CHECK(configuration.limits.nodes_per_journey == 50);
  CHECK(configuration.limits.people_per_account == 6);
  CHECK(configuration.limits.activity_per_account == 0);
  CHECK(configuration.limits.event_bytes == 1024);
  CHECK(configuration.node_retries.attempts == 2);
  CHECK(configuration.node_retries.first == seconds(1));
  CHECK(configuration.node_retries.longest == minutes(1));
  CHECK(configuration_of("timezone: UTC\n").node_retries.attempts == 24);
}

TEST_CASE("faults of limits and retries") {
  CHECK(configuration_faults("limits: {path_per_split: 3}\n") ==
        Lines{"1:10: error: unknown key `path_per_split`; did you mean \"paths_per_split\"?"});
  CHECK(configuration_faults("limits: {event_bytes: 1}\n") ==
        Lines{"1:23: error: `event_bytes` must be from 256 to 1048576"});
  CHECK(configuration_faults("retries: {longest: 1m}\n") ==
        Lines{"1:1: error: `first` (5m) is longer than `longest` (1m)"});
  CHECK(configuration_faults("retries: 3\n") == Lines{"1:10: error: `retries` must be a mapping of keys to values"});
}

TEST_CASE("the journal is kept for ninety days, as long as caravan.yaml says, or always") {
  const auto keep_of = [](const std::string& text) { return configuration_of(text).journal.keep; };
  using std::chrono::days;
  CHECK(keep_of("timezone: UTC\n") == CalendarDuration{.days = days(90)});
  CHECK(keep_of("journal: {}\n") == CalendarDuration{.days = days(90)});
  CHECK(keep_of("journal: {keep: 1mo}\n") == CalendarDuration{.months = std::chrono::months(1)});
  CHECK(keep_of("journal: {keep: 24h}\n") == CalendarDuration{.exact = std::chrono::hours(24)});
  CHECK(keep_of("journal: {keep: always}\n") == std::nullopt);
}

TEST_CASE("faults of the journal") {
  CHECK(
      configuration_faults("journal: {keep: 3h}\n") ==
      Lines{
          "1:17: error: `keep` must be at least `1d`; the journal is looked at once a day; `always` lets nothing of it "
          "go"});
  CHECK(
      configuration_faults("journal: {keep: forever}\n") ==
      Lines{"1:17: error: `forever` is not a duration: a number must stand before each unit; write for example `90s`, "
            "`15m`, `2h`, `3d`, `1w`, `1mo` or `1d12h`"});
  CHECK(configuration_faults("journal: {kept: 3d}\n") ==
        Lines{"1:11: error: unknown key `kept`; did you mean \"keep\"?"});
  CHECK(configuration_faults("journal: 90d\n") == Lines{"1:10: error: `journal` must be a mapping of keys to values"});
}

TEST_CASE("history is kept always, or as long as caravan.yaml says, each journey by its own word") {
  using std::chrono::days;
  const HistoryDefinition always = configuration_of("timezone: UTC\n").history;
  CHECK_FALSE(always.keep);
  CHECK_FALSE(always.keep_of("welcome"));
  const Loaded loaded(with(basics(), "caravan.yaml",
                           "history: {keep: 400d, journeys: {welcome: 30d, audit: always}, archive: false}\n"));
  CHECK(loaded.workspace->diagnostics.errors() == 0);
  const HistoryDefinition& kept = loaded.workspace->configuration.history;
  CHECK(kept.keep_of("seeds") == CalendarDuration{.days = days(400)});
  CHECK(kept.keep_of("welcome") == CalendarDuration{.days = days(30)});
  CHECK_FALSE(kept.keep_of("audit"));
  CHECK_FALSE(kept.archive);
  CHECK(configuration_of("history: {keep: 1mo}\n").history.archive);
}

TEST_CASE("faults of history") {
  CHECK(configuration_faults("history: {keep: 3h}\n") ==
        Lines{"1:17: error: `keep` must be at least `1d`; history is looked at once a day; `always` lets nothing of it "
              "go"});
  CHECK(configuration_faults("history: {journeys: {welcome: 3h}}\n") ==
        Lines{"1:22: warning: there is no journey `welcome`; it counts for one of that name that was published before",
              "1:31: error: `welcome` must be at least `1d`; history is looked at once a day; `always` lets nothing of "
              "it go"});
  CHECK(configuration_faults("history: {archive: maybe}\n") ==
        Lines{"1:20: error: `archive` must be `true` or `false`"});
  CHECK(configuration_faults("history: {kept: 3d}\n") ==
        Lines{"1:11: error: unknown key `kept`; did you mean \"keep\"?"});
  CHECK(configuration_faults("history: 90d\n") == Lines{"1:10: error: `history` must be a mapping of keys to values"});
  CHECK(configuration_faults("history: {journeys: [welcome]}\n") ==
        Lines{"1:21: error: `journeys` must be a mapping of keys to values"});
}

}  // namespace
}  // namespace caravan
