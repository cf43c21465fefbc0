#pragma once
// A sample workspace run as its README says, from its files to the mails in a folder of the test's own, and the figures
// that came of it.

#include <map>

#include <boost/json/value.hpp>

#include "tests/tools/program.hpp"

namespace caravan::tests {

/// A mail that was written.
struct WrittenMail {
  std::string to;
  std::string subject;  ///< as it stands in the header
  std::string date;     ///< `Tue, 13 Jan 2026 09:00:00 +0000`
  std::string text;     ///< its text part, decoded
};

/// Runs when it is made: check, import, serve until nothing is left to do. Fails the test where one of them fails.
class SampleRun {
 public:
  /// `workspace` is a folder of samples/, or a copy of one.
  explicit SampleRun(const std::filesystem::path& workspace);

  const std::filesystem::path& workspace() const { return workspace_; }
  /// The program on this workspace and database.
  Outcome run(std::vector<std::string> arguments) const;
  boost::json::value json(std::vector<std::string> arguments) const;

  /// A journey's figures as `caravan status --json` has them.
  const boost::json::value& journey(const std::string& name) const;
  /// How often a path was taken: `hear-of-a-decider/timeout`.
  std::int64_t taken(const std::string& journey, const std::string& path) const;
  /// How many came through a node.
  std::int64_t visited(const std::string& journey, const std::string& node) const;
  /// How many of a message were delivered.
  std::int64_t delivered(const std::string& journey, const std::string& message) const;
  /// How many are in a list.
  std::int64_t members_of_list(const std::string& list) const;

  /// Files of that ending below a folder of the outbox.
  std::int64_t files(const std::string& ending, const std::string& below = ".") const;
  /// All mails whose subject has `part` in it.
  std::vector<WrittenMail> mails(const std::string& part) const;

 private:
  std::filesystem::path workspace_;
  Folder folder_;
  boost::json::value status_;
  std::map<std::string, std::map<std::string, std::int64_t>> taken_;    ///< by journey, then by `node/path`
  std::map<std::string, std::map<std::string, std::int64_t>> visited_;  ///< by journey, then by node
};

/// Where a sample's folder is.
std::filesystem::path sample(const std::string& name);

/// What holds for each sample: nobody stands or is held anywhere, nobody failed, no expression failed, somebody came
/// through each node and took each path, every mail was written, and somebody reached sales.
void check_facts_of_all(const SampleRun& run);

/// The README shows each journey as `caravan graph` draws it.
void check_pictures(const std::filesystem::path& workspace);

}  // namespace caravan::tests
