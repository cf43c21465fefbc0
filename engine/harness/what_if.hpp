#pragma once
// The difference that other journeys would have made: what really happened and what would have, account by account.
// Both stores are gone through in the order of accounts, so that any number of accounts takes little memory.

#include "engine/harness/account_facts.hpp"
#include "engine/harness/what_if_run.hpp"

namespace caravan {

/// The keys of accounts (or people), the first of them.
struct WhoBehind {
  std::int64_t count = 0;
  std::vector<std::string> keys;
};

/// One figure of both lives, and who makes the difference.
struct WhatIfFigure {
  FigureKey key;
  std::int64_t before = 0;
  std::int64_t after = 0;
  WhoBehind more;   ///< who counts for it now and did not, or more often
  WhoBehind fewer;  ///< who did and does not now, or more seldom
  bool differs() const { return more.count + fewer.count > 0; }
};

/// Who is handed to sales at another time.
struct WhatIfShift {
  std::string account;
  std::chrono::milliseconds by{};  ///< negative: earlier
};
struct WhatIfShifts {
  std::int64_t count = 0;
  std::chrono::milliseconds sum{};   ///< of all
  std::vector<WhatIfShift> largest;  ///< the largest first, some of them
};

/// A solution interest in both lives.
struct WhatIfInterest {
  std::string interest;
  WhatIfShifts earlier;  ///< handed over in both
  WhatIfShifts later;
  std::int64_t groups_before = 0;  ///< those whose completeness is known
  std::int64_t groups_after = 0;
  double completeness_before = 0;  ///< the sum over these, in percent
  double completeness_after = 0;
  WhoBehind more_complete;  ///< of accounts that have a group in both
  WhoBehind less_complete;
  bool differs() const { return earlier.count + later.count + more_complete.count + less_complete.count > 0; }
};

struct WhatIfReport {
  WhatIfNotes notes;
  std::int64_t accounts = 0;          ///< that were compared; people without an account included
  std::int64_t untold = 0;            ///< accounts that were left out: production has let go what they did
  std::string why_untold;             ///< of the first of them
  WhoBehind differing;                ///< accounts that differ in anything
  std::vector<WhatIfFigure> figures;  ///< by key; those that are 0 in both lives are left out
  std::vector<WhatIfInterest> interests;
  bool differs() const { return differing.count > 0; }
  const WhatIfFigure* find(const FigureKey& key) const;
};

struct WhatIfBounds {
  std::size_t keys = 1'000;    ///< that are kept of a figure
  std::size_t shifts = 1'000;  ///< that are kept of an interest, each way
};

/// Told everybody behind every figure that differs, in the order of accounts, as they are found. `figure` is as
/// to_text() says, or `sales/INTEREST/earlier`, `.../later`, `groups/INTEREST/more-complete`, `.../less-complete`;
/// `how` is `+` or `-`, or by how many days earlier or later.
using WhatIfFound = std::function<void(const std::string& figure, const std::string& subject, const std::string& how)>;

/// `2 days`, `1.5 days`, `5 hours`, without a sign.
std::string to_words(std::chrono::milliseconds stretch);

/// A hand-over that is moved by less is at the same time: no engine does anything twice at the same millisecond.
inline constexpr std::chrono::milliseconds kSameTime = std::chrono::hours(1);

WhatIfReport compare(WhatIfWorld& world, const WhatIfBounds& bounds = {}, const WhatIfFound& found = {});

}  // namespace caravan
