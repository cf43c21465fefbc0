// Accounts, people and events from CSV: what each column means is settled with the header, then every record is a walk
// along its fields.

#include <stdexcept>

#include "engine/intake/event_parts.hpp"
#include "engine/intake/relations.hpp"
#include "engine/intake/values.hpp"

namespace caravan {
namespace {

enum class Role { attribute, key, account, account_role, other_accounts, event_part };

struct Column {
  std::string shown;      ///< as the file names it
  std::string attribute;  ///< empty for the key and the account
  Role role = Role::attribute;
  EventPart part = EventPart::type;  ///< for Role::event_part
  AttributeType type = AttributeType::any;
};

class CsvInputs final : public InputReader {
 public:
  CsvInputs(ByteSource& source, IntakeSettings settings)
      : settings_(std::move(settings)), reader_(source, settings_.delimiter, settings_.limits) {
    read_header();
  }

  std::optional<std::variant<IntakeLine, IntakeProblem>> next() override {
    auto step = reader_.next();
    if (!step) return std::nullopt;
    if (auto* problem = std::get_if<IntakeProblem>(&*step)) return std::move(*problem);
    const auto& record = std::get<CsvRecord>(*step);
    IntakeLine line{.line = record.line, .input = {}};
    std::string reason = fault_of(record);
    if (reason.empty())
      reason = settings_.kind == RecordKind::event ? read_event(record, line.input) : read_record(record, line);
    if (!reason.empty()) return IntakeProblem{record.line, std::move(reason)};
    return line;
  }

 private:
  void read_header() {
    auto step = reader_.next();
    if (!step) throw std::runtime_error("there is no header line: the file is empty");
    if (auto* problem = std::get_if<IntakeProblem>(&*step)) throw std::runtime_error("the header: " + problem->reason);
    const auto& record = std::get<CsvRecord>(*step);
    for (const std::string_view name : record.fields) {
      if (!is_utf8(name)) throw std::runtime_error("the header is not UTF-8");
      columns_.emplace_back().shown = std::string(name);
    }
    const bool is_of_people = settings_.kind == RecordKind::person;
    if (settings_.kind != RecordKind::event)
      give_role(settings_.key, Role::key, is_of_people ? "--person-key-column" : "--key-column");
    if (is_of_people) give_role(settings_.account, Role::account, "--account-column");
    for (Column& column : columns_) {
      if (column.role == Role::attribute) name_attribute(column);
    }
    if (settings_.kind == RecordKind::event) find_event_parts();
    if (is_of_people) find_accounts();
  }

  void find_event_parts() {
    for (Column& column : columns_) {
      const std::optional<EventPart> part = event_part_named(column.attribute);
      if (!part) continue;
      column.role = Role::event_part;
      column.part = *part;
    }
    if (!has(EventPart::type)) fail_without("type");
    if (!has(EventPart::account) && !has(EventPart::person)) fail_without("person\" or \"account");
  }

  void find_accounts() {
    for (Column& column : columns_) {
      if (column.attribute == kAccountRole) column.role = Role::account_role;
      if (column.attribute == kOtherAccounts) column.role = Role::other_accounts;
    }
  }

