#include "engine/journey_library.hpp"

#include <cassert>
#include <stdexcept>

#include "engine/fingerprint.hpp"
#include "engine/live_plan.hpp"

namespace caravan {
namespace {

/// The files with faults; nothing when what every journey uses has some. Journeys and what only they send may.
std::optional<std::set<const SourceFile*>> faulty_journeys(const Workspace& workspace) {
  if (workspace.diagnostics.left_out() != 0) return std::nullopt;
  std::set<const SourceFile*> faulty;
  for (const Diagnostic& fault : workspace.diagnostics.sorted()) {
    if (fault.severity == Severity::error) faulty.insert(fault.place.file);
  }
  const bool is_sound = std::all_of(faulty.begin(), faulty.end(), [&](const SourceFile* file) {
    if (file == nullptr) return false;
    const std::string path = path_within(workspace, *file);
    constexpr std::array named_only = {"journeys/", "emails/", "messages/"};
    return std::any_of(named_only.begin(), named_only.end(),
                       [&](std::string_view folder) { return path.starts_with(folder); });
  });
  return is_sound ? std::optional(std::move(faulty)) : std::nullopt;
}

/// Whether nothing that the journey uses has a fault. Other journeys and what only they send may have some.
bool checks(const Workspace& workspace, const std::string& name) {
  const auto journey = workspace.journeys.find(name);
  if (journey == workspace.journeys.end()) return false;
  const std::optional<std::set<const SourceFile*>> faulty = faulty_journeys(workspace);
  if (!faulty || faulty->contains(journey->second.place.file)) return false;
  const std::map<std::string, Place> templates = templates_of(journey->second, workspace);
  return std::none_of(templates.begin(), templates.end(),
                      [&](const auto& each) { return faulty->contains(each.second.file); });
}

}  // namespace

const InterestPlan* RunnableJourney::interest(NameId id) const {
  const auto found =
      std::find_if(interests.begin(), interests.end(), [&](const auto& plan) { return plan.interest == id; });
  return found == interests.end() ? nullptr : &*found;
}

const InterestPlan* RunnableJourney::interest(std::string_view name) const {
  const auto found =
      std::find_if(interests.begin(), interests.end(), [&](const auto& plan) { return plan.name == name; });
  return found == interests.end() ? nullptr : &*found;
}

JourneyLibrary::JourneyLibrary(Store& store, NameBook& names, NodeTypeFinder find_type)
    : reader_(store.reader()), names_(names), find_type_(std::move(find_type)) {
  reread();
}

void JourneyLibrary::reread() {
  const std::lock_guard lock(mutex_);
  std::map<VersionId, VersionRecord> versions;
  for (VersionRecord& record : reader_->versions())
    versions.emplace(record.id, std::move(record));
  std::map<std::string, JourneyRecord, std::less<>> journeys;
  for (JourneyRecord& record : reader_->journeys())
    journeys.emplace(record.name, std::move(record));
  const std::int64_t last_snapshot = reader_->greatest().snapshot;
  std::optional<DefinitionsRecord> definitions = reader_->definitions();
  reader_->refresh();  // holds no snapshot while nothing is read

  versions_ = std::move(versions);
  journeys_ = std::move(journeys);
  last_snapshot_ = last_snapshot;
  definitions_record_ = std::move(definitions);
  definitions_.reset();
  new_snapshot_ = false;
  // Numbers that were given out and not committed are given out again, for other texts.
  std::erase_if(compiled_, [&](const auto& each) { return !versions_.contains(each.first); });
  std::erase_if(snapshots_, [&](const auto& each) { return each.first > last_snapshot_; });
}

std::vector<Publication> JourneyLibrary::publish(std::shared_ptr<const Workspace> workspace,
                                                 std::span<const std::string> named, Instant now, Changes& changes) {
  for (const std::string& name : named) {
    if (!workspace->journeys.contains(name)) throw std::runtime_error("the workspace has no journey \"" + name + "\"");
  }
  const std::lock_guard lock(mutex_);
  std::vector<Publication> publications;
  const auto is_meant = [&](const std::string& name) {
    return named.empty() || std::find(named.begin(), named.end(), name) != named.end();
  };
  // What cannot be compiled is found before anything here has changed.
  for (const auto& [name, definition] : workspace->journeys) {
    if (is_meant(name)) parts_of(workspace, name);
  }
  for (const auto& [name, definition] : workspace->journeys) {
    if (is_meant(name)) publications.push_back(publish_one(workspace, definition, !named.empty(), now, changes));
  }
  publish_definitions(workspace, now, changes);
  if (std::exchange(new_snapshot_, false)) changes.snapshots.push_back({++last_snapshot_, workspace->texts});
  for (auto& [name, record] : journeys_) {
    const bool takes_entries = record.state == JourneyState::live || record.state == JourneyState::paused;
    if (!named.empty() || !takes_entries || workspace->journeys.contains(name)) continue;
    record.state = JourneyState::closed;
    record.since = now;
    changes.journeys.push_back(record);
    VersionRecord& version = *latest(name);
    version.live = false;
    changes.versions.push_back(version);
    publications.push_back({name, version.number, Publication::Kind::closed});
  }
  auto names = names_.take_new();
  changes.names.insert(changes.names.end(), std::make_move_iterator(names.begin()),
                       std::make_move_iterator(names.end()));
  return publications;
}

Publication JourneyLibrary::publish_one(const std::shared_ptr<const Workspace>& workspace,
                                        const JourneyDefinition& definition, bool is_named, Instant now,
                                        Changes& changes) {
  const std::string& name = definition.name;
  const std::string print = parts_of(workspace, name)->fingerprint;
  VersionRecord* before = latest(name);
  const auto journey = journeys_.find(name);
  const auto go_live = [&] {
    JourneyRecord& record = journeys_[name];
    record = {name, JourneyState::live, now};
    changes.journeys.push_back(record);
  };
  // One that the workspace had no more is new again when it comes back.
  if (before && before->live && before->fingerprint == print) {
    if (is_named && journey->second.state >= JourneyState::closed) go_live();
    compiled_[before->id] = compile(*before, workspace);
    return {name, before->number, Publication::Kind::unchanged};
  }
  VersionRecord record;
  record.id = VersionId{versions_.empty() ? 1 : versions_.rbegin()->first.value + 1};
  record.journey = name;
  record.fingerprint = print;
  record.published_at = now;
  record.snapshot = last_snapshot_ + 1;
  if (before) record.number = before->number + 1;
  compiled_[record.id] = compile(record, workspace);
  if (before) {
    before->live = false;
    changes.versions.push_back(*before);
  }
  // A pause outlives a new version; whoever is closed or has finished is open again by it.
  if (journey == journeys_.end() || journey->second.state != JourneyState::paused) go_live();
  const auto kind = record.number == 1 ? Publication::Kind::first : Publication::Kind::changed;
  const Publication publication{name, record.number, kind};
  changes.versions.push_back(record);
  new_snapshot_ = true;
  versions_.emplace(record.id, std::move(record));
  return publication;
}

/// What is every journey's follows each publication, whichever journeys it names.
void JourneyLibrary::publish_definitions(const std::shared_ptr<const Workspace>& workspace, Instant now,
                                         Changes& changes) {
  DefinitionsRecord record{last_snapshot_ + 1, compiled_definitions(workspace, names_)->fingerprint, now};
  if (definitions_record_ && definitions_record_->fingerprint == record.fingerprint) {
    definitions_ = define(*definitions_record_, workspace);
    return;
  }
  new_snapshot_ = true;
  changes.definitions = record;
  definitions_ = define(record, workspace);
  definitions_record_ = std::move(record);
}

std::shared_ptr<const Definitions> JourneyLibrary::define(DefinitionsRecord record,
                                                          std::shared_ptr<const Workspace> workspace) {
  auto definitions = std::make_shared<Definitions>();
  definitions->record = std::move(record);
  const std::shared_ptr<const DefinitionParts> parts = compiled_definitions(workspace, names_);
  definitions->interests = parts->interests;
  definitions->engagement = parts->engagement;
  definitions->workspace = std::move(workspace);
  return definitions;
}

std::shared_ptr<const Definitions> JourneyLibrary::definitions() {
  const std::lock_guard lock(mutex_);
  if (definitions_ || !definitions_record_) return definitions_;
  const std::shared_ptr<const Workspace>& workspace = workspace_of(definitions_record_->snapshot);
  if (faulty_journeys(*workspace)) definitions_ = define(*definitions_record_, workspace);
  return definitions_;
}

/// The texts of a publication, loaded.
const std::shared_ptr<const Workspace>& JourneyLibrary::workspace_of(std::int64_t snapshot) {
  std::shared_ptr<const Workspace>& workspace = snapshots_[snapshot];
  if (!workspace) {
    SnapshotRecord record;
    try {
      record = reader_->snapshot(snapshot);
    } catch (...) {
      reader_->refresh();
      throw;
    }
    reader_->refresh();
    workspace = load_workspace(record.texts, "published", node_shapes(), names_);
  }
  return workspace;
}

/// The newest version of a journey; null when it was never published.
VersionRecord* JourneyLibrary::latest(std::string_view journey) {
  VersionRecord* found = nullptr;
  for (auto& [id, record] : versions_) {
    if (record.journey == journey) found = &record;
  }
  return found;
}

std::optional<JourneyState> JourneyLibrary::state(std::string_view journey) const {
  const std::lock_guard lock(mutex_);
  const auto found = journeys_.find(journey);
  return found == journeys_.end() ? std::nullopt : std::optional(found->second.state);
}

JourneyState JourneyLibrary::state(VersionId id) const {
  const std::lock_guard lock(mutex_);
  const auto version = versions_.find(id);
  if (version == versions_.end()) return JourneyState::live;
  const auto found = journeys_.find(version->second.journey);
  return found == journeys_.end() ? JourneyState::live : found->second.state;
}

void JourneyLibrary::change_state(std::string_view journey, JourneyState state, Instant now, Changes& changes) {
  const std::lock_guard lock(mutex_);
  JourneyRecord& record = journeys_.find(journey)->second;
  record.state = state;
  record.since = now;
  changes.journeys.push_back(record);
}

bool JourneyLibrary::is_aborted(VersionId id) {
  return state(id) == JourneyState::aborted;
}

std::shared_ptr<const RunnableJourney> JourneyLibrary::version(VersionId id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = compiled_.find(id); found != compiled_.end()) return found->second;
  const auto record = versions_.find(id);
  if (record == versions_.end())
    throw std::runtime_error("version " + std::to_string(id.value) + " is not in the store");
  const std::shared_ptr<const Workspace>& workspace = workspace_of(record->second.snapshot);
  const std::string title = record->second.journey + " version " + std::to_string(record->second.number);
  if (!checks(*workspace, record->second.journey)) {
    throw std::runtime_error("the published texts of " + title + " do not check with this program; publish it anew");
  }
  return compiled_[id] = compile(record->second, workspace);
}

