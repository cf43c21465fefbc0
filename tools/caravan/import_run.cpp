#include "tools/caravan/import_run.hpp"

#include <iostream>

namespace caravan::tools {

std::string name_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::account: return "accounts";
    case RecordKind::person: return "people";
    case RecordKind::event: return "events";
  }
  return {};
}

ImportRun::ImportRun(boost::asio::io_context& io, Engine& engine, const ImportFile& file, const ImportRules& rules)
    : file_(file),
      rules_(rules),
      source_(file.file),
      progress_(name_of(file.intake.kind), source_.length()),
      run_(io, engine, source_, file.format, file.intake, {.stop_on_error = rules.stop_on_error},
           [this](const IntakeOutcome& outcome) { settle(outcome); }) {}

ImportRun::~ImportRun() {
  interrupt();
}

void ImportRun::start(std::function<void()> done) {
  run_.start([this, done = std::move(done)](const IntakeEnd& end) {
    finish(end);
    done();
  });
}

void ImportRun::interrupt() {
  run_.interrupt();
  source_.interrupt();
}

void ImportRun::settle(const IntakeOutcome& outcome) {
  tally_.last_line = outcome.line;
  switch (outcome.kind) {
    case IntakeOutcome::Kind::created: ++tally_.created; break;
    case IntakeOutcome::Kind::updated: ++tally_.updated; break;
    case IntakeOutcome::Kind::known: ++tally_.known; break;
    case IntakeOutcome::Kind::refused:
      if (++tally_.refused > rules_.shown_refusals) break;
      progress_.clear();
      std::cerr << file_.file << ":" << outcome.line << ": " << printable(outcome.reason) << "\n";
  }
  progress_.update(source_.bytes_read(), tally_.created + tally_.updated + tally_.known + tally_.refused);
}

void ImportRun::finish(const IntakeEnd& end) {
  tally_.is_whole = end.is_whole;
  tally_.unreadable = end.unreadable;
  progress_.clear();
  if (tally_.refused <= rules_.shown_refusals) return;
  std::cerr << file_.file << ": and "
            << with_separators(static_cast<std::int64_t>(tally_.refused - rules_.shown_refusals))
            << " more lines refused\n";
}

}  // namespace caravan::tools
