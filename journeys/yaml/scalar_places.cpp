#include "journeys/yaml/scalar_places.hpp"

namespace caravan::yaml {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_break(char c) {
  return c == '\n' || c == '\r';
}

/// Walks the source and the decoded text side by side. Where they do not agree (which only a decoder that reads
/// otherwise than this one could cause) it stops, and the rest of the text is placed there.
class Walk {
 public:
  Walk(std::string_view source, std::size_t at, std::string_view text, std::vector<std::size_t>& offsets)
      : source_(source), at_(at), text_(text), offsets_(offsets) {}

  std::size_t at() const { return at_; }

  void plain() {
    while (!is_done() && (fold() || same())) {
    }
    finish();
  }

  void single_quoted() {
    while (!is_done() && (fold() || doubled_quote() || same())) {
    }
    skip_fold();
    finish();
  }

  void double_quoted() {
    while (!is_done() && (continuation() || escape() || fold() || same())) {
    }
    while (continuation()) {
    }
    skip_fold();
    finish();
  }

  void block(Style style) {
    skip_line();
    const std::size_t indentation = block_indentation();
    skip_indentation(indentation);
    while (!is_done() && (block_break(style, indentation) || same())) {
    }
    finish();
  }

 private:
  bool is_done() const { return offsets_.size() >= text_.size(); }
  char wanted() const { return text_[offsets_.size()]; }
  bool has_source() const { return at_ < source_.size(); }
  char here() const { return source_[at_]; }
  char after(std::size_t count) const { return at_ + count < source_.size() ? source_[at_ + count] : '\0'; }

  void finish() {
    while (offsets_.size() <= text_.size())
      offsets_.push_back(at_);
  }

  bool same() {
    if (!has_source() || here() != wanted()) return false;
    offsets_.push_back(at_++);
    return true;
  }

  bool doubled_quote() {
    if (here() != '\'' || after(1) != '\'' || wanted() != '\'') return false;
    offsets_.push_back(at_);
    at_ += 2;
    return true;
  }

  /// A backslash at the end of a line joins the next to it.
  bool continuation() {
    if (!has_source() || here() != '\\' || !is_break(after(1))) return false;
    ++at_;
    skip_blanks_and_breaks();
    return true;
  }

  bool escape() {
    if (!has_source() || here() != '\\') return false;
    const char kind = after(1);
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    std::size_t bytes = kind == 'L' || kind == 'P' ? 3 : 1;
    if (digits > 0) bytes = utf8_length(source_.substr(std::min(at_ + 2, source_.size()), digits));
    for (; bytes > 0 && !is_done(); --bytes)
      offsets_.push_back(at_);
    at_ = std::min(at_ + 2 + digits, source_.size());
    return true;
  }

  static std::size_t utf8_length(std::string_view hexadecimal) {
    std::uint32_t value = 0;
    std::from_chars(hexadecimal.data(), hexadecimal.data() + hexadecimal.size(), value, 16);
    return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
  }

  bool is_at_fold() const {
    std::size_t i = at_;
    while (i < source_.size() && is_blank(source_[i]))
      ++i;
    return i < source_.size() && is_break(source_[i]);
  }

  /// Skips to the next line that is not empty; gives the number of line breaks.
  std::size_t skip_blanks_and_breaks() {
    std::size_t breaks = 0;
    for (; has_source() && (is_blank(here()) || is_break(here())); ++at_)
      breaks += here() == '\n' ? 1U : 0U;
    return breaks;
  }

  void skip_fold() {
    if (is_at_fold()) skip_blanks_and_breaks();
  }

  /// A line break within a flow scalar reads as a space, and each empty line as a line break.
  bool fold() {
    if (!has_source() || !is_at_fold() || (wanted() != ' ' && wanted() != '\n')) return false;
    const std::size_t begin = at_;
    const std::size_t breaks = std::max<std::size_t>(1, skip_blanks_and_breaks());
    const char folded = breaks == 1 ? ' ' : '\n';
    for (std::size_t i = 0; i < std::max<std::size_t>(1, breaks - 1) && !is_done() && wanted() == folded; ++i) {
      offsets_.push_back(begin);
    }
    return true;
  }

