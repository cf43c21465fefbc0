#include "journeys/dependencies.hpp"

namespace caravan {
namespace {

template <class Element>
void make_set(std::vector<Element>& elements) {
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
}

bool reads_variable(const cel::Reads& reads, Variable variable) {
  return std::binary_search(reads.variables.begin(), reads.variables.end(),
                            static_cast<cel::Slot>(static_cast<std::uint32_t>(variable)));
}

/// Whether a value of this type is or holds an object of `object`.
bool holds(const cel::Type& type, const std::shared_ptr<const cel::ObjectType>& object) {
  if (type.is(cel::Type::Form::object)) return type.object_type() == object;
  for (std::size_t i = 0; i < type.argument_count(); ++i) {
    if (holds(type.argument(i), object)) return true;
  }
  return false;
}

/// The attributes of one type of record that are read by their names.
std::vector<std::uint32_t> attributes_read(const cel::Reads& reads,
                                           const std::shared_ptr<const cel::ObjectType>& type) {
  std::vector<std::uint32_t> attributes;
  for (const cel::Reads::Field& field : reads.fields) {
    const auto id = static_cast<std::uint32_t>(field.id);
    if (field.type == type && id < first_builtin_field) attributes.push_back(id);
  }
  make_set(attributes);
  return attributes;
}

template <class FieldEnum>
bool reads_field(const cel::Reads& reads, const std::shared_ptr<const cel::ObjectType>& type, FieldEnum field) {
  return std::any_of(reads.fields.begin(), reads.fields.end(), [&](const cel::Reads::Field& read) {
    return read.type == type && static_cast<FieldEnum>(read.id) == field;
  });
}

bool reads_group(const cel::Reads& reads) {
  return std::find(reads.functions.begin(), reads.functions.end(), "group") != reads.functions.end();
}

void add_call(const cel::Reads::Call& call, Dependencies& dependencies) {
  if (call.function == "activity") {
    dependencies.time = true;
    if (call.literal) {
      dependencies.activity_types.push_back(*call.literal);
    } else {
      dependencies.any_activity = true;
    }
  } else {
    // Every other function of the domain asks for buying groups.
    dependencies.groups = true;
  }
}

}  // namespace

Dependencies dependencies_of(const cel::Program& program, const Vocabulary& vocabulary) {
  const cel::Reads& reads = program.reads();
  const cel::Type& result = program.result_type();
  Dependencies dependencies;
  dependencies.people = reads_variable(reads, Variable::people);
  dependencies.person = reads_variable(reads, Variable::person);
  dependencies.event = reads_variable(reads, Variable::event);
  dependencies.time = reads_variable(reads, Variable::now);
  dependencies.account_attributes = attributes_read(reads, vocabulary.account_type());
  dependencies.person_attributes = attributes_read(reads, vocabulary.person_type());
  const bool reads_account = reads_variable(reads, Variable::account);
  const bool reads_people = dependencies.people || dependencies.person;
  dependencies.any_account_attribute = reads_account && (reads.any_field || holds(result, vocabulary.account_type()));
  dependencies.any_person_attribute = reads_people && (reads.any_field || holds(result, vocabulary.person_type()));
  dependencies.people = dependencies.people || dependencies.any_person_attribute ||
                        reads_field(reads, vocabulary.person_type(), PersonField::account_role);
  const bool any_group_field = reads_group(reads) && (reads.any_field || holds(result, vocabulary.group_type()));
  dependencies.engagement = dependencies.any_person_attribute || any_group_field ||
                            reads_field(reads, vocabulary.person_type(), PersonField::engagement) ||
                            reads_field(reads, vocabulary.group_type(), GroupField::engagement) ||
                            reads_field(reads, vocabulary.group_type(), GroupField::raw_engagement);
  for (const cel::Reads::Call& call : reads.calls)
    add_call(call, dependencies);
  make_set(dependencies.activity_types);
  return dependencies;
}

void merge(Dependencies& dependencies, const Dependencies& other) {
  const auto add = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
    make_set(to);
  };
  add(dependencies.account_attributes, other.account_attributes);
  add(dependencies.person_attributes, other.person_attributes);
  add(dependencies.activity_types, other.activity_types);
  dependencies.any_account_attribute |= other.any_account_attribute;
  dependencies.any_person_attribute |= other.any_person_attribute;
  dependencies.people |= other.people;
  dependencies.groups |= other.groups;
  dependencies.engagement |= other.engagement;
  dependencies.any_activity |= other.any_activity;
  dependencies.time |= other.time;
  dependencies.event |= other.event;
  dependencies.person |= other.person;
}

}  // namespace caravan
