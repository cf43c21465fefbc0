#pragma once
// The rules of intake.hpp for names and values, one function each.

#include "journeys/definitions.hpp"
#include "storage/attributes.hpp"

namespace caravan {

/// The attribute that a CSV column gives; empty when nothing of its name can be kept.
std::string attribute_name_of_column(std::string_view column);

/// Whether an expression can say `account.NAME`.
bool is_attribute_name(std::string_view name);

/// What a CSV cell that is not empty holds, when nothing says its type.
AttributeInput infer_value(std::string_view cell);

/// Reads a CSV cell as the schema's type. Nothing when it is none of that type; lists and maps are JSON.
std::optional<AttributeInput> read_value(std::string_view cell, AttributeType type);

/// Makes a value that came with a type fit the schema's: a whole number is a number, an ISO text a timestamp. False
/// when it does not fit; null always does.
bool fit_value(AttributeInput& value, AttributeType type);

/// Why a text cannot be a key; empty when it can. Keys are 1 to 255 bytes of UTF-8 without control characters.
std::string key_problem(std::string_view key);

bool is_utf8(std::string_view text);

/// The value that a file has, for the sentence that refuses it: in quotes, and cut where it is long.
std::string quoted_value(std::string_view text);

}  // namespace caravan
