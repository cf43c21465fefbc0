#pragma once
// The keys of every document and of what stands inside of one, node types apart: the table that editor schemas are made
// from. A test compares it with what the loader takes.

#include "journeys/editor_schema.hpp"

namespace caravan::editor {

/// How a key holds its values.
enum class Form {
  one,
  list,        ///< of any length
  some,        ///< a list of at least one
  several,     ///< one, or a list of them
  any_number,  ///< the same, and the list may be empty
  by_name,     ///< a mapping from names (`crm`)
};

struct Key {
  std::string_view name;
  std::string_view holds;  ///< a part of this table, or a value that editor_values.cpp knows
  std::string_view summary;
  bool required = false;
  Form form = Form::one;
  std::vector<std::string_view> choices = {};  ///< for `choice`
  std::int64_t minimum = 0;                    ///< for `whole-number`
  std::int64_t maximum = 0;
};

/// A mapping.
struct Part {
  std::string_view name;
  std::vector<Key> keys;
  /// Exactly one of these keys must be there; empty: no such rule.
  std::vector<std::string_view> one_of = {};
  /// At least one of these must be there; empty: no such rule.
  std::vector<std::string_view> any_of = {};
  bool takes_columns = false;  ///< any value may be a text with `${column}` instead
};

// What the tables are written with.
Key key(std::string_view name, std::string_view holds, std::string_view summary, Form form = Form::one);
Key choice(std::string_view name, std::vector<std::string_view> choices, std::string_view summary);
Key number(std::string_view name, std::int64_t minimum, std::int64_t maximum, std::string_view summary);
Key needed(Key key);

/// Those of scenarios.
std::vector<Part> scenario_parts();

/// What is read as one of several parts, by what its key `type` says.
struct PartsByType {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> parts;  ///< the type, and the part
};

std::span<const Part> parts();
std::span<const PartsByType> parts_by_type();

}  // namespace caravan::editor
