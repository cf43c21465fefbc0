#pragma once
// Buying groups as `caravan groups` shows and exports them: read page by page, so that any number of them takes little
// memory, and chosen by what a person asks for. Completeness and missing roles are those of what is published last.

#include <boost/json/object.hpp>

#include "engine/definitions.hpp"
#include "engine/name_book.hpp"
#include "storage/store.hpp"

namespace caravan {

/// Somebody asked for a thing by a name that it does not have; the sentence says which was meant.
class UnknownName : public std::runtime_error {
 public:
  /// What the name is of.
  enum class Of { interest, stage, role, other };
  explicit UnknownName(const std::string& sentence, Of of = Of::other) : std::runtime_error(sentence), of_(of) {}
  Of of() const { return of_; }

 private:
  Of of_;
};

/// Percent, or points of a score: whole numbers from `least` to `greatest`, both included.
struct HundredRange {
  std::int64_t least = 0;
  std::int64_t greatest = 100;
  /// By the number that is shown, which is rounded.
  bool contains(double value) const;
  bool operator==(const HundredRange&) const = default;
};

/// `50..80`, `50..`, `..80` or `50`. Nothing when it is none of these or not within 0 to 100.
std::optional<HundredRange> parse_hundred_range(std::string_view text);

/// Which groups; what is empty or nothing leaves out none.
struct GroupFilter {
  std::string account;  ///< a key
  std::string interest;
  std::string stage;
  std::string status;
  std::string missing;  ///< a role
  std::optional<HundredRange> completeness;
  std::optional<HundredRange> engagement;
};

/// A group with the names of its numbers.
struct GroupLine {
  GroupRecord record;
  AccountRecord account;
  std::string interest;
  std::string stage;                   ///< empty: none
  std::string status;                  ///< empty: none
  std::optional<double> completeness;  ///< nothing where the interest is not published any more
  std::vector<std::string> missing;    ///< roles, in order of priority
};

/// Throws UnknownName where nothing is published.
const Definitions& expect_definitions(const Definitions* definitions);
/// Throws UnknownName, with the nearest name, when the filter names a solution interest, stage or role that is not
/// published. `definitions` may be null: then none of these can be asked for.
void expect_known_names(const GroupFilter& filter, const Definitions* definitions);
/// The same of one solution interest. Gives its plan.
const InterestPlan& expect_interest(const std::string& interest, const Definitions* definitions);
void expect_role(const std::string& role, const InterestPlan& plan);
void expect_stage(const std::string& stage, const InterestPlan& plan);

/// Whether the filter leaves it; what it says of an account is not asked.
bool is_chosen(const GroupLine& line, const GroupFilter& filter);

class GroupReader {
 public:
  /// All outlive it; `definitions` may be null.
  GroupReader(Reader& reader, const NameBook& names, const Definitions* definitions)
      : reader_(reader), names_(names), definitions_(definitions) {}

  /// Called until it gives false.
  using Take = std::function<bool(const GroupLine&)>;
  /// Those that the filter leaves, by account. Throws UnknownName when it names an account that is not there.
  void each(const GroupFilter& filter, const Take& take);

  /// A group with its names.
  GroupLine line_of(GroupRecord record);

 private:
  void each_of_account(const GroupFilter& filter, const Take& take);
  const AccountRecord& account(AccountId id);

  Reader& reader_;
  const NameBook& names_;
  const Definitions* definitions_;
  AccountRecord account_;  ///< the one that was read last
};

/// The figure that is shown of a percentage or a score.
std::int64_t shown(double value);

/// A raw score as it is shown: `35.25`.
std::string with_two_decimals(double value);

/// How long ago something was, in its greatest unit: `12 min`, `5 h`, `31 d`.
std::string stretch_since(Instant since, Instant now);

boost::json::object as_json(const GroupLine& line);

}  // namespace caravan
