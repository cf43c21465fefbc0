// The store on an SQLite file: a writer with its lock, or only the door to readers.

#include "storage/backup.hpp"
#include "storage/sqlite/archived_reader.hpp"
#include "storage/sqlite/migrating.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/writer.hpp"
#include "storage/sqlite/writer_lock.hpp"

namespace caravan {
namespace sqlite {
namespace {

/// Read once, at opening: afterwards the writer's connection belongs to the thread that commits.
std::string read_installation(Connection& connection) {
  return connection.text("SELECT value FROM setting WHERE name = 'installation'");
}

class WritingStore final : public Store {
 public:
  WritingStore(const std::filesystem::path& file, const SqliteSettings& settings)
      : settings_(settings),
        lock_(file),
        connection_(file, Access::create, settings),
        writer_(migrated(), settings),
        installation_(read_installation(connection_)) {}

  void commit(const Changes& changes) override { writer_.commit(changes); }
  void use_idle_time() noexcept override { writer_.use_idle_time(); }
  std::unique_ptr<Reader> reader() override { return std::make_unique<SqliteReader>(connection_.file(), settings_); }
  std::string installation() override { return installation_; }

 private:
  Connection& migrated() {
    migrate_behind_copy(connection_, KeepCopy::yes, {});
    return connection_;
  }

  SqliteSettings settings_;
  WriterLock lock_;
  Connection connection_;
  Writer writer_;
  std::string installation_;
};

class ReadingStore final : public Store {
 public:
  ReadingStore(const std::filesystem::path& file, const SqliteSettings& settings)
      : settings_(settings), connection_(file, Access::look, settings) {
    expect_present_layout(connection_);
    installation_ = read_installation(connection_);
  }

  void commit(const Changes&) override {
    throw StoreError(connection_.file().string() + ": opened for reading: nothing can be written");
  }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<ArchivedReader>(connection_.file(), settings_, connection_.file(), installation_);
  }
  std::string installation() override { return installation_; }

 private:
  SqliteSettings settings_;
  Connection connection_;
  std::string installation_;
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<Reader> archived_reader(const std::filesystem::path& file, const std::filesystem::path& store_file) {
  sqlite::Connection connection(file, sqlite::Access::look, {});
  return std::make_unique<sqlite::ArchivedReader>(file, SqliteSettings{}, store_file,
                                                  sqlite::read_installation(connection));
}

std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, OpenMode mode, const SqliteSettings& settings) {
  if (mode == OpenMode::write) return std::make_unique<sqlite::WritingStore>(file, settings);
  if (is_restore_cut_off(file))
    throw StoreError(file.string() +
                     ": a restore was cut off before all was in its place: `caravan restore --finish` ends it, and so "
                     "does starting the engine");
  if (std::error_code error; !std::filesystem::exists(file, error))
    throw StoreError(file.string() + ": there is no store here: check the name, or import accounts into it first");
  return std::make_unique<sqlite::ReadingStore>(file, settings);
}

}  // namespace caravan
