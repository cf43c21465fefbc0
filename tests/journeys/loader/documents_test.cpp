// caravan.yaml, schema.yaml, role templates and mails: what each may hold.
#include "tests/journeys/workspace_texts.hpp"
#include "tests/support/catch.hpp"

namespace caravan {
namespace {

Lines configuration_faults(std::string text) {
  return faults_of("caravan.yaml", std::move(text));
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
        Lines{"caravan.yaml:1:11: error: there is no time zone `Europe/Berln`; use a name of the IANA database, for "
              "example `Europe/Berlin`"});
  CHECK(configuration_faults("timzone: UTC\n") ==
        Lines{"caravan.yaml:1:1: error: unknown key `timzone`; did you mean \"timezone\"?"});
  CHECK(configuration_faults("channels: {email: {type: smtp}}\n") ==
        Lines{"caravan.yaml:1:12: error: an `smtp` channel needs the key `host`"});
  CHECK(configuration_faults("channels: {email: {type: smpt}}\n") ==
        Lines{"caravan.yaml:1:26: error: `type` must be `file` or `smtp`; did you mean \"smtp\"?"});
  CHECK(configuration_faults("channels: {email: {folder: x}}\n") ==
        Lines{"caravan.yaml:1:12: error: `email` needs the key `type`"});
  CHECK(configuration_faults("channels: {email: {type: file, host: x}}\n") ==
        Lines{"caravan.yaml:1:32: error: unknown key `host`"});
  CHECK(configuration_faults("channels: {email: {type: smtp, host: x, port: 70000}}\n") ==
        Lines{"caravan.yaml:1:47: error: `port` must be from 1 to 65535"});
  CHECK(configuration_faults("channels: {email: {type: smtp, host: x, user: u}}\n") ==
        Lines{"caravan.yaml:1:41: error: a `user` needs a password; add `password_env` or `password_file`"});
  CHECK(configuration_faults("channels: {sms: {}}\n") ==
        Lines{"caravan.yaml:1:12: error: `sms` is not supported by this version"});
  CHECK(configuration_faults("data: x\n") ==
        Lines{"caravan.yaml:1:7: error: `data` must be a mapping of keys to values"});
}

TEST_CASE("a schema gives attributes their types, and expressions are checked against them") {
  const Loaded loaded(
      with(basics(), "schema.yaml",
           "schema:\n  account:\n    industry: text\n    employees: {type: whole_number, summary: People}\n"
           "  person:\n    title: text\n"));
  REQUIRE(loaded.faults() == Lines{});
  REQUIRE(loaded.workspace->schema.account.size() == 2);
  CHECK(loaded.workspace->schema.account[1].type == AttributeType::whole_number);
  CHECK(loaded.workspace->schema.account[1].summary == "People");
}

TEST_CASE("faults of a schema") {
  const auto faults = [](const std::string& account) {
    return faults_of("schema.yaml", "schema:\n  person: {title: text}\n  account:\n    industry: text\n" + account);
  };
  CHECK(faults("    key: text\n") ==
        Lines{"schema.yaml:5:5: error: every account has a `key`; it needs no entry here"});
  CHECK(faults("    a-b: text\n") == Lines{"schema.yaml:5:5: error: the name of an attribute must be letters, digits "
                                           "and underscores; expressions read it as `account.name`"});
  CHECK(faults("    x: {summary: y}\n") == Lines{"schema.yaml:5:5: error: `x` needs the key `type`"});
  CHECK(faults("  event: {}\n") == Lines{"schema.yaml:5:3: error: `event` is not supported by this version"});
}

TEST_CASE("faults of a role template") {
  const auto faults = [](const std::string& roles) {
    return faults_of("buying-groups/x.yaml", "role_template: x\nroles:" + roles);
  };
  CHECK(faults(" []\n") == Lines{"buying-groups/x.yaml:2:1: error: a role template needs at least one role"});
  CHECK(faults(" [{role: a}, {role: a}]\n") ==
        Lines{"buying-groups/x.yaml:2:27: error: the role `a` stands here twice; the first is in line 2"});
  CHECK(faults(" [{role: a, weighting: viral}]\n") ==
        Lines{"buying-groups/x.yaml:2:30: error: `weighting` must be `trivial`, `minor`, `normal`, `important` or "
              "`vital`; did you mean \"vital\"?"});
  CHECK(faults(" [{role: a, members_required: 0}]\n") ==
        Lines{"buying-groups/x.yaml:2:37: error: `members_required` must be from 1 to 1000"});
  CHECK(faults(" [{role: Big Boss}]\n") == Lines{"buying-groups/x.yaml:2:16: error: the name of a role must be "
                                                 "lower-case words joined by dashes; write `big-boss`"});
  CHECK(faults(" [a]\n") == Lines{"buying-groups/x.yaml:2:9: error: a role must be a mapping that begins with `role`"});
}

TEST_CASE("faults of a mail") {
  CHECK(faults_of("emails/x.html", "<p>\n") ==
        Lines{"emails/x.html:1:1: error: a mail begins with its front matter; put subject and the like between two "
              "lines `---`, and the body behind them"});
  CHECK(faults_of("emails/x.html", "---\nsubject: x\n<p>\n").size() == 1);
  CHECK(faults_of("emails/x.html", "---\nfrom: x\n---\n<p>\n") ==
        Lines{"emails/x.html:2:1: error: a mail needs the key `subject`"});
  CHECK(faults_of("emails/x.html", "---\nsubjct: x\n---\n<p>\n") ==
        Lines{"emails/x.html:2:1: error: unknown key `subjct`; did you mean \"subject\"?"});
  CHECK(faults_of("emails/x.html", "---\nsubject: \"a\\nb\"\n---\n<p>\n") ==
        Lines{"emails/x.html:2:10: error: `subject` must be one line"});
  CHECK(faults_of("emails/x.html", "---\n---\n<p>\n") ==
        Lines{"emails/x.html:1:1: error: the front matter must be keys and values; for example `subject: Welcome`"});
}

}  // namespace
}  // namespace caravan
