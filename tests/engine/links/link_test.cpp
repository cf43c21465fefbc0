// A link says what it was made with to whoever has one of the secrets, and nothing to anybody who has changed it.

#include "engine/links/link.hpp"

#include <fstream>

#include "engine/base64url.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/property.hpp"

using namespace caravan;

namespace {

const std::string kSecret = "a secret of an installation";

Link click() {
  return {.kind = LinkKind::click,
          .person = "acme-vp",
          .journey = "ai-driven-seeds",
          .message = "welcome",
          .delivery = "k9f-12-3-p7",
          .url = "https://www.example.com/seeds?from=mail&x=ü"};
}

std::string problem_of(const LinksDefinition& links) {
  try {
    read_link_keys(links);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a token of each kind gives its link back, and stands in an address as it is") {
  const LinkKeys keys({kSecret});
  for (const LinkKind kind : {LinkKind::open, LinkKind::click, LinkKind::subscription, LinkKind::visitor}) {
    Link link = click();
    link.kind = kind;
    const std::string token = keys.sign(link);
    CHECK(keys.verify(token) == link);
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
  }
}

TEST_CASE("a link of a topic gives it back, and what was made before there were topics is read as it was") {
  const LinkKeys keys({kSecret});
  Link link = click();
  link.kind = LinkKind::subscription;
  CHECK(bytes_of(link).front() == '\x01');
  CHECK(keys.verify(keys.sign(link))->topic.empty());
  link.topic = "events";
  CHECK(bytes_of(link).front() == '\x02');
  CHECK(keys.verify(keys.sign(link)) == link);
  // One form alone: a sixth text that is empty is none.
  link.topic.clear();
  CHECK_FALSE(parse_link("\x02" + bytes_of(link).substr(1) + std::string(1, '\0')));
}

TEST_CASE("every link that is made verifies, and with any character changed, added or taken away it does not") {
  const LinkKeys keys({kSecret});
  CHECK(test::holds_in(200, [&] {
    const Link link{
        .kind = *rc::gen::element(LinkKind::open, LinkKind::click, LinkKind::subscription, LinkKind::visitor),
        .person = *rc::gen::arbitrary<std::string>(),
        .journey = *rc::gen::arbitrary<std::string>(),
        .message = *rc::gen::arbitrary<std::string>(),
        .delivery = *rc::gen::arbitrary<std::string>(),
        .url = *rc::gen::arbitrary<std::string>(),
        .topic = *rc::gen::arbitrary<std::string>()};
    const std::string token = keys.sign(link);
    RC_ASSERT(keys.verify(token) == std::optional(link));
    for (std::size_t i = 0; i < token.size(); ++i) {
      std::string changed = token;
      changed[i] = token[i] == 'A' ? 'B' : 'A';
      RC_ASSERT(!keys.verify(changed));
    }
    std::string changed = token;
    char& somewhere = changed[*rc::gen::inRange<std::size_t>(0, token.size())];
    somewhere = *rc::gen::distinctFrom(rc::gen::arbitrary<char>(), somewhere);
    RC_ASSERT(!keys.verify(changed));
    RC_ASSERT(!keys.verify(token.substr(0, token.size() - 1)));
    RC_ASSERT(!keys.verify(token + "A"));
    RC_ASSERT(!keys.verify(token + "="));
  }));
}

TEST_CASE("any bit of the bytes behind a token counts") {
  const LinkKeys keys({kSecret});
  const std::string bytes = *from_base64url(keys.sign(click()));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    CHECK_FALSE(keys.verify(to_base64url(changed)));
  }
}

TEST_CASE("links of an older secret are good as long as it is kept, and the newest signs") {
  const std::string old_token = LinkKeys({kSecret}).sign(click());
  const LinkKeys both({"the newer secret of it", kSecret});
  CHECK(both.verify(old_token) == click());
  CHECK(both.sign(click()) == LinkKeys({"the newer secret of it"}).sign(click()));
  CHECK_FALSE(LinkKeys({"the newer secret of it"}).verify(old_token));
}

TEST_CASE("what is no token is not looked at for long") {
  const LinkKeys keys({kSecret});
  for (const char* text : {"", "A", "AQ", "not a token", "AQIHYWNtZS12cA", "\xff\xfe"})
    CHECK_FALSE(keys.verify(text));
  CHECK_FALSE(keys.verify(std::string(kLongestToken + 1, 'A')));
}

TEST_CASE("the longest link that is made still fits") {
  Link link = click();
  link.person = std::string(256, 'p');
  link.journey = link.message = std::string(64, 'n');
  link.delivery = std::string(120, 'd');
  link.url = "https://" + std::string(kLongestTarget - 8, 'u');
  const LinkKeys keys({kSecret});
  const std::string token = keys.sign(link);
  CHECK(token.size() <= kLongestToken);
  CHECK(keys.verify(token) == link);
}

TEST_CASE("the longest link of a subscription still fits a line of a mail's header") {
  Link link;
  link.kind = LinkKind::subscription;
  link.person = std::string(256, 'p');
  link.journey = link.message = link.topic = std::string(64, 'n');
  link.delivery = std::string(120, 'd');
  const std::string token = LinkKeys({kSecret}).sign(link);
  CHECK(token.size() == kLongestSubscription);
  constexpr std::size_t longest_address = 200;  // as journeys/loader/links.cpp has it
  CHECK(longest_address + std::string_view("/u/").size() + token.size() <= 995);
}

TEST_CASE("bytes of another form than a link's own say nothing") {
  const std::string bytes = bytes_of(click());
  CHECK(parse_link(bytes) == click());
  CHECK_FALSE(parse_link(""));
  CHECK_FALSE(parse_link("\x02" + bytes.substr(1)));                                     // another version
  CHECK_FALSE(parse_link(bytes.substr(0, 1) + std::string(1, '\0') + bytes.substr(2)));  // no kind
  CHECK_FALSE(parse_link(bytes.substr(0, 1) + "\x05" + bytes.substr(2)));
  CHECK_FALSE(parse_link(bytes + "x"));
  CHECK_FALSE(parse_link(bytes.substr(0, bytes.size() - 1)));
  // A length of one byte written in two.
  CHECK_FALSE(parse_link(bytes.substr(0, 2) + std::string("\x87\0", 2) + bytes.substr(3)));
}

TEST_CASE("the keys of links come from a file, the newest in its first line, or from the environment") {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "key").string();
  std::ofstream(file) << "the newer secret of it\r\n\n" << kSecret << "\n";
  LinksDefinition links;
  links.url = "https://go.example.com";
  links.key_file = file;
  const LinkKeys keys = read_link_keys(links);
  CHECK(keys.sign(click()) == LinkKeys({"the newer secret of it"}).sign(click()));
  CHECK(keys.verify(LinkKeys({kSecret}).sign(click())) == click());

  ::setenv("CARAVAN_TEST_LINK_KEY", kSecret.c_str(), 1);
  links.key_file.clear();
  links.key_env = "CARAVAN_TEST_LINK_KEY";
  CHECK(read_link_keys(links).sign(click()) == LinkKeys({kSecret}).sign(click()));
  ::unsetenv("CARAVAN_TEST_LINK_KEY");
}

TEST_CASE("a key of links that is short or missing is refused by the name of its setting, and never shown") {
  const testing::TemporaryFolder folder;
  const std::string file = (folder.path() / "key").string();
  std::ofstream(file) << "hush\n";
  LinksDefinition links;
  links.url = "https://go.example.com";
  links.key_file = file;
  CHECK(problem_of(links) ==
        "links: key_file: a key of links has at least 16 characters; `openssl rand -base64 32` makes a good one");
  links.key_file = (folder.path() / "none").string();
  CHECK(problem_of(links) == "links: key_file: the file " + links.key_file + " cannot be read");
  links.key_file.clear();
  links.key_env = "CARAVAN_TEST_NO_SUCH_KEY";
  CHECK(problem_of(links) == "links: key_env: the environment variable CARAVAN_TEST_NO_SUCH_KEY is not set");
}
