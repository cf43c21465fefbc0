// Events, notes and changes of buying groups as streams of a timeline.

#include "engine/report/timeline_sources.hpp"

namespace caravan::timeline {
namespace {

/// So many events that came before an event are looked at to know when it came: never before any of them.
constexpr std::size_t kLookBack = 250;
constexpr std::size_t kEventBatch = 250;
constexpr std::size_t kLineBatch = 100;

/// Behind which lines of `source` and `first` begin, which stand in the order of their history's positions.
std::optional<HistoryPosition> bound_of(const Material& material, std::int64_t source, std::int64_t first) {
  if (!material.from) return std::nullopt;
  const EntryPosition& from = *material.from;
  const auto own = std::pair(source, first);
  const auto theirs = std::pair(from.source, from.first);
  if (own == theirs) return HistoryPosition{from.at, from.second};
  // Lines of that very instant were told, going up, where the source comes first of the two; going down, where it does
  // not.
  return HistoryPosition{from.at, own < theirs ? kGreatest : 0};
}

}  // namespace

bool Material::wants_version(VersionId version) const {
  return !search.versions ||
         std::find(search.versions->begin(), search.versions->end(), version) != search.versions->end();
}

const std::optional<TokenRecord>& Material::token(TokenId id) {
  const auto [found, is_new] = tokens.try_emplace(id);
  if (is_new) {
    found->second = reader.token(id);
    ++rows;
  }
  return found->second;
}

// Events

EventStream::EventStream(Material& material, AccountId account, std::optional<std::int64_t> after)
    : material_(material), account_(account), after_(after) {
  if (material.from) {
    const EntryPosition& from = *material.from;
    const bool is_over = from.source > kEvents;
    if (material.goes_up())
      last_ = is_over ? from.at + std::chrono::milliseconds(1) : from.at;
    else
      last_ = from.source < kEvents ? from.at - std::chrono::milliseconds(1) : from.at;
    if (!after_ && from.source < kEvents) after_ = first_known_at(from.at) - (material.goes_up() ? 1 : 0);
  }
}

std::vector<ActivityRecord> EventStream::read(Order order, std::optional<std::int64_t> after, std::size_t limit) {
  std::vector<ActivityRecord> rows;
  material_.reader.activity_of(account_, Page<std::int64_t>{order, after, limit}, rows);
  material_.rows += rows.size();
  return rows;
}

/// The number of the first event that came at that time or later; behind all where none did. Found by halves: events
/// are numbered in the order in which they came.
std::int64_t EventStream::first_known_at(Instant at) {
  const auto oldest = read(Order::ascending, std::nullopt, 1);
  const auto newest = read(Order::descending, std::nullopt, 1);
  if (oldest.empty()) return 0;
  std::int64_t low = oldest.front().sequence;       // all before it came earlier
  std::int64_t high = newest.front().sequence + 1;  // it, and all behind it, came no earlier
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto rows = read(Order::descending, middle + 1, 20);
    const bool is_later = std::any_of(rows.begin(), rows.end(), [&](const auto& each) { return each.at >= at; });
    if (is_later)
      high = rows.front().sequence;
    else
      low = middle + 1;
  }
  return high;
}

void EventStream::fill() {
  const std::size_t wanted = material_.goes_up() ? 1 : kLookBack;
  while (!is_end_ && rows_.size() < wanted) {
    const std::size_t count = material_.goes_up() ? kEventBatch : kLookBack + kEventBatch;
    const auto rows = read(material_.search.order, read_until_ ? read_until_ : after_, count);
    is_end_ = rows.size() < count;
    if (rows.empty()) break;
    // Those that come from now on are not of this listing.
    if (!after_ && !material_.goes_up()) after_ = rows.front().sequence + 1;
    read_until_ = rows.back().sequence;
    rows_.insert(rows_.end(), rows.begin(), rows.end());
  }
}

/// When the first of the rows came to be known: no later than it is told, no earlier than what came before it.
Instant EventStream::place_of_first() const {
  if (material_.goes_up()) return last_ ? std::max(*last_, rows_.front().at) : rows_.front().at;
  const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(std::min(rows_.size(), kLookBack));
  const auto latest =
      std::max_element(rows_.begin(), end, [](const auto& a, const auto& b) { return a.at < b.at; })->at;
  return last_ ? std::min(*last_, latest) : latest;
}

const EntryPosition* EventStream::head() {
  fill();
  if (rows_.empty()) return nullptr;
  if (head_.first != rows_.front().sequence) head_ = {place_of_first(), kEvents, rows_.front().sequence, 0, 0};
  return &head_;
}

std::optional<TimelineEntry> EventStream::take() {
  ActivityRecord event = std::move(rows_.front());
  rows_.pop_front();
  last_ = head_.at;
  after_ = event.sequence;
  if (material_.person && event.person != material_.person) return std::nullopt;
  return event;
}

// Notes

NoteStream::NoteStream(Material& material, AccountId account)
    : material_(material),
      account_(account),
      page_{material.search.order, bound_of(material, kNotes, account.value), kLineBatch} {}

