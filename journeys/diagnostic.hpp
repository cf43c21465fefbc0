#pragma once
// What is wrong with what an author wrote: where, what, and what was probably meant. Everything the loader,
// the checker and the expression compiler find is a Diagnostic; only the program decides how it is printed.

namespace caravan {

/// One text file of a workspace. `path` is as a person would type it: relative to where the program was started.
struct SourceFile {
  std::string path;
  std::string text;
};

/// A stretch of a source file: byte offset and byte length. Files outlive every place in them (the Workspace owns
/// both).
struct Place {
  const SourceFile* file = nullptr;
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// Line and column of a place, both from 1; columns count characters (code points), not bytes.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};
Position position_of(const Place& place);

enum class Severity { warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  Place place;
  std::string message;  ///< a sentence without its full stop: what is wrong
  std::string hint;     ///< what to do or what was meant (`did you mean "x"?`); may be empty
};

enum class Colour { never, always };

/// `file:line:column: error: message; hint`, then the source line and a caret line. Ends with a newline. Long source
/// lines are shown around the place only; control characters are made visible.
std::string render(const Diagnostic& diagnostic, Colour colour);

/// The nearest of `candidates` to `name`, when it is near enough to be meant; else nothing.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

/// `did you mean "x"?`, or empty.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// Collects the faults of a workspace. Bounded: after `limit` further faults are counted, not kept.
class Diagnostics {
 public:
  explicit Diagnostics(std::size_t limit = 200) : limit_(limit) {}
  void error(const Place& place, std::string message, std::string hint = {});
  void warning(const Place& place, std::string message, std::string hint = {});
  /// In the order of file, line and column.
  std::vector<Diagnostic> sorted() const;
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  std::size_t left_out() const { return left_out_; }

 private:
  void add(Diagnostic diagnostic);
  std::vector<Diagnostic> kept_;
  std::size_t limit_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace caravan
