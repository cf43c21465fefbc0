// leave_journey: the account or its people leave another journey.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class LeaveJourney final : public Node {
 public:
  explicit LeaveJourney(std::string journey) : journey_(std::move(journey)) {}

  Step visit(Scene& scene) const override {
    scene.leave_journey(journey_);
    return Advance{};
  }

 private:
  std::string journey_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  return std::make_unique<LeaveJourney>(*definition.setting<std::string>("journey"));
}

}  // namespace

const NodeType& leave_journey_node() {
  static const NodeType type{
      .shape =
          {
              .type = "leave_journey",
              .summary =
                  "The account leaves another journey, wherever it stands in it; where that is for people, each person "
                  "in scope does. It happens where this one next waits or ends; who is not in it stays as they are.",
              .short_form = "journey",
              .keys = {{.name = "journey",
                        .kind = KeyKind::journey,
                        .required = true,
                        .summary = "The journey they leave."}},
              .example = "id: enough-nurture\nleave_journey: nurture\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
