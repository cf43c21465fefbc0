#pragma once
// The counters that turns themselves look at, kept in memory beside the store: how often a path was taken, and how many
// enrollments of a version are under way. They run ahead of the store by what has not been written yet.

#include "storage/store.hpp"

namespace caravan {

class Tally {
 public:
  explicit Tally(Reader& reader);

  void add(const CounterKey& key, std::int64_t by);
  /// How often the path of a node was taken, by whoever.
  std::int64_t taken(VersionId version, NodeIndex node, PathIndex path) const;
  /// Enrollments of the version that have neither ended nor gone on in another one.
  std::int64_t under_way(VersionId version) const;
  /// The versions that have any.
  std::vector<VersionId> versions_under_way() const;

 private:
  std::unordered_map<std::uint64_t, std::int64_t> taken_;
  std::map<VersionId, std::int64_t> under_way_;
};

}  // namespace caravan
