#include "engine/report/journey_figures.hpp"

#include "engine/harness/message_words.hpp"

namespace caravan {
namespace {

/// The counters of one version.
class VersionCounters {
 public:
  VersionCounters(const std::map<CounterKey, std::int64_t>& all, VersionId version) : all_(all), version_(version) {}
  std::int64_t of(CounterKind kind, std::size_t slot = 0, PathIndex path = kNoPath) const {
    const auto found = all_.find({version_, kind, static_cast<std::uint16_t>(slot), path});
    return found == all_.end() ? 0 : found->second;
  }

 private:
  const std::map<CounterKey, std::int64_t>& all_;
  VersionId version_;
};

/// Walks the definition in the order in which the compiler numbered its nodes.
class MapWriter {
 public:
  MapWriter(const VersionCounters& counters, std::vector<MapLine>& to) : counters_(counters), to_(to) {}

  void write(const std::vector<NodeDefinition>& nodes, std::size_t depth) {
    for (const NodeDefinition& node : nodes) {
      const std::size_t index = next_++;
      MapLine& line = to_.emplace_back();
      line.depth = depth;
      line.name = node.id;
      line.type = node.shape->type;
      line.count = counters_.of(CounterKind::visited, index);
      line.standing = counters_.of(CounterKind::standing, index);
      line.held = counters_.of(CounterKind::held, index);
      line.timed_out = counters_.of(CounterKind::timed_out, index);
      line.joined = counters_.of(CounterKind::joined, index);
      line.errors = counters_.of(CounterKind::expression_errors, index);
      write_paths(node, index, depth);
    }
  }

 private:
  void write_paths(const NodeDefinition& node, std::size_t index, std::size_t depth) {
    const auto taken = [&](std::size_t path) {
      return counters_.of(CounterKind::taken, index, PathIndex{static_cast<std::uint16_t>(path)});
    };
    std::int64_t all = 0;
    for (std::size_t path = 0; path < node.paths.size(); ++path)
      all += taken(path);
    for (std::size_t path = 0; path < node.paths.size(); ++path) {
      const PathDefinition& definition = node.paths[path];
      MapLine& line = to_.emplace_back();
      line.depth = depth;
      line.is_path = true;
      line.name = definition.name;
      line.of = node.id;
      if (definition.next) line.type = "to " + definition.next->id;
      line.count = taken(path);
      line.split_count = all;
      write(definition.nodes, depth + 1);
    }
  }

  const VersionCounters& counters_;
  std::vector<MapLine>& to_;
  std::size_t next_ = 0;
};

/// Where the published texts no longer check with this program, figures without names are better than none.
void write_numbers(const VersionCounters& counters, const std::map<CounterKey, std::int64_t>& all, VersionId version,
                   JourneyFigures& to) {
  for (const auto& [key, count] : all) {
    if (key.version != version) continue;
    if (key.kind == CounterKind::visited) {
      to.map.push_back({.name = "node " + std::to_string(key.slot),
                        .of = {},
                        .type = {},
                        .count = count,
                        .standing = counters.of(CounterKind::standing, key.slot),
                        .held = counters.of(CounterKind::held, key.slot)});
    }
    if (key.kind == CounterKind::promised) {
      to.messages.push_back(
          {.name = "message " + std::to_string(key.slot),
           .promised = count,
           .delivered = counters.of(CounterKind::delivered, key.slot),
           .undelivered = counters.of(CounterKind::undelivered, key.slot),
           .suppressed = counters.of(CounterKind::suppressed, key.slot) + counters.of(CounterKind::withheld, key.slot),
           .withheld = counters.of(CounterKind::withheld, key.slot)});
    }
  }
}

JourneyFigures figures_of(const VersionRecord& record, const JourneyRecord& journey,
                          const std::map<CounterKey, std::int64_t>& all, JourneyLibrary& library) {
  const VersionCounters counters(all, record.id);
  JourneyFigures figures;
  figures.journey = record.journey;
  figures.version = record.number;
  figures.state = journey.state;
  figures.state_since = journey.since;
  figures.published_at = record.published_at;
  figures.entered = counters.of(CounterKind::entered);
  figures.completed = counters.of(CounterKind::completed);
  figures.left = counters.of(CounterKind::left);
  figures.failed = counters.of(CounterKind::failed);
  figures.reached_goal = counters.of(CounterKind::reached_goal);
  figures.moved_in = counters.of(CounterKind::moved_in);
  figures.moved_out = counters.of(CounterKind::moved_out);
  try {
    const std::shared_ptr<const RunnableJourney> runnable = library.version(record.id);
    figures.title = runnable->journey.title;
    MapWriter(counters, figures.map).write(runnable->workspace->journeys.at(record.journey).nodes, 0);
    for (std::size_t index = 0; index < runnable->journey.messages.size(); ++index) {
      figures.messages.push_back(
          {.name = words_for(runnable->journey.messages[index]),
           .promised = counters.of(CounterKind::promised, index),
           .delivered = counters.of(CounterKind::delivered, index),
           .undelivered = counters.of(CounterKind::undelivered, index),
           .deduplicated = counters.of(CounterKind::deduplicated, index),
           .suppressed = counters.of(CounterKind::suppressed, index) + counters.of(CounterKind::withheld, index),
           .withheld = counters.of(CounterKind::withheld, index)});
    }
  } catch (const StoreError&) {
    throw;
  } catch (const std::runtime_error&) {
    write_numbers(counters, all, record.id, figures);
  }
  for (const MapLine& line : figures.map)
    figures.held += line.held;
  return figures;
}

}  // namespace

StoreFigures read_figures(JourneyLibrary& library, Reader& reader, const std::optional<Reader::Totals>& totals) {
  reader.refresh();
  StoreFigures figures;
  figures.totals = totals ? *totals : reader.totals();
  figures.engine_time = reader.engine_time();
  figures.journeys = read_journey_figures(library, reader);
  return figures;
}

std::vector<JourneyFigures> read_journey_figures(JourneyLibrary& library, Reader& reader, const FiguresAsked& asked) {
  std::map<CounterKey, std::int64_t> counters;
  for (const auto& [key, count] : reader.counters())
    counters.emplace(key, count);
  std::vector<VersionRecord> versions = reader.versions();
  std::erase_if(versions, [&](const VersionRecord& version) {
    return !asked.journey.empty() && version.journey != asked.journey;
  });
  std::sort(versions.begin(), versions.end(), [](const VersionRecord& left, const VersionRecord& right) {
    return std::tie(left.journey, left.number) < std::tie(right.journey, right.number);
  });
  std::map<std::string, JourneyRecord> journeys;
  for (JourneyRecord& journey : reader.journeys())
    journeys.emplace(journey.name, std::move(journey));
  std::map<std::string, std::uint32_t> newest;
  for (const VersionRecord& version : versions)
    newest[version.journey] = std::max(newest[version.journey], version.number);
  std::vector<JourneyFigures> figures;
  for (auto version = versions.rbegin(); version != versions.rend() && figures.size() < asked.most; ++version) {
    const bool is_newest = version->number == newest[version->journey];
    if (!is_newest && asked.versions == FiguresAsked::Versions::newest) continue;
    if (asked.below && version->number >= *asked.below) continue;
    const VersionCounters counted(counters, version->id);
    const bool was_entered = counted.of(CounterKind::entered) + counted.of(CounterKind::moved_in) > 0;
    if (!is_newest && !was_entered) continue;
    figures.push_back(figures_of(*version, journeys[version->journey], counters, library));
    figures.back().is_newest = is_newest;
  }
  std::reverse(figures.begin(), figures.end());
  return figures;
}

}  // namespace caravan
