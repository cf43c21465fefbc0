#include "nodes/rosters.hpp"

#include "nodes/who.hpp"

namespace caravan {
namespace {

/// Puts people in, or takes them out.
class EnrolPeople final : public Node {
 public:
  EnrolPeople(Roster roster, Movement movement, Who who) : roster_(roster), movement_(movement), who_(std::move(who)) {}

  Step visit(Scene& scene) const override {
    return done_to(who_.any(scene, [&](const PersonRecord& person) {
      scene.enrol(roster_, &person, movement_ == Movement::in);
      return true;
    }));
  }

 private:
  Roster roster_;
  Movement movement_;
  Who who_;
};

/// Puts the account in, or takes it out; with a condition, when it holds for anybody in scope.
class EnrolAccount final : public Node {
 public:
  EnrolAccount(Roster roster, Movement movement, Who who)
      : roster_(roster), movement_(movement), who_(std::move(who)) {}

  Step visit(Scene& scene) const override {
    if (is_stand_in(scene.account())) return done_to(false);
    if (!who_.is_everybody() && !who_.any(scene, [](const PersonRecord&) { return true; })) return done_to(false);
    scene.enrol(roster_, nullptr, movement_ == Movement::in);
    return done_to(true);
  }

 private:
  Roster roster_;
  Movement movement_;
  Who who_;
};

}  // namespace

std::unique_ptr<Node> compile_roster(const NodeDefinition& definition, NodeCompiler& compiler, RosterKind kind,
                                     Movement movement) {
  const bool is_list = kind == RosterKind::list;
  const ConfigurationDefinition& configuration = compiler.workspace().configuration;
  const auto& rosters = is_list ? configuration.lists : configuration.destinations;
  const std::string& name = *definition.setting<std::string>(is_list ? "list" : "destination");
  const Roster roster{kind, compiler.name(name)};
  if (rosters.at(name).of == RosterOf::accounts)
    return std::make_unique<EnrolAccount>(roster, movement, Who(definition));
  return std::make_unique<EnrolPeople>(roster, movement, Who(definition));
}

}  // namespace caravan
