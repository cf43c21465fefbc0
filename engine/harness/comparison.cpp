#include "engine/harness/comparison.hpp"

namespace caravan {
namespace {

std::string words_of(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return std::to_string(*real);
  const auto* text = std::get_if<std::string>(&cell);
  if (!text) return "nothing";
  const bool is_printable = std::all_of(text->begin(), text->end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t';
  });
  return is_printable ? "\"" + *text + "\"" : std::to_string(text->size()) + " bytes";
}

/// A row by its table and columns, for what no history tells.
std::string words_of(const RowDifference& row, const Cell ColumnDifference::*side) {
  std::string words = "table " + std::string(row.table);
  for (const auto& [column, cell] : row.key)
    words += " " + column + " " + words_of(cell);
  std::string rest;
  for (const ColumnDifference& each : row.columns)
    rest += (rest.empty() ? ": " : ", ") + each.column + " " + words_of(each.*side);
  for (const auto& [column, cell] : row.rest)
    rest += (rest.empty() ? ": " : ", ") + column + " " + words_of(cell);
  return words + rest;
}

std::int64_t whole(const std::pair<std::string, Cell>& column) {
  const auto* value = std::get_if<std::int64_t>(&column.second);
  return value ? *value : 0;
}

constexpr Instant time_of(const std::optional<Instant>& at) {
  return at.value_or(Instant::max());
}

/// Which accounts have a row that differs, by id in production.
class Suspects {
 public:
  void add(AccountId account) {
    const auto id = static_cast<std::size_t>(account.value);
    if (id >= marked_.size()) marked_.resize(std::max(id + 1, marked_.size() * 2));
    marked_[id] = true;
  }
  template <class Visit>
  void each(const Visit& visit) const {
    for (std::size_t id = 1; id < marked_.size(); ++id) {
      if (marked_[id]) visit(AccountId{static_cast<std::int64_t>(id)});
    }
  }

 private:
  std::vector<bool> marked_;
};

/// Finds the first difference among those who have one.
class Search {
 public:
  Search(ComparedStore production, ComparedStore replay, ReplayComparison& result)
      : production_(production),
        replay_(replay),
        production_names_(production.reader),
        replay_names_(replay.reader),
        production_teller_(production.store, production.reader, production_names_),
        replay_teller_(replay.store, replay.reader, replay_names_),
        result_(result) {}

  /// In the two stores an account may have different numbers, and each of its numbers is suspected.
  void look_at(AccountId id) {
    if (const std::optional<AccountRecord> account = production_.reader.account(id)) look_at(account->key);
    const std::optional<AccountRecord> account = replay_.reader.account(id);
    if (account && !production_.reader.account(account->key)) look_at(account->key);
  }

  /// For what belongs to no account, or what no history tells.
  void tell_row(const RowDifference& row) {
    Difference difference;
    difference.at = row.at;
    if (row.account) {
      std::optional<AccountRecord> account = production_.reader.account(row.account);
      if (!account) account = replay_.reader.account(row.account);
      if (account) difference.account = account->key;
    }
    if (row.table == "counter") {
      const VersionId version{whole(row.key[0])};
      difference.journey = production_teller_.version(version);
      const auto kind = static_cast<CounterKind>(whole(row.key[1]));
      constexpr std::array of_node = {
          CounterKind::visited, CounterKind::standing,  CounterKind::taken, CounterKind::expression_errors,
          CounterKind::joined,  CounterKind::timed_out, CounterKind::held};
      if (std::find(of_node.begin(), of_node.end(), kind) != of_node.end())
        difference.node = production_teller_.node(version, NodeIndex{static_cast<std::uint16_t>(whole(row.key[2]))});
    }
    if (row.is_left) difference.production = words_of(row, &ColumnDifference::left);
    if (row.is_right) difference.replay = words_of(row, &ColumnDifference::right);
    result_.first = std::move(difference);
  }

 private:
  /// The enrollments of an account of which production tells nothing any more.
  std::set<TokenId> untold_of(const std::string& key) {
    std::set<TokenId> untold;
    const std::optional<AccountRecord> account = production_.reader.account(key);
    std::vector<TokenRecord> tokens;
    if (account) production_.reader.tokens_of(account->id, tokens);
    for (const TokenRecord& token : tokens) {
      if (!token.parent && !production_.reader.why_untold(token).empty()) untold.insert(token.id);
    }
    return untold;
  }

  void look_at(const std::string& key) {
    const std::set<TokenId> untold = untold_of(key);
    std::vector<HistoryLine> production = production_teller_.history_of(key, untold),
                             replay = replay_teller_.history_of(key, untold);
    const auto parted = std::mismatch(production.begin(), production.end(), replay.begin(), replay.end());
    if (parted.first == production.end() && parted.second == replay.end()) return;
    ++result_.accounts;
    const HistoryLine* left = parted.first == production.end() ? nullptr : &*parted.first;
    const HistoryLine* right = parted.second == replay.end() ? nullptr : &*parted.second;
    const Instant left_at = left ? time_of(left->at) : Instant::max();
    const Instant right_at = right ? time_of(right->at) : Instant::max();
    // Who has something at an earlier time than the other has it alone.
    if (left && right && left_at != right_at) (left_at < right_at ? right : left) = nullptr;
    const HistoryLine& line = left ? *left : *right;
    // At the same instant a node that did otherwise comes before what may have come of it.
    const auto order = [](std::optional<Instant> at, const std::string& node) {
      return std::pair(time_of(at), node.empty());
    };
    if (result_.first && order(result_.first->at, result_.first->node) <= order(line.at, line.node)) return;
    result_.first = Difference{
        line.at, key, line.journey, line.node, line.person, left ? left->text : "", right ? right->text : ""};
    if (left && right && left->node != right->node) {
      result_.first->production = to_text(*left);
      result_.first->replay = to_text(*right);
    }
    result_.alike = static_cast<std::size_t>(parted.first - production.begin());
    result_.production = std::move(production);
    result_.replay = std::move(replay);
  }

  ComparedStore production_;
  ComparedStore replay_;
  NameBook production_names_;
  NameBook replay_names_;
  HistoryTeller production_teller_;
  HistoryTeller replay_teller_;
  ReplayComparison& result_;
};

}  // namespace

ReplayComparison compare_replay(ComparedStore production, ComparedStore replay,
                                const std::function<void(std::string_view what, std::int64_t done)>& progress) {
  ReplayComparison result;
  Suspects suspects;
  std::optional<RowDifference> first;
  result.compared = compare(
      production.reader, replay.reader,
      [&](const RowDifference& row) {
        ++result.rows;
        if (row.account) suspects.add(row.account);
        if (!first || row.is_before(*first)) first = row;
      },
      [&](std::int64_t rows) {
        if (progress) progress("rows compared", rows);
      });
  if (!first) return result;
  Search search(production, replay, result);
  std::int64_t looked_at = 0;
  suspects.each([&](AccountId account) {
    search.look_at(account);
    if (progress) progress("accounts compared", ++looked_at);
  });
  if (!result.first) search.tell_row(*first);
  return result;
}

}  // namespace caravan
