#include "nodes/send.hpp"

#include "nodes/who.hpp"

namespace caravan {
namespace {

class Send final : public Node {
 public:
  Send(MessageIndex message, Who to, ValueMap with)
      : message_(message), to_(std::move(to)), with_(std::move(with)), values_(message_values_of(with_)) {}

  Step visit(Scene& scene) const override {
    return done_to(to_.any(scene, [&](const PersonRecord& person) { return scene.send(message_, person, values_); }));
  }

 private:
  MessageIndex message_;
  Who to_;
  ValueMap with_;
  std::vector<MessageValue> values_;  ///< views into with_
};

}  // namespace

std::vector<MessageValue> message_values_of(const ValueMap& values) {
  std::vector<MessageValue> views;
  for (const NamedExpression& value : values)
    views.push_back({value.name, value.expression.program.get()});
  return views;
}

std::unique_ptr<Node> compile_send(const NodeDefinition& definition, NodeCompiler& compiler, MessageKind kind) {
  const auto* with = definition.setting<ValueMap>("with");
  return std::make_unique<Send>(compiler.message({kind, *definition.setting<std::string>("template")}),
                                Who(definition, "to"), with ? *with : ValueMap{});
}

std::vector<KeyShape> send_keys(KeyKind template_kind, std::string_view template_summary, std::string_view to_summary) {
  return {{.name = "template", .kind = template_kind, .required = true, .summary = template_summary},
          {.name = "to", .kind = KeyKind::condition, .summary = to_summary, .scope = Scope::person},
          {.name = "with",
           .kind = KeyKind::values,
           .summary = "Values computed for the template, by name, for each person.",
           .scope = Scope::person}};
}

}  // namespace caravan
