#include "engine/api/tokens.hpp"

#include <fstream>

#include <sys/stat.h>

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using caravan::Instant;
using namespace caravan::api;
using namespace std::chrono_literals;

namespace {

const Instant kNow{1'000'000h};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a token is found by its secret alone, which the file does not hold") {
  const caravan::testing::TemporaryFolder folder;
  const auto file = folder.path() / "caravan.db.tokens";
  const NewToken made = make_token("website", {Scope::ingest}, kNow, std::nullopt);
  const NewToken other = make_token("other", {Scope::read}, kNow, std::nullopt);
  CHECK(made.secret.starts_with("caravan_" + made.token.id + "_"));
  CHECK(made.secret != other.secret);
  write_tokens(file, {made.token, other.token});
  CHECK(read_tokens(file) == std::vector<Token>{made.token, other.token});
  CHECK(text_of(file).find(made.secret.substr(made.secret.size() - 43)) == std::string::npos);

  TokenBook book(file);
  CHECK(book.find(made.secret, kNow) == made.token);
  std::string wrong = made.secret;
  wrong.back() = wrong.back() == 'x' ? 'y' : 'x';
  CHECK_FALSE(book.find(wrong, kNow));
  CHECK_FALSE(book.find("", kNow));
  CHECK_FALSE(book.find("caravan_", kNow));
  CHECK_FALSE(book.find(made.token.hash, kNow));
}

TEST_CASE("the file of tokens is for its owner alone") {
  const caravan::testing::TemporaryFolder folder;
  const auto file = folder.path() / "caravan.db.tokens";
  write_tokens(file, {});
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a token may do what its scopes say, and an administrator everything") {
  const Token reader = make_token("r", {Scope::read, Scope::ingest}, kNow, std::nullopt).token;
  CHECK(reader.may(Scope::anyone));
  CHECK(reader.may(Scope::read));
  CHECK(reader.may(Scope::ingest));
  CHECK_FALSE(reader.may(Scope::operate));
  CHECK_FALSE(reader.may(Scope::admin));
  const Token admin = make_token("a", {Scope::admin}, kNow, std::nullopt).token;
  for (const Scope scope : {Scope::anyone, Scope::read, Scope::ingest, Scope::operate, Scope::admin})
    CHECK(admin.may(scope));
}

TEST_CASE("a token is over at its time") {
  const caravan::testing::TemporaryFolder folder;
  const auto file = folder.path() / "caravan.db.tokens";
  const NewToken made = make_token("soon", {Scope::read}, kNow, kNow + 1h);
  write_tokens(file, {made.token});
  TokenBook book(file);
  CHECK(book.find(made.secret, kNow + 59min));
  CHECK_FALSE(book.find(made.secret, kNow + 1h));
}

TEST_CASE("a book that is open sees what is made and revoked, and the last one revoked does not open the door") {
  const caravan::testing::TemporaryFolder folder;
  const auto file = folder.path() / "caravan.db.tokens";
  TokenBook book(file);
  CHECK_FALSE(book.is_there());
  const NewToken made = make_token("late", {Scope::read}, kNow, std::nullopt);
  write_tokens(file, {made.token});
  CHECK(book.is_there());
  CHECK(book.find(made.secret, kNow));
  write_tokens(file, {});
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + 1s);
  CHECK_FALSE(book.find(made.secret, kNow));
  CHECK(book.is_there());
}

TEST_CASE("a file that is none of tokens is refused with its name, and never taken for an empty one") {
  const caravan::testing::TemporaryFolder folder;
  const auto file = folder.path() / "caravan.db.tokens";
  for (const char* text :
       {"", "{}", "{\"tokens\": 1}", "{\"tokens\": [{\"id\": 1}]}", "not json",
        R"({"tokens":[{"id":"a","name":"b","sha256":"c","scopes":["all"],"created_at":"2026-01-01T00:00:00Z"}]})"}) {
    CAPTURE(text);
    std::ofstream(file) << text;
    CHECK_THROWS_WITH(read_tokens(file), Catch::Matchers::Contains(file.string()));
  }
}
