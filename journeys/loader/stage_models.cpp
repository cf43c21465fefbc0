// Stage models: the stages that a buying group goes through, from one entry to a success or a failure.
#include "journeys/loader/loading.hpp"

namespace caravan::loader {
namespace {

constexpr std::array<std::string_view, 2> outcomes = {"success", "failure"};
constexpr std::size_t longest_stage = 64;

std::optional<std::string> read_stage_name(const yaml::Entry& entry, Diagnostics& diagnostics) {
  std::optional<std::string> name = read_text(entry, diagnostics);
  if (!name) return std::nullopt;
  const bool is_blank = name->find_first_not_of(' ') == std::string::npos;
  const bool is_line = std::none_of(name->begin(), name->end(), [](char c) { return c >= 0 && c < ' '; });
  if (!is_blank && is_line && name->size() <= longest_stage) return name;
  diagnostics.error(entry.value.place,
                    "the name of a stage is one line of at most " + std::to_string(longest_stage) + " bytes");
  return std::nullopt;
}

/// The stages that a stage may go to, each with its place.
using Targets = std::vector<std::pair<std::string, Place>>;

Targets read_targets(const yaml::Entry& entry, Diagnostics& diagnostics) {
  Targets targets;
  if (!has_value(entry, diagnostics)) return targets;
  const bool is_list = entry.value.is(yaml::Kind::sequence);
  for (const yaml::Node& item : is_list ? std::span<const yaml::Node>(entry.value.items) : std::span(&entry.value, 1)) {
    if (item.is(yaml::Kind::scalar)) {
      targets.emplace_back(item.text, item.place);
    } else if (!item.is(yaml::Kind::broken)) {
      diagnostics.error(item.place, "`to` takes names of stages");
    }
  }
  return targets;
}

struct Stage {
  StageDefinition definition;
  Targets targets;
};

Stage read_stage(const yaml::Node& node, Diagnostics& diagnostics) {
  Stage stage;
  StageDefinition& definition = stage.definition;
  definition.place = node.place;
  Fields fields(node, diagnostics);
  if (const yaml::Entry* name = fields.require("stage", "a stage", node.place)) {
    definition.name = read_stage_name(*name, diagnostics).value_or("");
    definition.place = name->value.place;
  }
  fields.take_flag("entry", definition.entry);
  if (const yaml::Entry* entry = fields.find("outcome")) {
    const std::optional<std::string> outcome = read_choice(*entry, outcomes, diagnostics);
    if (outcome == "success") definition.outcome = StageDefinition::Outcome::success;
    if (outcome == "failure") definition.outcome = StageDefinition::Outcome::failure;
  }
  if (const yaml::Entry* to = fields.find("to")) stage.targets = read_targets(*to, diagnostics);
  fields.finish();
  return stage;
}

/// The stages, each name once. The second of a name is reported and left out.
std::vector<Stage> read_stages(const yaml::Entry& entry, Diagnostics& diagnostics) {
  std::vector<Stage> stages;
  if (!is_list(entry, diagnostics)) return stages;
  if (entry.value.items.empty()) diagnostics.error(entry.key_place, "a stage model needs stages");
  std::map<std::string, Place> places;
  for (const yaml::Node& item : entry.value.items) {
    if (item.is(yaml::Kind::broken)) continue;
    if (!item.is(yaml::Kind::mapping)) {
      diagnostics.error(item.place, "a stage must be a mapping that begins with `stage`");
      continue;
    }
    Stage stage = read_stage(item, diagnostics);
    if (stage.definition.name.empty()) continue;
    const auto [before, is_new] = places.try_emplace(stage.definition.name, stage.definition.place);
    if (is_new) {
      stages.push_back(std::move(stage));
    } else {
      diagnostics.error(stage.definition.place, "the stage " + in_ticks(stage.definition.name) + " stands here twice",
                        "the first is in line " + std::to_string(position_of(before->second).line));
    }
  }
  return stages;
}

/// What must hold of the stages as a whole. The rules on ways are looked at only where every stage could be read, so
/// that one mistake does not raise others.
class StageCheck {
 public:
  StageCheck(std::vector<Stage>& stages, const Place& owner, Diagnostics& diagnostics)
      : stages_(stages), owner_(owner), diagnostics_(diagnostics) {
    for (const Stage& stage : stages_)
      names_.push_back(stage.definition.name);
  }

