#pragma once
// A reader that also tells what was let go and is in an archive: for who looks at a store. The engine has no need of
// it.

#include "storage/archive.hpp"
#include "storage/sqlite/reader.hpp"

namespace caravan::sqlite {

class ArchivedReader final : public SqliteReader {
 public:
  /// `store_file` is the store whose archives are read.
  ArchivedReader(const std::filesystem::path& file, const SqliteSettings& settings, std::filesystem::path store_file,
                 std::string installation);

  void refresh() override;
  void tokens_of(AccountId account, std::vector<TokenRecord>& to) override;
  void runs_of(TokenId token, std::vector<RunRecord>& to) override;
  void deliveries_of(TokenId token, std::vector<DeliveryRecord>& to) override;
  void notes_of(AccountId account, std::vector<NoteRecord>& to) override;
  std::string why_untold(const TokenRecord& enrollment) override;

 private:
  /// Null where nothing is archived.
  Archives* archives();
  /// What a token's enrollment did, where it was let go; null where it was not, or nothing has it.
  const EnrollmentHistory* archived(TokenId token);

  const std::filesystem::path store_file_;
  const std::string installation_;
  std::optional<HistoryRecord> history_;  ///< of the present snapshot, once it is known
  HistoryRecord archived_history_;        ///< that `archives_` were made for
  std::unique_ptr<Archives> archives_;
  std::map<TokenId, TokenId> enrollments_;  ///< of people's tokens that were read from an archive
};

}  // namespace caravan::sqlite
