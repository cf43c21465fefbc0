// The archives of a store as a whole: appending, figures, and finding what an enrollment did.

#include "storage/archive.hpp"

#include <cerrno>
#include <cstring>
#include <list>

#include <fcntl.h>
#include <unistd.h>

#include "storage/sqlite/archive_file.hpp"

namespace caravan {

namespace fs = std::filesystem;
using sqlite::ArchiveBlock;
using sqlite::ArchiveFile;

namespace {

/// Whoever asks for one enrollment often asks for its neighbours next.
constexpr std::size_t kBlocksKept = 16;

/// Makes a folder and what leads there, where it is not there; its name is on the disk.
void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  const int descriptor = error ? -1 : ::open(parent.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int reason = error ? error.value() : errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced)
    throw StoreError(folder.string() + ": the folder of archives cannot be made (" + std::strerror(reason) +
                     "): this user needs write access to the folder of the store, and room on its disk");
}

std::string is_missing(const fs::path& file, const ArchiveRecord& record) {
  return file.string() + ": this archive is not there, and holds what " + std::to_string(record.enrollments) +
         (record.enrollments == 1 ? " enrollment did" : " enrollments did") + ": put it back";
}

/// Nothing for one that cannot be read; then `problem` says why.
std::unique_ptr<ArchiveFile> open_archive(const fs::path& store_file, const std::string& installation,
                                          const ArchiveRecord& record, std::string& problem) {
  const fs::path file = archive_folder(store_file) / record.file;
  std::error_code error;
  if (!fs::exists(file, error)) {
    problem = is_missing(file, record);
    return nullptr;
  }
  try {
    return std::make_unique<ArchiveFile>(store_file, installation, record, sqlite::Access::look);
  } catch (const StoreError& failure) {
    problem = failure.what();
    return nullptr;
  }
}

}  // namespace

fs::path archive_folder(const fs::path& store_file) {
  return store_file.string() + "-archive";
}

EnrollmentHistory history_of(Reader& reader, const TokenRecord& enrollment) {
  EnrollmentHistory history;
  history.enrollment = enrollment;
  std::vector<TokenRecord> tokens;
  reader.tokens_of(enrollment.account, tokens);
  std::copy_if(tokens.begin(), tokens.end(), std::back_inserter(history.people),
               [&](const TokenRecord& each) { return each.parent == enrollment.id; });
  std::set<TokenId> own = {enrollment.id};
  for (const TokenRecord& person : history.people)
    own.insert(person.id);
  for (const TokenId token : own) {
    reader.runs_of(token, history.runs);
    reader.deliveries_of(token, history.deliveries);
  }
  std::vector<NoteRecord> notes;
  reader.notes_of(enrollment.account, notes);
  std::copy_if(notes.begin(), notes.end(), std::back_inserter(history.notes),
               [&](const NoteRecord& note) { return own.contains(note.token); });
  return history;
}

ArchiveRecord archive(const fs::path& store_file, const std::string& installation, const ArchiveRecord& before,
                      std::span<const EnrollmentHistory> history) {
  const fs::path file = archive_folder(store_file) / before.file;
  std::error_code error;
  if (before.blocks > 0 && !fs::exists(file, error)) throw StoreError(is_missing(file, before));
  if (before.blocks == 0) make_folder(archive_folder(store_file));
  return ArchiveFile(store_file, installation, before, sqlite::Access::create).append(history);
}

std::vector<ArchiveFigures> archive_figures(const fs::path& store_file, const std::string& installation,
                                            const HistoryRecord& history) {
  std::vector<ArchiveFigures> all;
  for (const ArchiveRecord& record : history.archives) {
    ArchiveFigures& figures = all.emplace_back();
    figures.file = archive_folder(store_file) / record.file;
    figures.enrollments = record.enrollments;
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(figures.file, error);
    if (!error) figures.bytes = bytes;
    const std::unique_ptr<ArchiveFile> file = open_archive(store_file, installation, record, figures.problem);
    if (!file) continue;
    try {
      for (const ArchiveBlock& block : file->own_blocks(figures.problem)) {
        figures.rows += block.rows;
        figures.from = std::min(figures.from.value_or(block.from), block.from);
        figures.to = std::max(figures.to.value_or(block.to), block.to);
      }
    } catch (const StoreError& failure) {
      figures.problem = failure.what();
    }
  }
  return all;
}

