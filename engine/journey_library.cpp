#include "engine/journey_library.hpp"

#include <cassert>
#include <stdexcept>

#include <openssl/evp.h>

namespace caravan {
namespace {

std::string sha256_hex(std::span<const std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view part : parts) {
    // Each part with its length, so that moving text from one to the next is a change.
    const std::string length = std::to_string(part.size()) + ":";
    EVP_DigestUpdate(context.get(), length.data(), length.size());
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return hex;
}

void collect_templates(const std::vector<NodeDefinition>& nodes, std::set<std::string>& to) {
  for (const NodeDefinition& node : nodes) {
    for (const KeyShape& key : node.shape->keys) {
      if (key.kind != KeyKind::email_template) continue;
      if (const auto* name = node.setting<std::string>(key.name)) to.insert(*name);
    }
    for (const PathDefinition& path : node.paths)
      collect_templates(path.nodes, to);
  }
}

/// The path of a definition's file as the workspace's texts name it.
const std::string* text_at(const Workspace& workspace, const Place& place) {
  const std::string root = workspace.root.generic_string();
  std::string_view path = place.file->path;
  if (!root.empty() && path.starts_with(root)) path.remove_prefix(root.size());
  while (path.starts_with('/'))
    path.remove_prefix(1);
  const auto found = workspace.texts.find(std::string(path));
  return found == workspace.texts.end() ? &place.file->text : &found->second;
}

}  // namespace

std::string fingerprint(const Workspace& workspace, const JourneyDefinition& journey) {
  std::vector<std::string_view> parts = {*text_at(workspace, journey.place), workspace.configuration.timezone,
                                         workspace.configuration.email.from};
  std::set<std::string> templates;
  collect_templates(journey.nodes, templates);
  for (const std::string& name : templates) {
    parts.push_back(name);
    parts.push_back(*text_at(workspace, workspace.emails.at(name).place));
  }
  for (const auto& [path, text] : workspace.texts) {
    if (path == "schema.yaml" || path.starts_with("audiences/") || path.starts_with("buying-groups/")) {
      parts.push_back(path);
      parts.push_back(text);
    }
  }
  return sha256_hex(parts);
}

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

JourneyLibrary::JourneyLibrary(Store& store, NameBook& names) : reader_(store.reader()), names_(names) {
  for (VersionRecord& record : reader_->versions())
    versions_.emplace(record.id, std::move(record));
  last_snapshot_ = reader_->greatest().snapshot;
  reader_->refresh();  // holds no snapshot while nothing is read
}

std::vector<Publication> JourneyLibrary::publish(std::shared_ptr<const Workspace> workspace, Instant now,
                                                 Changes& changes) {
  const std::lock_guard lock(mutex_);
  std::vector<Publication> publications;
  std::map<std::string, VersionRecord*> latest;
  for (auto& [id, record] : versions_)
    latest[record.journey] = &record;
  const std::int64_t snapshot = last_snapshot_ + 1;

  for (const auto& [name, definition] : workspace->journeys) {
    const std::string print = fingerprint(*workspace, definition);
    const auto before = latest.find(name);
    if (before != latest.end() && before->second->live && before->second->fingerprint == print) {
      publications.push_back({name, before->second->number, Publication::Kind::unchanged});
      compiled_[before->second->id] = compile(*before->second, workspace);
      continue;
    }
    VersionRecord record;
    record.id = VersionId{versions_.empty() ? 1 : versions_.rbegin()->first.value + 1};
    record.journey = name;
    record.fingerprint = print;
    record.published_at = now;
    record.snapshot = snapshot;
    if (before != latest.end()) {
      record.number = before->second->number + 1;
      before->second->live = false;
      changes.versions.push_back(*before->second);
    }
    compiled_[record.id] = compile(record, workspace);
    publications.push_back(
        {name, record.number, record.number == 1 ? Publication::Kind::first : Publication::Kind::changed});
    changes.versions.push_back(record);
    versions_.emplace(record.id, std::move(record));
    last_snapshot_ = snapshot;
  }
  if (last_snapshot_ == snapshot) changes.snapshots.push_back({snapshot, workspace->texts});

  for (auto& [id, record] : versions_) {
    if (!record.live || workspace->journeys.contains(record.journey)) continue;
    record.live = false;
    changes.versions.push_back(record);
    publications.push_back({record.journey, record.number, Publication::Kind::closed});
  }
  auto names = names_.take_new();
  changes.names.insert(changes.names.end(), std::make_move_iterator(names.begin()),
                       std::make_move_iterator(names.end()));
  return publications;
}

std::shared_ptr<const RunnableJourney> JourneyLibrary::version(VersionId id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = compiled_.find(id); found != compiled_.end()) return found->second;
  const auto record = versions_.find(id);
  if (record == versions_.end())
    throw std::runtime_error("version " + std::to_string(id.value) + " is not in the store");
  std::shared_ptr<const Workspace>& workspace = snapshots_[record->second.snapshot];
  if (!workspace) {
    workspace = load_workspace(reader_->snapshot(record->second.snapshot).texts, "published", node_shapes(), names_);
    reader_->refresh();
  }
  const std::string title = record->second.journey + " version " + std::to_string(record->second.number);
  if (workspace->diagnostics.errors() != 0 || !workspace->journeys.contains(record->second.journey)) {
    throw std::runtime_error("the published texts of " + title + " do not check with this program; publish it anew");
  }
  return compiled_[id] = compile(record->second, workspace);
}

std::shared_ptr<const Message> JourneyLibrary::message(VersionId version_id, MessageIndex index) {
  try {
    const auto found = version(version_id);
    const auto number = static_cast<std::size_t>(index);
    return number < found->messages.size() ? found->messages[number].message : nullptr;
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

bool JourneyLibrary::is_aborted(VersionId) {
  return false;
}

std::vector<std::shared_ptr<const RunnableJourney>> JourneyLibrary::live() {
  std::vector<VersionId> ids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, record] : versions_) {
      if (record.live) ids.push_back(id);
    }
  }
  std::vector<std::shared_ptr<const RunnableJourney>> journeys;
  for (const VersionId id : ids)
    journeys.push_back(version(id));
  return journeys;
}

bool JourneyLibrary::same_journey(VersionId left, VersionId right) const {
  if (left == right) return true;
  const std::lock_guard lock(mutex_);
  const auto one = versions_.find(left);
  const auto other = versions_.find(right);
  return one != versions_.end() && other != versions_.end() && one->second.journey == other->second.journey;
}

std::shared_ptr<const RunnableJourney> JourneyLibrary::compile(const VersionRecord& record,
                                                               std::shared_ptr<const Workspace> workspace) {
  auto runnable = std::make_shared<RunnableJourney>();
  runnable->record = record;
  runnable->journey = compile_journey(*workspace, workspace->journeys.at(record.journey), names_);
  runnable->interests = interest_plans(*workspace, names_);
  for (const MessageDefinition& message : runnable->journey.messages)
    runnable->messages.push_back(compile_message(message, *workspace, names_));
  runnable->workspace = std::move(workspace);
  return runnable;
}

}  // namespace caravan
