// rows:
//   - {row: friday, entered: 2026-01-09T15:00:00Z, until: 2026-01-13T00:00:00Z}
#include "journeys/loader/scenario_table.hpp"

#include "journeys/yaml/scalar_places.hpp"

namespace caravan::loader {
namespace {

constexpr std::string_view row_name = "row";
constexpr std::size_t most_rows = 1'000;

/// A stretch of a text: as it stands, or the name of a column.
struct Piece {
  std::string text;
  bool is_column = false;
  std::size_t offset = 0;  ///< in the text, with its `${`
  std::size_t length = 0;
};

/// `${column}` between what stands around it; `$${` is `${` itself. What is never closed stands for itself.
std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::string plain;
  const auto keep_plain = [&] {
    if (!plain.empty()) pieces.push_back({std::exchange(plain, {}), false, 0, 0});
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const std::size_t close = rest.starts_with("${") ? rest.find('}') : std::string_view::npos;
    if (rest.starts_with("$${")) {
      plain += "${";
      at += 3;
    } else if (close != std::string_view::npos) {
      keep_plain();
      pieces.push_back({std::string(rest.substr(2, close - 2)), true, at, close + 1});
      at += close + 1;
    } else {
      plain += rest.front();
      ++at;
    }
  }
  keep_plain();
  return pieces;
}

std::size_t size_of(const yaml::Node& node) {
  constexpr std::size_t each = 64;
  std::size_t size = each + node.text.size();
  for (const yaml::Node& item : node.items)
    size += size_of(item);
  for (const yaml::Entry& entry : node.entries)
    size += entry.key.size() + size_of(entry.value);
  return size;
}

/// A sequence or mapping as it stands, empty. (To copy it and then clear it would copy a table's rows for each row.)
yaml::Node without_children(const yaml::Node& node) {
  return {node.kind, node.style, node.place, node.text, node.begin, {}, {}};
}

std::size_t end_of(const yaml::Node& node) {
  std::size_t end = node.place.offset + node.place.length;
  for (const yaml::Node& item : node.items)
    end = std::max(end, end_of(item));
  for (const yaml::Entry& entry : node.entries)
    end = std::max({end, entry.key_place.offset + entry.key_place.length, end_of(entry.value)});
  return end;
}

/// The faults of all rows, to be told once.
class RowFaults {
 public:
  void add(const ScenarioRow& row, const yaml::Node& values, const Diagnostics& faults) {
    std::map<std::pair<const SourceFile*, std::size_t>, std::size_t> at_place;
    for (Diagnostic& fault : faults.sorted()) {
      const Place& place = fault.place;
      const bool is_of_row = place.file == values.place.file && place.offset >= values.place.offset &&
                             place.offset < std::max(end_of(values), values.place.offset + 1);
      const std::size_t nth = at_place[{place.file, place.offset}]++;
      Entry& entry = entries_[{place.file, place.offset, place.length, nth}];
      ++entry.rows;
      if (entry.rows == 1) {
        entry.fault = std::move(fault);
        entry.row = is_of_row ? "" : row.name;
      } else if (entry.fault.message != fault.message) {
        entry.differs = true;
      }
    }
  }

  void report(std::size_t rows, Diagnostics& to) {
    for (auto& [key, entry] : entries_) {
      std::string message = std::move(entry.fault.message);
      const bool is_of_all = entry.rows == rows && !entry.differs;
      if (!entry.row.empty() && !is_of_all) {
        message += " (in the row " + in_ticks(entry.row);
        if (entry.rows == 2) message += "; one more row has a fault here";
        if (entry.rows > 2) message += "; " + std::to_string(entry.rows - 1) + " more rows have a fault here";
        message += ")";
      }
      if (entry.fault.severity == Severity::error) {
        to.error(entry.fault.place, std::move(message), std::move(entry.fault.hint));
      } else {
        to.warning(entry.fault.place, std::move(message), std::move(entry.fault.hint));
      }
    }
  }

 private:
  struct Entry {
    Diagnostic fault;
    std::string row;  ///< the first that has it; empty: its place says that
    std::size_t rows = 0;
    bool differs = false;
  };
  std::map<std::tuple<const SourceFile*, std::size_t, std::size_t, std::size_t>, Entry> entries_;
};

class Table {
 public:
  Table(const yaml::Node& document, Diagnostics& diagnostics) : document_(document), diagnostics_(diagnostics) {
    for (const yaml::Entry& entry : document.entries) {
      if (entry.key == "rows") rows_ = &entry;
    }
    if (rows_ != nullptr) read_rows();
    for (const yaml::Entry& entry : document.entries)
      check_entry(entry, entry.key == "scenario");
    report_unused();
  }

