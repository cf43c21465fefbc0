#include "engine/harness/recorded_deliveries.hpp"

#include "engine/journal.hpp"

namespace caravan {
namespace {

/// What came of a delivery is in an entry of when it ended, or of soon after. Beyond so many it is not looked for.
constexpr std::int64_t kMostEntries = 64;
constexpr std::size_t kAtOnce = 16;

MessageIdentity identity_of(const DeliveryRecord& record, JourneyLibrary& library) {
  try {
    const auto& messages = library.version(record.version)->journey.messages;
    const MessageDefinition& message = messages.at(static_cast<std::size_t>(record.message));
    return {message.kind, message.name, message.path, record.address};
  } catch (const StoreError&) {
    throw;
  } catch (const std::exception&) {
    // The texts of its version do not check with this program: it is the same as itself alone.
    return {MessageKind::email, {}, std::to_string(record.version.value), record.address};
  }
}

/// The keys of those whom tokens run for, by token.
std::map<TokenId, std::string> people_of(Reader& reader, AccountId account, std::span<const TokenRecord> tokens) {
  std::map<TokenId, std::string> keys;
  std::vector<PersonRecord> people;
  for (const TokenRecord& token : tokens) {
    if (!token.person) continue;
    if (people.empty()) reader.people_of(account, people);
    for (const PersonRecord& person : people) {
      if (person.id == token.person) keys.emplace(token.id, person.key);
    }
  }
  return keys;
}

}  // namespace

std::vector<KnownDelivery> deliveries_of(Reader& reader, JourneyLibrary& library, AccountId account) {
  std::vector<TokenRecord> tokens;
  reader.tokens_of(account, tokens);
  std::vector<DeliveryRecord> records;
  for (const TokenRecord& token : tokens)
    reader.deliveries_of(token.id, records);
  std::sort(records.begin(), records.end(), [](const DeliveryRecord& left, const DeliveryRecord& right) {
    return std::tie(left.created_at, left.key) < std::tie(right.created_at, right.key);
  });
  const std::map<TokenId, std::string> people = people_of(reader, account, tokens);
  std::vector<KnownDelivery> known;
  known.reserve(records.size());
  for (DeliveryRecord& record : records) {
    MessageIdentity identity = identity_of(record, library);
    const auto person = people.find(record.key.token);
    if (identity.kind == MessageKind::webhook && person != people.end()) identity.person = person->second;
    known.push_back({std::move(record), std::move(identity)});
  }
  return known;
}

const DeliveryRecord* RecordedDeliveries::find(const std::string& account, const MessageIdentity& identity,
                                               std::size_t ordinal) {
  if (account_ != account) {
    account_ = account;
    const std::optional<AccountRecord> record = reader_.account(account);
    deliveries_ = record ? deliveries_of(reader_, library_, record->id) : std::vector<KnownDelivery>();
  }
  for (const KnownDelivery& each : deliveries_) {
    if (each.identity == identity && ordinal-- == 0) return &each.record;
  }
  return nullptr;
}

std::optional<Answer> RecordedDeliveries::answer_to(const DeliveryRecord& delivery) {
  if (!delivery.ended_at) return std::nullopt;
  if (stretches_.empty()) find_stretches();
  for (const Stretch& stretch : stretches_) {
    std::int64_t entry = first_entry_at(stretch, *delivery.ended_at);
    for (const std::int64_t beyond = std::min(entry + kMostEntries, stretch.last + 1); entry < beyond; ++entry) {
      if (!read_entry(entry)) break;
      for (const DeliveryProgress& each : progress_) {
        if (each.key == delivery.key && each.ended_at == delivery.ended_at) return each.answer;
      }
    }
  }
  return std::nullopt;
}

bool RecordedDeliveries::read_entry(std::int64_t entry) {
  if (entry_ == entry) return true;
  std::vector<JournalRecord> found;
  reader_.journal_from(entry, 1, found);
  if (found.empty()) return false;
  entry_ = entry;
  progress_.clear();
  UnpackedEntry unpacked = unpack(found.front());
  if (auto* batch = std::get_if<JournalBatch>(&unpacked.entry.what)) progress_ = std::move(batch->order.progress);
  return true;
}

/// Data that was taken in beside a time lapse has the machine's time, which may be a later one.
void RecordedDeliveries::find_stretches() {
  std::vector<JournalRecord> records;
  Instant last = Instant::max();
  for (std::int64_t next = 1;; next = records.back().sequence + 1) {
    records.clear();
    reader_.journal_from(next, kAtOnce, records);
    if (records.empty()) return;
    for (const JournalRecord& record : records) {
      if (record.at < last) stretches_.push_back({record.sequence, record.sequence});
      stretches_.back().last = record.sequence;
      last = record.at;
    }
  }
}

std::int64_t RecordedDeliveries::first_entry_at(const Stretch& stretch, Instant at) {
  std::int64_t low = stretch.first;
  std::int64_t high = stretch.last + 1;
  std::vector<JournalRecord> found;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    found.clear();
    reader_.journal_from(middle, 1, found);
    if (!found.empty() && found.front().at < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace caravan
