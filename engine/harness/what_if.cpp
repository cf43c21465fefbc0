#include "engine/harness/what_if.hpp"

namespace caravan {
namespace {

constexpr std::size_t kAccountsAtOnce = 256;
/// Less is the noise of rounding.
constexpr double kSameCompleteness = 0.5;

class Comparison {
 public:
  Comparison(WhatIfWorld& world, const WhatIfBounds& bounds, const WhatIfFound& found)
      : world_(world),
        bounds_(bounds),
        found_(found),
        names_before_(*world.before),
        names_after_(*world.after),
        library_before_(*world.recorded, names_before_),
        library_after_(world.scratch->store(), names_after_),
        before_(*world.before, names_before_, library_before_),
        after_(*world.after, names_after_, library_after_) {}

  WhatIfReport run() {
    // Accounts of what would have been, each with the one that it was; then those that only were.
    each_account(*world_.after, [&](const AccountRecord& account) {
      const std::optional<AccountRecord> same = world_.before->account(account.key);
      compare(account.key, same ? before_.facts_of(*same) : AccountFacts{}, after_.facts_of(account));
    });
    each_account(*world_.before, [&](const AccountRecord& account) {
      if (!world_.after->account(account.key)) compare(account.key, before_.facts_of(account), {});
    });
    report_.notes = world_.notes;
    for (auto& [key, figure] : figures_)
      report_.figures.push_back(std::move(figure));
    for (auto& [name, interest] : interests_) {
      keep_largest(interest.earlier.largest);
      keep_largest(interest.later.largest);
      report_.interests.push_back(std::move(interest));
    }
    return std::move(report_);
  }

 private:
  template <class Take>
  static void each_account(Reader& reader, const Take& take) {
    std::vector<AccountRecord> accounts;
    for (AccountId first{1};;) {
      accounts.clear();
      reader.accounts_from(first, kAccountsAtOnce, accounts);
      if (accounts.empty()) return;
      first = AccountId{accounts.back().id.value + 1};
      for (const AccountRecord& account : accounts)
        take(account);
    }
  }

  void compare(const std::string& account, const AccountFacts& before, const AccountFacts& after) {
    if (!before.why_untold.empty() || !after.why_untold.empty()) {
      if (report_.untold++ == 0) report_.why_untold = before.why_untold.empty() ? after.why_untold : before.why_untold;
      return;
    }
    ++report_.accounts;
    bool differs = false;
    static const SubjectFigures nothing;
    for (const auto& [subject, facts] : before.subjects) {
      const auto other = after.subjects.find(subject);
      differs |= compare_counts(subject, facts, other == after.subjects.end() ? nothing : other->second);
    }
    for (const auto& [subject, facts] : after.subjects) {
      if (!before.subjects.contains(subject)) differs |= compare_counts(subject, nothing, facts);
    }
    differs |= compare_sales(account, before, after);
    differs |= compare_groups(account, before, after);
    if (differs) add(report_.differing, account);
  }

  bool compare_counts(const std::string& subject, const SubjectFigures& before, const SubjectFigures& after) {
    bool differs = false;
    const auto count = [&](const FigureKey& key, std::int64_t was, std::int64_t is) {
      WhatIfFigure& figure = figures_[key];
      figure.key = key;
      figure.before += was;
      figure.after += is;
      if (was == is) return;
      differs = true;
      add(is > was ? figure.more : figure.fewer, subject);
      if (found_) found_(to_text(key), subject, is > was ? "+" : "-");
    };
    for (const auto& [key, was] : before.counts) {
      const auto is = after.counts.find(key);
      count(key, was, is == after.counts.end() ? 0 : is->second);
    }
    for (const auto& [key, is] : after.counts) {
      if (!before.counts.contains(key)) count(key, 0, is);
    }
    return differs;
  }