const EntryPosition* NoteStream::head() {
  if (rows_.empty() && !is_end_) {
    std::vector<Positioned<NoteRecord>> rows;
    material_.reader.notes_of(account_, page_, rows);
    material_.rows += rows.size();
    is_end_ = rows.size() < page_.limit;
    if (!rows.empty()) page_.after = rows.back().position;
    rows_.insert(rows_.end(), rows.begin(), rows.end());
  }
  if (rows_.empty()) return nullptr;
  head_ = {rows_.front().position.at, kNotes, account_.value, rows_.front().position.sequence, 0};
  return &head_;
}

std::optional<TimelineEntry> NoteStream::take() {
  NoteRecord note = std::move(rows_.front().record);
  rows_.pop_front();
  if (!note.token) {
    if (material_.person || material_.enrollment || material_.search.versions) return std::nullopt;
    return TimelineNote{std::move(note), std::nullopt};
  }
  const std::optional<TokenRecord>& token = material_.token(note.token);
  if (material_.person && (!token || token->person != material_.person)) return std::nullopt;
  const bool is_of_enrollment = note.token == material_.enrollment || (token && token->parent == material_.enrollment);
  if (material_.enrollment && !is_of_enrollment) return std::nullopt;
  if (material_.search.versions && (!token || !material_.wants_version(token->version))) return std::nullopt;
  TimelineNote told{std::move(note), token};
  if (told.token) told.token->version = material_.versions.at_time(*told.token, told.note.at);
  return told;
}

// Changes of buying groups

GroupStream::GroupStream(Material& material, AccountId account, NameId interest)
    : material_(material),
      account_(account),
      interest_(interest),
      page_{material.search.order, bound_of(material, kGroups, static_cast<std::int64_t>(interest)), kLineBatch} {}

const EntryPosition* GroupStream::head() {
  if (rows_.empty() && !is_end_) {
    std::vector<Positioned<GroupChangeRecord>> rows;
    material_.reader.group_changes_of(account_, interest_, page_, rows);
    material_.rows += rows.size();
    is_end_ = rows.size() < page_.limit;
    if (!rows.empty()) page_.after = rows.back().position;
    rows_.insert(rows_.end(), rows.begin(), rows.end());
  }
  if (rows_.empty()) return nullptr;
  const HistoryPosition& position = rows_.front().position;
  head_ = {position.at, kGroups, static_cast<std::int64_t>(interest_), position.sequence, 0};
  return &head_;
}

std::optional<TimelineEntry> GroupStream::take() {
  GroupChangeRecord change = std::move(rows_.front().record);
  rows_.pop_front();
  return TimelineChange{
      {change.account, change.interest, change.aspect, change.before, change.after, change.source, change.at},
      std::move(change.reason)};
}

// Versions

VersionId VersionsOfTokens::at_visit(const TokenRecord& token, std::uint32_t visit) {
  VersionId found = token.version;
  for (const Stretch& stretch : stretches_of(token))
    if (stretch.first_visit <= visit) found = stretch.version;
  return found;
}

VersionId VersionsOfTokens::at_time(const TokenRecord& token, Instant at) {
  VersionId found = token.version;
  for (const Stretch& stretch : stretches_of(token))
    if (stretch.from <= at) found = stretch.version;
  return found;
}

bool VersionsOfTokens::has_taken_others(VersionId version) {
  if (!moved_into_) {
    moved_into_.emplace();
    for (const auto& [key, amount] : reader_.counters())
      if (key.kind == CounterKind::moved_in && amount > 0) moved_into_->insert(key.version);
  }
  return moved_into_->contains(version);
}

/// Only where a token can have come from another version its moves are looked for, among the account's notes.
const std::vector<VersionsOfTokens::Stretch>& VersionsOfTokens::stretches_of(const TokenRecord& token) {
  const auto [found, is_new] = stretches_.try_emplace(token.id);
  std::vector<Stretch>& stretches = found->second;
  if (!is_new || !has_taken_others(token.version)) return stretches;
  const std::vector<VersionRecord> versions = library_.versions_of(library_.journey_of(token.version));
  const auto numbered = [&](std::uint32_t number) {
    for (const VersionRecord& version : versions)
      if (version.number == number) return version.id;
    return token.version;
  };
  constexpr std::size_t most_notes = 10'000;
  Page<HistoryPosition> page{Order::ascending, HistoryPosition{token.entered_at, 0}, 1'000};
  std::vector<Positioned<NoteRecord>> notes;
  for (std::size_t looked_at = 0; looked_at < most_notes; looked_at += page.limit) {
    notes.clear();
    reader_.notes_of(token.account, page, notes);
    for (const auto& [position, note] : notes) {
      const auto move = note.token == token.id && note.kind == NoteKind::moved ? parse_move_note(note.text)
                                                                               : std::optional<MoveNote>();
      if (!move) continue;
      if (stretches.empty()) stretches.push_back({0, Instant::min(), numbered(move->from)});
      stretches.push_back({move->visits, position.at, numbered(move->to)});
    }
    if (notes.size() < page.limit) break;
    page.after = notes.back().position;
  }
  return stretches;
}

}  // namespace caravan::timeline
