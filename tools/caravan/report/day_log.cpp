#include "tools/caravan/report/day_log.hpp"

namespace caravan::tools {

using namespace std::chrono_literals;

bool Happenings::is_quiet() const {
  return (entered | mails | joined | summaries | completed | left | failed | undelivered) == 0;
}

DayLog::DayLog(std::chrono::milliseconds stretch, std::function<bool(VersionId, MessageIndex)> is_summary, Print print)
    : stretch_(stretch), is_summary_(std::move(is_summary)), print_(std::move(print)) {}

void DayLog::add(const BatchReport& report) {
  const Instant begin{report.now.time_since_epoch() / stretch_ * stretch_};
  if (begin != current_.begin) {
    flush();
    current_.begin = begin;
  }
  for (const auto& [key, number] : report.counted)
    count(unpack_counter(key), number);
}

void DayLog::count(const CounterKey& key, std::int64_t number) {
  switch (key.kind) {
    case CounterKind::entered: current_.entered += number; break;
    case CounterKind::completed: current_.completed += number; break;
    case CounterKind::left: current_.left += number; break;
    case CounterKind::failed: current_.failed += number; break;
    case CounterKind::joined: current_.joined += number; break;
    case CounterKind::delivered: current_.delivered += number; break;
    case CounterKind::undelivered: current_.undelivered += number; break;
    case CounterKind::promised:
      (is_summary_(key.version, MessageIndex{key.slot}) ? current_.summaries : current_.mails) += number;
      break;
    case CounterKind::visited:
    case CounterKind::standing:
    case CounterKind::taken:
    case CounterKind::expression_errors: break;
  }
}

void DayLog::flush() {
  if (!current_.is_quiet()) print_(current_);
  current_ = {.begin = current_.begin};
}

std::chrono::milliseconds stretch_for(double speed) {
  for (const std::chrono::milliseconds stretch : {std::chrono::milliseconds(1min), std::chrono::milliseconds(1h)}) {
    if (static_cast<double>(stretch.count()) / speed >= 500.0) return stretch;
  }
  return 24h;
}

std::string as_line(const Happenings& happenings, std::chrono::milliseconds stretch, const Terminal& terminal) {
  std::string line;
  const auto add = [&](std::int64_t number, std::string_view words, Style style = Style::plain) {
    if (number == 0) return;
    if (!line.empty()) line += terminal.paint(Style::faint, " · ");
    line += terminal.paint(style, with_separators(number) + " " + std::string(words));
  };
  add(happenings.entered, "entered", Style::accent);
  add(happenings.mails, happenings.mails == 1 ? "mail" : "mails");
  add(happenings.joined, happenings.joined == 1 ? "joined a buying group" : "joined buying groups");
  add(happenings.summaries, "to sales", Style::good);
  add(happenings.completed, "completed", Style::good);
  add(happenings.left, "left");
  add(happenings.failed, "failed", Style::bad);
  add(happenings.undelivered, "undeliverable", Style::bad);
  const std::string when = stretch < 24h ? short_time(happenings.begin) : day_of(happenings.begin);
  return terminal.paint(Style::strong, when) + "  " + line;
}

boost::json::object as_json(const Happenings& happenings) {
  return {{"at", to_text(happenings.begin)},   {"entered", happenings.entered},
          {"mails", happenings.mails},         {"joined", happenings.joined},
          {"to_sales", happenings.summaries},  {"completed", happenings.completed},
          {"left", happenings.left},           {"failed", happenings.failed},
          {"delivered", happenings.delivered}, {"undelivered", happenings.undelivered}};
}

}  // namespace caravan::tools