  void skip_line() {
    at_ = std::min(source_.find('\n', at_), source_.size());
    if (has_source()) ++at_;
  }

  /// How many spaces each line of a block loses: those of its first line with text, less those that the text kept.
  std::size_t block_indentation() const {
    std::size_t line = at_;
    std::size_t text_line = 0;
    while (line < source_.size()) {
      const std::size_t first = source_.find_first_not_of(' ', line);
      if (first == std::string_view::npos) return 0;
      if (!is_break(source_[first])) {
        const std::size_t kept = text_.find_first_not_of(' ', text_line);
        const std::size_t kept_spaces = kept == std::string_view::npos ? 0 : kept - text_line;
        return first - line - std::min(first - line, kept_spaces);
      }
      line = source_.find('\n', first) + 1;
      text_line = std::min(text_line + 1, text_.size());
    }
    return 0;
  }

  void skip_indentation(std::size_t indentation) {
    for (; indentation > 0 && has_source() && here() == ' '; --indentation)
      ++at_;
  }

  bool block_break(Style style, std::size_t indentation) {
    if (!has_source() || !is_break(here()) || (wanted() != ' ' && wanted() != '\n')) return false;
    const bool is_space = wanted() == ' ';
    offsets_.push_back(at_);
    const std::size_t begin = at_;
    skip_line();
    skip_indentation(indentation);
    if (style == Style::literal || is_space) return true;
    // In a folded block the empty lines between two lines are the breaks, one less than the source has.
    while (!is_done() && wanted() == '\n')
      offsets_.push_back(begin);
    while (has_source() && is_break(here())) {
      skip_line();
      skip_indentation(indentation);
    }
    return true;
  }

  std::string_view source_;
  std::size_t at_;
  std::string_view text_;
  std::vector<std::size_t>& offsets_;
};

}  // namespace

ScalarPlaces::ScalarPlaces(std::string_view source, std::size_t begin, Style style, std::string_view text) {
  const bool is_quoted = style == Style::single_quoted || style == Style::double_quoted;
  offsets_.reserve(text.size() + 1);
  Walk walk(source, std::min(begin + (is_quoted ? 1 : 0), source.size()), text, offsets_);
  switch (style) {
    case Style::plain: walk.plain(); break;
    case Style::single_quoted: walk.single_quoted(); break;
    case Style::double_quoted: walk.double_quoted(); break;
    case Style::literal:
    case Style::folded: walk.block(style); break;
  }
  is_closed_ = !is_quoted || walk.at() < source.size();
  end_ = std::min(walk.at() + (is_quoted ? 1 : 0), source.size());
}

std::size_t ScalarPlaces::source_offset(std::size_t text_offset) const {
  return offsets_[std::min(text_offset, offsets_.size() - 1)];
}

Place place_within(const Node& scalar, std::size_t offset, std::size_t length) {
  if (scalar.begin == Node::nowhere) return scalar.place;
  const std::string_view source = scalar.place.file->text;
  const ScalarPlaces places(source, scalar.begin, scalar.style, scalar.text);
  const std::size_t begin = places.source_offset(offset);
  const std::size_t line_end = std::min(source.find('\n', begin), source.size());
  std::size_t stop = begin;
  if (length > 0) {
    const std::size_t last = places.source_offset(offset + length - 1);
    const bool is_escape = scalar.style == Style::double_quoted && source[last] == '\\';
    stop = is_escape ? places.source_offset(offset + length) : last + 1;
  }
  return {scalar.place.file, begin, std::max<std::size_t>(1, std::min(stop, line_end) - std::min(begin, line_end))};
}

}  // namespace caravan::yaml
