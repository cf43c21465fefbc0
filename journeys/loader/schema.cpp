// schema.yaml:
//
//     schema:
//       account:
//         industry: text
//         employees: {type: whole_number, summary: People on the payroll}
//       person:
//         title: text
#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

struct TypeName {
  std::string_view name;
  AttributeType type;
};
constexpr std::array<TypeName, 9> type_names = {{{"any", AttributeType::any},
                                                 {"text", AttributeType::text},
                                                 {"whole_number", AttributeType::whole_number},
                                                 {"number", AttributeType::number},
                                                 {"flag", AttributeType::flag},
                                                 {"timestamp", AttributeType::timestamp},
                                                 {"duration", AttributeType::duration},
                                                 {"list", AttributeType::list},
                                                 {"map", AttributeType::map}}};

bool is_identifier(std::string_view name) {
  if (name.empty() || name.size() > 64 || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<AttributeType> read_type(const yaml::Entry& entry, Diagnostics& diagnostics) {
  const std::optional<std::string> written = read_text(entry, diagnostics);
  if (!written) return std::nullopt;
  std::vector<std::string_view> names;
  for (const TypeName& known : type_names) {
    if (known.name == *written) return known.type;
    names.push_back(known.name);
  }
  diagnostics.error(entry.value.place, "unknown type " + in_ticks(*written) + "; an attribute is " + listed(names),
                    did_you_mean(*written, owned(names)));
  return std::nullopt;
}

AttributeDefinition read_attribute(const yaml::Entry& entry, Diagnostics& diagnostics) {
  AttributeDefinition attribute{entry.key, AttributeType::any, "", entry.key_place};
  if (!entry.value.is(yaml::Kind::mapping)) {
    attribute.type = read_type(entry, diagnostics).value_or(AttributeType::any);
    return attribute;
  }
  Fields fields(entry.value, diagnostics);
  if (const yaml::Entry* type = fields.require("type", in_ticks(entry.key), entry.key_place)) {
    attribute.type = read_type(*type, diagnostics).value_or(AttributeType::any);
  }
  if (const yaml::Entry* summary = fields.find("summary"))
    attribute.summary = read_text(*summary, diagnostics).value_or("");
  fields.finish();
  return attribute;
}

std::vector<AttributeDefinition> read_attributes(const yaml::Entry& owner, Diagnostics& diagnostics) {
  std::vector<AttributeDefinition> attributes;
  if (!is_mapping(owner, diagnostics)) return attributes;
  for (const yaml::Entry& entry : owner.value.entries) {
    if (entry.key == "key") {
      diagnostics.error(entry.key_place, "every " + owner.key + " has a `key`; it needs no entry here");
    } else if (!is_identifier(entry.key)) {
      diagnostics.error(entry.key_place, "the name of an attribute must be letters, digits and underscores",
                        "expressions read it as `" + owner.key + ".name`");
    } else {
      attributes.push_back(read_attribute(entry, diagnostics));
      const bool is_email = owner.key == "person" && entry.key == "email";
      if (is_email && attributes.back().type != AttributeType::text) {
        diagnostics.error(entry.value.place, "a person's `email` is text");
      }
    }
  }
  return attributes;
}

}  // namespace

void read_schema(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  SchemaDefinition& schema = loading.workspace.schema;
  Fields fields(document.root, diagnostics);
  const yaml::Entry* body = fields.find("schema");
  fields.finish();
  if (body == nullptr || !is_mapping(*body, diagnostics)) return;
  schema.written = true;
  Fields records(body->value, diagnostics);
  if (const yaml::Entry* account = records.find("account")) schema.account = read_attributes(*account, diagnostics);
  if (const yaml::Entry* person = records.find("person")) schema.person = read_attributes(*person, diagnostics);
  records.not_supported({"event", "events"});
  records.finish();
}

}  // namespace caravan::loader
