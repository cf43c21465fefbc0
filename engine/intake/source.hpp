#pragma once
// Where the bytes of an import come from: a file, a pipe or a text. Whoever reads keeps a window over them and no more,
// so that a file of any size is read in bounded memory.

#include <atomic>

namespace caravan {

/// Read by one thread; only FileSource::interrupt() may come from another.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `to` and gives how many bytes; 0 at the end. Throws std::system_error when reading fails.
  virtual std::size_t read(std::span<char> to) = 0;
};

/// A file, or what comes in on standard input (`-`).
class FileSource final : public ByteSource {
 public:
  /// Throws std::system_error when the file cannot be opened for reading.
  explicit FileSource(const std::filesystem::path& file);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  std::size_t read(std::span<char> to) override;
  /// The file's length in bytes; nothing for a pipe.
  std::optional<std::uint64_t> length() const { return length_; }
  /// How many bytes were read so far. From any thread.
  std::uint64_t bytes_read() const { return bytes_read_.load(std::memory_order_relaxed); }
  /// Makes this and every later read() answer 0, one that waits for a pipe included. From any thread.
  void interrupt();

 private:
  int input_ = -1;
  int wake_ = -1;
  bool is_owned_ = false;
  std::optional<std::uint64_t> length_;
  std::atomic<std::uint64_t> bytes_read_{0};
  std::atomic<bool> is_interrupted_{false};
};

/// A text that stands somewhere else and outlives the source.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}
  std::size_t read(std::span<char> to) override;

 private:
  std::string_view text_;
};

/// The unread part of a source, as far as it was needed so far.
class Window {
 public:
  explicit Window(ByteSource& source) : source_(source) {}
  std::string_view pending() const { return std::string_view(bytes_).substr(begin_); }
  /// Reads on; false at the end. Views of pending() are void afterwards.
  bool more();
  void consume(std::size_t bytes) { begin_ += bytes; }

 private:
  ByteSource& source_;
  std::string bytes_;
  std::size_t begin_ = 0;
  bool is_at_end_ = false;
};

}  // namespace caravan
