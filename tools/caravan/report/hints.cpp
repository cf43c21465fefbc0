#include "tools/caravan/report/hints.hpp"

namespace caravan::tools {
namespace {

/// How far a first account with a history is looked for.
constexpr std::size_t accounts_looked_at = 1'000;

/// Of the first accounts the one that visited most nodes: its timeline shows most.
std::string account_with_history(Reader& reader) {
  std::vector<AccountRecord> accounts;
  reader.accounts_from(AccountId{1}, accounts_looked_at, accounts);
  std::string key;
  std::uint32_t most = 0;
  for (const AccountRecord& account : accounts) {
    std::vector<TokenRecord> tokens;
    reader.tokens_of(account.id, tokens);
    for (const TokenRecord& token : tokens) {
      if (token.visits > most) {
        most = token.visits;
        key = account.key;
      }
    }
  }
  return key;
}

}  // namespace

std::vector<Hint> where_to_look_next(const DataOptions& options, const StoreFigures& figures, Reader& reader,
                                     const std::filesystem::path& outbox) {
  const std::string program = program_name();
  std::vector<Hint> hints;
  const std::string place = repeated(options);
  if (const std::string key = account_with_history(reader); !key.empty()) {
    hints.push_back({program + " show account " + shell_word(key) + place, "one account's timeline"});
  }
  if (!figures.journeys.empty() && !options.workspace.empty()) {
    hints.push_back({program + " graph " + shell_word(figures.journeys.front().journey) + " --workspace " +
                         shell_word(options.workspace),
                     "the journey as a picture"});
  }
  std::error_code ignored;
  if (!outbox.empty() && std::filesystem::exists(outbox, ignored)) {
    hints.push_back({"ls " + shell_word(outbox.lexically_normal().string()), "the mails, a folder for each day"});
  }
  return hints;
}

std::string hints_as_text(const std::vector<Hint>& hints, const Terminal& terminal) {
  if (hints.empty()) return {};
  std::size_t width = 0;
  for (const Hint& hint : hints)
    width = std::max(width, display_width(hint.command));
  std::string out = "\n" + terminal.paint(Style::strong, "Where to look next") + "\n";
  for (const Hint& hint : hints) {
    const std::string space(width - display_width(hint.command) + 2, ' ');
    out += "  " + terminal.paint(Style::accent, printable(hint.command)) + space + hint.what + "\n";
  }
  return out;
}

}  // namespace caravan::tools
