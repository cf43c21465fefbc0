#include "journeys/cel/parser.hpp"

#include <charconv>

#include "journeys/cel/lexer.hpp"
#include "journeys/cel/unicode.hpp"

namespace caravan::cel {

namespace {

struct BinaryOperator {
  Operator operation;
  int level;
};

/// Relations, then sums, then products; each level is left-associative.
constexpr int lowest_level = 1;
constexpr int highest_level = 3;

std::optional<BinaryOperator> binary_operator(const Lexeme& lexeme) {
  if (lexeme.token == Token::in) return BinaryOperator{Operator::in, 1};
  if (lexeme.token != Token::symbol) return std::nullopt;
  static constexpr std::pair<std::string_view, BinaryOperator> operators[] = {
      {"==", {Operator::equal, 1}},      {"!=", {Operator::not_equal, 1}}, {"<", {Operator::less, 1}},
      {"<=", {Operator::less_equal, 1}}, {">", {Operator::greater, 1}},    {">=", {Operator::greater_equal, 1}},
      {"+", {Operator::add, 2}},         {"-", {Operator::subtract, 2}},   {"*", {Operator::multiply, 3}},
      {"/", {Operator::divide, 3}},      {"%", {Operator::modulo, 3}},
  };
  for (const auto& [word, operation] : operators)
    if (word == lexeme.word) return operation;
  return std::nullopt;
}

class Parser {
 public:
  Parser(std::string_view source, const ParseOptions& options) : options_{options}, lexer_{source} { advance(); }

  ExpressionPtr whole() {
    ExpressionPtr result = conditional();
    if (current_.token != Token::end) unexpected("an operator or the end");
    return result;
  }

 private:
  /// Counts how deep the parser has descended, so that hostile nesting cannot exhaust the stack.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_{parser} {
      if (++parser_.level_ > parser_.options_.limits.nesting) parser_.too_deep(parser_.current_.offset);
    }
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] void too_deep(std::uint32_t offset) const {
    throw SyntaxError{
        offset,
        1,
        "the expression is nested too deeply (the limit is " + std::to_string(options_.limits.nesting) + " levels)",
        {}};
  }

  [[noreturn]] void unexpected(std::string_view wanted, std::string hint = {}) const {
    const std::string found = current_.token == Token::end ? "the end of the expression" : std::string{current_.word};
    if (hint.empty() && current_.token == Token::identifier &&
        (current_.word == "and" || current_.word == "or" || current_.word == "not"))
      hint = "\"and\" is written &&, \"or\" ||, \"not\" !";
    throw SyntaxError{current_.offset, std::max(current_.length, 1U),
                      "expected " + std::string{wanted} + ", found " + found, std::move(hint)};
  }

  void advance() {
    previous_end_ = current_.offset + current_.length;
    current_ = lexer_.next();
  }
  bool at(std::string_view symbol) const { return current_.token == Token::symbol && current_.word == symbol; }
  bool take(std::string_view symbol) {
    if (!at(symbol)) return false;
    advance();
    return true;
  }
  void expect(std::string_view symbol) {
    if (!take(symbol)) unexpected(symbol);
  }

  ExpressionPtr make(Form form, std::uint32_t offset) {
    if (++nodes_ > options_.limits.nodes)
      throw SyntaxError{
          offset,
          1,
          "the expression has too many parts (the limit is " + std::to_string(options_.limits.nodes) + ")",
          {}};
    auto result = std::make_unique<Expression>();
    result->form = form;
    result->offset = result->place = offset;
    return result;
  }

  /// Every node passes here once its children are known.
  ExpressionPtr finish(ExpressionPtr e) {
    e->length = previous_end_ - e->offset;
    for (const ExpressionPtr& child : e->children)
      e->depth = std::max(e->depth, child->depth + 1);
    if (e->depth > options_.limits.nesting) too_deep(e->place);
    return e;
  }

  ExpressionPtr conditional() {
    const Level level{*this};
    const std::uint32_t begin = current_.offset;
    ExpressionPtr condition = logical("||", Form::any_of);
    if (!at("?")) return condition;
    ExpressionPtr result = make(Form::conditional, begin);
    result->place = current_.offset;
    advance();
    result->children.push_back(std::move(condition));
    result->children.push_back(logical("||", Form::any_of));
    expect(":");
    result->children.push_back(conditional());
    return finish(std::move(result));
  }

  /// A chain of || or &&, flat however long: `a || b || c` is one node of three.
  ExpressionPtr logical(std::string_view symbol, Form form) {
    const auto part = [&] { return form == Form::any_of ? logical("&&", Form::all_of) : binary(lowest_level); };
    const std::uint32_t begin = current_.offset;
    ExpressionPtr first = part();
    if (!at(symbol)) return first;
    ExpressionPtr result = make(form, begin);
    result->place = current_.offset;
    add_part(*result, std::move(first));
    while (take(symbol))
      add_part(*result, part());
    return finish(std::move(result));
  }

