#pragma once
// Conditions taken apart: what && || ! and ?: join, down to the parts that only evaluation can answer, and what each of
// these answers for each value of the attribute it reads. On this both stand: the proof that nobody can take a path,
// and the search for values with which somebody does.

#include "engine/harness/explore_values.hpp"
#include "journeys/cel/probes.hpp"

namespace caravan::exploring {

/// What comes of a condition; one that fails does not match.
enum class Truth : std::uint8_t { no, yes, failed };

/// A condition, or a part of one that others are joined with.
struct Logic {
  enum class Form : std::uint8_t { leaf, constant, all_of, any_of, negation, choice } form = Form::constant;
  Truth constant = Truth::yes;
  std::size_t leaf = 0;  ///< in Leaves
  std::vector<Logic> parts;
  std::uint32_t offset = 0;  ///< in the text of the condition
  std::uint32_t length = 0;
};

/// A part that is not joined of others. The same text is the same leaf, whichever condition it stands in.
struct Leaf {
  std::string text;  ///< canonical
  /// The one attribute that it reads, where it reads nothing else that can change.
  std::optional<Quality> quality;
  /// What it comes to, by the values of `quality`.
  std::vector<Truth> answers;
  /// These values stand for all that there are: no other value makes it come to anything else, alone or together with
  /// the other exact leaves of the attribute.
  bool exact = false;
};

/// The leaves of conditions that are looked at together.
class Leaves {
 public:
  explicit Leaves(Instant now) : now_(now) {}

  /// Takes a condition apart. In event scope, `event` is of `event_type`.
  Logic add(const Expression& condition, const std::string& event_type = {});
  /// Everything was added: finds the values of each attribute and what each leaf comes to for them.
  void evaluate();

  const std::vector<Leaf>& all() const { return leaves_; }
  /// After evaluate(). Values that are found in the conditions come first, and what only a proof looks at behind them.
  const Values& values(const Quality& quality) const { return values_.at(quality).values; }
  /// How many of them are worth a try.
  std::size_t worth_trying(const Quality& quality) const { return values_.at(quality).worth_trying; }
  const Questions& questions() const { return questions_; }

 private:
  struct Choices {
    Values values;
    std::size_t worth_trying = 0;
  };
  Logic take_apart(const cel::Expression& expression, const std::string& event_type);
  std::size_t leaf_of(const cel::Expression& expression, const std::string& event_type);

  Instant now_;
  Questions questions_;
  std::vector<Leaf> leaves_;
  std::map<std::string, std::size_t, std::less<>> by_text_;
  std::map<Quality, Choices> values_;
};

/// What a condition comes to where its leaves come to what `of` says.
Truth truth_of(const Logic& logic, const std::function<Truth(std::size_t leaf)>& of);

/// The part of a condition that a probe watches; null where there is none.
const Logic* part_at(const Logic& logic, const cel::Condition& condition);

/// The leaves that a condition has, each once.
void leaves_of(const Logic& logic, std::set<std::size_t>& to);

}  // namespace caravan::exploring
