#include "engine/channels/smtp_answer.hpp"

#include "tests/support/catch.hpp"

using namespace caravan;

TEST_CASE("a mail server that knows no such receiver says so by its enhanced status") {
  const std::optional<Answer> answer = no_such_receiver("550 5.1.1 <vp@acme.example>: no such user");
  REQUIRE(answer);
  CHECK(answer->status == 550);
  CHECK(answer->body == "550 5.1.1 <vp@acme.example>: no such user");
  for (const char* words :
       {"550 5.1.1", "553 5.1.3 bad address", "551 5.1.6 moved", "556 5.1.10 null MX", "550 5.1.2 no such domain"})
    CHECK(no_such_receiver(words));
}

TEST_CASE("what is about the mail, its sender, the time or the server says nothing of the receiver") {
  for (const char* words :
       {"", "550", "550 no such user", "550 5.7.1 not from you", "550 5.1.8 sender's domain",
        "550 5.1.7 sender's address", "552 5.2.2 mailbox full", "550 5.2.1 receives mails at a rate that prevents more",
        "554 5.7.1 relay access denied", "450 5.1.1 later", "451 4.1.1 later", "550 5.1.11", "550 x5.1.1",
        "5.1.1 no such user", "abc 5.1.1"})
    CHECK_FALSE(no_such_receiver(words));
}
