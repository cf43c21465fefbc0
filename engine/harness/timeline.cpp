#include "engine/harness/timeline.hpp"

#include "engine/attribute_values.hpp"
#include "engine/harness/enrollment_story.hpp"
#include "engine/one_line.hpp"
#include "journeys/events.hpp"

namespace caravan {
namespace {

/// What happens at one instant: first what was told, then what journeys did, then what the engine said of it.
enum class Turn { told, done, raised, now };

struct Line {
  Instant at{};
  Turn turn = Turn::done;
  std::string text;
};

class Chronicle {
 public:
  Chronicle(Rehearsal& rehearsal, const AccountRecord& account, const std::string& zone)
      : rehearsal_(rehearsal), reader_(rehearsal.reader()), names_(rehearsal.names()), account_(account), zone_(zone) {
    std::vector<PersonRecord> people;
    reader_.people_of(account.id, people);
    for (const PersonRecord& person : people)
      people_.emplace(person.id, person.key);
  }

  std::vector<std::string> tell() {
    tell_journeys();
    tell_events();
    tell_groups();
    std::stable_sort(lines_.begin(), lines_.end(), [](const Line& left, const Line& right) {
      if (left.turn == Turn::now || right.turn == Turn::now) return right.turn == Turn::now && left.turn != Turn::now;
      return std::pair(left.at, left.turn) < std::pair(right.at, right.turn);
    });
    std::vector<std::string> lines;
    for (const Line& line : lines_) {
      const std::string time = line.turn == Turn::now ? std::string(16, ' ') : short_time(line.at, zone_);
      lines.push_back(time + "  " + line.text);
    }
    return lines;
  }

 private:
  std::string name(NameId id) const { return std::string(names_.text_of(id)); }

  void add(Instant at, Turn turn, std::string text) { lines_.push_back({at, turn, std::move(text)}); }

  void tell_journeys() {
    const std::vector<StoryLine> story = tell_enrollments(rehearsal_.library(), reader_, account_.id, people_, zone_);
    std::set<std::string> journeys;
    for (const StoryLine& line : story)
      journeys.insert(line.journey);
    for (const StoryLine& line : story) {
      // Which of several journeys, and of several people.
      std::string prefix = journeys.size() > 1 && !line.journey.empty() ? line.journey + ", " : "";
      if (!line.person.empty()) prefix += line.person + ", ";
      if (!prefix.empty()) prefix.replace(prefix.size() - 2, 2, ": ");
      const bool stands = line.kind == StoryLine::Kind::standing;
      add(line.at, stands ? Turn::now : Turn::done, prefix + words_of(line));
    }
  }

  static std::string words_of(const StoryLine& line) {
    const std::string outcome = one_line(line.outcome);
    const std::string behind = outcome.empty() ? "" : ", " + outcome;
    switch (line.kind) {
      case StoryLine::Kind::entered: return "enters " + line.journey + behind;
      case StoryLine::Kind::alone: return "goes alone";
      case StoryLine::Kind::visit: return line.node + (line.path.empty() ? "" : "/" + line.path) + behind;
      case StoryLine::Kind::delivery:
        return "  " + line.node + (line.address.empty() ? "" : " to " + one_line(line.address)) + behind;
      case StoryLine::Kind::note: return "  " + outcome;
      case StoryLine::Kind::ended: return outcome;
      case StoryLine::Kind::standing: return (line.node.empty() ? "" : "stands at " + line.node + " and ") + outcome;
    }
    return {};
  }

  void tell_events() {
    std::vector<ActivityRecord> activity;
    reader_.activity_of(account_.id, activity);
    for (const ActivityRecord& each : activity) {
      const std::string type = name(each.type);
      const EventType* known = find_event_type(type);
      const bool is_raised = each.id.empty() && known && known->source != EventSource::outside;
      std::string text = "event " + type;
      if (each.person) text += " of " + name_of_person(people_, each.person);
      if (std::string properties = words_of(each.properties); !properties.empty()) text += ", " + properties;
      add(each.at, is_raised ? Turn::raised : Turn::told, std::move(text));
    }
  }

  std::string words_of(const Attributes& attributes) const {
    std::map<std::string, std::string> sorted;
    cel::Evaluation evaluation;
    attributes.each([&](NameId id, AttributeValue value) {
      sorted.emplace(name(id), one_line(cel::to_text(to_value(value, evaluation))));
    });
    std::string words;
    for (const auto& [key, value] : sorted)
      words += (words.empty() ? "" : ", ") + key + ": " + value;
    return words;
  }

  void tell_groups() {
    std::vector<GroupRecord> groups;
    reader_.groups_of(account_.id, groups);
    for (const GroupRecord& group : groups) {
      const std::string whose = "group of " + name(group.interest) + ": ";
      for (const MemberRecord& member : group.members) {
        add(member.since, Turn::raised,
            whose + name_of_person(people_, member.person) +
                (member.removed ? " is taken out" : " is " + name(member.role)));
      }
    }
    std::vector<GroupChangeRecord> changes;
    reader_.group_changes_of(account_.id, changes);
    for (const GroupChangeRecord& change : changes) {
      const std::string what = change.aspect == GroupAspect::stage ? "stage " : "status ";
      add(change.at, Turn::raised,
          "group of " + name(change.interest) + ": " + what +
              (change.before == NameId{} ? "" : name(change.before) + " → ") +
              (change.after == NameId{} ? "none" : name(change.after)));
    }
  }

  Rehearsal& rehearsal_;
  Reader& reader_;
  const NameBook& names_;
  const AccountRecord& account_;
  const std::string& zone_;
  std::map<PersonId, std::string> people_;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<std::string> timeline_of(Rehearsal& rehearsal, const AccountRecord& account, const std::string& zone) {
  return Chronicle(rehearsal, account, zone).tell();
}

}  // namespace caravan
