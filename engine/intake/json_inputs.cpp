// Accounts, people and events from JSON lines. Every line is parsed on its own, within limits on its length and depth;
// its numbers, texts, lists and maps become attributes as they stand.

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include "engine/intake/event_parts.hpp"
#include "engine/intake/relations.hpp"
#include "engine/intake/values.hpp"

namespace caravan {
namespace {

namespace json = boost::json;

/// Nothing for a number that no attribute can hold.
std::optional<AttributeInput> to_input(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return AttributeInput{};
    case json::kind::bool_: return AttributeInput{value.get_bool()};
    case json::kind::int64: return AttributeInput{value.get_int64()};
    case json::kind::uint64: return AttributeInput{static_cast<double>(value.get_uint64())};
    case json::kind::double_:
      if (!std::isfinite(value.get_double())) return std::nullopt;
      return AttributeInput{value.get_double()};
    case json::kind::string: return AttributeInput{std::string(value.get_string())};
    case json::kind::array: {
      AttributeList list;
      for (const json::value& element : value.get_array()) {
        std::optional<AttributeInput> input = to_input(element);
        if (!input) return std::nullopt;
        list.push_back(std::move(*input));
      }
      return AttributeInput{std::move(list)};
    }
    case json::kind::object: {
      AttributeMap map;
      for (const auto& [name, element] : value.get_object()) {
        std::optional<AttributeInput> input = to_input(element);
        if (!input) return std::nullopt;
        map.emplace_back(std::string(name), std::move(*input));
      }
      return AttributeInput{std::move(map)};
    }
  }
  return std::nullopt;
}

/// A key or an account may be written as a whole number.
std::optional<std::string> text_of(const json::value& value) {
  if (const json::string* text = value.if_string()) return std::string(*text);
  if (const std::int64_t* number = value.if_int64()) return std::to_string(*number);
  return std::nullopt;
}

/// A text is quoted as it is, all else as JSON has it.
std::string quoted_value(const json::value& value) {
  if (const json::string* text = value.if_string()) return caravan::quoted_value(std::string_view(*text));
  const std::string written = json::serialize(value);
  return written.size() <= 60 ? written : written.substr(0, 60) + "...";
}

/// The line's object without what only the parser knows. Depth counts the line's own object.
json::parse_options options() {
  json::parse_options options;
  options.max_depth = kAttributeDepth;
  return options;
}

class JsonInputs final : public InputReader {
 public:
  JsonInputs(ByteSource& source, IntakeSettings settings)
      : settings_(std::move(settings)), window_(source), parser_({}, options()) {}

