#pragma once
// Names for the numbers of a token's history: of its nodes, paths and messages, in the version that it was in when they
// were written. Where the texts of a version no longer check, numbers are shown instead.

#include "engine/journey_library.hpp"
#include "engine/move_plan.hpp"

namespace caravan {

/// The names in one version.
class VersionNames {
 public:
  VersionNames() = default;
  VersionNames(JourneyLibrary& library, const VersionRecord& record);

  std::uint32_t number() const { return number_; }
  std::string node(NodeIndex index) const;
  /// Empty where it is not known.
  std::string type(NodeIndex index) const;
  bool divides_people(NodeIndex index) const;
  std::string path(NodeIndex index, PathIndex path) const;
  std::string message(MessageIndex index) const;
  MessageKind message_kind(MessageIndex index) const;
  /// The solution interest whose buying group a node hands to sales; empty: it does something else.
  std::string hands_over(NodeIndex index) const;
  /// Whether the journey is for people.
  bool is_for_people() const;

 private:
  const CompiledNode* find(NodeIndex index) const;
  const MessageDefinition* find(MessageIndex index) const;
  std::uint32_t number_ = 0;
  std::shared_ptr<const RunnableJourney> runnable_;
};

/// The names of all versions, compiled as they are asked for.
class AllNames {
 public:
  explicit AllNames(JourneyLibrary& library, Reader& reader);
  const VersionNames& of(VersionId version);
  const VersionNames& of(const std::string& journey, std::uint32_t number);
  /// Empty for a version that is not there.
  std::string journey_of(VersionId version) const;

 private:
  JourneyLibrary& library_;
  std::map<VersionId, VersionRecord> records_;
  std::map<VersionId, VersionNames> names_;
};

/// Which version a token was in, and when: versions change where it was moved.
class TokenVersions {
 public:
  /// `notes` are the token's own, in the order they were made.
  TokenVersions(AllNames& names, const TokenRecord& token, const std::vector<NoteRecord>& notes);

  const VersionNames& at_visit(std::uint32_t number) const;
  const VersionNames& at_time(Instant at) const;
  /// `seeds (version 1)`, `seeds (version 1, then 2)`
  const std::string& title() const { return title_; }

 private:
  struct Stretch {
    std::uint32_t first_visit;
    Instant from;
    const VersionNames* names;
  };
  std::vector<Stretch> stretches_;
  std::string title_;
};

}  // namespace caravan
