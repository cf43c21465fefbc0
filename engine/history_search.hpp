#pragma once
// Finds the enrollments whose history is to be let go: they ended longer ago than it is kept, and so did all that they
// have promised. Tokens are gone through page by page in the order of their numbers, which is that of their entry; of
// each page it is remembered when the next of it may be due, so that it is not read again before.

#include "journeys/definitions.hpp"
#include "storage/archive.hpp"

namespace caravan {

/// By when what an enrollment did may be let go; nothing: somebody may still add to it, or it is kept always.
std::optional<Instant> let_go_at(const EnrollmentHistory& history, const std::optional<CalendarDuration>& keep,
                                 std::string_view timezone);

/// Whether anything is ever let go.
bool lets_go(const HistoryDefinition& definition);

class HistorySearch {
 public:
  struct Portion {
    std::vector<EnrollmentHistory> history;  ///< in the order of enrollments
    TokenId next;                            ///< before it there is nothing left; none: as it was
    bool is_last = false;                    ///< of this search
  };
  struct Bounds {
    std::size_t page = 4'096;       ///< tokens
    std::size_t enrollments = 128;  ///< of a portion
    std::int64_t rows = 2'048;      ///< after which a portion ends
  };

  HistorySearch(HistoryDefinition definition, std::string timezone);
  HistorySearch(HistoryDefinition definition, std::string timezone, Bounds bounds);

  /// Begins to look for what is due at `now`.
  void begin(Reader& reader, Instant now);
  /// The next of it; it may be empty. Reads little more than a portion.
  Portion next(Reader& reader);
  /// What was found could not be let go: all of it is looked for anew.
  void give_up();

 private:
  using PageNumber = std::int64_t;
  /// What is known of a page that was gone through.
  struct Page {
    bool is_empty = true;           ///< there is nothing left in it
    std::optional<Instant> due_at;  ///< when the next of it may be due; nothing: never
  };

  const std::optional<CalendarDuration>& keep_of(VersionId version) const;
  PageNumber page_of(TokenId token) const { return token.value / static_cast<std::int64_t>(bounds_.page); }
  bool is_due(PageNumber page) const;
  TokenId first_of(PageNumber page) const;
  TokenId first_left(TokenId known) const;
  void look_on(Reader& reader, Portion& portion);
  void end_search();
  /// Looks at one enrollment; puts it into `portion` where it is due.
  void look_at(Reader& reader, const TokenRecord& token, Portion& portion);
  void note_left(std::optional<Instant> due_at);

  const HistoryDefinition definition_;
  const std::string timezone_;
  const Bounds bounds_;
  std::optional<CalendarDuration> shortest_;  ///< of all that is kept for a time
  std::map<PageNumber, Page> pages_;

  // Of the present search.
  Instant now_{};
  Instant newest_{};  ///< who entered later cannot be due
  std::map<VersionId, std::string> journeys_;
  TokenId last_;      ///< the greatest there is
  TokenId position_;  ///< tokens below have been looked at
  Page page_;         ///< the one at hand
};

}  // namespace caravan
