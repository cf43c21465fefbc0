// wait: the token stands for a duration.

#include "nodes/registry.hpp"

namespace caravan {
namespace {

class Wait final : public Node {
 public:
  explicit Wait(CalendarDuration duration) : duration_(duration) {}

  Step visit(Scene& scene) const override { return WaitUntil{add(scene.now(), duration_, scene.timezone())}; }

 private:
  CalendarDuration duration_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  return std::make_unique<Wait>(*definition.setting<CalendarDuration>("for"));
}

}  // namespace

const NodeType& wait_node() {
  static const NodeType type{
      .shape =
          {
              .type = "wait",
              .summary = "The token stands here for a duration; days and longer are calendar days in the time zone.",
              .short_form = "for",
              .keys = {{.name = "for",
                        .kind = KeyKind::duration,
                        .required = true,
                        .summary = "How long: `90s`, `15m`, `2h`, `3d`, `1w`, `1mo`, or a sum such as `1d12h`."}},
              .stops = Stops::always,
              .example = "id: settle\nwait: 3d\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
