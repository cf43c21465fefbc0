#include "journeys/yaml/reader.hpp"

#include <istream>
#include <set>
#include <streambuf>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "journeys/yaml/scalar_places.hpp"
#include "journeys/yaml/syntax_faults.hpp"

namespace caravan::yaml {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
/// More brackets than this that are never closed are no text; the scanner would keep each of them.
constexpr std::size_t open_brackets = 4096;

/// Thrown by the handler to leave the parser, after the fault has been reported.
struct Refused {};

/// An input stream over a text that stays where it is.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // the get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

/// Builds the tree from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceFile& file, std::size_t begin, std::size_t end, const Limits& limits,
              Diagnostics& diagnostics)
      : file_(file), begin_(begin), end_(end), limits_(limits), diagnostics_(diagnostics) {}

  std::vector<Node> take_documents() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    const std::size_t at = offset_of(mark);
    check_between_documents(at);
    const bool has_marker = source().substr(at, 3) == "---";
    if (!is_first_ && !has_marker) {
      refuse({&file_, at, 1}, "a document ends above, and this is not part of it",
             "begin another document with a line `---`, or check the indentation");
    }
    is_first_ = false;
  }

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    const std::size_t at = offset_of(mark);
    const std::string_view rest = source().substr(at);
    const bool is_written =
        rest.starts_with('~') || rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL");
    node.place = {&file_, at, !is_written ? 1U : rest.starts_with('~') ? 1U : 4U};
    check_properties(node, mark, "", anchor);
    add(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Node node;
    node.place = {&file_, offset_of(mark), word_length(offset_of(mark))};
    node.kind = Kind::broken;
    diagnostics_.error(node.place, "aliases are not part of the language", "write the value out");
    add(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Kind::scalar;
    node.text = value;
    node.begin = offset_of(mark);
    node.style = style_at(node.begin, tag);
    check_properties(node, mark, tag, anchor);
    if (node.kind == Kind::scalar) set_scalar_place(node);
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  std::size_t offset_of(const YAML::Mark& mark) const {
    return std::min(begin_ + static_cast<std::size_t>(std::max(mark.pos, 0)), end_);
  }

  /// Behind the last document only comments may stand.
  void check_rest() { check_between_documents(end_); }

  [[noreturn]] void refuse(const Place& place, std::string message, std::string hint = {}) {
    diagnostics_.error(place, std::move(message), std::move(hint));
    throw Refused();
  }

 private:
  /// A collection under construction.
  struct Open {
    Node node;
    std::optional<Node> key;  ///< of a mapping: the key whose value is next
    std::map<std::string, Place, std::less<>> keys;
  };

  std::string_view source() const { return std::string_view(file_.text).substr(0, end_); }

  std::size_t word_length(std::size_t at) const {
    const std::size_t end = source().find_first_of(" \t\r\n,]}", at);
    return std::max<std::size_t>(1, std::min(end, end_) - at);
  }

  Style style_at(std::size_t at, const std::string& tag) const {
    const char first = at < end_ ? file_.text[at] : '\0';
    if (tag == "?") return Style::plain;
    switch (first) {
      case '\'': return Style::single_quoted;
      case '"': return Style::double_quoted;
      case '|': return Style::literal;
      case '>': return Style::folded;
      default: return Style::plain;
    }
  }

  void set_scalar_place(Node& node) {
    const std::size_t begin = node.begin;
    const bool is_simple = node.is_plain() && source().substr(begin, node.text.size()) == node.text;
    if (is_simple) {
      node.place = {&file_, begin, std::max<std::size_t>(1, node.text.size())};
      return;
    }
    const ScalarPlaces places(source(), begin, node.style, node.text);
    if (!places.is_closed()) refuse({&file_, begin, 1}, "a quote is never closed");
    const bool is_block = node.style == Style::literal || node.style == Style::folded;
    const std::size_t from = is_block ? places.content_begin() : begin;
    const std::size_t line_end = std::min(source().find_first_of("\r\n", from), end_);
    const std::size_t stop = std::min(is_block ? line_end : places.end(), std::max(line_end, from));
    node.place = {&file_, from, std::max<std::size_t>(1, stop - std::min(stop, from))};
    if (node.style == Style::double_quoted && !is_text(node.text)) {
      diagnostics_.error(node.place, "an escape in this text makes a character that is not allowed");
      node.kind = Kind::broken;
    }
  }

  void check_properties(Node& node, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const std::size_t at = offset_of(mark);
    const char first = at < end_ ? file_.text[at] : '\0';
    const bool has_tag = first == '!' || !(tag.empty() || tag == "?" || tag == "!");
    const bool has_anchor = first == '&' || anchor != 0;
    if (has_tag || has_anchor) {
      node.kind = Kind::broken;
      node.place = {&file_, at, word_length(at)};
      diagnostics_.error(node.place,
                         has_tag ? "tags are not part of the language" : "anchors are not part of the language",
                         has_tag ? "quote text that begins with `!`" : "quote text that begins with `&`");
    }
    check_indentation(at);
  }

  void check_indentation(std::size_t at) {
    const std::optional<std::size_t> tab = tab_in_indentation(file_.text, at);
    if (tab) diagnostics_.error({&file_, *tab, 1}, "a tab cannot indent", "use spaces");
  }

  /// Directives (`%YAML 1.2`) stand before a document and leave no event.
  void check_between_documents(std::size_t at) {
    for (std::size_t line = after_last_; line < at;) {
      if (file_.text[line] == '%' && (line == 0 || file_.text[line - 1] == '\n')) {
        refuse({&file_, line, word_length(line)}, "directives are not part of the language", "take the line out");
      }
      const std::size_t next = source().find('\n', line);
      line = next == std::string_view::npos ? end_ : next + 1;
    }
  }

  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    Open opened;
    opened.node.kind = kind;
    const std::size_t at = offset_of(mark);
    opened.node.place = {&file_, at, 1};
    if (stack_.size() >= limits_.depth) {
      refuse(opened.node.place, "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    check_properties(opened.node, mark, tag, anchor);
    is_collection_broken_.push_back(opened.node.kind == Kind::broken);
    opened.node.kind = kind;
    stack_.push_back(std::move(opened));
  }

  void close() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    if (is_collection_broken_.back()) node.kind = Kind::broken;
    is_collection_broken_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (node.place.file != nullptr) after_last_ = std::max(after_last_, node.place.offset + node.place.length);
    if (stack_.empty()) {
      if (node.kind != Kind::null) documents_.push_back(std::move(node));
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      Node key = std::move(*parent.key);
      parent.key.reset();
      add_entry(parent, std::move(key), std::move(node));
    }
  }

  void add_entry(Open& parent, Node key, Node value) {
    if (key.kind == Kind::broken) return;
    if (key.kind != Kind::scalar) {
      const std::string message = key.kind == Kind::null ? "a key is missing here" : "a key must be plain text";
      diagnostics_.error(key.place, message);
      return;
    }
    if (key.is_plain() && key.text == "<<") {
      diagnostics_.error(key.place, "merge keys are not part of the language", "write the keys out");
      return;
    }
    const auto [before, is_new] = parent.keys.try_emplace(key.text, key.place);
    if (!is_new) {
      diagnostics_.error(key.place, "the key `" + shortened(key.text) + "` stands here twice",
                         "the first is in line " + std::to_string(position_of(before->second).line));
      return;
    }
    if (parent.node.entries.empty()) parent.node.place = key.place;
    parent.node.entries.push_back({std::move(key.text), key.place, std::move(value)});
  }

  const SourceFile& file_;
  std::size_t begin_;
  std::size_t end_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  std::vector<Open> stack_;
  std::vector<bool> is_collection_broken_;
  std::vector<Node> documents_;
  bool is_first_ = true;
  std::size_t after_last_ = begin_;  ///< behind the last node of the document before
};

/// Brackets that are opened and never closed, wherever they stand: the scanner remembers them all.
std::optional<std::size_t> endless_brackets(std::string_view text) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[' || text[i] == '{') ++open;
    if ((text[i] == ']' || text[i] == '}') && open > 0) --open;
    if (open > open_brackets) return i;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Node> read(const SourceFile& file, const Limits& limits, Diagnostics& diagnostics) {
  return read(file, 0, file.text.size(), limits, diagnostics);
}

std::vector<Node> read(const SourceFile& file, std::size_t begin, std::size_t length, const Limits& limits,
                       Diagnostics& diagnostics) {
  if (file.text.size() > limits.bytes) {
    diagnostics.error({&file, 0, 0}, "the file is larger than " + std::to_string(limits.bytes) + " bytes");
    return {};
  }
  if (!check_text(file, diagnostics)) return {};
  const std::size_t end = begin + length;
  if (begin == 0 && std::string_view(file.text).starts_with(byte_order_mark)) begin += byte_order_mark.size();
  const std::string_view text = std::string_view(file.text).substr(begin, end - begin);
  if (const std::optional<std::size_t> at = endless_brackets(text)) {
    diagnostics.error({&file, begin + *at, 1}, "nested deeper than " + std::to_string(limits.depth) + " levels");
    return {};
  }

  TextBuffer buffer(text);
  std::istream stream(&buffer);
  TreeBuilder builder(file, begin, end, limits, diagnostics);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    builder.check_rest();
  } catch (const Refused&) {
    // Reported where it was found.
  } catch (const YAML::Exception& exception) {
    report_syntax_fault(file, builder.offset_of(exception.mark), end, exception.msg, diagnostics);
  } catch (const std::exception& exception) {
    diagnostics.error({&file, begin, 0}, std::string("this cannot be read: ") + exception.what());
  }
  return builder.take_documents();
}

}  // namespace caravan::yaml
