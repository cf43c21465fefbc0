#pragma once
// What a store says of one account, in figures that two lives of it can be compared by: where it went in each journey,
// what it was sent, when it was handed to sales, how its buying groups stand.

#include "engine/harness/version_names.hpp"

namespace caravan {

/// What is counted. A subject is an account; in a journey for people, a person.
struct FigureKey {
  enum class Kind {
    entered,
    completed,
    left,
    failed,
    under_way,
    reached_goal,
    visited,   ///< subjects who came to a node
    taken,     ///< subjects who took a path
    standing,  ///< subjects who are at a node at the end
    message,   ///< how many were promised
    handed_over,
    grouped,  ///< accounts that have a buying group
    stage,    ///< accounts whose group is at a stage
  };
  Kind kind = Kind::entered;
  std::string of;    ///< the journey, or the solution interest
  std::string node;  ///< its id; the message's name; the stage
  std::string path;
  auto operator<=>(const FigureKey&) const = default;
};

/// The name by which a person asks for a figure: `seeds/entered`, `seeds/path/by-size/large`, `sales/ai-driven-seeds`,
/// `groups/ai-driven-seeds/stage/Engaged`.
std::string to_text(const FigureKey& key);

struct SubjectFigures {
  std::map<FigureKey, std::int64_t> counts;
};

struct AccountFacts {
  std::map<std::string, SubjectFigures> subjects;  ///< by key
  std::map<std::string, Instant> handed_over;      ///< by solution interest: the first time
  std::map<std::string, double> completeness;      ///< by solution interest, of those that are published
  std::string why_untold;                          ///< what one of its enrollments did is gone; empty: all is told
};

class FactsReader {
 public:
  /// All outlive it. What is read is what `reader` sees.
  FactsReader(Reader& reader, NameBook& names, JourneyLibrary& library)
      : reader_(reader), names_(names), versions_(library, reader), definitions_(library.definitions()) {}

  AccountFacts facts_of(const AccountRecord& account);

 private:
  void read_token(const TokenRecord& token, SubjectFigures& to, AccountFacts& all);
  void read_groups(const AccountRecord& account, AccountFacts& to);

  Reader& reader_;
  NameBook& names_;
  AllNames versions_;
  std::shared_ptr<const Definitions> definitions_;
  std::vector<NoteRecord> notes_;  ///< of the account at hand
  std::vector<RunRecord> runs_;
};

}  // namespace caravan
