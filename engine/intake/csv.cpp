// The reader keeps the record at hand in its window until it is whole, so that a broken one can be left after its first
// line and the rest of the file is still read.

#include "engine/intake/csv.hpp"

#include <stdexcept>

namespace caravan {

std::optional<std::variant<CsvRecord, IntakeProblem>> CsvReader::next() {
  if (!is_begun_) skip_byte_order_mark();
  if (!skip_empty_lines()) return std::nullopt;
  text_.clear();
  ends_.clear();
  std::size_t at = 0;
  Found found = Found::field;
  while (found == Found::field) {
    if (ends_.size() == limits_.columns) {
      const std::size_t line = line_;
      skip_line();
      return IntakeProblem{line, "more than " + std::to_string(limits_.columns) + " columns"};
    }
    found = read_field(at);
    ends_.push_back(text_.size());
  }
  if (found != Found::record_end && found != Found::end) return refuse(found);

  CsvRecord record{.line = line_, .fields = {}};
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    record.fields.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end;
  }
  const std::string_view read = window_.pending().substr(0, at);
  line_ += static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n'));
  window_.consume(at);
  return record;
}

void CsvReader::skip_byte_order_mark() {
  is_begun_ = true;
  while (window_.pending().size() < 3 && window_.more()) {
  }
  const std::string_view start = window_.pending();
  if (start.starts_with("\xEF\xBB\xBF")) window_.consume(3);
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    throw std::runtime_error("the text is UTF-16: save it as UTF-8");
  }
}

bool CsvReader::skip_empty_lines() {
  while (has(0)) {
    const char first = window_.pending()[0];
    const bool is_crlf = first == '\r' && has(1) && window_.pending()[1] == '\n';
    if (first != '\n' && !is_crlf) return true;
    window_.consume(is_crlf ? 2 : 1);
    ++line_;
  }
  return false;
}

bool CsvReader::has(std::size_t offset) {
  while (window_.pending().size() <= offset) {
    if (!window_.more()) return false;
  }
  return true;
}

CsvReader::Found CsvReader::read_field(std::size_t& at) {
  if (has(at) && window_.pending()[at] == '"') return read_quoted(++at);
  while (has(at)) {
    const std::string_view pending = window_.pending();
    const std::size_t begin = at;
    while (at < pending.size() && pending[at] != delimiter_ && pending[at] != '\n')
      ++at;
    if (at > limits_.record_bytes) return Found::too_long;
    text_.append(pending.substr(begin, at - begin));
    if (at < pending.size()) break;
  }
  // The carriage return of a CRLF is not the field's.
  if (has(at) && window_.pending()[at] == '\n' && text_.size() > (ends_.empty() ? 0 : ends_.back()) &&
      text_.back() == '\r') {
    text_.pop_back();
  }
  return finish_field(at);
}

CsvReader::Found CsvReader::read_quoted(std::size_t& at) {
  while (has(at)) {
    const std::string_view pending = window_.pending();
    const std::size_t quote = std::min(pending.find('"', at), pending.size());
    text_.append(pending.substr(at, quote - at));
    at = quote;
    if (at > limits_.record_bytes) return Found::too_long;
    if (at == pending.size()) continue;
    const bool is_doubled = has(at + 1) && window_.pending()[at + 1] == '"';
    if (!is_doubled) return finish_field(++at);
    text_ += '"';
    at += 2;
  }
  return Found::never_closed;
}

CsvReader::Found CsvReader::finish_field(std::size_t& at) {
  if (!has(at)) return Found::end;
  const char next = window_.pending()[at++];
  if (next == delimiter_) return Found::field;
  if (next == '\n') return Found::record_end;
  if (next == '\r' && has(at) && window_.pending()[at] == '\n') {
    ++at;
    return Found::record_end;
  }
  return Found::text_behind_quote;
}

IntakeProblem CsvReader::refuse(Found found) {
  IntakeProblem problem{.line = line_, .reason = {}};
  if (found == Found::too_long) {
    problem.reason = "the record that begins here is longer than " + std::to_string(limits_.record_bytes) +
                     " bytes; a quote that is never closed?";
  } else if (found == Found::never_closed) {
    problem.reason = "a quote in the record that begins here is never closed";
  } else {
    problem.reason = "text behind a closing quote; a quote inside a quoted field is written twice";
  }
  skip_line();
  return problem;
}

void CsvReader::skip_line() {
  while (true) {
    const std::size_t end = window_.pending().find('\n');
    if (end != std::string_view::npos) {
      window_.consume(end + 1);
      ++line_;
      return;
    }
    window_.consume(window_.pending().size());
    if (!window_.more()) return;
  }
}

}  // namespace caravan