  void run(bool all_read) {
    const bool all_known = resolve_targets();
    if (!all_read) return;
    const std::optional<std::size_t> entry = find_entry();
    if (!all_known) return;
    if (entry) check_reached(*entry);
    check_outcomes();
  }

 private:
  std::optional<std::size_t> index_of(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names_.begin()));
  }

  bool resolve_targets() {
    bool all_known = true;
    for (Stage& stage : stages_) {
      std::vector<std::string>& to = stage.definition.to;
      for (const auto& [name, place] : stage.targets) {
        if (!index_of(name)) {
          all_known = false;
          diagnostics_.error(place, "there is no stage " + in_ticks(name) + " in this model",
                             did_you_mean(name, names_));
        } else if (name == stage.definition.name) {
          diagnostics_.error(place, "the stage " + in_ticks(name) + " leads to itself");
        } else if (std::find(to.begin(), to.end(), name) != to.end()) {
          diagnostics_.error(place, "the stage " + in_ticks(name) + " stands here twice");
        } else {
          to.push_back(name);
        }
      }
    }
    return all_known;
  }

  std::optional<std::size_t> find_entry() {
    std::optional<std::size_t> entry;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (!stages_[i].definition.entry) continue;
      if (entry) {
        diagnostics_.error(stages_[i].definition.place,
                           "groups enter at one stage, and " + in_ticks(names_[*entry]) + " is it already",
                           "take `entry` out of one of them");
      } else {
        entry = i;
      }
    }
    if (!entry && !stages_.empty()) {
      diagnostics_.error(owner_, "no stage is where groups enter", "write `entry: true` on one of them");
    }
    return entry;
  }

  void check_reached(std::size_t entry) {
    std::vector<bool> reached(stages_.size(), false);
    std::vector<std::size_t> open = {entry};
    reached[entry] = true;
    while (!open.empty()) {
      const std::size_t stage = open.back();
      open.pop_back();
      for (const std::string& name : stages_[stage].definition.to) {
        const std::size_t to = *index_of(name);
        if (!reached[to]) open.push_back(to);
        reached[to] = true;
      }
    }
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (reached[i]) continue;
      diagnostics_.error(stages_[i].definition.place,
                         "no way leads from " + in_ticks(names_[entry]) + " to the stage " + in_ticks(names_[i]),
                         "name it in the `to` of another stage, or take it out");
    }
  }

  /// Walks backwards from the outcomes, until nothing is added.
  void check_outcomes() {
    std::vector<bool> arrives(stages_.size(), false);
    for (bool is_changed = true; is_changed;) {
      is_changed = false;
      for (std::size_t i = 0; i < stages_.size(); ++i) {
        const StageDefinition& stage = stages_[i].definition;
        const bool does = stage.outcome != StageDefinition::Outcome::open ||
                          std::any_of(stage.to.begin(), stage.to.end(),
                                      [&](const std::string& name) { return arrives[*index_of(name)]; });
        if (!does || arrives[i]) continue;
        arrives[i] = true;
        is_changed = true;
      }
    }
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (arrives[i]) continue;
      diagnostics_.error(stages_[i].definition.place,
                         "the stage " + in_ticks(names_[i]) + " leads to no success and to no failure",
                         "add `to`, or `outcome: success` or `outcome: failure` where groups end");
    }
  }

  std::vector<Stage>& stages_;
  Place owner_;
  Diagnostics& diagnostics_;
  std::vector<std::string> names_;
};

}  // namespace

void read_stage_model(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  StageModelDefinition model{document.name, document.name_place, {}};
  Fields fields(document.root, diagnostics);
  fields.find("stage_model");
  std::vector<Stage> stages;
  if (const yaml::Entry* entry = fields.require("stages", "a stage model", document.name_place)) {
    const std::size_t errors = diagnostics.errors();
    stages = read_stages(*entry, diagnostics);
    StageCheck(stages, document.name_place, diagnostics).run(diagnostics.errors() == errors);
  }
  fields.finish();
  for (Stage& stage : stages)
    model.stages.push_back(std::move(stage.definition));
  if (!document.name.empty()) loading.workspace.stage_models.emplace(document.name, std::move(model));
}

}  // namespace caravan::loader
