// Events, notes and changes of buying groups as streams of a timeline.

#include "engine/report/timeline_sources.hpp"

namespace caravan::timeline {
namespace {

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

/// A page tells each that it takes: so it goes through the account's events once.
EventStream::EventStream(Material& material, AccountId account, std::int64_t last)
    : material_(material),
      account_(account),
      search_{{material.search.order, bound_of(material, kEvents, 0),
               std::min(material.search.limit, material.search.most_looked_at) + 1},
              material.person,
              last} {}

const EntryPosition* EventStream::head() {
  if (rows_.empty() && !is_end_) {
    std::vector<ActivityRecord> rows;
    material_.reader.activity_by_time(account_, search_, rows);
    material_.rows += rows.size();
    is_end_ = rows.size() < search_.page.limit;
    if (!rows.empty()) search_.page.after = HistoryPosition{rows.back().at, rows.back().sequence};
    rows_.assign(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
  if (rows_.empty()) return nullptr;
  head_ = {rows_.front().at, kEvents, 0, rows_.front().sequence, 0};
  return &head_;
}

std::optional<TimelineEntry> EventStream::take() {
  ActivityRecord event = std::move(rows_.front());
  rows_.pop_front();
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
  TimelineNote told{std::move(note), token};
  if (told.token) told.token->version = material_.versions.at_time(*told.token, told.note.at);
  if (material_.search.versions && (!told.token || !material_.wants_version(told.token->version))) return std::nullopt;
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
  const std::vector<Move>& moves = moves_of(token);
  VersionId found = moves.empty() ? token.version : numbered(token, moves.front().note.from);
  for (const Move& move : moves)
    if (move.note.visits <= visit) found = numbered(token, move.note.to);
  return found;
}

VersionId VersionsOfTokens::at_time(const TokenRecord& token, Instant at) {
  const std::vector<Move>& moves = moves_of(token);
  VersionId found = moves.empty() ? token.version : numbered(token, moves.front().note.from);
  for (const Move& move : moves)
    if (move.at <= at) found = numbered(token, move.note.to);
  return found;
}

bool VersionsOfTokens::may_have_moved(const TokenRecord& token) {
  if (!moved_into_) {
    moved_into_.emplace();
    for (const auto& [key, amount] : reader_.counters())
      if (key.kind == CounterKind::moved_in && amount > 0) moved_into_->insert(key.version);
  }
  return moved_into_->contains(token.version);
}

std::vector<VersionId> VersionsOfTokens::of_same_journeys(const std::vector<VersionId>& versions) {
  std::set<VersionId> all(versions.begin(), versions.end());
  std::set<std::string> journeys;
  for (const VersionId version : versions)
    journeys.insert(library_.journey_of(version));
  for (const std::string& journey : journeys)
    for (const VersionRecord& version : library_.versions_of(journey))
      all.insert(version.id);
  return {all.begin(), all.end()};
}

const std::vector<VersionsOfTokens::Move>& VersionsOfTokens::moves_of(const TokenRecord& token) {
  static const std::vector<Move> none;
  if (!may_have_moved(token)) return none;
  if (read_.insert(token.account).second) {
    std::vector<NoteRecord> notes;
    reader_.moves_of(token.account, notes);
    rows_ += notes.size();
    for (const NoteRecord& note : notes)
      if (const auto move = parse_move_note(note.text)) moves_[note.token].push_back({*move, note.at});
  }
  const auto found = moves_.find(token.id);
  return found == moves_.end() ? none : found->second;
}

VersionId VersionsOfTokens::numbered(const TokenRecord& token, std::uint32_t number) {
  const auto [numbers, is_new] = numbers_.try_emplace(token.version);
  if (is_new)
    for (const VersionRecord& version : library_.versions_of(library_.journey_of(token.version)))
      numbers->second.emplace(version.number, version.id);
  const auto found = numbers->second.find(number);
  return found == numbers->second.end() ? token.version : found->second;
}

}  // namespace caravan::timeline
