#include "engine/history_search.hpp"

namespace caravan {
namespace {

/// A delivery that is still under way ends some time: it is looked at again then.
constexpr CalendarDuration kLookAgain{.days = std::chrono::days(1)};

bool is_under_way(const DeliveryRecord& delivery) {
  return delivery.state == DeliveryState::pending || delivery.state == DeliveryState::under_way;
}

/// Any two of the same calendar are as long as each other nearly always; for a bound that is enough.
std::chrono::milliseconds about(const CalendarDuration& duration) {
  return duration.months.count() * std::chrono::hours(24 * 28) + duration.days + duration.exact;
}

}  // namespace

std::optional<Instant> let_go_at(const EnrollmentHistory& history, const std::optional<CalendarDuration>& keep,
                                 std::string_view timezone) {
  const TokenRecord& enrollment = history.enrollment;
  if (!keep || !is_final(enrollment.state) || !enrollment.ended_at) return std::nullopt;
  Instant closed = *enrollment.ended_at;
  for (const TokenRecord& person : history.people) {
    if (!is_final(person.state)) return std::nullopt;
    closed = std::max(closed, person.ended_at.value_or(closed));
  }
  for (const DeliveryRecord& delivery : history.deliveries) {
    if (is_under_way(delivery)) return std::nullopt;
    closed = std::max(closed, delivery.ended_at.value_or(closed));
  }
  for (const NoteRecord& note : history.notes)
    closed = std::max(closed, note.at);
  return add(closed, *keep, timezone);
}

bool lets_go(const HistoryDefinition& definition) {
  return definition.keep || std::any_of(definition.journeys.begin(), definition.journeys.end(),
                                        [](const auto& journey) { return journey.second.has_value(); });
}

HistorySearch::HistorySearch(HistoryDefinition definition, std::string timezone)
    : HistorySearch(std::move(definition), std::move(timezone), Bounds{}) {}

HistorySearch::HistorySearch(HistoryDefinition definition, std::string timezone, Bounds bounds)
    : definition_(std::move(definition)), timezone_(std::move(timezone)), bounds_(bounds) {
  const auto consider = [&](const std::optional<CalendarDuration>& keep) {
    if (keep && (!shortest_ || about(*keep) < about(*shortest_))) shortest_ = keep;
  };
  consider(definition_.keep);
  for (const auto& [journey, keep] : definition_.journeys)
    consider(keep);
}

const std::optional<CalendarDuration>& HistorySearch::keep_of(VersionId version) const {
  const auto journey = journeys_.find(version);
  return journey == journeys_.end() ? definition_.keep : definition_.keep_of(journey->second);
}

void HistorySearch::begin(Reader& reader, Instant now) {
  now_ = now;
  newest_ = shortest_ ? subtract(now, *shortest_, timezone_) : Instant::min();
  journeys_.clear();
  for (const VersionRecord& version : reader.versions())
    journeys_.emplace(version.id, version.journey);
  last_ = reader.greatest().token;
  position_ = std::max(reader.history().next, TokenId{1});
  page_ = {};
}

bool HistorySearch::is_due(PageNumber page) const {
  const auto known = pages_.find(page);
  return known == pages_.end() || (known->second.due_at && *known->second.due_at <= now_);
}

void HistorySearch::note_left(std::optional<Instant> due_at) {
  page_.is_empty = false;
  if (due_at && (!page_.due_at || *due_at < *page_.due_at)) page_.due_at = due_at;
}

/// The first token of a page.
TokenId HistorySearch::first_of(PageNumber page) const {
  return {page * static_cast<std::int64_t>(bounds_.page)};
}

HistorySearch::Portion HistorySearch::next(Reader& reader) {
  Portion portion;
  while (position_ <= last_ && !is_due(page_of(position_)))
    position_ = first_of(page_of(position_) + 1);
  if (position_ <= last_) look_on(reader, portion);
  portion.is_last = position_ > last_;
  if (portion.is_last) portion.next = first_left(reader.history().next);
  return portion;
}

/// Looks at some of the page at hand.
void HistorySearch::look_on(Reader& reader, Portion& portion) {
  const PageNumber page = page_of(position_);
  const TokenId beyond = first_of(page + 1);
  const std::size_t limit = 2 * bounds_.enrollments;
  std::vector<TokenRecord> tokens;
  reader.enrollments_with_history(position_, {beyond.value - 1}, limit, tokens);
  std::int64_t rows = 0;
  for (const TokenRecord& token : tokens) {
    // Whoever comes behind entered no earlier. Of this page nothing is known yet.
    if (token.entered_at > newest_) return end_search();
    position_ = token.id;
    if (portion.history.size() >= bounds_.enrollments || rows >= bounds_.rows) return;
    const std::size_t before = portion.history.size();
    look_at(reader, token, portion);
    if (portion.history.size() > before) rows += portion.history.back().rows();
  }
  if (tokens.size() == limit) {
    position_ = {tokens.back().id.value + 1};
    if (position_ < beyond) return;
  }
  if (beyond.value > last_.value + 1) return end_search();  // others will come into it
  pages_.insert_or_assign(page, std::exchange(page_, {}));
  position_ = beyond;
}

void HistorySearch::end_search() {
  position_ = {last_.value + 1};
  page_ = {};
}

/// Where there is something left, or may come; none: where it was known to be before.
TokenId HistorySearch::first_left(TokenId known) const {
  const PageNumber first = page_of(std::max(known, TokenId{1}));
  PageNumber left = first;
  for (auto page = pages_.find(first); page != pages_.end() && page->first == left && page->second.is_empty; ++page)
    ++left;
  return left > first ? first_of(left) : TokenId{};
}

void HistorySearch::give_up() {
  pages_.clear();
  end_search();
}

void HistorySearch::look_at(Reader& reader, const TokenRecord& token, Portion& portion) {
  const std::optional<CalendarDuration>& keep = keep_of(token.version);
  if (!keep) return note_left(std::nullopt);
  if (!is_final(token.state)) return note_left(add(now_, *keep, timezone_));
  const Instant earliest = add(token.ended_at.value_or(now_), *keep, timezone_);
  if (earliest > now_) return note_left(earliest);
  EnrollmentHistory history = history_of(reader, token);
  const std::optional<Instant> due_at = let_go_at(history, keep, timezone_);
  if (!due_at) return note_left(add(now_, kLookAgain, timezone_));
  if (*due_at > now_) return note_left(due_at);
  portion.history.push_back(std::move(history));
}

}  // namespace caravan
