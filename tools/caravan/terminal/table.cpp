#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest_first_column = 16;

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string aligned(const Terminal& terminal, const TableCell& cell, Align align, std::size_t width) {
  const std::string text = shortened(cell.text, width);
  const std::string space(width - display_width(text), ' ');
  const std::string painted = terminal.paint(cell.style, text);
  return align == Align::left ? painted + space : space + painted;
}

}  // namespace

std::string Table::render(const Terminal& terminal) const {
  std::vector<std::size_t> widths;
  for (const TableColumn& column : columns_)
    widths.push_back(display_width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  std::size_t total = gap.size() * (widths.size() - 1);
  for (const std::size_t width : widths)
    total += width;
  if (terminal.is_terminal() && total > terminal.width()) {
    const std::size_t excess = total - terminal.width();
    const std::size_t least = std::min(widths[0], narrowest_first_column);
    widths[0] = std::max(least, widths[0] - std::min(excess, widths[0]));
  }

  const auto line_of = [&](const auto& cell_at) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += gap;
      line += aligned(terminal, cell_at(i), columns_[i].align, widths[i]);
    }
    return without_trailing_spaces(std::move(line)) + "\n";
  };
  const auto rule_of = [](std::size_t width) {
    std::string rule;
    for (std::size_t i = 0; i < width; ++i)
      rule += "─";
    return rule;
  };
  std::string out = line_of([&](std::size_t i) { return TableCell{columns_[i].title, Style::strong}; });
  out += line_of([&](std::size_t i) { return TableCell{rule_of(widths[i]), Style::faint}; });
  for (const auto& row : rows_) {
    out += line_of([&](std::size_t i) { return i < row.size() ? row[i] : TableCell{}; });
  }
  return out;
}

TableCell figure(std::int64_t number) {
  if (number == 0) return {"·", Style::faint};
  return {with_separators(number), Style::plain};
}

}  // namespace caravan::tools
