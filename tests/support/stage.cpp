#include "tests/support/stage.hpp"

#include "engine/lifecycle.hpp"

namespace caravan::test {
namespace {

std::string words(std::optional<Instant> at) {
  return at ? to_text(*at) : "-";
}

class Outcome {
 public:
  Outcome(Reader& reader, JourneyLibrary& library, const NameBook& names)
      : reader_(reader), library_(library), names_(names) {}

  std::string tell() {
    std::vector<AccountRecord> accounts;
    reader_.accounts_from(AccountId{1}, std::numeric_limits<std::int32_t>::max(), accounts);
    for (const AccountRecord& account : accounts)
      tell(account);
    for (const auto& [key, amount] : reader_.counters()) {
      if (amount != 0) {
        lines_.push_back("counter " + title(key.version) + " " + std::to_string(static_cast<int>(key.kind)) + "/" +
                         std::to_string(key.slot) + "/" + std::to_string(static_cast<int>(key.path)) + " = " +
                         std::to_string(amount));
      }
    }
    std::sort(lines_.begin(), lines_.end());
    std::string all;
    for (const std::string& line : lines_)
      all += line + "\n";
    return all;
  }

 private:
  std::string name(NameId id) const { return std::string(names_.text_of(id)); }
  std::string title(VersionId version) {
    const VersionRecord& record = library_.version(version)->record;
    return record.journey + " version " + std::to_string(record.number);
  }

  static std::string text(const AttributeValue& value) {
    switch (value.kind()) {
      case AttributeKind::null: return "null";
      case AttributeKind::no: return "no";
      case AttributeKind::yes: return "yes";
      case AttributeKind::integer: return std::to_string(value.integer());
      case AttributeKind::real: return std::to_string(value.real());
      case AttributeKind::text: return std::string(value.text());
      case AttributeKind::timestamp: return to_text(value.timestamp());
      case AttributeKind::duration: return std::to_string(value.duration().count()) + "ms";
      case AttributeKind::list: {
        std::string all = "[";
        value.each_element([&](AttributeValue element) { all += text(element) + ","; });
        return all + "]";
      }
      case AttributeKind::map: {
        std::set<std::string> parts;
        value.each_entry(
            [&](std::string_view key, AttributeValue entry) { parts.insert(std::string(key) + "=" + text(entry)); });
        std::string all = "{";
        for (const std::string& part : parts)
          all += part + ",";
        return all + "}";
      }
    }
    return {};
  }

  std::string text(const Attributes& attributes) const {
    std::set<std::string> parts;
    attributes.each([&](NameId id, AttributeValue value) { parts.insert(name(id) + "=" + text(value)); });
    std::string all;
    for (const std::string& part : parts)
      all += part + ";";
    return all;
  }

  void tell(const AccountRecord& account) {
    const auto add = [&](const std::string& line) { lines_.push_back(account.key + ": " + line); };
    add("{" + text(account.attributes) + "}");
    std::vector<PersonRecord> people;
    reader_.people_of(account.id, people);
    for (const PersonRecord& person : people) {
      keys_[person.id.value] = person.key;
      add("person " + person.key + " {" + text(person.attributes) + "}");
    }
    std::vector<ActivityRecord> activity;
    reader_.activity_of(account.id, activity);
    for (const ActivityRecord& each : activity) {
      add("event " + words(each.at) + " " + name(each.type) + " of " + keys_[each.person.value] + " " + each.id + " {" +
          text(each.properties) + "}");
    }
    std::vector<GroupRecord> groups;
    reader_.groups_of(account.id, groups);
    for (const GroupRecord& group : groups) {
      for (const MemberRecord& member : group.members) {
        add("group " + name(group.interest) + " " + name(group.stage) + " " + keys_[member.person.value] + " " +
            name(member.role) + (member.removed ? " out " : " ") + words(member.since));
      }
    }
    std::vector<AudienceMemberRecord> audiences;
    reader_.audiences_of(account.id, audiences);
    for (const AudienceMemberRecord& each : audiences)
      add("audience " + name(each.audience) + " " + words(each.since));
    std::vector<NoteRecord> notes;
    reader_.notes_of(account.id, notes);
    for (const NoteRecord& note : notes)
      add("note " + words(note.at) + " " + std::to_string(static_cast<int>(note.kind)) + " " + note.text);
    std::vector<TokenRecord> tokens;
    reader_.tokens_of(account.id, tokens);
    for (const TokenRecord& token : tokens)
      add(tell(token));
  }

  std::string tell(const TokenRecord& token) {
    std::string line = title(token.version) + " for " + keys_[token.person.value] + " " +
                       std::string(to_text(token.state)) + " due " + words(token.due_at) + " entry " +
                       std::to_string(token.entry) + " " + words(token.entered_at) + " ended " + words(token.ended_at);
    std::vector<RunRecord> runs;
    reader_.runs_of(token.id, runs);
    for (const RunRecord& run : runs) {
      line += "; " + words(run.at);
      for (const VisitRecord& visit : run.visits) {
        line += " " + std::to_string(static_cast<int>(visit.node)) + "/" +
                std::to_string(static_cast<int>(visit.path)) + ":" + std::to_string(static_cast<int>(visit.outcome));
      }
    }
    std::vector<DeliveryRecord> deliveries;
    reader_.deliveries_of(token.id, deliveries);
    std::set<std::string> parts;
    for (const DeliveryRecord& each : deliveries) {
      parts.insert("delivery " + std::to_string(each.key.visit) + " of " +
                   std::to_string(static_cast<int>(each.message)) + " to " + each.address + " " +
                   std::to_string(static_cast<int>(each.state)) + " " + words(each.created_at) + " " +
                   words(each.ended_at) + " after " + std::to_string(each.attempts));
    }
    for (const std::string& part : parts)
      line += "; " + part;
    return line;
  }

  Reader& reader_;
  JourneyLibrary& library_;
  const NameBook& names_;
  std::map<std::int64_t, std::string> keys_{{0, "the account"}};
  std::vector<std::string> lines_;
};

}  // namespace

Stage::Stage(SourceTexts texts) : workspace(load(std::move(texts))) {}

std::shared_ptr<const Workspace> Stage::load(SourceTexts texts) {
  std::shared_ptr<const Workspace> loaded = load_workspace(std::move(texts), "", node_shapes(), names);
  if (loaded->diagnostics.errors() != 0)
    throw std::runtime_error("the test's workspace: " + render(loaded->diagnostics.sorted().front(), Colour::never));
  return loaded;
}

std::string outcome_of(Reader& reader, JourneyLibrary& library, const NameBook& names) {
  return Outcome(reader, library, names).tell();
}

}  // namespace caravan::test