  void each(std::size_t& left, const std::function<void(const ScenarioRow&, Diagnostics&)>& read) {
    if (rows_ == nullptr) {
      read({"", {}, filled(document_, nullptr)}, diagnostics_);
      return;
    }
    RowFaults all;
    std::size_t number = 0;
    for (const yaml::Node* row : values_) {
      ++number;
      const std::size_t size = size_of_filled(document_, row, left);
      if (size > left) {
        diagnostics_.error(row->place, "from here on the rows are too much: all tables together make at most " +
                                           std::to_string(most_bytes >> 20U) + " MiB");
        break;
      }
      left -= size;
      ScenarioRow one{"#" + std::to_string(number), row->place, filled(document_, row)};
      const yaml::Node* name = row->find(row_name);
      if (name != nullptr && name->is(yaml::Kind::scalar)) one.name += " " + name->text;
      Diagnostics faults;
      read(one, faults);
      all.add(one, *row, faults);
    }
    all.report(number, diagnostics_);
  }

  std::vector<std::string> texts_of(const yaml::Node& scalar) const {
    if (rows_ == nullptr) return {filled(scalar, nullptr).text};
    std::vector<std::string> texts;
    for (const yaml::Node* row : values_)
      texts.push_back(filled(scalar, row).text);
    return texts;
  }

  static constexpr std::size_t most_bytes = std::size_t{128} << 20U;

 private:
  void read_rows() {
    if (!is_list(*rows_, diagnostics_)) return;
    const std::vector<yaml::Node>& items = rows_->value.items;
    if (items.empty()) diagnostics_.error(rows_->key_place, "a table needs a row", "take `rows` out, or add one");
    if (items.size() > most_rows) {
      diagnostics_.error(items[most_rows].place, "a table has at most " + std::to_string(most_rows) + " rows");
    }
    for (const yaml::Node& item : std::span(items).first(std::min(items.size(), most_rows))) {
      if (item.is(yaml::Kind::mapping)) {
        add_row(item);
      } else if (!item.is(yaml::Kind::broken)) {
        diagnostics_.error(item.place, "a row must be a mapping from columns to values");
      }
    }
  }

  void add_row(const yaml::Node& row) {
    const bool is_first = values_.empty();
    values_.push_back(&row);
    for (const yaml::Entry& cell : row.entries) {
      if (cell.key == row_name) {
        check_row_name(cell);
      } else if (is_first) {
        columns_.push_back(cell.key);
        column_places_.push_back(cell.key_place);
        if (cell.key.empty() || cell.key.find_first_of("{}$") != std::string::npos)
          diagnostics_.error(cell.key_place, "the name of a column is a word", "for example `until`");
      } else if (!is_column(cell.key)) {
        const std::string meant = did_you_mean(cell.key, columns_);
        diagnostics_.error(cell.key_place, "the first row has no column " + in_ticks(cell.key),
                           meant.empty() ? "all rows have the same columns" : meant);
      }
    }
    for (const std::string& column : columns_) {
      const bool is_misspelt = std::any_of(row.entries.begin(), row.entries.end(), [&](const yaml::Entry& cell) {
        return !is_column(cell.key) && nearest_name(cell.key, columns_) == column;
      });
      if (row.find(column) == nullptr && !is_misspelt) {
        diagnostics_.error(row.place, "this row has no column " + in_ticks(column),
                           "all rows have the same columns; write `null` where it has no value");
      }
    }
  }

  void check_row_name(const yaml::Entry& cell) {
    const std::optional<std::string> name = read_text(cell, diagnostics_);
    constexpr std::size_t longest = 100;
    if (name && (name->size() > longest || name->find('\n') != std::string::npos)) {
      diagnostics_.error(cell.value.place,
                         "the name of a row is one line of at most " + std::to_string(longest) + " bytes");
    }
  }

  bool is_column(std::string_view name) const {
    return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
  }

  void check_entry(const yaml::Entry& entry, bool is_name) {
    if (&entry == rows_) return;
    if (rows_ != nullptr && entry.key.find("${") != std::string::npos) {
      diagnostics_.error(entry.key_place, "a column cannot stand in a key", "only values are replaced");
    }
    if (is_name) {
      if (rows_ != nullptr && entry.value.text.find("${") != std::string::npos) {
        diagnostics_.error(entry.value.place, "the name of a scenario is the same for all rows",
                           "give the rows names of their own with `row`");
      }
      return;
    }
    check(entry.value);
  }

  void check(const yaml::Node& node) {
    for (const yaml::Node& item : node.items)
      check(item);
    for (const yaml::Entry& entry : node.entries)
      check_entry(entry, false);
    if (!node.is(yaml::Kind::scalar) || node.text.find("${") == std::string::npos) return;
    for (const Piece& piece : pieces_of(node.text)) {
      if (piece.is_column) check_column(node, piece);
    }
  }

