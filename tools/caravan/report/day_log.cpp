#include "tools/caravan/report/day_log.hpp"

namespace caravan::tools {

using namespace std::chrono_literals;

bool Happenings::is_quiet() const {
  return (entered | mails | texts | calls | joined | summaries | completed | left | failed | reached_goal | held |
          undelivered) == 0;
}

DayLog::DayLog(std::chrono::milliseconds stretch, std::function<MessageKind(VersionId, MessageIndex)> kind_of,
               Print print)
    : stretch_(stretch), kind_of_(std::move(kind_of)), print_(std::move(print)) {}

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
    case CounterKind::reached_goal: current_.reached_goal += number; break;
    case CounterKind::held: current_.held += std::max(number, std::int64_t{0}); break;
    case CounterKind::promised: promised(kind_of_(key.version, MessageIndex{key.slot})) += number; break;
    case CounterKind::visited:
    case CounterKind::standing:
    case CounterKind::taken:
    case CounterKind::expression_errors:
    case CounterKind::timed_out:
    case CounterKind::deduplicated:
    case CounterKind::suppressed:
    case CounterKind::withheld:
    case CounterKind::moved_out:
    case CounterKind::moved_in: break;
  }
}

std::int64_t& DayLog::promised(MessageKind kind) {
  switch (kind) {
    case MessageKind::email: return current_.mails;
    case MessageKind::sales_summary:
    case MessageKind::sales_chat: return current_.summaries;
    case MessageKind::sms:
    case MessageKind::chat: return current_.texts;
    case MessageKind::webhook: return current_.calls;
  }
  return current_.mails;
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
  add(happenings.texts, happenings.texts == 1 ? "text" : "texts");
  add(happenings.calls, happenings.calls == 1 ? "call" : "calls");
  add(happenings.joined, happenings.joined == 1 ? "joined a buying group" : "joined buying groups");
  add(happenings.summaries, "to sales", Style::good);
  add(happenings.reached_goal, "reached the goal", Style::good);
  add(happenings.completed, "completed", Style::good);
  add(happenings.left, "left");
  add(happenings.held, "held", Style::bad);
  add(happenings.failed, "failed", Style::bad);
  add(happenings.undelivered, "undeliverable", Style::bad);
  const std::string when = stretch < 24h ? short_time(happenings.begin) : day_of(happenings.begin);
  return terminal.paint(Style::strong, when) + "  " + line;
}

boost::json::object as_json(const Happenings& happenings) {
  return {{"at", to_text(happenings.begin)},   {"entered", happenings.entered},
          {"mails", happenings.mails},         {"texts", happenings.texts},
          {"calls", happenings.calls},         {"joined", happenings.joined},
          {"to_sales", happenings.summaries},  {"reached_goal", happenings.reached_goal},
          {"completed", happenings.completed}, {"left", happenings.left},
          {"held", happenings.held},           {"failed", happenings.failed},
          {"delivered", happenings.delivered}, {"undelivered", happenings.undelivered}};
}

}  // namespace caravan::tools
