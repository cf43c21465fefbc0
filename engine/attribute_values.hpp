#pragma once
// Between the two forms of a value: as a record keeps it and as an expression sees it.

#include "journeys/cel/evaluation.hpp"
#include "journeys/cel/value.hpp"
#include "storage/attributes.hpp"

namespace caravan {

/// An attribute as an expression's value. Texts stay in the record, which must outlive the evaluation.
cel::Value to_value(const AttributeValue& attribute, cel::Evaluation& evaluation);

/// An expression's value as an attribute to be kept; nothing for what cannot be kept (a type, an error, an object).
/// An unsigned integer beyond the signed range is kept as a real number, bytes are not kept.
std::optional<AttributeInput> to_input(const cel::Value& value);

/// An attribute on its way from one record to another.
AttributeInput to_input(const AttributeValue& attribute);

}  // namespace caravan
