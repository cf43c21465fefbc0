// enter_journey: the account or its people enter another journey.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class EnterJourney final : public Node {
 public:
  explicit EnterJourney(std::string journey) : journey_(std::move(journey)) {}

  Step visit(Scene& scene) const override {
    scene.enter_journey(journey_);
    return Advance{};
  }

 private:
  std::string journey_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  return std::make_unique<EnterJourney>(*definition.setting<std::string>("journey"));
}

}  // namespace

const NodeType& enter_journey_node() {
  static const NodeType type{
      .shape =
          {
              .type = "enter_journey",
              .summary =
                  "The account enters another journey; where that is for people, each person in scope does. It "
                  "begins where this one next waits or ends. Whom its rules do not let in stays out, which is noted "
                  "on the account's timeline.",
              .short_form = "journey",
              .keys = {{.name = "journey",
                        .kind = KeyKind::journey,
                        .required = true,
                        .summary = "The journey they enter."}},
              .example = "id: nurture-too\nenter_journey: nurture\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