  bool compare_sales(const std::string& account, const AccountFacts& before, const AccountFacts& after) {
    bool differs = false;
    for (const auto& [interest, was] : before.handed_over) {
      const auto is = after.handed_over.find(interest);
      if (is == after.handed_over.end()) continue;
      const std::chrono::milliseconds by = is->second - was;
      if (std::chrono::abs(by) < kSameTime) continue;
      differs = true;
      WhatIfInterest& to = interest_of(interest);
      const bool is_earlier = by.count() < 0;
      add(is_earlier ? to.earlier : to.later, {account, by});
      if (found_) found_("sales/" + interest + (is_earlier ? "/earlier" : "/later"), account, to_words(by));
    }
    return differs;
  }

  bool compare_groups(const std::string& account, const AccountFacts& before, const AccountFacts& after) {
    bool differs = false;
    for (const auto& [interest, was] : before.completeness) {
      WhatIfInterest& to = interest_of(interest);
      ++to.groups_before;
      to.completeness_before += was;
      const auto is = after.completeness.find(interest);
      if (is == after.completeness.end() || std::abs(is->second - was) < kSameCompleteness) continue;
      differs = true;
      const bool is_more = is->second > was;
      add(is_more ? to.more_complete : to.less_complete, account);
      if (found_)
        found_("groups/" + interest + (is_more ? "/more-complete" : "/less-complete"), account, is_more ? "+" : "-");
    }
    for (const auto& [interest, is] : after.completeness) {
      WhatIfInterest& to = interest_of(interest);
      ++to.groups_after;
      to.completeness_after += is;
    }
    return differs;
  }

  void add(WhoBehind& who, const std::string& key) const {
    ++who.count;
    if (who.keys.size() < bounds_.keys) who.keys.push_back(key);
  }

  void keep_largest(std::vector<WhatIfShift>& shifts) const {
    std::stable_sort(shifts.begin(), shifts.end(), [](const WhatIfShift& left, const WhatIfShift& right) {
      return std::chrono::abs(left.by) > std::chrono::abs(right.by);
    });
    if (shifts.size() > bounds_.shifts) shifts.resize(bounds_.shifts);
  }

  /// Keeps the largest: twice as many as are wanted are gathered, then the smaller half is let go.
  void add(WhatIfShifts& shifts, WhatIfShift shift) const {
    ++shifts.count;
    shifts.sum += shift.by;
    shifts.largest.push_back(std::move(shift));
    if (shifts.largest.size() > 2 * bounds_.shifts) keep_largest(shifts.largest);
  }

  WhatIfInterest& interest_of(const std::string& name) {
    WhatIfInterest& interest = interests_[name];
    interest.interest = name;
    return interest;
  }

  WhatIfWorld& world_;
  const WhatIfBounds& bounds_;
  const WhatIfFound& found_;
  NameBook names_before_;
  NameBook names_after_;
  JourneyLibrary library_before_;
  JourneyLibrary library_after_;
  FactsReader before_;
  FactsReader after_;
  std::map<FigureKey, WhatIfFigure> figures_;
  std::map<std::string, WhatIfInterest> interests_;
  WhatIfReport report_;
};

}  // namespace

std::string to_words(std::chrono::milliseconds stretch) {
  const auto in_words = [](std::int64_t tenths, std::string_view unit) {
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + " " + std::string(unit) + (tenths == 10 ? "" : "s");
  };
  const auto tenths_of = [&](std::chrono::milliseconds unit) {
    return (std::chrono::abs(stretch).count() * 10 + unit.count() / 2) / unit.count();
  };
  const bool is_short = std::chrono::abs(stretch) < std::chrono::hours(24);
  return is_short ? in_words(tenths_of(std::chrono::hours(1)), "hour")
                  : in_words(tenths_of(std::chrono::hours(24)), "day");
}

const WhatIfFigure* WhatIfReport::find(const FigureKey& key) const {
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const WhatIfFigure& each) { return each.key == key; });
  return found == figures.end() ? nullptr : &*found;
}

WhatIfReport compare(WhatIfWorld& world, const WhatIfBounds& bounds, const WhatIfFound& found) {
  return Comparison(world, bounds, found).run();
}

}  // namespace caravan
