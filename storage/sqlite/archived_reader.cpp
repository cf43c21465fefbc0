#include "storage/sqlite/archived_reader.hpp"

namespace caravan::sqlite {
namespace {

/// More are forgotten: whoever asks for the runs of a person's token has just asked for the account's tokens.
constexpr std::size_t kMostRemembered = 100'000;

/// Appends those of one token.
template <class Record, class TokenOf>
void append(const std::vector<Record>& from, std::vector<Record>& to, TokenId token, TokenOf token_of) {
  std::copy_if(from.begin(), from.end(), std::back_inserter(to),
               [&](const Record& each) { return token_of(each) == token; });
}

}  // namespace

ArchivedReader::ArchivedReader(const std::filesystem::path& file, const SqliteSettings& settings,
                               std::filesystem::path store_file, std::string installation)
    : SqliteReader(file, settings), store_file_(std::move(store_file)), installation_(std::move(installation)) {}

void ArchivedReader::refresh() {
  SqliteReader::refresh();
  history_.reset();
}

Archives* ArchivedReader::archives() {
  if (!history_) history_ = history();
  if (history_->archives.empty()) return nullptr;
  if (!archives_ || archived_history_ != *history_) {
    archives_ = std::make_unique<Archives>(store_file_, installation_, *history_);
    archived_history_ = *history_;
  }
  return archives_.get();
}

const EnrollmentHistory* ArchivedReader::archived(TokenId token) {
  Archives* files = archives();
  if (!files) return nullptr;
  const auto person = enrollments_.find(token);
  return files->find(person == enrollments_.end() ? token : person->second);
}

void ArchivedReader::tokens_of(AccountId account, std::vector<TokenRecord>& to) {
  const std::size_t before = to.size();
  SqliteReader::tokens_of(account, to);
  const std::size_t stored = to.size();
  if (stored == before || !archives()) return;
  if (enrollments_.size() > kMostRemembered) enrollments_.clear();
  for (std::size_t i = before; i < stored; ++i) {
    if (!was_forgotten(to[i])) continue;
    const EnrollmentHistory* history = archives()->find(to[i].id);
    if (!history) continue;
    for (const TokenRecord& person : history->people) {
      enrollments_.emplace(person.id, person.parent);
      to.push_back(person);
    }
  }
  std::sort(to.begin() + static_cast<std::ptrdiff_t>(before), to.end(),
            [](const TokenRecord& left, const TokenRecord& right) { return left.id < right.id; });
}

void ArchivedReader::runs_of(TokenId token, std::vector<RunRecord>& to) {
  const std::size_t before = to.size();
  SqliteReader::runs_of(token, to);
  if (to.size() > before) return;
  if (const EnrollmentHistory* history = archived(token))
    append(history->runs, to, token, [](const RunRecord& run) { return run.token; });
}

void ArchivedReader::deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) {
  const std::size_t before = to.size();
  SqliteReader::deliveries_of(token, to);
  if (to.size() > before) return;
  if (const EnrollmentHistory* history = archived(token))
    append(history->deliveries, to, token, [](const DeliveryRecord& delivery) { return delivery.key.token; });
}

void ArchivedReader::notes_of(AccountId account, std::vector<NoteRecord>& to) {
  const auto before = static_cast<std::ptrdiff_t>(to.size());
  SqliteReader::notes_of(account, to);
  if (!archives()) return;
  const auto stored = static_cast<std::ptrdiff_t>(to.size());
  std::vector<TokenRecord> tokens;
  SqliteReader::tokens_of(account, tokens);
  for (const TokenRecord& token : tokens) {
    if (!was_forgotten(token)) continue;
    if (const EnrollmentHistory* history = archives()->find(token.id))
      to.insert(to.end(), history->notes.begin(), history->notes.end());
  }
  if (static_cast<std::ptrdiff_t>(to.size()) == stored) return;
  std::stable_sort(to.begin() + before, to.end(),
                   [](const NoteRecord& left, const NoteRecord& right) { return left.at < right.at; });
}

std::string ArchivedReader::why_untold(const TokenRecord& enrollment) {
  std::string why = SqliteReader::why_untold(enrollment);
  Archives* files = why.empty() ? nullptr : archives();
  if (!files) return why;
  if (files->find(enrollment.id)) return {};
  return files->problem().empty() ? why : files->problem();
}

}  // namespace caravan::sqlite
