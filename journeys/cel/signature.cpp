#include "journeys/cel/signature.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace caravan::cel {

namespace {

class SignatureReader {
 public:
  SignatureReader(std::string_view text, const FindType& find_type)
      : text_{text}, whole_{text}, find_type_{find_type} {}

  Signature signature() {
    Signature result;
    if (auto receiver = receiver_type()) {
      result.method = true;
      result.parameters.push_back(*receiver);
    }
    result.name = word(true);
    if (result.name.empty() || !take('(')) fail();
    while (!take(')')) {
      result.parameters.push_back(type());
      if (take(',')) continue;
      if (!take(')')) fail();
      break;
    }
    if (!take('-') || !take('>')) fail();
    result.result = type();
    skip();
    if (!text_.empty()) fail();
    return result;
  }

 private:
  [[noreturn]] void fail() const { throw std::invalid_argument{"not a signature: " + std::string{whole_}}; }

  void skip() {
    while (text_.starts_with(' '))
      text_.remove_prefix(1);
  }
  bool take(char symbol) {
    skip();
    if (!text_.starts_with(symbol)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string word(bool dots) {
    skip();
    std::size_t length = 0;
    while (length < text_.size()) {
      const char c = text_[length];
      const bool part =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (dots && c == '.');
      if (!part) break;
      ++length;
    }
    std::string result{text_.substr(0, length)};
    text_.remove_prefix(length);
    return result;
  }

  /// The type before a method's dot, when there is one.
  std::optional<Type> receiver_type() {
    const std::string_view start = text_;
    const std::string name = word(false);
    const bool generic = name == "list" || name == "map" || name == "optional" || name == "type";
    if (auto found = find(name); found && generic == text_.starts_with('(')) {
      Type type = complete(name, *found);
      if (take('.')) return type;
    }
    text_ = start;
    return std::nullopt;
  }

  Type type() {
    const std::string name = word(false);
    const auto found = find(name);
    if (!found) fail();
    return complete(name, *found);
  }

  std::optional<Type> find(std::string_view name) const {
    static const std::pair<std::string_view, Type> plain[] = {{"dyn", Type::dyn()},
                                                              {"null", Type::null()},
                                                              {"bool", Type::boolean()},
                                                              {"int", Type::integer()},
                                                              {"uint", Type::unsigned_integer()},
                                                              {"double", Type::floating()},
                                                              {"string", Type::string()},
                                                              {"bytes", Type::bytes()},
                                                              {"timestamp", Type::timestamp()},
                                                              {"duration", Type::duration()},
                                                              {"list", Type::dyn()},
                                                              {"map", Type::dyn()},
                                                              {"optional", Type::dyn()},
                                                              {"type", Type::dyn()}};
    for (const auto& [known, type] : plain)
      if (known == name) return type;
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') return Type::parameter(name);
    if (find_type_)
      if (auto object = find_type_(name)) return Type::object(std::move(object));
    return std::nullopt;
  }

  /// Reads the parameters of `list(A)` and its like.
  Type complete(std::string_view name, const Type& plain) {
    const bool is_map = name == "map";
    if (!is_map && name != "list" && name != "optional" && name != "type") return plain;
    if (!take('(')) fail();
    Type first = type();
    Type result;
    if (is_map) {
      if (!take(',')) fail();
      result = Type::map(std::move(first), type());
    } else {
      result = name == "list"   ? Type::list(std::move(first))
               : name == "type" ? Type::type_of(std::move(first))
                                : Type::optional(std::move(first));
    }
    if (!take(')')) fail();
    return result;
  }

  std::string_view text_;
  std::string_view whole_;
  const FindType& find_type_;
};

}  // namespace

Signature parse_signature(std::string_view text, const FindType& find_type) {
  return SignatureReader{text, find_type}.signature();
}

std::string Signature::text() const {
  std::string result;
  if (method) result = parameters[0].text() + ".";
  result += name + "(";
  for (std::size_t i = method ? 1 : 0; i < parameters.size(); ++i) {
    if (!result.ends_with('(')) result += ", ";
    result += parameters[i].text();
  }
  return result + ") -> " + this->result.text();
}

}  // namespace caravan::cel
