// What is there of history, and what is let go of it.

#include "storage/memory/reader.hpp"
#include "storage/memory/writer.hpp"

namespace caravan::memory {
namespace {

/// Whether nothing tells any more what a token did that has ended.
bool was_forgotten(const TokenRow& row) {
  return is_final(row.record->state) && !row.record->parent && row.record->visits > 0 && row.runs.empty();
}

}  // namespace

HistoryRecord MemoryReader::history() {
  return state_->history;
}

void MemoryReader::enrollments_with_history(TokenId first, TokenId last, std::size_t limit,
                                            std::vector<TokenRecord>& to) {
  const std::size_t full = to.size() + limit;
  for (const TokenRow& row : state_->tokens.from(first)) {
    if (row.id > last || to.size() == full) return;
    if (!row.record || row.record->parent) continue;
    const bool is_told = !is_final(row.record->state) || (row.record->visits > 0 && !row.runs.empty());
    if (is_told) to.push_back(*row.record);
  }
}

std::string MemoryReader::why_untold(const TokenRecord& enrollment) {
  const TokenRow* row = state_->tokens.find(enrollment.id);
  return row != nullptr && row->record && was_forgotten(*row) ? std::string(kLetGo) : std::string();
}

void Writer::let_history_go(const HistoryUpkeep& history) {
  for (const ForgottenHistory& forgotten : history.forgotten) {
    forget_rows(forgotten, forgotten.enrollment);
    auto& tokens = state_.accounts.find(forgotten.account)->tokens;
    for (const TokenId person : forgotten.people) {
      forget_rows(forgotten, person);
      TokenRow& row = *state_.tokens.find(person);
      if (row.record->due_at) state_.due.erase({*row.record->due_at, person});
      state_.held.erase(person);
      row.record.reset();
      std::erase(tokens, person);
    }
  }
  state_.history.forgotten += static_cast<std::int64_t>(history.forgotten.size());
  if (history.next) state_.history.next = history.next;
  if (!history.archive) return;
  auto& archives = state_.history.archives;
  const auto place = place_of(archives, history.archive->file,
                              [](const ArchiveRecord& each) -> const std::string& { return each.file; });
  if (place != archives.end() && place->file == history.archive->file)
    *place = *history.archive;
  else
    archives.insert(place, *history.archive);
}

void Writer::forget_rows(const ForgottenHistory& forgotten, TokenId token) {
  TokenRow& row = *state_.tokens.find(token);
  for (const DeliveryRecord& delivery : row.deliveries)
    state_.open_deliveries.erase(open_place_of(delivery));
  row.deliveries.clear();
  row.runs.clear();
  row.visits.clear();
  std::erase_if(state_.accounts.find(forgotten.account)->notes, [&](const Positioned<NoteRecord>& note) {
    return note.record.token == token && note.record.at <= forgotten.notes_until;
  });
}

}  // namespace caravan::memory