  /// A part of the same form, which stood in brackets, joins the chain: && and || are associative.
  static void add_part(Expression& chain, ExpressionPtr part) {
    if (part->form != chain.form) {
      chain.children.push_back(std::move(part));
      return;
    }
    for (ExpressionPtr& inner : part->children)
      chain.children.push_back(std::move(inner));
  }

  ExpressionPtr binary(int level) {
    if (level > highest_level) return unary();
    const std::uint32_t begin = current_.offset;
    ExpressionPtr left = binary(level + 1);
    for (auto found = binary_operator(current_); found && found->level == level; found = binary_operator(current_)) {
      ExpressionPtr result = make(Form::binary, begin);
      result->operation = found->operation;
      result->place = current_.offset;
      advance();
      result->children.push_back(std::move(left));
      result->children.push_back(binary(level + 1));
      left = finish(std::move(result));
    }
    return left;
  }

  ExpressionPtr unary() {
    const Level level{*this};
    const std::uint32_t offset = current_.offset;
    if (take("!")) {
      ExpressionPtr result = make(Form::invert, offset);
      result->children.push_back(unary());
      return finish(std::move(result));
    }
    if (!take("-")) return member(primary(), offset);
    if (current_.token == Token::integer || current_.token == Token::floating) {
      ExpressionPtr number = literal(offset, true);
      return member(std::move(number), offset);
    }
    ExpressionPtr result = make(Form::negate, offset);
    result->children.push_back(unary());
    return finish(std::move(result));
  }

  /// Everything that follows a primary: .field, .?field, .method(...), [index], [?index]. `begin` is where the primary
  /// begins, its brackets included.
  ExpressionPtr member(ExpressionPtr target, std::uint32_t begin) {
    for (;;) {
      if (at(".")) {
        target = selection(std::move(target), begin);
      } else if (at("[")) {
        target = index(std::move(target), begin);
      } else if (at("{") && (target->form == Form::identifier || target->form == Form::select)) {
        throw SyntaxError{current_.offset, 1, "protobuf messages are not part of this language",
                          "a map is written {\"key\": value}"};
      } else {
        return target;
      }
    }
  }

  ExpressionPtr selection(ExpressionPtr target, std::uint32_t begin) {
    advance();
    const bool optional = take("?");
    const Lexeme name = current_;
    const bool is_word_of_the_language = name.token == Token::in || name.token == Token::true_ ||
                                         name.token == Token::false_ || name.token == Token::null;
    if (is_word_of_the_language)
      unexpected("a name after the dot", "such a word is a name in backticks: .`" + std::string{name.word} + "`");
    if (name.token != Token::identifier && name.token != Token::quoted_identifier) unexpected("a name after the dot");
    advance();
    const bool quoted = name.token == Token::quoted_identifier;
    const bool method = !optional && !quoted && at("(");
    ExpressionPtr result = make(method ? Form::call : Form::select, begin);
    result->name = quoted ? name.word.substr(1, name.word.size() - 2) : name.word;
    result->place = name.offset;
    result->optional = optional;
    result->method = method;
    result->children.push_back(std::move(target));
    if (!method) return finish(std::move(result));
    arguments(*result);
    return called(std::move(result));
  }

  ExpressionPtr index(ExpressionPtr target, std::uint32_t begin) {
    ExpressionPtr result = make(Form::index, begin);
    result->place = current_.offset;
    advance();
    result->optional = take("?");
    result->children.push_back(std::move(target));
    result->children.push_back(conditional());
    expect("]");
    return finish(std::move(result));
  }

  void arguments(Expression& call) {
    expect("(");
    while (!at(")")) {
      call.children.push_back(conditional());
      if (!take(",")) break;
    }
    expect(")");
  }

  ExpressionPtr called(ExpressionPtr call) {
    call = finish(std::move(call));
    return options_.macros ? expand_macro(std::move(call)) : std::move(call);
  }

  ExpressionPtr primary() {
    const std::uint32_t offset = current_.offset;
    switch (current_.token) {
      case Token::integer:
      case Token::floating: return literal(offset, false);
      case Token::string:
      case Token::bytes: {
        ExpressionPtr result = make(Form::literal, offset);
        result->name = current_.text;
        result->literal = current_.token == Token::string ? Value::string({}) : Value::bytes({});
        advance();
        return finish(std::move(result));
      }
      case Token::true_: return constant(Value::boolean(true));
      case Token::false_: return constant(Value::boolean(false));
      case Token::null: return constant(Value::null());
      case Token::identifier: return identifier(offset, false);
      default: break;
    }
    if (take(".")) return identifier(offset, true);
    if (at("[")) return list();
    if (at("{")) return map();
    if (!take("(")) unexpected("an expression");
    ExpressionPtr inner = conditional();
    expect(")");
    return inner;
  }

