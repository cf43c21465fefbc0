#pragma once
// What happened to an account, to a person or in one enrollment, a page at a time in the order of time, for the API.
// A page reads a bounded number of rows, however much there is: the events, notes and changes of buying groups that are
// next, and of each token the run that is next. To find the events that are next it goes once through all that are kept
// of the account, without reading them wholly; where a journey was moved to another version, through its notes as well.
//
// An entry stands where it happened, whenever it came to be known. A delivery stands at the visit that promised it. Of
// whoever has more than kMostTokens tokens, what the first of these in the order did is told first, in the order of
// time, then what the next did.

#include "engine/happenings.hpp"
#include "engine/harness/version_names.hpp"

namespace caravan {

/// What an entry tells.
enum class EntryKind : std::uint8_t { event, enrollment, visit, delivery, note, group };
inline constexpr std::array kEntryKinds = {EntryKind::event,    EntryKind::enrollment, EntryKind::visit,
                                           EntryKind::delivery, EntryKind::note,       EntryKind::group};
/// `visit`, as the API calls it.
std::string_view word_for(EntryKind kind);

/// So many tokens are followed at once.
inline constexpr std::size_t kMostTokens = 10'000;

/// Whose timeline: an account's, a person's, or of one enrollment.
struct AccountTimeline {
  AccountId account;
};
struct PersonTimeline {
  PersonRecord person;
};
struct EnrollmentTimeline {
  TokenRecord enrollment;
};
using TimelineSubject = std::variant<AccountTimeline, PersonTimeline, EnrollmentTimeline>;

/// Where an entry stands among all of a timeline.
struct EntryPosition {
  Instant at{};
  std::int64_t source = 0;  ///< of the same instant: events, then what tokens did, notes, changes of groups
  std::int64_t first = 0;   ///< in the source's own order
  std::int64_t second = 0;
  std::int64_t third = 0;
  auto operator<=>(const EntryPosition&) const = default;
};

/// Behind a token of an account.
struct TokenPlace {
  AccountId account;  ///< none: the first
  TokenId token;      ///< none: before all of the account's
  bool operator==(const TokenPlace&) const = default;
};

/// Behind which a page goes on.
struct TimelineCursor {
  std::optional<EntryPosition> last;  ///< the last entry that was looked at; nothing: tokens follow that were not
  std::int64_t newest_event = 0;      ///< events numbered from here on came later than the first page
  std::int64_t newest_token = 0;      ///< the same of tokens
  TokenPlace begin;                   ///< of the tokens that are followed
  /// Where others are followed; nothing: none were left. What is let go meanwhile does not make room for others.
  std::optional<TokenPlace> end;
  bool is_later = false;  ///< tokens that are not the first to be followed: other entries were told
  bool operator==(const TimelineCursor&) const = default;
};
std::string to_text(const TimelineCursor& cursor);
std::optional<TimelineCursor> parse_timeline_cursor(std::string_view text);

struct TimelineSearch {
  Order order = Order::descending;
  std::size_t limit = 100;
  std::size_t most_looked_at = 10'000;                            ///< entries, whether they are told or not
  std::set<EntryKind> kinds = {};                                 ///< empty: all
  std::optional<std::vector<VersionId>> versions = std::nullopt;  ///< what happened in these; nothing: all there is
  Span span = {};
  std::optional<TimelineCursor> after = {};
};

/// A note, with the token that it is about as far as that is there.
struct TimelineNote {
  NoteRecord note;
  std::optional<TokenRecord> token;
};
struct TimelineChange {
  GroupHappened change;
  std::string reason;
};
using TimelineEntry =
    std::variant<ActivityRecord, EnrollmentHappened, VisitHappened, DeliveryRecord, TimelineNote, TimelineChange>;
EntryKind kind_of(const TimelineEntry& entry);

struct TimelinePage {
  std::vector<TimelineEntry> entries;
  std::optional<TimelineCursor> next;  ///< nothing at the end
  std::size_t rows_read = 0;
};

TimelinePage read_timeline(JourneyLibrary& library, Reader& reader, const TimelineSubject& subject,
                           const TimelineSearch& search);

}  // namespace caravan