struct Archives::State {
  /// Blocks in the order of their first enrollment. They may overlap: what ends late is archived late.
  struct OpenFile {
    std::unique_ptr<ArchiveFile> file;
    std::vector<ArchiveBlock> blocks;
    std::vector<TokenId> last_until;  ///< the greatest enrollment of a block and of all before it
  };
  struct KeptBlock {
    std::size_t file = 0;
    std::int64_t sequence = 0;
    std::vector<EnrollmentHistory> content;
  };

  fs::path store_file;
  std::string installation;
  std::vector<ArchiveRecord> records;
  std::optional<std::vector<OpenFile>> files;  ///< nothing: not looked for yet
  std::list<KeptBlock> kept;                   ///< the one that was used last is the first
  std::string problem;

  void note(const std::string& what) {
    if (problem.find(what) == std::string::npos) problem += (problem.empty() ? "" : "; ") + what;
  }

  void open_all() {
    files.emplace();
    // The newest first: there most is asked for.
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      std::string fault;
      OpenFile opened;
      opened.file = open_archive(store_file, installation, *record, fault);
      try {
        if (opened.file) opened.blocks = opened.file->own_blocks(fault);
      } catch (const StoreError& failure) {
        fault = failure.what();
      }
      if (!fault.empty()) note(fault);
      std::sort(opened.blocks.begin(), opened.blocks.end(),
                [](const ArchiveBlock& left, const ArchiveBlock& right) { return left.first < right.first; });
      TokenId last;
      for (const ArchiveBlock& block : opened.blocks)
        opened.last_until.push_back(last = std::max(last, block.last));
      if (!opened.blocks.empty()) files->push_back(std::move(opened));
    }
  }

  const EnrollmentHistory* find(TokenId enrollment) {
    if (!files) open_all();
    for (std::size_t file = 0; file < files->size(); ++file) {
      const OpenFile& opened = (*files)[file];
      auto block = static_cast<std::size_t>(
          std::upper_bound(opened.blocks.begin(), opened.blocks.end(), enrollment,
                           [](TokenId wanted, const ArchiveBlock& each) { return wanted < each.first; }) -
          opened.blocks.begin());
      for (; block > 0 && opened.last_until[block - 1] >= enrollment; --block) {
        if (!opened.blocks[block - 1].has(enrollment)) continue;
        if (const auto* found = find_in(file, opened.blocks[block - 1].sequence, enrollment)) return found;
      }
    }
    return nullptr;
  }

  const EnrollmentHistory* find_in(std::size_t file, std::int64_t sequence, TokenId enrollment) {
    try {
      const std::vector<EnrollmentHistory>& content = content_of(file, sequence);
      const auto found =
          std::lower_bound(content.begin(), content.end(), enrollment,
                           [](const EnrollmentHistory& each, TokenId id) { return each.enrollment.id < id; });
      return found != content.end() && found->enrollment.id == enrollment ? &*found : nullptr;
    } catch (const StoreError& failure) {
      note(failure.what());
      return nullptr;
    }
  }

  const std::vector<EnrollmentHistory>& content_of(std::size_t file, std::int64_t sequence) {
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptBlock& each) {
      return each.file == file && each.sequence == sequence;
    });
    if (found != kept.end()) {
      kept.splice(kept.begin(), kept, found);
    } else {
      kept.push_front({file, sequence, (*files)[file].file->content(sequence)});
      if (kept.size() > kBlocksKept) kept.pop_back();
    }
    return kept.front().content;
  }
};

Archives::Archives(fs::path store_file, std::string installation, const HistoryRecord& history)
    : state_(std::make_unique<State>()) {
  state_->store_file = std::move(store_file);
  state_->installation = std::move(installation);
  state_->records = history.archives;
}

Archives::~Archives() = default;

const EnrollmentHistory* Archives::find(TokenId enrollment) {
  return state_->find(enrollment);
}

const std::string& Archives::problem() const {
  return state_->problem;
}

}  // namespace caravan
