#include "engine/report/timeline_page.hpp"

#include "engine/report/timeline_sources.hpp"

namespace caravan {
namespace {

using namespace timeline;

/// Accounts of a person that are looked at together.
constexpr std::size_t kMostAccounts = 100;
/// Rows of tokens that are looked at to find kMostTokens.
constexpr std::size_t kMostTokenRows = 2 * kMostTokens;

/// The tokens that are followed together, and where others follow them.
struct Block {
  std::vector<TokenRecord> tokens;
  std::vector<AccountId> begun;    ///< accounts of which these are the first
  std::optional<TokenPlace> next;  ///< nothing: there are no others
};

AccountId own_account(const TimelineSubject& subject) {
  struct {
    AccountId operator()(const AccountTimeline& of) const { return of.account; }
    AccountId operator()(const PersonTimeline& of) const { return of.person.account; }
    AccountId operator()(const EnrollmentTimeline& of) const { return of.enrollment.account; }
  } account;
  return std::visit(account, subject);
}

class Collector {
 public:
  Collector(Material& material, const TimelineSubject& subject, const TimelineCursor& cursor)
      : material_(material),
        subject_(subject),
        begin_(cursor.begin),
        end_(cursor.end),
        newest_(cursor.newest_token),
        // What came meanwhile is followed as well, up to where the first page has stopped.
        most_tokens_(end_ ? 2 * kMostTokens : kMostTokens),
        most_rows_(end_ ? 2 * kMostTokenRows : kMostTokenRows) {}

  Block collect() {
    const std::vector<AccountId> accounts = accounts_from(begin_.account);
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (i == kMostAccounts || is_behind_end(accounts[i])) {
        block_.next = end_ ? *end_ : TokenPlace{accounts[i], {}};
        break;
      }
      const TokenId after = i == 0 ? begin_.token : TokenId{};
      if (!after) block_.begun.push_back(accounts[i]);
      if (follows_tokens() && !add(accounts[i], after)) break;
    }
    return std::move(block_);
  }

 private:
  bool follows_tokens() const {
    return material_.wants(EntryKind::enrollment) || material_.wants(EntryKind::visit) ||
           material_.wants(EntryKind::delivery);
  }

  /// The account, or a person's accounts from one on: the primary one first.
  std::vector<AccountId> accounts_from(AccountId first) {
    if (const auto* account = std::get_if<AccountTimeline>(&subject_)) return {account->account};
    if (const auto* of = std::get_if<EnrollmentTimeline>(&subject_)) return {of->enrollment.account};
    const PersonRecord& person = std::get<PersonTimeline>(subject_).person;
    std::vector<AccountId> accounts;
    if (!first || first == person.account) accounts.push_back(person.account);
    std::vector<RelationRecord> relations;
    // From the one that is asked for on; the primary one is before all of them.
    const AccountId after{accounts.empty() ? first.value - 1 : 0};
    material_.reader.relations_of(person.id, after, kMostAccounts + 1, relations);
    material_.rows += relations.size();
    for (const RelationRecord& relation : relations)
      accounts.push_back(relation.account);
    return accounts;
  }

  bool is_behind_end(AccountId account) const {
    if (!end_) return false;
    if (account == end_->account) return !end_->token;
    const AccountId primary = own_account(subject_);
    return account != primary && (end_->account == primary || account > end_->account);
  }
  bool is_behind_end(const TokenRecord& token, Order order) const {
    if (!end_ || token.account != end_->account) return false;
    return order == Order::ascending ? token.id > end_->token : token.id < end_->token;
  }

  /// What begins when it has ended is none of its people's.
  bool is_behind_enrollment(const TokenRecord& token) const {
    const auto* of = std::get_if<EnrollmentTimeline>(&subject_);
    return of && is_final(of->enrollment.state) && of->enrollment.ended_at &&
           token.entered_at > *of->enrollment.ended_at;
  }