  bool has(EventPart part) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const Column& column) { return column.role == Role::event_part && column.part == part; });
  }

  [[noreturn]] void fail_without(const std::string& name) const {
    throw std::runtime_error("no column \"" + name + "\" among: " + shown_columns() + "; " +
                             delimiter_meant().value_or("name it with --rename"));
  }

  std::string shown_columns() const {
    std::string shown;
    for (const Column& column : columns_)
      shown += (shown.empty() ? "" : ", ") + column.shown;
    return shown.size() > 400 ? shown.substr(0, 400) + " ..." : shown;
  }

  /// The option that reads the file where its header is one column for want of another delimiter; else nothing.
  std::optional<std::string> delimiter_meant() const {
    if (columns_.size() != 1) return std::nullopt;
    constexpr std::array<std::pair<char, std::string_view>, 4> common = {
        {{';', "';'"}, {'\t', "tab"}, {'|', "'|'"}, {',', "','"}}};
    for (const auto& [delimiter, written] : common) {
      if (delimiter == settings_.delimiter || columns_[0].shown.find(delimiter) == std::string::npos) continue;
      return "its fields seem to be divided otherwise: --delimiter " + std::string(written);
    }
    return std::nullopt;
  }

  /// The column of that name, as the file has it or as an attribute would have it.
  void give_role(const std::string& name, Role role, std::string_view option) {
    const auto named = [&](const Column& column) { return column.shown == name; };
    const auto means = [&](const Column& column) { return attribute_name_of_column(column.shown) == name; };
    auto found = std::find_if(columns_.begin(), columns_.end(), named);
    if (found == columns_.end()) found = std::find_if(columns_.begin(), columns_.end(), means);
    if (found != columns_.end()) {
      found->role = role;
      return;
    }
    throw std::runtime_error("no column \"" + name + "\" among: " + shown_columns() + "; " +
                             delimiter_meant().value_or("name it with " + std::string(option)));
  }

  void name_attribute(Column& column) {
    const auto rename = settings_.renames.find(column.shown);
    column.attribute = rename != settings_.renames.end() ? rename->second : attribute_name_of_column(column.shown);
    const std::string shown = "column \"" + column.shown + "\"";
    if (!is_attribute_name(column.attribute))
      throw std::runtime_error(shown + " gives no attribute name; use --rename");
    if (column.attribute == "key" && settings_.kind != RecordKind::event) {
      throw std::runtime_error(shown + " would be the attribute `key`, which every record has; use --rename");
    }
    for (const Column& other : columns_) {
      if (&other != &column && other.attribute == column.attribute) {
        throw std::runtime_error("columns \"" + other.shown + "\" and \"" + column.shown +
                                 "\" would both be the attribute `" + column.attribute + "`; use --rename");
      }
    }
    const auto is_column = [&](const std::string& name) { return name == column.shown || name == column.attribute; };
    const bool is_text = std::any_of(settings_.text_columns.begin(), settings_.text_columns.end(), is_column);
    const auto declared = settings_.types.find(column.attribute);
    if (declared != settings_.types.end()) column.type = declared->second;
    if (is_text) column.type = AttributeType::text;
  }

  /// Why no record of the file can be like this; empty when one can.
  std::string fault_of(const CsvRecord& record) const {
    if (record.fields.size() != columns_.size()) {
      const std::string fields = record.fields.size() == 1 ? " field" : " fields";
      return std::to_string(record.fields.size()) + fields + ", where the header has " +
             std::to_string(columns_.size());
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!is_utf8(record.fields[i])) return "column \"" + columns_[i].shown + "\" is not UTF-8";
    }
    return {};
  }

  /// Why the event is refused; empty when `input` has it.
  std::string read_event(const CsvRecord& record, Input& input) {
    TellEvent event;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].role != Role::event_part || record.fields[i].empty()) continue;
      if (std::string reason = set_part(event, columns_[i].part, record.fields[i]); !reason.empty()) return reason;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      if (column.role != Role::attribute || record.fields[i].empty()) continue;
      const AttributeType declared = type_of_property(settings_, event.type, column.attribute);
      std::string reason = read_cell(column, record.fields[i],
                                     column.type == AttributeType::any ? declared : column.type, event.properties);
      if (!reason.empty()) return reason;
    }
    input = std::move(event);
    return {};
  }

  static std::string read_cell(const Column& column, std::string_view cell, AttributeType type, AttributeMap& to) {
    std::optional<AttributeInput> value = read_value(cell, type);
    if (!value)
      return "column \"" + column.shown + "\": " + quoted_value(cell) + " is not " + std::string(description_of(type));
    to.emplace_back(column.attribute, std::move(*value));
    return {};
  }

  /// Why the record is refused; empty when `line` has it.
  std::string read_record(const CsvRecord& record, IntakeLine& line) {
    UpsertPerson person;
    person.attributes.reserve(columns_.size());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (std::string reason = read_field(columns_[i], record.fields[i], person, line); !reason.empty()) return reason;
    }
    if (std::string problem = key_problem(person.key); !problem.empty()) return problem;
    for (RelatePerson& relation : line.relations)
      relation.person = person.key;
    if (settings_.kind == RecordKind::account) {
      line.input = UpsertAccount{.key = std::move(person.key), .attributes = std::move(person.attributes)};
    } else {
      line.input = std::move(person);
    }
    return {};
  }

  static std::string read_field(const Column& column, std::string_view cell, UpsertPerson& to, IntakeLine& line) {
    if (cell.empty()) return {};
    switch (column.role) {
      case Role::key: to.key = cell; break;
      case Role::account: to.account = cell; break;
      case Role::account_role: to.account_role = cell; break;
      case Role::other_accounts: {
        Relations relations = relations_in_cell(cell);
        line.relations = std::move(relations.accounts);
        return std::move(relations.problem);
      }
      case Role::attribute: return read_cell(column, cell, column.type, to.attributes);
      case Role::event_part: break;
    }
    return {};
  }

  const IntakeSettings settings_;
  CsvReader reader_;
  std::vector<Column> columns_;
};

}  // namespace

std::unique_ptr<InputReader> read_csv(ByteSource& source, IntakeSettings settings) {
  return std::make_unique<CsvInputs>(source, std::move(settings));
}

}  // namespace caravan
