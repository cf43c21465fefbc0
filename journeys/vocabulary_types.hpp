#pragma once
// The object types that a vocabulary is made of, and the table of what each has. For vocabulary.cpp and its functions.

#include "journeys/vocabulary.hpp"

namespace caravan {

/// The type of accounts, people or events: closed when a schema says what they have, else open to every name.
class RecordType final : public cel::ObjectType {
 public:
  /// `names` outlives the type. `answered_as`: see cel::ObjectType.
  RecordType(std::string name, bool is_open, AttributeNames& names,
             std::shared_ptr<const cel::ObjectType> answered_as = nullptr);
  void add_builtin(std::string name, std::uint32_t id, cel::Type type);
  /// One that is there already stays as it is.
  void add_attribute(std::string_view name, AttributeType type);
  /// A name that nothing may read, open as the type may be, and why.
  void leave_out(std::string name, std::string_view why);
  /// One that is there already with another type may be either.
  void add_alternative(std::string_view name, AttributeType type);

  std::string_view name() const override { return name_; }
  std::optional<Field> field(std::string_view name) const override;
  std::vector<std::string> field_names() const override;
  std::string why_missing(std::string_view name) const override;
  std::shared_ptr<const cel::ObjectType> answered_as() const override { return answered_as_; }

 private:
  std::string name_;
  bool is_open_;
  AttributeNames& names_;
  std::shared_ptr<const cel::ObjectType> answered_as_;
  std::map<std::string, Field, std::less<>> fields_;
  std::map<std::string, std::string, std::less<>> left_out_;  ///< by name, why
};

std::shared_ptr<const cel::ObjectType> make_account_type(const SchemaDefinition& schema, AttributeNames& names);
std::shared_ptr<const cel::ObjectType> make_person_type(const SchemaDefinition& schema, const KnownNames& known,
                                                        AttributeNames& names);
std::shared_ptr<const cel::ObjectType> make_journey_type();
std::shared_ptr<const cel::ObjectType> make_group_type(const KnownNames& known);

/// What events may have that are of no particular type.
std::shared_ptr<const cel::ObjectType> make_event_type(const SchemaDefinition& schema, AttributeNames& names);
/// What events of one type have; `any` is what objects answer with.
std::shared_ptr<const cel::ObjectType> make_event_type(const SchemaDefinition& schema, std::string_view type,
                                                       AttributeNames& names,
                                                       const std::shared_ptr<const cel::ObjectType>& any);

/// Adds `group`, `has_group`, `count`, `role`, `was_removed` and `activity`. The environment has the types already.
/// `event_types` nothing: a literal may name any.
void add_domain_functions(cel::Environment& environment, const KnownNames& known,
                          const std::optional<std::vector<std::string>>& event_types);

}  // namespace caravan
