// Counting what was taken: the store's counters tell of nodes, paths and time-outs, the lines of tokens' histories of
// what listens heard, and probes of conditions.

#include "engine/harness/coverage.hpp"

#include "engine/harness/coverage_points.hpp"
#include "engine/move_plan.hpp"

namespace caravan {
namespace {

constexpr std::size_t accounts_at_once = 256;

/// The points of one version's nodes by the numbers that this version gives them. The workspace's own journeys have
/// theirs already; others are matched by name.
class VersionPoints {
 public:
  VersionPoints(const CoverPoints& points, const RunnableJourney& version) {
    const auto journey = points.journeys.find(version.journey.name);
    if (journey == points.journeys.end()) return;
    if (version.journey.definition == journey->second.definition) {
      own_ = &journey->second.nodes;
      return;
    }
    for (const CompiledNode& node : version.journey.nodes)
      matched_.push_back(match(journey->second, node));
  }

  /// Null for a node that the workspace's journey has not.
  const NodePoints* of(NodeIndex node) const {
    const std::vector<NodePoints>& nodes = own_ ? *own_ : matched_;
    const auto position = static_cast<std::size_t>(node);
    return position < nodes.size() ? &nodes[position] : nullptr;
  }

 private:
  static NodePoints match(const JourneyPoints& journey, const CompiledNode& node) {
    const auto found = journey.by_id.find(node.id);
    if (found == journey.by_id.end()) return {};
    NodePoints matched = journey.nodes[found->second];
    const std::vector<PathDefinition>& paths = journey.definitions[found->second]->paths;
    const std::vector<std::size_t> by_own_number = std::exchange(matched.paths, {});
    for (const CompiledPath& path : node.paths) {
      const auto same =
          std::find_if(paths.begin(), paths.end(), [&](const auto& each) { return each.name == path.name; });
      matched.paths.push_back(same == paths.end() ? kNoPoint
                                                  : by_own_number[static_cast<std::size_t>(same - paths.begin())]);
    }
    return matched;
  }

  const std::vector<NodePoints>* own_ = nullptr;
  std::vector<NodePoints> matched_;
};

/// One reading of a store.
class StoreCount {
 public:
  StoreCount(const CoverPoints& points, std::vector<std::int64_t>& times, Reader& reader, JourneyLibrary& library)
      : points_(points), times_(times), reader_(reader), library_(library) {}

  void count() {
    for (const auto& [key, times] : reader_.counters())
      count_counter(key, times);
    if (!hears_) return;
    std::vector<AccountRecord> accounts;
    for (AccountId next{1};;) {
      accounts.clear();
      reader_.accounts_from(next, accounts_at_once, accounts);
      if (accounts.empty()) return;
      for (const AccountRecord& account : accounts)
        count_heard(account.id);
      next = AccountId{accounts.back().id.value + 1};
    }
  }

 private:
  void count_counter(const CounterKey& key, std::int64_t times) {
    const bool moved = key.kind == CounterKind::moved_in;
    if (moved) has_moved_ = true;
    const bool counts =
        key.kind == CounterKind::visited || key.kind == CounterKind::taken || key.kind == CounterKind::timed_out;
    const NodePoints* node = counts ? points_of(key.version, NodeIndex{key.slot}) : nullptr;
    if (!node) return;
    switch (key.kind) {
      case CounterKind::visited:
        if (node->heard != kNoPoint) hears_ = true;
        return add(node->node, times);
      case CounterKind::taken:
        if (const auto path = static_cast<std::size_t>(key.path); path < node->paths.size())
          add(node->paths[path], times);
        return;
      default: return add(node->time_out, times);
    }
  }