std::shared_ptr<const Message> JourneyLibrary::message(VersionId version_id, MessageIndex index) {
  try {
    const auto found = version(version_id);
    const auto number = static_cast<std::size_t>(index);
    return number < found->messages.size() ? found->messages[number].message : nullptr;
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

std::vector<LiveJourney> JourneyLibrary::current() {
  std::vector<std::pair<VersionId, JourneyState>> found;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, journey] : journeys_) {
      const bool takes_entries = journey.state == JourneyState::live || journey.state == JourneyState::paused;
      if (takes_entries) found.emplace_back(latest(name)->id, journey.state);
    }
  }
  std::vector<LiveJourney> current;
  for (const auto& [id, state] : found) {
    try {
      current.push_back({version(id), state});
    } catch (const StoreUnavailable&) {
      throw;
    } catch (const std::runtime_error&) {
      // Nobody enters it until it is published anew; see fault_of().
    }
  }
  return current;
}

std::string JourneyLibrary::fault_of(std::string_view journey) {
  const std::vector<VersionRecord> versions = versions_of(journey);
  if (versions.empty()) return {};
  try {
    version(versions.back().id);
    return {};
  } catch (const StoreUnavailable&) {
    throw;
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::vector<VersionRecord> JourneyLibrary::versions_of(std::string_view journey) const {
  const std::lock_guard lock(mutex_);
  std::vector<VersionRecord> found;
  for (const auto& [id, record] : versions_) {
    if (record.journey == journey) found.push_back(record);
  }
  return found;
}

std::vector<JourneyRecord> JourneyLibrary::journeys() const {
  const std::lock_guard lock(mutex_);
  std::vector<JourneyRecord> all;
  for (const auto& [name, record] : journeys_)
    all.push_back(record);
  return all;
}

std::string JourneyLibrary::journey_of(VersionId id) const {
  const std::lock_guard lock(mutex_);
  const auto found = versions_.find(id);
  return found == versions_.end() ? std::string() : found->second.journey;
}

bool JourneyLibrary::same_journey(VersionId left, VersionId right) const {
  if (left == right) return true;
  const std::lock_guard lock(mutex_);
  const auto one = versions_.find(left);
  const auto other = versions_.find(right);
  return one != versions_.end() && other != versions_.end() && one->second.journey == other->second.journey;
}

std::shared_ptr<const JourneyParts> JourneyLibrary::parts_of(const std::shared_ptr<const Workspace>& workspace,
                                                             const std::string& journey) {
  if (!find_type_) return compiled_journey(workspace, journey, names_);
  std::shared_ptr<const JourneyParts>& parts = own_parts_[{workspace, journey}];
  if (!parts) parts = compile_parts(*workspace, journey, names_, find_type_);
  return parts;
}

std::shared_ptr<const RunnableJourney> JourneyLibrary::compile(const VersionRecord& record,
                                                               std::shared_ptr<const Workspace> workspace) {
  const std::shared_ptr<const JourneyParts> parts = parts_of(workspace, record.journey);
  return std::make_shared<const RunnableJourney>(record, std::move(workspace), parts);
}

}  // namespace caravan
