#pragma once
// From a file of accounts, people or events to the engine's inputs, one at a time: CSV with a header line, or JSON
// lines (one object a line). A line that cannot be taken is a value with its number and reason, and reading goes on.
//
// Attribute names. A CSV column gives the attribute of its name in lower case with every run of other characters than
// letters, digits and `_` made one `_`: `GICS Sector` is `gics_sector`. A JSON member keeps its name where an
// expression can say it, and is treated like a column where not. Renames are applied to the names as the file has them.
//
// Values. JSON values keep their types; null takes an attribute out. An empty CSV cell says nothing: the attribute
// stays as it is. Of the other cells `true` and `false` (in any case) are flags; whole numbers without leading zeros or
// a plus sign that fit 64 bits are integers; decimals of at most 15 digits are numbers; dates (`2026-01-05`) and times
// with their zone (`2026-01-05T09:00:00Z`) are timestamps, a date being its midnight in UTC; all else is text, and so
// are the text columns. An attribute that the schema declares takes the schema's type instead, and a value that does
// not fit it refuses the line.
//
// People. `account_role` (after renames) is what a person is in their account, and `accounts` are the others that they
// belong to, each with a role (relations.hpp); neither is an attribute.
//
// Events. `type`, `account`, `person`, `id` and `at` (after renames) say what an event is, every other column or member
// is one of its properties. Which types the schema declares depends on the event's own type. Whether there is such an
// account or person, the engine says.

#include "engine/input.hpp"
#include "engine/intake/csv.hpp"
#include "journeys/definitions.hpp"

namespace caravan {

enum class RecordKind { account, person, event };

enum class TextFormat { csv, json_lines };

struct IntakeSettings {
  RecordKind kind = RecordKind::account;
  std::string key = "key";          ///< of accounts and people: the column or member that holds the key
  std::string account = "account";  ///< of people: the one that holds their account's key
  std::map<std::string, std::string, std::less<>> renames = {};  ///< from a name in the file to an attribute
  std::vector<std::string> text_columns = {};  ///< by name in the file or by attribute: never anything but text
  using Types = std::map<std::string, AttributeType, std::less<>>;
  Types types = {};                                            ///< what a schema declares, by attribute
  std::map<std::string, Types, std::less<>> event_types = {};  ///< of events: by type of event and property
  char delimiter = ',';
  CsvLimits limits = {};
};

/// How records of a kind are read: attributes, and properties of events, are of the types that the schema and Caravan's
/// own table of events give them. `schema` may be null.
IntakeSettings intake_for(RecordKind kind, const SchemaDefinition* schema);

struct IntakeLine {
  std::size_t line = 0;
  Input input;
  std::vector<RelatePerson> relations = {};  ///< of people: to be told after `input`
};

class InputReader {
 public:
  virtual ~InputReader() = default;
  /// Nothing at the end. Throws std::runtime_error when the rest cannot be read at all.
  virtual std::optional<std::variant<IntakeLine, IntakeProblem>> next() = 0;
};

/// Both read from `source`, which outlives them. The header is read at once: throws std::runtime_error when a column is
/// missing that must be there, or when two would be one attribute.
std::unique_ptr<InputReader> read_csv(ByteSource& source, IntakeSettings settings);
std::unique_ptr<InputReader> read_json_lines(ByteSource& source, IntakeSettings settings);

}  // namespace caravan