  std::optional<std::variant<IntakeLine, IntakeProblem>> next() override {
    while (true) {
      const std::size_t end = find_end();
      if (end == 0 && window_.pending().empty()) return std::nullopt;
      ++line_;
      if (end > settings_.limits.record_bytes) {
        skip_line();
        return IntakeProblem{line_, "longer than " + std::to_string(settings_.limits.record_bytes) + " bytes"};
      }
      std::string_view text = window_.pending().substr(0, end);
      if (line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
      const bool is_blank = text.find_first_not_of(" \t\r") == std::string_view::npos;
      IntakeLine line{.line = line_, .input = {}};
      field_.clear();
      std::string reason = is_blank ? std::string() : read_line(text, line);
      window_.consume(std::min(end + 1, window_.pending().size()));
      if (is_blank) continue;
      if (!reason.empty()) return IntakeProblem{line_, std::move(reason), std::exchange(field_, {})};
      return line;
    }
  }

 private:
  /// Where the line ends; somewhere beyond the limit when it is too long.
  std::size_t find_end() {
    std::size_t searched = 0;
    while (true) {
      const std::size_t end = window_.pending().find('\n', searched);
      if (end != std::string_view::npos) return end;
      searched = window_.pending().size();
      if (searched > settings_.limits.record_bytes || !window_.more()) return window_.pending().size();
    }
  }

  void skip_line() {
    while (true) {
      const std::size_t end = window_.pending().find('\n');
      const bool is_here = end != std::string_view::npos;
      window_.consume(is_here ? end + 1 : window_.pending().size());
      if (is_here || !window_.more()) return;
    }
  }

  /// Why the text is refused; empty when `line` has it.
  std::string read_line(std::string_view text, IntakeLine& line) {
    json::monotonic_resource memory(buffer_.data(), buffer_.size());
    parser_.reset(&memory);
    json::error_code error;
    parser_.write(text, error);
    if (error == json::error::extra_data) return "more than one JSON value";
    if (error) return "not JSON: " + error.message();
    const json::value value = parser_.release();
    const json::object* object = value.if_object();
    if (!object) return "not a JSON object; each line is one, such as {\"key\": \"acme\", \"employees\": 4200}";
    return settings_.kind == RecordKind::event ? read_event(*object, line.input) : read_object(*object, line);
  }

  /// The name of an attribute or property that a member gives; empty when it gives none.
  std::string name_of(const std::string& member) const {
    std::string name = member;
    if (const auto rename = settings_.renames.find(member); rename != settings_.renames.end()) {
      name = rename->second;
    } else if (!is_attribute_name(member)) {
      name = attribute_name_of_column(member);
    }
    return name.size() > 255 ? std::string() : name;
  }

  /// Why the event is refused; empty when `input` has it.
  std::string read_event(const json::object& object, Input& input) {
    TellEvent event;
    for (const auto& [member, value] : object) {
      field_ = member;
      const std::optional<EventPart> part = event_part_named(name_of(field_));
      if (!part || value.is_null()) continue;
      const std::optional<std::string> text = text_of(value);
      if (!text) return "`" + std::string(member) + "` is not text";
      if (std::string reason = set_part(event, *part, *text); !reason.empty()) return reason;
    }
    field_ = "type";
    if (event.type.empty()) return "no `type`, which says what has happened";
    for (const auto& [member, value] : object) {
      const std::string shown(member);
      const std::string name = name_of(shown);
      if (event_part_named(name)) continue;
      field_ = shown;
      const AttributeType declared = type_of_property(settings_, event.type, name);
      if (std::string reason = read_member({shown, name}, value, declared, event.properties); !reason.empty())
        return reason;
    }
    input = std::move(event);
    return {};
  }

  /// Why the record is refused; empty when `line` has it.
  std::string read_object(const json::object& object, IntakeLine& line) {
    std::optional<std::string> key;
    UpsertPerson person;
    person.attributes.reserve(object.size());
    const bool is_of_people = settings_.kind == RecordKind::person;
    for (const auto& [member, value] : object) {
      const std::string shown(member);
      field_ = shown;
      if (shown == settings_.key) {
        key = text_of(value);
        if (!key) return "the key `" + shown + "` is not text";
        continue;
      }
      if (is_of_people && shown == settings_.account) {
        const std::optional<std::string> account = text_of(value);
        if (!account) return "the account's key `" + shown + "` is not text";
        person.account = *account;
        continue;
      }
      const Member named{shown, name_of(shown)};
      const bool is_of_accounts = is_of_people && (named.name == kAccountRole || named.name == kOtherAccounts);
      std::string reason = is_of_accounts ? read_of_accounts(named.name, value, person, line)
                                          : read_attribute(named, value, person.attributes);
      if (!reason.empty()) return reason;
    }
    field_ = settings_.key;
    if (!key) return "no `" + settings_.key + "`, which holds the key";
    if (std::string problem = key_problem(*key); !problem.empty()) return problem;
    person.key = std::move(*key);
    for (RelatePerson& relation : line.relations)
      relation.person = person.key;
    if (is_of_people) {
      line.input = std::move(person);
    } else {
      line.input = UpsertAccount{.key = std::move(person.key), .attributes = std::move(person.attributes)};
    }
    return {};
  }

  /// What a person is in their account, or the others that they belong to.
  static std::string read_of_accounts(std::string_view name, const json::value& value, UpsertPerson& person,
                                      IntakeLine& line) {
    if (name == kOtherAccounts) {
      Relations relations = relations_in_json(value);
      line.relations = std::move(relations.accounts);
      return std::move(relations.problem);
    }
    person.account_role = value.is_null() ? std::string() : text_of(value);
    return person.account_role ? std::string() : "`" + std::string(name) + "` is not text";
  }

  struct Member {
    const std::string& shown;  ///< as the file names it
    std::string name;          ///< of the attribute; empty: none
  };

  std::string read_attribute(const Member& member, const json::value& value, AttributeMap& attributes) {
    if (member.name == "key")
      return "the member \"" + member.shown + "\" would be the attribute `key`, which every record has";
    const auto declared = settings_.types.find(member.name);
    const AttributeType type = declared == settings_.types.end() ? AttributeType::any : declared->second;
    return read_member(member, value, type, attributes);
  }

  /// Why the member is refused; empty when `attributes` has it.
  std::string read_member(const Member& member, const json::value& value, AttributeType type,
                          AttributeMap& attributes) {
    const auto& [shown, name] = member;
    if (name.empty()) return "the member \"" + shown.substr(0, 80) + "\" gives no attribute name";
    std::optional<AttributeInput> input = to_input(value);
    if (!input) return "`" + name + "` holds a number that is too great";
    const auto is_text = [&](const std::string& column) { return column == shown || column == name; };
    if (std::any_of(settings_.text_columns.begin(), settings_.text_columns.end(), is_text)) {
      if (std::optional<std::string> text = text_of(value)) input = AttributeInput{std::move(*text)};
    }
    if (!fit_value(*input, type))
      return "`" + name + "`: " + quoted_value(value) + " is not " + std::string(description_of(type));
    attributes.emplace_back(name, std::move(*input));
    return {};
  }

  const IntakeSettings settings_;
  Window window_;
  json::parser parser_;
  std::array<unsigned char, 8'192> buffer_{};  ///< of most lines' values; longer ones take more from the heap
  std::size_t line_ = 0;
  std::string field_;  ///< the member at hand, which a refusal is about
};

}  // namespace

std::unique_ptr<InputReader> read_json_lines(ByteSource& source, IntakeSettings settings) {
  return std::make_unique<JsonInputs>(source, std::move(settings));
}

}  // namespace caravan
