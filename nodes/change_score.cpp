// change_score: adds to a number that the account or a person has as an attribute.

#include "journeys/vocabulary.hpp"
#include "nodes/registry.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

enum class Of { whom_it_runs_for, account, people };

class ChangeScore final : public Node {
 public:
  ChangeScore(NameId score, std::shared_ptr<const cel::Program> by, Of of, Who who)
      : score_(score), by_(std::move(by)), of_(of), who_(std::move(who)) {}

  Step visit(Scene& scene) const override {
    if (of_ == Of::people || (of_ == Of::whom_it_runs_for && scene.person() != nullptr))
      return done_to(who_.any(scene, [&](const PersonRecord& person) { return change(scene, &person); }));
    return done_to(!is_stand_in(scene.account()) && change(scene, nullptr));
  }

 private:
  bool change(Scene& scene, const PersonRecord* person) const {
    const std::optional<double> by = scene.number_of(*by_, person);
    return by && scene.change_score(score_, *by, person);
  }

  NameId score_;
  std::shared_ptr<const cel::Program> by_;
  Of of_;
  Who who_;
};

Of whose(const NodeDefinition& definition) {
  if (const auto* of = definition.setting<std::string>("of")) return *of == "people" ? Of::people : Of::account;
  return definition.settings.contains("who") ? Of::people : Of::whom_it_runs_for;
}

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  return std::make_unique<ChangeScore>(compiler.name(*definition.setting<std::string>("score")),
                                       program_of(definition, "by"), whose(definition), Who(definition));
}

void check(const NodeDefinition& definition, Diagnostics& diagnostics) {
  const auto who = definition.settings.find("who");
  if (who != definition.settings.end() && whose(definition) == Of::account) {
    diagnostics.error(who->second.place, "`who` chooses among people, and this is a score of the account",
                      "take `who` out, or write `of: people`");
  }
  const std::string& score = *definition.setting<std::string>("score");
  const Place& place = definition.settings.find("score")->second.place;
  if (score == "key") {
    diagnostics.error(place, "the key of a record is no score", "");
  } else if (whose(definition) != Of::account &&
             std::find(person_fields.begin(), person_fields.end(), score) != person_fields.end()) {
    diagnostics.error(place, "every person has `" + score + "`, and Caravan keeps it itself",
                      "choose another name, or write `of: account`");
  }
}

}  // namespace

const NodeType& change_score_node() {
  static const NodeType type{
      .shape =
          {
              .type = "change_score",
              .summary =
                  "Adds to a score, which is an attribute with a number; one that is not there yet begins at 0. Raises "
                  "`score.changed`.",
              .short_form = "",
              .keys =
                  {
                      {.name = "score",
                       .kind = KeyKind::attribute,
                       .required = true,
                       .summary = "The attribute that holds the score."},
                      {.name = "by",
                       .kind = KeyKind::value,
                       .required = true,
                       .summary = "How much is added: a number, perhaps less than 0, or an expression that yields one. "
                                  "It is computed for each person where the score is theirs.",
                       .scope = Scope::person},
                      {.name = "of",
                       .kind = KeyKind::choice,
                       .summary =
                           "Whose score: the `account`'s, or that of each of the `people` in scope. Without it the "
                           "account's; with `who`, or where the node runs for one person, people's.",
                       .choices = {"account", "people"}},
                      {.name = "who",
                       .kind = KeyKind::condition,
                       .summary = "Which people, as a condition on `person`.",
                       .scope = Scope::person},
                  },
              .example =
                  "id: warmer\nchange_score: {score: interest, by: 10, who: 'person.title.contains(\"Head\")'}\n",
              .check = check,
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