  ExpressionPtr constant(Value value) {
    ExpressionPtr result = make(Form::literal, current_.offset);
    result->literal = value;
    advance();
    return finish(std::move(result));
  }

  ExpressionPtr identifier(std::uint32_t offset, bool rooted) {
    if (current_.token != Token::identifier) unexpected("a name");
    if (is_reserved(current_.word))
      throw SyntaxError{
          current_.offset, current_.length, "\"" + std::string{current_.word} + "\" is a reserved word", {}};
    ExpressionPtr result = make(Form::identifier, offset);
    result->name = current_.word;
    result->place = current_.offset;
    result->rooted = rooted;
    advance();
    if (!at("(")) return finish(std::move(result));
    result->form = Form::call;
    arguments(*result);
    return called(std::move(result));
  }

  ExpressionPtr list() {
    ExpressionPtr result = make(Form::list, current_.offset);
    advance();
    while (!at("]")) {
      result->optional_parts.push_back(take("?"));
      result->children.push_back(conditional());
      if (!take(",")) break;
    }
    expect("]");
    return finish(std::move(result));
  }

  ExpressionPtr map() {
    ExpressionPtr result = make(Form::map, current_.offset);
    advance();
    while (!at("}")) {
      result->optional_parts.push_back(take("?"));
      result->children.push_back(conditional());
      expect(":");
      result->children.push_back(conditional());
      if (!take(",")) break;
    }
    expect("}");
    return finish(std::move(result));
  }

  ExpressionPtr literal(std::uint32_t offset, bool negative) {
    ExpressionPtr result = make(Form::literal, offset);
    result->literal = current_.token == Token::floating ? floating(negative) : integer(negative);
    advance();
    return finish(std::move(result));
  }

  [[noreturn]] void out_of_range(std::string_view type) const {
    throw SyntaxError{current_.offset,
                      current_.length,
                      std::string{current_.word} + " is out of the range of " + std::string{type},
                      {}};
  }

  Value floating(bool negative) const {
    double value = 0;
    const std::string_view word = current_.word;
    const auto result = std::from_chars(word.data(), word.data() + word.size(), value);
    if (result.ec != std::errc{} && !reads_as_tiny(word)) out_of_range("double");
    return Value::floating(negative ? -value : value);
  }

  /// from_chars reports numbers too small for a double as it does those too large; the small ones are zero.
  static bool reads_as_tiny(std::string_view word) {
    return word.find("e-") != word.npos || word.find("E-") != word.npos;
  }

  Value integer(bool negative) const {
    std::string_view word = current_.word;
    const bool is_unsigned = word.ends_with('u') || word.ends_with('U');
    if (is_unsigned) word.remove_suffix(1);
    const int base = word.starts_with("0x") || word.starts_with("0X") ? 16 : 10;
    if (base == 16) word.remove_prefix(2);
    std::uint64_t magnitude = 0;
    const auto result = std::from_chars(word.data(), word.data() + word.size(), magnitude, base);
    if (result.ec != std::errc{}) out_of_range(is_unsigned ? "uint" : "int");
    if (is_unsigned) {
      if (negative) out_of_range("uint");
      return Value::unsigned_integer(magnitude);
    }
    constexpr std::uint64_t two_to_63 = std::uint64_t{1} << 63;
    if (magnitude > (negative ? two_to_63 : two_to_63 - 1)) out_of_range("int");
    return Value::integer(static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude));
  }

  const ParseOptions& options_;
  Lexer lexer_;
  Lexeme current_;
  std::uint32_t previous_end_ = 0;
  std::uint32_t level_ = 0;
  std::uint32_t nodes_ = 0;
};

}  // namespace

ExpressionPtr parse(std::string_view source, const ParseOptions& options, std::vector<Diagnostic>& diagnostics) {
  if (source.size() > options.limits.expression_length) {
    diagnostics.push_back(
        {0,
         1,
         "the expression is too long (the limit is " + std::to_string(options.limits.expression_length) + " bytes)",
         {}});
    return nullptr;
  }
  if (!is_valid_utf8(source)) {
    diagnostics.push_back({0, 1, "the expression is not valid UTF-8", {}});
    return nullptr;
  }
  try {
    return Parser{source, options}.whole();
  } catch (const SyntaxError& error) {
    diagnostics.push_back({error.offset, error.length, error.message, error.hint});
    return nullptr;
  }
}

}  // namespace caravan::cel
