#pragma once
// A table of texts and figures, aligned by what a terminal shows. Piped, it has the same columns without colours.

#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {

enum class Align { left, right };

struct TableColumn {
  std::string title;
  Align align = Align::left;
};

struct TableCell {
  std::string text;  ///< printable; leading spaces indent it
  Style style = Style::plain;
};

class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}
  /// Missing cells at the end are empty.
  void add_row(std::vector<TableCell> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  /// A title line, a rule, the rows; every line ends with a line break. The first column is shortened, down to 16
  /// columns, where the table would be wider than a terminal.
  std::string render(const Terminal& terminal) const;

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<TableCell>> rows_;
};

/// A figure of a table; nothing is a faint dot, so that the eye finds the others.
TableCell figure(std::int64_t number);

}  // namespace caravan::tools
