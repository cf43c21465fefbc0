// Lists, page by page and both ways. Where there is no order to follow, one is made for each page.

#include "storage/memory/reader.hpp"

namespace caravan::memory {
namespace {

/// Goes through rows, which are in ascending order of where they stand, as storage/sqlite/reader_lists.cpp does. `take`
/// appends what is looked for.
template <class Position, class Row, class Record, class PositionOf, class Take>
Searched<Position> go_through(const std::vector<const Row*>& rows, const RowSearch<Position>& search,
                              std::vector<Record>& to, PositionOf position_of, Take take) {
  const bool goes_up = search.page.order == Order::ascending;
  const std::size_t full = to.size() + search.page.limit;
  Searched<Position> searched;
  std::size_t looked_at = 0;
  const auto look = [&](const Row& row) {
    const Position position = position_of(row);
    if (search.page.after && (goes_up ? position <= *search.page.after : position >= *search.page.after)) return true;
    if (looked_at == search.most_rows || (looked_at > 0 && to.size() >= full)) return false;
    take(row);
    ++looked_at;
    searched.is_end = false;
    searched.next = position;
    return true;
  };
  if (goes_up)
    static_cast<void>(std::all_of(rows.begin(), rows.end(), [&](const Row* row) { return look(*row); }));
  else
    static_cast<void>(std::all_of(rows.rbegin(), rows.rend(), [&](const Row* row) { return look(*row); }));
  searched.is_end = looked_at < search.most_rows && (looked_at == 0 || to.size() < full);
  return searched;
}

/// A page of records by their keys.
template <class Record>
void append_page(std::vector<const Record*> records, const Page<std::string>& page, std::vector<Record>& to) {
  std::sort(records.begin(), records.end(), [](const Record* a, const Record* b) { return a->key < b->key; });
  const auto less = [](const Record* record, const std::string& key) { return record->key < key; };
  if (page.order == Order::descending) {
    const auto end = page.after ? std::lower_bound(records.begin(), records.end(), *page.after, less) : records.end();
    const auto count = std::min<std::ptrdiff_t>(end - records.begin(), static_cast<std::ptrdiff_t>(page.limit));
    for (auto at = end; at != end - count;)
      to.push_back(**--at);
    return;
  }
  auto at = page.after ? std::lower_bound(records.begin(), records.end(), *page.after + '\0', less) : records.begin();
  const auto count = std::min<std::ptrdiff_t>(records.end() - at, static_cast<std::ptrdiff_t>(page.limit));
  for (const auto end = at + count; at != end; ++at)
    to.push_back(**at);
}

/// The records that rows hold, in their order.
template <class Record, class Rows>
std::vector<const Record*> records_of(const Rows& rows) {
  std::vector<const Record*> records;
  for (const auto& row : rows.all())
    if (row.record) records.push_back(&*row.record);
  return records;
}

}  // namespace

void MemoryReader::accounts_by_key(const Page<std::string>& page, std::vector<AccountRecord>& to) {
  auto accounts = records_of<AccountRecord>(state_->accounts);
  std::erase_if(accounts, [](const AccountRecord* account) { return is_stand_in(*account); });
  append_page(std::move(accounts), page, to);
}

Searched<AccountId> MemoryReader::accounts_by_id(const RowSearch<AccountId>& search, std::vector<AccountRecord>& to) {
  return go_through(
      records_of<AccountRecord>(state_->accounts), search, to, [](const AccountRecord& account) { return account.id; },
      [&](const AccountRecord& account) {
        if (!is_stand_in(account)) to.push_back(account);
      });
}

void MemoryReader::people_by_key(const Page<std::string>& page, std::vector<PersonRecord>& to) {
  append_page(records_of<PersonRecord>(state_->people), page, to);
}

void MemoryReader::people_by_id(const Page<PersonId>& page, std::vector<PersonRecord>& to) {
  if (page.limit == 0) return;
  go_through(
      records_of<PersonRecord>(state_->people),
      RowSearch<PersonId>{.page = page, .most_rows = std::numeric_limits<std::size_t>::max()}, to,
      [](const PersonRecord& person) { return person.id; }, [&](const PersonRecord& person) { to.push_back(person); });
}

Searched<TokenId> MemoryReader::enrollments(const EnrollmentSearch& search, std::vector<TokenRecord>& to) {
  auto tokens = records_of<TokenRecord>(state_->tokens);
  // The file has an index of these alone, so that it looks at no others.
  if (search.account)
    std::erase_if(tokens, [&](const TokenRecord* token) { return token->account != search.account; });
  else if (search.states == std::vector{TokenState::held})
    std::erase_if(tokens, [](const TokenRecord* token) { return token->state != TokenState::held; });
  return go_through(
      tokens, search, to, [](const TokenRecord& token) { return token.id; },
      [&](const TokenRecord& token) {
        if (search.finds(token)) to.push_back(token);
      });
}

Searched<DeliveryKey> MemoryReader::deliveries(const DeliverySearch& search, std::vector<DeliveryRecord>& to) {
  std::vector<const DeliveryRecord*> deliveries;
  for (const TokenRow& token : state_->tokens.all())
    for (const DeliveryRecord& delivery : token.deliveries)
      if (!search.token || delivery.key.token == search.token) deliveries.push_back(&delivery);
  return go_through(
      deliveries, search, to, [](const DeliveryRecord& delivery) { return delivery.key; },
      [&](const DeliveryRecord& delivery) {
        if (search.finds(delivery.version, delivery.message, delivery.state, delivery.created_at))
          to.push_back(delivery);
      });
}

std::optional<DeliveryRecord> MemoryReader::delivery(const DeliveryKey& key) {
  const TokenRow* token = state_->tokens.find(key.token);
  const DeliveryRecord* delivery = token != nullptr ? find_in(token->deliveries, key, key_of_delivery) : nullptr;
  if (delivery == nullptr) return std::nullopt;
  return *delivery;
}

Searched<std::int64_t> MemoryReader::audit(const AuditSearch& search, std::vector<AuditRecord>& to) {
  std::vector<const AuditRecord*> lines;
  for (const AuditRecord& line : state_->audit)
    lines.push_back(&line);
  return go_through(
      lines, search, to, [](const AuditRecord& line) { return line.sequence; },
      [&](const AuditRecord& line) {
        if (search.finds(line.caller, line.action)) to.push_back(line);
      });
}

Searched<std::pair<AccountId, NameId>> MemoryReader::audience_members(const AudienceSearch& search,
                                                                      std::vector<AudienceMemberRecord>& to) {
  std::vector<const AudienceMemberRecord*> members;
  for (const AccountRow& row : state_->accounts.all())
    for (const AudienceMemberRecord& member : row.audiences)
      members.push_back(&member);
  return go_through(
      members, search, to, [](const AudienceMemberRecord& each) { return std::pair(each.account, each.audience); },
      [&](const AudienceMemberRecord& each) {
        if (each.audience == search.audience) to.push_back(each);
      });
}

}  // namespace caravan::memory
