#include "nodes/registry.hpp"

namespace caravan {

const NodeType& split_node();
const NodeType& split_people_node();
const NodeType& variant_split_node();
const NodeType& wait_node();
const NodeType& listen_node();
const NodeType& send_email_node();
const NodeType& send_sms_node();
const NodeType& send_message_node();
const NodeType& webhook_node();
const NodeType& assign_to_buying_group_node();
const NodeType& remove_from_buying_group_node();
const NodeType& update_buying_group_node();
const NodeType& notify_sales_node();
const NodeType& update_account_node();
const NodeType& update_person_node();
const NodeType& change_score_node();
const NodeType& interesting_moment_node();
const NodeType& add_to_list_node();
const NodeType& remove_from_list_node();
const NodeType& activate_node();
const NodeType& deactivate_node();
const NodeType& enter_journey_node();
const NodeType& leave_journey_node();
const NodeType& end_node();

std::span<const NodeType* const> node_types() {
  static const std::array types = {&split_node(),
                                   &split_people_node(),
                                   &variant_split_node(),
                                   &wait_node(),
                                   &listen_node(),
                                   &send_email_node(),
                                   &send_sms_node(),
                                   &send_message_node(),
                                   &webhook_node(),
                                   &assign_to_buying_group_node(),
                                   &remove_from_buying_group_node(),
                                   &update_buying_group_node(),
                                   &notify_sales_node(),
                                   &update_account_node(),
                                   &update_person_node(),
                                   &change_score_node(),
                                   &interesting_moment_node(),
                                   &add_to_list_node(),
                                   &remove_from_list_node(),
                                   &activate_node(),
                                   &deactivate_node(),
                                   &enter_journey_node(),
                                   &leave_journey_node(),
                                   &end_node()};
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

PathIndex path_named(const NodeDefinition& definition, std::string_view name) {
  for (std::size_t path = 0; path < definition.paths.size(); ++path) {
    if (definition.paths[path].name == name) return PathIndex{static_cast<std::uint16_t>(path)};
  }
  return kNoPath;
}

MessageIndex NodeCompiler::message(MessageDefinition message) {
  auto found = std::find(messages_.begin(), messages_.end(), message);
  if (found == messages_.end()) found = messages_.insert(messages_.end(), std::move(message));
  return MessageIndex{static_cast<std::uint16_t>(found - messages_.begin())};
}

Step Node::wake(Scene&) const {
  return Advance{};
}

std::optional<Step> Node::hear(Scene&, const Event&, std::string&) const {
  return std::nullopt;
}

std::optional<Step> Node::answered(Scene&, DeliveryState, const Answer&) const {
  return std::nullopt;
}

}  // namespace caravan