  void check_column(const yaml::Node& node, const Piece& piece) {
    used_.insert(piece.text);
    const Place place = yaml::place_within(node, piece.offset, piece.length);
    const std::string shown = in_ticks("${" + piece.text + "}");
    if (rows_ == nullptr) {
      diagnostics_.error(place, shown + " stands for a column, and the scenario has no `rows`",
                         "write `$${` where `${` itself is meant");
    } else if (!is_column(piece.text) && !values_.empty()) {
      const std::string meant = did_you_mean(piece.text, columns_);
      diagnostics_.error(place, "no row has a column " + in_ticks(piece.text),
                         meant.empty() ? "write `$${` where `${` itself is meant" : meant);
    } else if (pieces_of(node.text).size() > 1) {
      check_within_text(piece.text, place);
    }
  }

  /// What is put into a text must be one itself.
  void check_within_text(const std::string& column, const Place& place) {
    if (!within_text_.insert(column).second) return;
    for (const yaml::Node* row : values_) {
      const yaml::Node* value = row->find(column);
      if (value == nullptr || value->is(yaml::Kind::scalar) || value->is(yaml::Kind::broken)) continue;
      const std::string_view is = value->is(yaml::Kind::null)       ? "has no value"
                                  : value->is(yaml::Kind::sequence) ? "is a list"
                                                                    : "is a mapping";
      diagnostics_.error(value->is(yaml::Kind::null) ? row->place : value->place,
                         "the column " + in_ticks(column) + " " + std::string(is) + " here, and stands within a text",
                         "the text is in line " + std::to_string(position_of(place).line));
      return;
    }
  }

  void report_unused() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (used_.contains(columns_[i])) continue;
      diagnostics_.error(column_places_[i], "nothing uses the column " + in_ticks(columns_[i]),
                         "write `${" + columns_[i] + "}` where its value belongs, or take it out");
    }
  }

  /// What `filled` makes, as far as it is no more than `most`.
  std::size_t size_of_filled(const yaml::Node& node, const yaml::Node* row, std::size_t most) const {
    constexpr std::size_t each = 64;
    std::size_t size = each;
    if (node.text.find("${") == std::string::npos) {
      size += node.text.size();
    } else {
      for (const Piece& piece : pieces_of(node.text)) {
        const yaml::Node* value = piece.is_column ? row->find(piece.text) : nullptr;
        size += value == nullptr ? piece.text.size() : size_of(*value);
      }
    }
    for (const yaml::Node& item : node.items) {
      if (size > most) return size;
      size += size_of_filled(item, row, most - size);
    }
    for (const yaml::Entry& entry : node.entries) {
      if (size > most) return size;
      if (&entry != rows_) size += entry.key.size() + size_of_filled(entry.value, row, most - std::min(size, most));
    }
    return size;
  }

  /// The node with a row's values; with none, only `$${` becomes `${`.
  yaml::Node filled(const yaml::Node& node, const yaml::Node* row) const {
    if (node.is(yaml::Kind::scalar)) return node.text.find("${") == std::string::npos ? node : filled_text(node, row);
    yaml::Node out = without_children(node);
    for (const yaml::Node& item : node.items)
      out.items.push_back(filled(item, row));
    for (const yaml::Entry& entry : node.entries) {
      const bool is_name = &node == &document_ && entry.key == "scenario";
      const bool has_fault = rows_ != nullptr && entry.key.find("${") != std::string::npos;
      if (&entry == rows_ || has_fault) continue;
      out.entries.push_back({entry.key, entry.key_place, is_name ? entry.value : filled(entry.value, row)});
    }
    return out;
  }

  yaml::Node filled_text(const yaml::Node& scalar, const yaml::Node* row) const {
    yaml::Node broken = scalar;
    broken.kind = yaml::Kind::broken;  // its fault is reported
    const std::vector<Piece> pieces = pieces_of(scalar.text);
    yaml::Node out = scalar;
    out.text.clear();
    out.begin = yaml::Node::nowhere;
    // What is put together is a text, unless it is nothing but what one column holds.
    for (const Piece& piece : pieces) {
      const yaml::Node* value = piece.is_column && row != nullptr ? row->find(piece.text) : nullptr;
      if (!piece.is_column) {
        out.text += piece.text;
      } else if (value == nullptr) {
        return broken;
      } else if (pieces.size() == 1) {
        return *value;
      } else if (!value->is(yaml::Kind::scalar)) {
        return broken;
      } else {
        out.text += value->text;
      }
    }
    return out;
  }

  const yaml::Node& document_;
  Diagnostics& diagnostics_;
  const yaml::Entry* rows_ = nullptr;
  std::vector<const yaml::Node*> values_;
  std::vector<std::string> columns_;  ///< those of the first row
  std::vector<Place> column_places_;
  std::set<std::string, std::less<>> used_;
  std::set<std::string, std::less<>> within_text_;
};

}  // namespace

void each_row(const yaml::Node& document, Diagnostics& diagnostics, std::size_t& left,
              const std::function<void(const ScenarioRow&, Diagnostics&)>& read) {
  Table(document, diagnostics).each(left, read);
}

std::vector<std::string> texts_of_rows(const yaml::Node& document, const yaml::Node& scalar) {
  Diagnostics told_elsewhere;
  return Table(document, told_elsewhere).texts_of(scalar);
}

}  // namespace caravan::loader
