#pragma once
// An account of which much is told, put together by hand, and its timeline page by page.

#include "engine/move_plan.hpp"
#include "engine/report/naming.hpp"
#include "engine/report/timeline_page.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/support/catch.hpp"

namespace caravan::test {

inline constexpr AccountId kAcme{1};

inline Instant at(std::int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

inline ActivityRecord event_at(std::int64_t sequence, std::int64_t seconds, std::int64_t person = 0) {
  return {kAcme, sequence, at(seconds), {person}, NameId{1}, "", {}};
}

inline TokenRecord token_from(std::int64_t id, std::int64_t seconds) {
  TokenRecord token;
  token.id = {id};
  token.version = {1};
  token.account = kAcme;
  token.node = NodeIndex{0};
  token.state = TokenState::waiting;
  token.entered_at = at(seconds);
  return token;
}

inline RunRecord run_of(std::int64_t token, std::uint32_t first, std::int64_t seconds, std::size_t visits = 1) {
  return {{token}, first, at(seconds), std::vector<VisitRecord>(visits, {NodeIndex{0}})};
}

inline DeliveryRecord delivery_of(std::int64_t token, std::uint32_t visit, std::int64_t recipient,
                                  std::int64_t seconds) {
  DeliveryRecord delivery;
  delivery.key = {{token}, visit, {recipient}};
  delivery.account = kAcme;
  delivery.version = {1};
  delivery.state = DeliveryState::delivered;
  delivery.created_at = at(seconds);
  delivery.ended_at = at(seconds + 5);
  delivery.address = "x@acme.example";
  return delivery;
}

inline NoteRecord note_of(std::int64_t token, std::int64_t seconds, std::string text = "note") {
  return {kAcme, at(seconds), NoteKind::refused, {token}, kNoNode, std::move(text)};
}

inline NoteRecord moved_at(std::int64_t token, std::int64_t seconds, const MoveNote& move) {
  return {kAcme, at(seconds), NoteKind::moved, {token}, kNoNode, to_text(move)};
}

inline Changes with_acme() {
  Changes changes;
  changes.accounts.push_back({{kAcme, "acme", {}}, true});
  return changes;
}

/// An entry in a few letters, by which it is known among all of an account's: `event 7`, `visit 3.1`.
inline std::string name_of_entry(const TimelineEntry& entry) {
  struct {
    std::string operator()(const ActivityRecord& each) const { return "event " + std::to_string(each.sequence); }
    std::string operator()(const EnrollmentHappened& each) const {
      return (each.ended ? "end " : "begin ") + std::to_string(each.enrollment.value);
    }
    std::string operator()(const VisitHappened& each) const {
      return "visit " + std::to_string(each.enrollment.value) + "." + std::to_string(each.number) +
             (each.person ? " of " + std::to_string(each.person.value) : "");
    }
    std::string operator()(const DeliveryRecord& each) const { return "delivery " + caravan::name_of(each.key); }
    std::string operator()(const TimelineNote& each) const { return "note " + each.note.text; }
    std::string operator()(const TimelineChange& each) const {
      return "group " + std::to_string(static_cast<std::uint32_t>(each.change.after));
    }
  } name;
  return std::visit(name, entry);
}

using Names = std::vector<std::string>;

struct Listing {
  Names names;
  std::size_t pages = 0;
  std::size_t most_rows = 0;  ///< that a page has read
};

/// All pages, one after the other; each cursor goes through its text, as it does over HTTP.
inline Listing all_pages(JourneyLibrary& library, Reader& reader, const TimelineSubject& subject,
                         TimelineSearch search) {
  Listing listing;
  for (;;) {
    const TimelinePage page = read_timeline(library, reader, subject, search);
    REQUIRE(page.entries.size() <= search.limit);
    for (const TimelineEntry& entry : page.entries)
      listing.names.push_back(name_of_entry(entry));
    ++listing.pages;
    listing.most_rows = std::max(listing.most_rows, page.rows_read);
    if (!page.next) return listing;
    search.after = parse_timeline_cursor(to_text(*page.next));
    REQUIRE(search.after == page.next);
  }
}

/// A store in memory with what is told of it.
class Told {
 public:
  explicit Told(const Changes& changes) {
    store_.commit(changes);
    library_ = std::make_unique<JourneyLibrary>(store_, names_);
  }
  Names names(TimelineSearch search = {}, const TimelineSubject& subject = AccountTimeline{kAcme}) {
    return all_pages(*library_, *store_.reader(), subject, std::move(search)).names;
  }
  void add(const Changes& changes) { store_.commit(changes); }
  TimelinePage page(const TimelineSearch& search, const TimelineSubject& subject = AccountTimeline{kAcme}) {
    return read_timeline(*library_, *store_.reader(), subject, search);
  }

 private:
  MemoryStore store_;
  NameBook names_;
  std::unique_ptr<JourneyLibrary> library_;
};

}  // namespace caravan::test
