#include "journeys/diagnostic.hpp"

#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t shown_columns = 110;  ///< of a source line
constexpr std::size_t columns_before = 60;  ///< kept before the place when a line is cut
constexpr std::string_view indentation = "  ";
constexpr std::string_view ellipsis = "…";

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Line line_around(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  return {begin, end};
}

/// One column on the terminal for one code point: controls as their pictures, what is no text as a replacement mark.
void append_visible(std::string& out, std::string_view text, std::size_t offset, const CodePoint& point) {
  if (!point.valid) {
    out += "\xEF\xBF\xBD";
  } else if (point.value == '\t') {
    out += ' ';
  } else if (point.value < 0x20) {
    out += "\xE2\x90";
    out += static_cast<char>(0x80U + point.value);
  } else if (point.value == 0x7F) {
    out += "\xE2\x90\xA1";
  } else if ((point.value >= 0x80 && point.value < 0xA0) || point.value == 0xFEFF ||
             (point.value >= 0x200B && point.value <= 0x200F) || (point.value >= 0x2028 && point.value <= 0x202E) ||
             (point.value >= 0x2066 && point.value <= 0x2069)) {
    out += "\xEF\xBF\xBD";
  } else {
    out += text.substr(offset, point.length);
  }
}

std::string visible(std::string_view text) {
  std::string out;
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint point = code_point_at(text, offset);
    append_visible(out, text, offset, point);
    offset += point.length;
  }
  return out;
}

class Paint {
 public:
  explicit Paint(Colour colour) : on_(colour == Colour::always) {}
  std::string bold(std::string_view text) const { return with("1", text); }
  std::string severity(Severity severity, std::string_view text) const {
    return with(severity == Severity::error ? "1;31" : "1;35", text);
  }
  std::string caret(std::string_view text) const { return with("1;32", text); }

 private:
  std::string with(std::string_view code, std::string_view text) const {
    if (!on_) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
  bool on_;
};

/// Moves by `count` code points, not beyond `end`.
std::size_t skip_columns(std::string_view text, std::size_t offset, std::size_t end, std::size_t count) {
  while (count-- > 0 && offset < end)
    offset += code_point_at(text, offset).length;
  return std::min(offset, end);
}

std::string excerpt(const Place& place, const Paint& paint) {
  const std::string_view text = place.file->text;
  const Line line = line_around(text, place.offset);
  if (line.begin == line.end) return {};
  const std::size_t start = std::clamp(place.offset, line.begin, line.end);
  const std::size_t stop = std::clamp(place.offset + place.length, start, line.end);

  const std::size_t column = count_code_points(text.substr(line.begin, start - line.begin));
  const bool whole = count_code_points(text.substr(line.begin, line.end - line.begin)) <= shown_columns;
  const std::size_t hidden = whole || column <= columns_before ? 0 : column - columns_before;
  const std::size_t from = skip_columns(text, line.begin, line.end, hidden);
  const std::size_t to = whole ? line.end : skip_columns(text, from, line.end, shown_columns);

  std::string source(indentation);
  if (hidden > 0) source += ellipsis;
  source += visible(text.substr(from, to - from));
  if (to < line.end) source += ellipsis;

  const std::size_t shown_stop = std::clamp(stop, start, std::max(start, to));
  const std::size_t width = std::max<std::size_t>(1, count_code_points(text.substr(start, shown_stop - start)));
  const std::size_t before = column - hidden + (hidden > 0 ? 1 : 0);
  return source + "\n" + std::string(indentation) + std::string(before, ' ') +
         paint.caret("^" + std::string(width - 1, '~')) + "\n";
}

}  // namespace

Position position_of(const Place& place) {
  if (place.file == nullptr) return {};
  const std::string_view text = place.file->text;
  const std::size_t offset = std::min(place.offset, text.size());
  const std::size_t begin = line_around(text, offset).begin;
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  return {static_cast<std::size_t>(lines) + 1, count_code_points(text.substr(begin, offset - begin)) + 1};
}

std::string render(const Diagnostic& diagnostic, Colour colour) {
  const Paint paint(colour);
  const bool is_error = diagnostic.severity == Severity::error;
  std::string out;
  if (diagnostic.place.file != nullptr) {
    const Position position = position_of(diagnostic.place);
    out += paint.bold(visible(diagnostic.place.file->path) + ":" + std::to_string(position.line) + ":" +
                      std::to_string(position.column) + ":") +
           " ";
  }
  out += paint.severity(diagnostic.severity, is_error ? "error:" : "warning:");
  out += " " + paint.bold(visible(diagnostic.message));
  if (!diagnostic.hint.empty()) out += "; " + visible(diagnostic.hint);
  out += "\n";
  if (diagnostic.place.file != nullptr) out += excerpt(diagnostic.place, paint);
  return out;
}

void Diagnostics::error(const Place& place, std::string message, std::string hint) {
  add({Severity::error, place, std::move(message), std::move(hint)});
}

void Diagnostics::warning(const Place& place, std::string message, std::string hint) {
  add({Severity::warning, place, std::move(message), std::move(hint)});
}

void Diagnostics::add(Diagnostic diagnostic) {
  const auto same = [&](const Diagnostic& kept) {
    return kept.place.file == diagnostic.place.file && kept.place.offset == diagnostic.place.offset &&
           kept.message == diagnostic.message;
  };
  if (std::any_of(kept_.begin(), kept_.end(), same)) return;
  ++(diagnostic.severity == Severity::error ? errors_ : warnings_);
  if (kept_.size() < limit_) {
    kept_.push_back(std::move(diagnostic));
  } else {
    ++left_out_;
  }
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = kept_;
  const auto path = [](const Diagnostic& diagnostic) {
    return diagnostic.place.file == nullptr ? std::string_view() : std::string_view(diagnostic.place.file->path);
  };
  std::stable_sort(result.begin(), result.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(path(a), a.place.offset) < std::pair(path(b), b.place.offset);
  });
  return result;
}

}  // namespace caravan
