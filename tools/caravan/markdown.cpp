#include "tools/caravan/markdown.hpp"

#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr std::size_t widest_page = 100;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

bool is_list_item(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with("- ") || line.starts_with("* ")) return true;
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && line.substr(digits).starts_with(". ");
}

/// `code` and **strong** in a line that is already as long as it will be.
std::string with_styles(std::string_view line, const Terminal& terminal) {
  std::string out;
  while (!line.empty()) {
    const bool is_strong = line.starts_with("**");
    const std::string_view mark = is_strong ? "**" : "`";
    const std::size_t end = is_strong || line[0] == '`' ? line.find(mark, mark.size()) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += line[0];
      line.remove_prefix(1);
      continue;
    }
    const std::string_view inner = line.substr(mark.size(), end - mark.size());
    // Without colours the quotes of code carry meaning, the stars of strong text none.
    out += terminal.has_colours() || is_strong ? terminal.paint(is_strong ? Style::strong : Style::accent, inner)
                                               : "`" + std::string(inner) + "`";
    line.remove_prefix(end + mark.size());
  }
  return out;
}

/// A space inside of `code` is not where a line breaks.
std::string with_firm_code(std::string_view text) {
  std::string out;
  bool is_code = false;
  for (const char c : text) {
    if (c == '`') is_code = !is_code;
    out += c == ' ' && is_code ? '\x01' : c;
  }
  return out;
}

std::string loosened(std::string line) {
  std::replace(line.begin(), line.end(), '\x01', ' ');
  return line;
}

class Page {
 public:
  explicit Page(const Terminal& terminal) : terminal_(terminal), width_(std::min(terminal.width(), widest_page)) {}

  std::string render(std::string_view rest) {
    while (!rest.empty()) {
      const std::string_view line = take_line(rest);
      if (line.starts_with("```")) {
        end_block();
        read_code(rest);
      } else if (line.starts_with("    ") && block_.empty()) {
        out_ += terminal_.paint(Style::accent, line) + "\n";
      } else if (line.starts_with("<!--")) {
        end_block();
      } else if (line.starts_with("#")) {
        end_block();
        out_ +=
            terminal_.paint(Style::strong, trimmed(line.substr(std::min(line.find_first_not_of('#'), line.size())))) +
            "\n";
      } else if (line.starts_with("|")) {
        if (rows_.empty()) end_block();
        rows_.push_back(std::string(line));
      } else if (trimmed(line).empty()) {
        end_block();
        if (!out_.ends_with("\n\n")) out_ += "\n";
      } else {
        if (!rows_.empty() || is_list_item(line)) end_block();
        if (block_.empty()) indent_ = is_list_item(line) ? line.find_first_not_of(' ') + 2 : 0;
        block_ += (block_.empty() ? "" : " ") + std::string(trimmed(line));
      }
    }
    end_block();
    return std::move(out_);
  }

 private:
  void read_code(std::string_view& rest) {
    while (!rest.empty()) {
      const std::string_view line = take_line(rest);
      if (line.starts_with("```")) return;
      out_ += "    " + terminal_.paint(Style::accent, line) + "\n";
    }
  }

  void end_block() {
    bool is_first = true;
    if (!block_.empty()) {
      for (const std::string& line : wrapped(with_firm_code(block_), width_ - indent_)) {
        const std::size_t indent = indent_ - (is_first ? std::min<std::size_t>(indent_, 2) : 0);
        out_ += std::string(indent, ' ') + with_styles(loosened(line), terminal_) + "\n";
        is_first = false;
      }
    }
    block_.clear();
    if (!rows_.empty()) write_table();
    rows_.clear();
  }

  /// A cell that is code as a whole needs no marks: its column says so.
  static std::string without_marks(std::string_view cell) {
    const bool is_code = cell.size() > 2 && cell.starts_with('`') && cell.find('`', 1) == cell.size() - 1;
    return std::string(is_code ? cell.substr(1, cell.size() - 2) : cell);
  }

  static std::vector<std::string> cells_of(std::string_view row) {
    std::vector<std::string> cells;
    row.remove_prefix(1);
    std::string cell;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
        cell += row[++i];
      } else if (row[i] == '|') {
        cells.push_back(without_marks(trimmed(cell)));
        cell.clear();
      } else {
        cell += row[i];
      }
    }
    return cells;
  }

  /// The last column is broken into lines; the others are as wide as they are.
  void write_table() {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& row : rows_) {
      if (row.find_first_not_of("|-: ") != std::string::npos) rows.push_back(cells_of(row));
    }
    if (rows.empty()) return;
    std::vector<TableColumn> columns;
    std::size_t before_last = 0;
    for (std::size_t column = 0; column < rows[0].size(); ++column) {
      columns.push_back({rows[0][column], Align::left});
      if (column + 1 == rows[0].size()) break;
      std::size_t widest = 0;
      for (const auto& row : rows)
        widest = std::max(widest, column < row.size() ? display_width(row[column]) : 0);
      before_last += widest + 2;
    }
    const std::size_t last_width = width_ > before_last + 20 ? width_ - before_last : 20;
    Table table(std::move(columns));
    for (std::size_t r = 1; r < rows.size(); ++r) {
      bool is_first = true;
      for (const std::string& line : wrapped(with_firm_code(rows[r].back()), last_width)) {
        std::vector<TableCell> cells;
        for (std::size_t column = 0; column + 1 < rows[r].size(); ++column) {
          cells.push_back({is_first ? rows[r][column] : "", column == 0 ? Style::accent : Style::plain});
        }
        cells.push_back({loosened(line)});
        table.add_row(std::move(cells));
        is_first = false;
      }
    }
    out_ += table.render(terminal_);
  }

  const Terminal& terminal_;
  const std::size_t width_;
  std::string out_;
  std::string block_;              ///< a paragraph or list item, joined into one line
  std::size_t indent_ = 0;         ///< of its second and later lines
  std::vector<std::string> rows_;  ///< a table's
};

}  // namespace

std::string render_markdown(std::string_view markdown, const Terminal& terminal) {
  return Page(terminal).render(markdown);
}

std::string title_of(std::string_view markdown) {
  while (!markdown.empty()) {
    const std::string_view line = take_line(markdown);
    if (line.starts_with("# ")) return std::string(trimmed(line.substr(2)));
  }
  return {};
}

std::string first_sentence_of(std::string_view markdown) {
  std::string paragraph;
  bool is_behind_title = false;
  while (!markdown.empty()) {
    const std::string_view line = trimmed(take_line(markdown));
    if (line.starts_with("# ")) {
      is_behind_title = true;
    } else if (is_behind_title && line.empty() && !paragraph.empty()) {
      break;
    } else if (is_behind_title && !line.empty()) {
      paragraph += (paragraph.empty() ? "" : " ") + std::string(line);
    }
  }
  return paragraph.substr(0, paragraph.find(". "));
}

}  // namespace caravan::tools
