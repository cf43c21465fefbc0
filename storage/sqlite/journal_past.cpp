#include "storage/sqlite/journal_past.hpp"

namespace caravan::sqlite {
namespace {

constexpr std::uint64_t kOffset = 0xcbf29ce484222325;
constexpr std::uint64_t kPrime = 0x100000001b3;

}  // namespace

std::int64_t journal_past(Connection& connection) {
  Statement statement(connection);
  statement.prepare("SELECT value FROM setting WHERE name = 'journal_past'");
  const Rows rows(statement);
  if (statement.step()) return statement.integer(0);
  return past_behind(0, connection.text("SELECT value FROM setting WHERE name = 'installation'"));
}

std::int64_t past_behind(std::int64_t past, std::string_view entry) {
  std::uint64_t hash = kOffset ^ static_cast<std::uint64_t>(past);
  hash *= kPrime;
  for (const char byte : entry) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= kPrime;
  }
  return static_cast<std::int64_t>(hash);
}

}  // namespace caravan::sqlite
