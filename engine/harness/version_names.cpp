#include "engine/harness/version_names.hpp"

#include "engine/harness/message_words.hpp"

namespace caravan {
namespace {

/// Among these nodes and those of their paths; null when there is none.
const NodeDefinition* find_node(const std::vector<NodeDefinition>& nodes, std::string_view id) {
  for (const NodeDefinition& node : nodes) {
    if (node.id == id) return &node;
    for (const PathDefinition& path : node.paths) {
      if (const NodeDefinition* found = find_node(path.nodes, id)) return found;
    }
  }
  return nullptr;
}

}  // namespace

VersionNames::VersionNames(JourneyLibrary& library, const VersionRecord& record) : number_(record.number) {
  try {
    runnable_ = library.version(record.id);
  } catch (const StoreError&) {
    throw;
  } catch (const std::runtime_error&) {
    // Its texts no longer check.
  }
}

std::string VersionNames::node(NodeIndex index) const {
  const CompiledNode* node = find(index);
  return node ? node->id : "node " + std::to_string(static_cast<int>(index));
}

std::string VersionNames::type(NodeIndex index) const {
  const CompiledNode* node = find(index);
  return node ? std::string(node->type->shape.type) : "";
}

bool VersionNames::divides_people(NodeIndex index) const {
  const CompiledNode* node = find(index);
  return node && node->type->shape.paths && node->type->shape.paths->people != ForPeople::never;
}

std::string VersionNames::path(NodeIndex index, PathIndex path) const {
  if (path == kNoPath) return {};
  const CompiledNode* node = find(index);
  const auto number = static_cast<std::size_t>(path);
  return node && number < node->paths.size() ? node->paths[number].name : "path " + std::to_string(number);
}

std::string VersionNames::message(MessageIndex index) const {
  const MessageDefinition* message = find(index);
  return message ? words_for(*message) : "message " + std::to_string(static_cast<int>(index));
}

MessageKind VersionNames::message_kind(MessageIndex index) const {
  const MessageDefinition* message = find(index);
  return message ? message->kind : MessageKind::email;
}

std::string VersionNames::hands_over(NodeIndex index) const {
  const CompiledNode* node = find(index);
  if (!node || node->type->shape.type != "notify_sales") return {};
  const NodeDefinition* definition = find_node(runnable_->journey.definition->nodes, node->id);
  const auto* interest = definition ? definition->setting<std::string>("solution_interest") : nullptr;
  return interest ? *interest : std::string();
}

bool VersionNames::is_for_people() const {
  return runnable_ && runnable_->journey.definition->subject == JourneySubject::person;
}

const CompiledNode* VersionNames::find(NodeIndex index) const {
  const bool is_known = runnable_ && static_cast<std::size_t>(index) < runnable_->journey.nodes.size();
  return is_known ? &runnable_->journey.node(index) : nullptr;
}

const MessageDefinition* VersionNames::find(MessageIndex index) const {
  const auto number = static_cast<std::size_t>(index);
  const bool is_known = runnable_ && number < runnable_->journey.messages.size();
  return is_known ? &runnable_->journey.messages[number] : nullptr;
}

AllNames::AllNames(JourneyLibrary& library, Reader& reader) : library_(library) {
  for (const VersionRecord& record : reader.versions())
    records_.emplace(record.id, record);
}

const VersionNames& AllNames::of(VersionId version) {
  const auto [found, is_new] = names_.try_emplace(version);
  const auto record = records_.find(version);
  if (is_new && record != records_.end()) found->second = VersionNames(library_, record->second);
  return found->second;
}

const VersionNames& AllNames::of(const std::string& journey, std::uint32_t number) {
  const auto record = std::find_if(records_.begin(), records_.end(), [&](const auto& each) {
    return each.second.journey == journey && each.second.number == number;
  });
  return of(record == records_.end() ? VersionId{} : record->first);
}

std::string AllNames::journey_of(VersionId version) const {
  const auto record = records_.find(version);
  return record == records_.end() ? "" : record->second.journey;
}

TokenVersions::TokenVersions(AllNames& names, const TokenRecord& token, const std::vector<NoteRecord>& notes) {
  const std::string journey = names.journey_of(token.version);
  for (const NoteRecord& note : notes) {
    const std::optional<MoveNote> move =
        note.kind == NoteKind::moved ? parse_move_note(note.text) : std::optional<MoveNote>();
    if (!move) continue;
    if (stretches_.empty()) stretches_.push_back({0, Instant::min(), &names.of(journey, move->from)});
    stretches_.push_back({move->visits, note.at, &names.of(journey, move->to)});
  }
  if (stretches_.empty()) stretches_.push_back({0, Instant::min(), &names.of(token.version)});
  std::string numbers;
  for (const Stretch& stretch : stretches_)
    numbers += (numbers.empty() ? "" : ", then ") + std::to_string(stretch.names->number());
  title_ = journey.empty() ? "an unknown version" : journey + " (version " + numbers + ")";
}

const VersionNames& TokenVersions::at_visit(std::uint32_t number) const {
  const VersionNames* found = stretches_.front().names;
  for (const Stretch& stretch : stretches_) {
    if (stretch.first_visit <= number) found = stretch.names;
  }
  return *found;
}

const VersionNames& TokenVersions::at_time(Instant at) const {
  const VersionNames* found = stretches_.front().names;
  for (const Stretch& stretch : stretches_) {
    if (stretch.from <= at) found = stretch.names;
  }
  return *found;
}

}  // namespace caravan
