#include "engine/report/publication_report.hpp"

#include "engine/fingerprint.hpp"

namespace caravan {
namespace {

using Counters = std::vector<std::pair<CounterKey, std::int64_t>>;

/// Looks at one journey after the other.
class Looker {
 public:
  Looker(Store& store, Reader& reader, NameBook& names, const Publish& publish)
      : names_(names), publish_(publish), library_(store, names), counters_(reader.counters()) {
    for (const JourneyRecord& record : library_.journeys())
      states_.emplace(record.name, record.state);
  }

  PublicationReport look() {
    PublicationReport report;
    for (const auto& [name, definition] : publish_.workspace->journeys) {
      if (is_meant(name)) report.journeys.push_back(look_at(definition));
    }
    for (const auto& [name, state] : states_) {
      const bool takes_entries = state == JourneyState::live || state == JourneyState::paused;
      if (publish_.journeys.empty() && takes_entries && !publish_.workspace->journeys.contains(name)) {
        report.journeys.push_back(look_at_gone(name));
      }
    }
    return report;
  }

 private:
  bool is_meant(const std::string& name) const {
    const auto& named = publish_.journeys;
    return named.empty() || std::find(named.begin(), named.end(), name) != named.end();
  }

  JourneyReport look_at(const JourneyDefinition& definition) {
    JourneyReport report;
    report.journey = definition.name;
    report.title = definition.title;
    if (const auto state = states_.find(definition.name); state != states_.end()) report.state = state->second;
    const std::vector<VersionRecord> versions = library_.versions_of(definition.name);
    if (versions.empty()) return report;
    const VersionRecord& latest = versions.back();
    const bool is_same = latest.fingerprint == fingerprint(*publish_.workspace, definition);
    // One that the workspace had no more is a new version when it comes back, though it says the same.
    const bool is_kept = is_same && latest.live;
    const bool reopens = is_same && (!is_kept || (!publish_.journeys.empty() && report.state >= JourneyState::closed));
    report.kind = !is_same  ? JourneyReport::Kind::changed
                  : reopens ? JourneyReport::Kind::reopened
                            : JourneyReport::Kind::unchanged;
    report.version = is_kept ? latest.number : latest.number + 1;
    const CompiledJourney compiled = compile_journey(*publish_.workspace, definition, names_);
    if (!is_same) compare(latest, compiled, report);
    for (const VersionRecord& version : versions)
      look_at_under_way(version, is_kept && version.id == latest.id ? nullptr : &compiled, report);
    return report;
  }

  JourneyReport look_at_gone(const std::string& name) {
    JourneyReport report;
    report.kind = JourneyReport::Kind::closed;
    report.journey = name;
    report.state = states_.at(name);
    for (const VersionRecord& version : library_.versions_of(name)) {
      report.version = version.number;
      if (const auto runnable = readable(version)) report.title = runnable->journey.title;
      look_at_under_way(version, nullptr, report);
    }
    return report;
  }

  void compare(const VersionRecord& before, const CompiledJourney& after, JourneyReport& report) {
    const auto runnable = readable(before);
    if (!runnable) {
      report.unreadable = why_unreadable_;
      return;
    }
    report.difference = difference(*runnable->journey.definition, *after.definition);
    report.texts = changed_texts(runnable->workspace->texts, publish_.workspace->texts, after);
  }

  /// `to` is the version that accounts under way are taken to; null: they are where they stay.
  void look_at_under_way(const VersionRecord& version, const CompiledJourney* to, JourneyReport& report) {
    UnderWayReport under{version.number, under_way(counters_, version.id), {}, {}, {}};
    if (under.accounts == 0) return;
    const bool moves = to && publish_.under_way == Publish::UnderWay::move;
    const auto runnable = readable(version);
    if (!runnable) {
      if (moves) under.refusals.push_back(why_unreadable_);
      report.under_way.push_back(std::move(under));
      return;
    }
    const CompiledJourney& from = runnable->journey;
    const NodeCounts counts = node_counts(counters_, version.id, from.nodes.size());
    std::optional<MovePlan> plan;
    if (moves) {
      plan = plan_move(from, *to, publish_.gone);
      under.refusals = refusals(*plan, from, counts);
      under.warnings = warnings(*plan, from, *to, counts);
    }
    for (std::size_t node = 0; node < from.nodes.size(); ++node) {
      if (counts.standing[node] == 0) continue;
      StandingReport standing{from.nodes[node].id,   std::string(from.nodes[node].type->shape.type),
                              counts.standing[node], counts.held[node],
                              std::nullopt,          {}};
      if (plan) {
        standing.move = plan->nodes[node];
        if (standing.move->to != kNoNode) standing.to = to->node(standing.move->to).id;
      }
      under.nodes.push_back(std::move(standing));
    }
    report.under_way.push_back(std::move(under));
  }

  /// Null, with the reason kept, where the texts of a version no longer check.
  std::shared_ptr<const RunnableJourney> readable(const VersionRecord& version) {
    try {
      return library_.version(version.id);
    } catch (const StoreError&) {
      throw;
    } catch (const std::runtime_error& error) {
      why_unreadable_ = error.what();
      return nullptr;
    }
  }

  NameBook& names_;
  const Publish& publish_;
  JourneyLibrary library_;
  const Counters counters_;
  std::map<std::string, JourneyState> states_;
  std::string why_unreadable_;
};

}  // namespace

std::size_t PublicationReport::changes() const {
  return static_cast<std::size_t>(std::count_if(journeys.begin(), journeys.end(), [](const JourneyReport& journey) {
    return journey.kind != JourneyReport::Kind::unchanged;
  }));
}

std::vector<std::string> PublicationReport::refusals() const {
  std::vector<std::string> all;
  for (const JourneyReport& journey : journeys) {
    for (const UnderWayReport& under : journey.under_way) {
      for (const std::string& refusal : under.refusals)
        all.push_back(journey.journey + ", version " + std::to_string(under.version) + ": " + refusal);
    }
  }
  return all;
}

PublicationReport look_at_publication(Store& store, Reader& reader, NameBook& names, const Publish& publish) {
  return Looker(store, reader, names, publish).look();
}

}  // namespace caravan
