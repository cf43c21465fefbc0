#pragma once
// What happened to an account, to a person or in one enrollment, a page at a time in the order of time, for the API.
// A page reads a bounded number of rows, however much there is: the events, notes and changes of buying groups that are
// next, and of each token the run that is next.
//
// An entry stands where it came to be known: an event that came late is among what came with it, and says itself when
// it happened. A delivery stands at the visit that promised it. Of whoever has more than kMostTokens tokens, what the
// newest of these did is told first, in the order of time, then what the next did.

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

/// Behind which a page goes on.
struct TimelineCursor {
  std::optional<EntryPosition> last;   ///< the last entry that was looked at; nothing: tokens follow that were not
  std::optional<std::int64_t> events;  ///< the number of the event behind which others are
  std::int64_t newest_token = 0;       ///< tokens from here on came later than the first page
  AccountId account;                   ///< where the tokens that are followed begin: none with the first account
  TokenId token;                       ///< behind which; none: from the account's first
  bool is_later = false;               ///< tokens that are not the first to be followed: other entries were told
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