  void count_heard(AccountId account) {
    tokens_.clear();
    reader_.tokens_of(account, tokens_);
    notes_.clear();
    if (has_moved_) reader_.notes_of(account, notes_);
    for (const TokenRecord& token : tokens_) {
      runs_.clear();
      reader_.runs_of(token.id, runs_);
      for (const RunRecord& run : runs_) {
        for (std::size_t i = 0; i < run.visits.size(); ++i) {
          const VisitRecord& visit = run.visits[i];
          if (visit.outcome != VisitOutcome::heard) continue;
          const NodePoints* node = points_of(version_at(token, run.first_visit + i), visit.node);
          if (node) add(node->heard, 1);
        }
      }
    }
  }

  /// The version that a token was in when it made a visit.
  VersionId version_at(const TokenRecord& token, std::size_t visit) const {
    for (const NoteRecord& note : notes_) {
      if (note.kind != NoteKind::moved || note.token != token.id) continue;
      const std::optional<MoveNote> move = parse_move_note(note.text);
      if (!move || visit >= move->visits) continue;
      for (const VersionRecord& version : library_.versions_of(library_.journey_of(token.version))) {
        if (version.number == move->from) return version.id;
      }
    }
    return token.version;
  }

  const NodePoints* points_of(VersionId version, NodeIndex node) {
    auto found = versions_.find(version);
    if (found == versions_.end())
      found = versions_.emplace(version, VersionPoints(points_, *library_.version(version))).first;
    return found->second.of(node);
  }

  void add(std::size_t point, std::int64_t times) {
    if (point != kNoPoint) times_[point] += times;
  }

  const CoverPoints& points_;
  std::vector<std::int64_t>& times_;
  Reader& reader_;
  JourneyLibrary& library_;
  std::map<VersionId, VersionPoints> versions_;
  bool hears_ = false;      ///< some token came to a listen
  bool has_moved_ = false;  ///< some enrollment went on in another version
  std::vector<TokenRecord> tokens_;
  std::vector<NoteRecord> notes_;
  std::vector<RunRecord> runs_;
};

}  // namespace

Coverage::Coverage(const Workspace& workspace) : points_(cover_points_of(workspace)), times_(points_->all.size()) {}

void Coverage::add(Reader& reader, JourneyLibrary& library) {
  StoreCount(*points_, times_, reader, library).count();
}

void Coverage::add(const Coverage& other) {
  assert(other.points_->workspace == points_->workspace);
  for (std::size_t point = 0; point < times_.size(); ++point)
    times_[point] += other.times_[point];
  conditions_.add(other.conditions_);
}

std::int64_t Coverage::times(std::size_t point) const {
  const std::optional<CoverPoints::Seen>& seen = points_->all[point].seen;
  if (!seen) return times_[point];
  using cel::ConditionOutcome;
  return (seen->yes ? conditions_.times(seen->probe, ConditionOutcome::yes) : 0) +
         (seen->no ? conditions_.times(seen->probe, ConditionOutcome::no) : 0) +
         (seen->failed ? conditions_.times(seen->probe, ConditionOutcome::failed) : 0);
}

std::vector<CoverCount> Coverage::counts() const {
  std::vector<CoverCount> counts;
  counts.reserve(points_->all.size());
  for (std::size_t point = 0; point < points_->all.size(); ++point)
    counts.push_back({points_->all[point].point, times(point)});
  return counts;
}

Coverage::Figure Coverage::figure(std::string_view journey, std::optional<CoverPoint::Kind> kind) const {
  Figure figure;
  std::set<std::tuple<const SourceFile*, std::size_t, std::size_t, bool>> shared;
  for (std::size_t i = 0; i < points_->all.size(); ++i) {
    const auto& [point, seen, is_shared] = points_->all[i];
    if ((!journey.empty() && point.journey != journey) || (kind && point.kind != *kind)) continue;
    const Place& place = point.place;
    if (is_shared && !shared.emplace(place.file, place.offset, place.length, point.outcome).second) continue;
    ++figure.of;
    if (times(i) > 0) ++figure.taken;
  }
  return figure;
}

}  // namespace caravan
