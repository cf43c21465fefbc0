#pragma once
// A subject of a rehearsal as a turn of this moment would see it: for conditions that a test asks.

#include "engine/harness/expectations.hpp"
#include "engine/subject_facts.hpp"

namespace caravan {

/// The subject as a turn of this moment would see it.
class FactsNow {
 public:
  explicit FactsNow(const ExpectedSubject& of)
      : reader_(of.rehearsal.reader()),
        scores_(reader_),
        subject_(*of.account),
        facts_(reader_, of.rehearsal.names(), scores_) {
    facts_.define(of.rehearsal.library().definitions());
    facts_.about(subject_, of.workspace, of.rehearsal.now());
    if (of.person) {
      person_ = subject_.find_person(reader_, of.person->id);
      facts_.person(person_);
    }
    set_facts(evaluation_, facts_);
  }

  /// Lives as long as this, and until the next one.
  cel::Value evaluate(const cel::Program& program) {
    FactsActivation activation(facts_);
    return program.evaluate(activation, evaluation_);
  }
  std::optional<GroupFacts> group(std::string_view interest) {
    return facts_.has_group(interest) ? facts_.group(interest) : std::nullopt;
  }

 private:
  Reader& reader_;
  ScoreBook scores_;
  Subject subject_;
  SubjectFacts facts_;
  cel::Evaluation evaluation_;
  const PersonRecord* person_ = nullptr;
};

}  // namespace caravan
