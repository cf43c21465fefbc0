#pragma once
// What expressions see of a subject: accounts and people as objects read in place from their records, the journey at
// hand, and the answers of the domain's functions.

#include "engine/attribute_values.hpp"
#include "engine/event_object.hpp"
#include "engine/journey_library.hpp"
#include "engine/score_book.hpp"
#include "engine/subject.hpp"
#include "journeys/vocabulary.hpp"

namespace caravan {

/// The facts of one subject at a time. `about` says which; values given out are valid until the next call of it.
class SubjectFacts final : public Facts {
 public:
  SubjectFacts(Reader& reader, NameBook& names, ScoreBook& scores) : reader_(reader), names_(names), scores_(scores) {}

  /// What is said of buying groups from now on; null: what each journey was published with.
  void define(std::shared_ptr<const Definitions> definitions) { definitions_ = std::move(definitions); }

  /// Within a journey. `token` may be null: of an account that is not in it.
  void about(Subject& subject, const RunnableJourney& journey, const TokenRecord* token, Instant now);
  /// Outside of journeys: expressions of the workspace that were compiled in it.
  void about(Subject& subject, const Workspace& workspace, Instant now);
  /// The person at hand; null for none.
  void person(const PersonRecord* person) { person_ = person; }
  /// The event at hand; null for none.
  void event(const Event* event) { event_ = event; }
  /// The subject's people or groups have changed.
  void changed() {
    people_.clear();
    people_made_ = false;
  }

  cel::Value variable(Variable variable, cel::Evaluation& evaluation) override;
  bool has_group(std::string_view interest) override;
  std::optional<GroupFacts> group(std::string_view interest) override;
  std::int64_t group_members(std::string_view interest, std::string_view role) override;
  std::string_view role(const cel::Value& person, std::string_view interest) override;
  bool was_removed(const cel::Value& person, std::string_view interest) override;
  cel::Value activity(const cel::Value& subject, std::string_view type, Instant since,
                      cel::Evaluation& evaluation) override;
  Instant now() override { return now_; }
  /// The journey's, else the account's where the configuration names the attribute that says it, else the workspace's.
  const std::string& timezone() override;

 private:
  /// An account or a person.
  class RecordObject final : public cel::Object {
   public:
    RecordObject(const SubjectFacts& facts, const cel::ObjectType& type, const AccountRecord& account)
        : facts_(&facts), type_(&type), key_(&account.key), attributes_(&account.attributes) {}
    RecordObject(const SubjectFacts& facts, const cel::ObjectType& type, const PersonRecord& person)
        : facts_(&facts), type_(&type), key_(&person.key), attributes_(&person.attributes), person_(&person) {}
    const cel::ObjectType& type() const override { return *type_; }
    cel::Value field(cel::FieldId id, cel::Evaluation& evaluation) const override;
    cel::Value field(std::string_view name, cel::Evaluation& evaluation) const override;
    bool has(cel::FieldId id, cel::Evaluation& evaluation) const override;
    cel::Value keys(cel::Evaluation& evaluation) const override;
    bool equals(const cel::Object& other) const override;
    PersonId person() const { return person_ ? person_->id : PersonId{}; }

   private:
    const SubjectFacts* facts_;
    const cel::ObjectType* type_;
    const std::string* key_;
    const Attributes* attributes_;
    const PersonRecord* person_ = nullptr;  ///< null: an account
  };
  class JourneyObject final : public cel::Object {
   public:
    explicit JourneyObject(const SubjectFacts& facts) : facts_(&facts) {}
    const cel::ObjectType& type() const override;
    cel::Value field(cel::FieldId id, cel::Evaluation& evaluation) const override;
    cel::Value field(std::string_view name, cel::Evaluation& evaluation) const override;
    cel::Value keys(cel::Evaluation& evaluation) const override;

   private:
    const SubjectFacts* facts_;
  };

  RecordObject person_object(const PersonRecord& person) const;
  const GroupRecord* find_group(std::string_view interest);
  const MemberRecord* find_member(const cel::Value& person, std::string_view interest);
  const InterestPlan* find_plan(std::string_view interest);

  Reader& reader_;
  NameBook& names_;
  ScoreBook& scores_;
  std::shared_ptr<const Definitions> definitions_;
  Subject* subject_ = nullptr;
  const Workspace* workspace_ = nullptr;
  const RunnableJourney* journey_ = nullptr;  ///< null: outside of journeys
  const TokenRecord* token_ = nullptr;
  const PersonRecord* person_ = nullptr;
  const Event* event_ = nullptr;
  std::string account_zone_;  ///< the last one that an account named and that exists
  Instant now_{};
  std::optional<RecordObject> account_object_;
  std::optional<RecordObject> current_person_;
  std::optional<JourneyObject> journey_object_;
  std::vector<RecordObject> people_objects_;
  std::vector<cel::Value> people_;
  bool people_made_ = false;
};

}  // namespace caravan
