#include "nodes/registry.hpp"

namespace caravan {

const NodeType& split_node();
const NodeType& wait_node();
const NodeType& send_email_node();
const NodeType& assign_to_buying_group_node();
const NodeType& notify_sales_node();
const NodeType& end_node();

std::span<const NodeType* const> node_types() {
  static const std::array types = {
      &split_node(),        &wait_node(), &send_email_node(), &assign_to_buying_group_node(),
      &notify_sales_node(), &end_node(),
  };
  return types;
}

NodeShapes node_shapes() {
  static const std::vector<const NodeShape*> shapes = [] {
    std::vector<const NodeShape*> all;
    for (const NodeType* type : node_types())
      all.push_back(&type->shape);
    return all;
  }();
  return shapes;
}

const NodeType* find_node_type(std::string_view name) {
  for (const NodeType* type : node_types()) {
    if (type->shape.type == name) return type;
  }
  return nullptr;
}

MessageIndex NodeCompiler::email(std::string_view template_name) {
  return message(template_name);
}
MessageIndex NodeCompiler::sales_summary() {
  return message("");
}

MessageIndex NodeCompiler::message(std::string_view name) {
  auto found = std::find(messages_.begin(), messages_.end(), name);
  if (found == messages_.end()) found = messages_.insert(messages_.end(), std::string(name));
  return MessageIndex{static_cast<std::uint16_t>(found - messages_.begin())};
}

Step Node::wake(Scene&) const {
  return Advance{};
}

}  // namespace caravan