  /// False where no more are followed.
  bool add(AccountId account, TokenId after) {
    EnrollmentSearch search;
    search.account = account;
    search.ways = Ways::told;
    search.page.order = material_.search.order;
    if (after) search.page.after = after;
    if (const auto* of = std::get_if<EnrollmentTimeline>(&subject_)) {
      search.page.order = Order::ascending;
      if (!after) search.page.after = TokenId{of->enrollment.id.value - 1};
    } else if (!after && !material_.goes_up()) {
      search.page.after = TokenId{newest_};
    }
    if (material_.search.versions) {
      search.where.emplace();
      // Whoever was moved has done something in another version than the present one.
      for (const VersionId version : material_.versions.of_same_journeys(*material_.search.versions))
        search.where->push_back({version, kNoNode});
    }
    for (TokenId reached = after;;) {
      if (rows_ >= most_rows_ || followed_ >= most_tokens_) {
        if (!reached) block_.begun.pop_back();
        block_.next = TokenPlace{account, reached};
        return false;
      }
      std::vector<TokenRecord> found;
      search.page.limit = std::min<std::size_t>(most_tokens_ - followed_, 1'000);
      search.most_rows = std::min<std::size_t>(most_rows_ - rows_, 1'000);
      const Searched<TokenId> searched = material_.reader.enrollments(search, found);
      rows_ += searched.is_end ? found.size() : search.most_rows;
      material_.rows += found.size();
      for (TokenRecord& token : found) {
        if (is_behind_enrollment(token)) return true;
        if (is_behind_end(token, search.page.order)) {
          block_.next = *end_;
          return false;
        }
        if (!is_about_subject(token)) continue;
        // Those that have nothing to tell on this page count as well: the block is the same on all of its pages.
        ++followed_;
        if (may_tell(token)) block_.tokens.push_back(std::move(token));
      }
      if (searched.is_end) return true;
      search.page.after = reached = searched.next;
    }
  }

  bool is_about_subject(const TokenRecord& token) const {
    if (const auto* of = std::get_if<EnrollmentTimeline>(&subject_))
      return token.id == of->enrollment.id || token.parent == of->enrollment.id;
    if (!material_.person) return true;
    // What an account's token has promised is a person's as well.
    return token.person == material_.person || (!token.person && material_.wants(EntryKind::delivery));
  }

  /// Whether it did anything behind where the page begins and within the span.
  bool may_tell(const TokenRecord& token) {
    if (!material_.may_have_been_in_wanted(token)) return false;
    const Span& span = material_.search.span;
    if (span.until && token.entered_at >= *span.until) return false;
    if (span.since && token.ended_at && is_final(token.state) && *token.ended_at < *span.since) return false;
    if (!material_.from) return true;
    if (material_.goes_up()) return !is_final(token.state) || !token.ended_at || *token.ended_at >= material_.from->at;
    return token.entered_at <= material_.from->at;
  }

  Material& material_;
  const TimelineSubject& subject_;
  const TokenPlace begin_;
  const std::optional<TokenPlace> end_;
  const std::int64_t newest_;
  const std::size_t most_tokens_;
  const std::size_t most_rows_;
  std::size_t rows_ = 0;
  std::size_t followed_ = 0;
  Block block_;
};

/// Where the first page begins: nothing where it is the beginning.
std::optional<EntryPosition> beginning(const TimelineSearch& search) {
  const bool goes_up = search.order == Order::ascending;
  const std::optional<Instant>& edge = goes_up ? search.span.since : search.span.until;
  if (!edge) return std::nullopt;
  return EntryPosition{*edge, kLeast, 0, 0, 0};
}

bool is_beyond(const EntryPosition& position, const TimelineSearch& search) {
  if (search.order == Order::ascending) return search.span.until && position.at >= *search.span.until;
  return search.span.since && position.at < *search.span.since;
}

class PageReader {
 public:
  PageReader(JourneyLibrary& library, Reader& reader, const TimelineSubject& subject, const TimelineSearch& search)
      : material_{reader, search, {}, {}, {}, VersionsOfTokens(library, reader)}, subject_(subject) {
    if (search.after) cursor_ = *search.after;
    material_.from = cursor_.last ? cursor_.last : beginning(search);
    if (const auto* of = std::get_if<PersonTimeline>(&subject)) material_.person = of->person.id;
    if (const auto* of = std::get_if<EnrollmentTimeline>(&subject)) material_.enrollment = of->enrollment.id;
    if (cursor_.newest_token == 0) {
      const Reader::Greatest greatest = reader.greatest();
      cursor_.newest_token = greatest.token.value + 1;
      cursor_.newest_event = greatest.activity + 1;
    }
  }

  TimelinePage read() {
    Block block = Collector(material_, subject_, cursor_).collect();
    cursor_.end = block.next;
    open(block);
    std::size_t looked_at = 0;
    while (Stream* next = nearest()) {
      if (page_.entries.size() == material_.search.limit || looked_at == material_.search.most_looked_at) {
        return finish(cursor_);
      }
      cursor_.last = *next->head();
      ++looked_at;
      std::optional<TimelineEntry> entry = next->take();
      if (entry && material_.wants(kind_of(*entry))) page_.entries.push_back(std::move(*entry));
    }
    if (!block.next) return finish(std::nullopt);
    return finish(TimelineCursor{{}, cursor_.newest_event, cursor_.newest_token, *block.next, {}, true});
  }

 private:
  TimelinePage finish(const std::optional<TimelineCursor>& next) {
    page_.next = next;
    page_.rows_read = material_.rows + material_.versions.rows();
    return std::move(page_);
  }

  void open(Block& block) {
    const bool is_of_enrollment = static_cast<bool>(material_.enrollment);
    const bool has_others = !cursor_.is_later && !material_.search.versions && !is_of_enrollment;
    if (has_others && material_.wants(EntryKind::event)) {
      // Going up, what came meanwhile is on the way, where it happened behind what was told.
      const std::int64_t last = material_.goes_up() ? kGreatest : cursor_.newest_event - 1;
      streams_.push_back(std::make_unique<EventStream>(material_, own_account(subject_), last));
    }
    if (material_.wants(EntryKind::note)) {
      for (const AccountId account : block.begun)
        streams_.push_back(std::make_unique<NoteStream>(material_, account));
    }
    if (has_others && material_.wants(EntryKind::group) && !material_.person) {
      std::vector<NameId> interests;
      material_.reader.interests_of(own_account(subject_), interests);
      for (const NameId interest : interests)
        streams_.push_back(std::make_unique<GroupStream>(material_, own_account(subject_), interest));
    }
    streams_.push_back(std::make_unique<TokensStream>(material_, std::move(block.tokens)));
  }

  /// The one whose entry is next, within the span; null where there is none.
  Stream* nearest() {
    Stream* best = nullptr;
    for (const auto& stream : streams_) {
      const EntryPosition* head = stream->head();
      if (!head || is_beyond(*head, material_.search)) continue;
      if (!best || (material_.goes_up() ? *head < *best->head() : *head > *best->head())) best = stream.get();
    }
    return best;
  }

  Material material_;
  const TimelineSubject& subject_;
  TimelineCursor cursor_;
  std::vector<std::unique_ptr<Stream>> streams_;
  TimelinePage page_;
};

}  // namespace

std::string_view word_for(EntryKind kind) {
  switch (kind) {
    case EntryKind::event: return "event";
    case EntryKind::enrollment: return "enrollment";
    case EntryKind::visit: return "visit";
    case EntryKind::delivery: return "delivery";
    case EntryKind::note: return "note";
    case EntryKind::group: return "group";
  }
  return "";
}

EntryKind kind_of(const TimelineEntry& entry) {
  struct {
    EntryKind operator()(const ActivityRecord&) const { return EntryKind::event; }
    EntryKind operator()(const EnrollmentHappened&) const { return EntryKind::enrollment; }
    EntryKind operator()(const VisitHappened&) const { return EntryKind::visit; }
    EntryKind operator()(const DeliveryRecord&) const { return EntryKind::delivery; }
    EntryKind operator()(const TimelineNote&) const { return EntryKind::note; }
    EntryKind operator()(const TimelineChange&) const { return EntryKind::group; }
  } kind;
  return std::visit(kind, entry);
}

TimelinePage read_timeline(JourneyLibrary& library, Reader& reader, const TimelineSubject& subject,
                           const TimelineSearch& search) {
  return PageReader(library, reader, subject, search).read();
}

/// Milliseconds: no time of a store is further from 1970.
constexpr std::int64_t kFurthest = std::int64_t{1} << 53;

// The text of a cursor: numbers joined by commas; a dash where there is none.

std::string to_text(const TimelineCursor& cursor) {
  std::string text;
  const auto add = [&](std::optional<std::int64_t> number) {
    if (!text.empty()) text += ',';
    text += number ? std::to_string(*number) : "-";
  };
  const auto& last = cursor.last;
  add(last ? std::optional<std::int64_t>(last->at.time_since_epoch().count()) : std::nullopt);
  add(last ? std::optional(last->source) : std::nullopt);
  add(last ? std::optional(last->first) : std::nullopt);
  add(last ? std::optional(last->second) : std::nullopt);
  add(last ? std::optional(last->third) : std::nullopt);
  add(cursor.newest_event);
  add(cursor.newest_token);
  add(cursor.begin.account.value);
  add(cursor.begin.token.value);
  add(cursor.end ? std::optional(cursor.end->account.value) : std::nullopt);
  add(cursor.end ? std::optional(cursor.end->token.value) : std::nullopt);
  add(cursor.is_later ? 1 : 0);
  return text;
}

std::optional<TimelineCursor> parse_timeline_cursor(std::string_view text) {
  std::array<std::optional<std::int64_t>, 12> numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t comma = text.find(',');
    if ((comma == std::string_view::npos) != (i + 1 == numbers.size())) return std::nullopt;
    const std::string_view part = text.substr(0, comma);
    if (part != "-") {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
      if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
      numbers.at(i) = number;
    }
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  const auto value = [&](std::size_t i) { return numbers.at(i).value_or(0); };
  TimelineCursor cursor;
  if (numbers[0])
    cursor.last = EntryPosition{Instant(std::chrono::milliseconds(value(0))), value(1), value(2), value(3), value(4)};
  cursor.newest_event = value(5);
  cursor.newest_token = value(6);
  cursor.begin = {{value(7)}, {value(8)}};
  if (numbers[9]) cursor.end = TokenPlace{{value(9)}, {value(10)}};
  cursor.is_later = value(11) == 1;
  const bool is_made_here =
      value(0) > -kFurthest && value(0) < kFurthest &&
      std::all_of(numbers.begin() + 5, numbers.end(), [](const auto& number) { return number.value_or(0) >= 0; });
  return is_made_here ? std::optional(cursor) : std::nullopt;
}

}  // namespace caravan
