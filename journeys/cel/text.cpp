// Values as text, for people: what `caravan eval` prints, what tests compare and what error messages quote.

#include "journeys/cel/ast.hpp"
#include "journeys/cel/evaluation.hpp"
#include "journeys/cel/map.hpp"
#include "journeys/cel/object.hpp"
#include "journeys/cel/time.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

namespace {

constexpr int deepest = 12;

class Writer {
 public:
  explicit Writer(std::size_t longest) : longest_{longest} {}
  std::string take() { return std::move(text_); }

  void write(const Value& value, int depth = 0) {
    if (full() || depth > deepest) {
      if (!text_.ends_with("...")) text_ += "...";
      return;
    }
    switch (value.kind()) {
      case Kind::null: text_ += "null"; return;
      case Kind::boolean: text_ += value.as_boolean() ? "true" : "false"; return;
      case Kind::integer: text_ += std::to_string(value.as_integer()); return;
      case Kind::unsigned_integer: text_ += std::to_string(value.as_unsigned()) + "u"; return;
      case Kind::floating: return floating(value.as_floating());
      case Kind::string: text_ += quote(value.as_text().substr(0, longest_)); return;
      case Kind::bytes: text_ += quote_bytes(value.as_text().substr(0, longest_)); return;
      case Kind::list: return list(value.as_list(), depth);
      case Kind::map: return map(value.as_map(), depth);
      case Kind::timestamp: text_ += "timestamp(\"" + format_timestamp(value.as_timestamp()) + "\")"; return;
      case Kind::duration: text_ += "duration(\"" + format_duration(value.as_duration()) + "\")"; return;
      case Kind::type: text_ += value.as_text(); return;
      case Kind::optional: return optional(value, depth);
      case Kind::object: return object(value.as_object(), depth);
      case Kind::error: text_ += value.as_error().message; return;
      case Kind::absent: text_ += "absent"; return;
    }
  }

 private:
  bool full() const { return text_.size() >= longest_; }

  void floating(double value) {
    const std::string digits = format_double(value);
    text_ += digits;
    if (digits.find_first_not_of("-0123456789") == std::string::npos) text_ += ".0";
  }

  void list(std::span<const Value> elements, int depth) {
    text_ += '[';
    for (std::size_t i = 0; i < elements.size() && !full(); ++i) {
      if (i > 0) text_ += ", ";
      write(elements[i], depth + 1);
    }
    text_ += ']';
  }

  void map(const Map& map, int depth) {
    text_ += '{';
    bool first = true;
    for (const MapEntry& entry : map.entries()) {
      if (full()) break;
      if (!first) text_ += ", ";
      first = false;
      write(entry.key, depth + 1);
      text_ += ": ";
      write(entry.value, depth + 1);
    }
    text_ += '}';
  }

  void optional(const Value& value, int depth) {
    if (!value.held()) {
      text_ += "optional.none()";
      return;
    }
    text_ += "optional.of(";
    write(*value.held(), depth + 1);
    text_ += ')';
  }

  void object(const Object& object, int depth) {
    Evaluation evaluation;
    text_ += object.type().name();
    text_ += '{';
    const Value keys = object.keys(evaluation);
    bool first = true;
    for (const Value& key : keys.is(Kind::list) ? keys.as_list() : std::span<const Value>{}) {
      if (full()) break;
      if (!first) text_ += ", ";
      first = false;
      text_ += key.as_text();
      text_ += ": ";
      write(object.field(key.as_text(), evaluation), depth + 1);
    }
    text_ += '}';
  }

  std::size_t longest_;
  std::string text_;
};

}  // namespace

std::string to_text(const Value& value, std::size_t longest) {
  Writer writer{longest};
  writer.write(value);
  return writer.take();
}

std::string_view type_name(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return "null_type";
    case Kind::boolean: return "bool";
    case Kind::integer: return "int";
    case Kind::unsigned_integer: return "uint";
    case Kind::floating: return "double";
    case Kind::string: return "string";
    case Kind::bytes: return "bytes";
    case Kind::list: return "list";
    case Kind::map: return "map";
    case Kind::timestamp: return "google.protobuf.Timestamp";
    case Kind::duration: return "google.protobuf.Duration";
    case Kind::type: return "type";
    case Kind::optional: return "optional_type";
    case Kind::object: return value.as_object().type().name();
    case Kind::error: return "error";
    case Kind::absent: return "absent";
  }
  return "unknown";
}

}  // namespace caravan::cel
