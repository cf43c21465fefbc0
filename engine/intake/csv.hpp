#pragma once
// Comma-separated values as RFC 4180 has them, read record by record: quoted fields, doubled quotes, line breaks inside
// quotes, LF or CRLF, with or without a byte order mark. Memory is bounded by the longest record that is allowed.

#include "engine/intake/source.hpp"

namespace caravan {

/// Why a line was not taken.
struct IntakeProblem {
  std::size_t line = 0;    ///< from 1
  std::string reason;      ///< without a full stop
  std::string field = {};  ///< the member of a JSON object that is wrong; empty: none in particular, or CSV
};

struct CsvLimits {
  std::size_t record_bytes = std::size_t{1} << 20U;
  std::size_t columns = 4'096;
};

/// One record; its fields live until the next is read.
struct CsvRecord {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string_view> fields;
};

class CsvReader {
 public:
  CsvReader(ByteSource& source, char delimiter, const CsvLimits& limits = {})
      : window_(source), delimiter_(delimiter), limits_(limits) {}

  /// Nothing at the end; empty lines are passed over. After a problem (a quote that is never closed, text behind a
  /// closing quote, a record that is too long) reading goes on with the line after the one where the record began.
  /// Throws std::runtime_error when the text is UTF-16, and std::system_error when the source fails.
  std::optional<std::variant<CsvRecord, IntakeProblem>> next();

 private:
  enum class Found { field, record_end, end, too_long, never_closed, text_behind_quote };
  void skip_byte_order_mark();
  bool skip_empty_lines();
  bool has(std::size_t offset);
  Found read_field(std::size_t& at);
  Found read_quoted(std::size_t& at);
  Found finish_field(std::size_t& at);
  IntakeProblem refuse(Found found);
  void skip_line();

  Window window_;
  const char delimiter_;
  const CsvLimits limits_;
  std::size_t line_ = 1;  ///< where the unread part begins
  bool is_begun_ = false;
  std::string text_;               ///< the record's fields, unquoted, one after the other
  std::vector<std::size_t> ends_;  ///< of each field in text_
};

}  // namespace caravan
