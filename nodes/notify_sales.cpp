// notify_sales: hands a buying group to sales, by e-mail, over the chat, or as a call of a connection that makes a task
// of it.

#include "nodes/registry.hpp"
#include "nodes/who.hpp"

namespace caravan {
namespace {

/// Whom one of the node's messages goes to.
struct SalesMessage {
  MessageIndex message{};
  Recipients to;
};

class NotifySales final : public Node {
 public:
  NotifySales(NameId interest, std::vector<SalesMessage> messages)
      : interest_(interest), messages_(std::move(messages)) {}

  Step visit(Scene& scene) const override {
    if (is_stand_in(scene.account())) return done_to(false);
    bool anybody = false;
    int ordinal = 0;
    for (const SalesMessage& each : messages_) {
      for (const Recipient& recipient : each.to) {
        ++ordinal;
        const std::optional<std::string> address =
            recipient.expression ? scene.text_of(*recipient.expression->program) : recipient.address;
        if (address) anybody |= scene.notify(each.message, ordinal, *address, interest_);
      }
    }
    return done_to(anybody);
  }

 private:
  NameId interest_;
  std::vector<SalesMessage> messages_;
};

/// Without anybody named, the account's owner is told.
class NotifyOwner final : public Node {
 public:
  NotifyOwner(NameId interest, MessageIndex message, NameId owner)
      : interest_(interest), message_(message), owner_(owner) {}

  Step visit(Scene& scene) const override {
    if (is_stand_in(scene.account())) return done_to(false);
    const std::optional<std::string> owner = scene.account_text(owner_);
    return done_to(owner && scene.notify(message_, 1, *owner, interest_));
  }

 private:
  NameId interest_;
  MessageIndex message_;
  NameId owner_;  ///< the attribute with the owner's address
};

/// A call whose body are the facts.
MessageDefinition call_of(const std::string& connection) {
  return {.kind = MessageKind::webhook,
          .name = connection,
          .values = {"event", "solution_interest", "account", "group", "missing_roles", "interesting_moments",
                     "members", "journey", "at"},
          .method = "POST"};
}

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler& compiler) {
  const NameId interest = compiler.name(*definition.setting<std::string>("solution_interest"));
  const auto* to = definition.setting<Recipients>("to");
  const auto* chat = definition.setting<Recipients>("chat");
  const auto* connection = definition.setting<std::string>("connection");
  const MessageDefinition mail{.kind = MessageKind::sales_summary, .name = {}};
  if (!to && !chat && !connection)
    return std::make_unique<NotifyOwner>(interest, compiler.message(mail), compiler.name("owner_email"));
  std::vector<SalesMessage> messages;
  if (to) messages.push_back({compiler.message(mail), *to});
  if (chat) messages.push_back({compiler.message({.kind = MessageKind::sales_chat, .name = {}}), *chat});
  if (connection) messages.push_back({compiler.message(call_of(*connection)), {{*connection, std::nullopt}}});
  return std::make_unique<NotifySales>(interest, std::move(messages));
}

}  // namespace

const NodeType& notify_sales_node() {
  static const NodeType type{
      .shape =
          {
              .type = "notify_sales",
              .summary =
                  "Hands the account's buying group to sales: its scores, stage and status, the roles that it misses, "
                  "the latest interesting moments, and its most engaged members with what they did last and how to "
                  "reach them. By e-mail, over the chat, or as a call of a connection.",
              .short_form = "solution_interest",
              .keys =
                  {
                      {.name = "solution_interest",
                       .kind = KeyKind::solution_interest,
                       .required = true,
                       .summary = "Whose buying group."},
                      {.name = "to",
                       .kind = KeyKind::recipients,
                       .summary =
                           "Addresses, and expressions that yield one: `[account.owner_email, sales@example.com]`. "
                           "Without it, without `chat` and without `connection`, the account's `owner_email`."},
                      {.name = "chat",
                       .kind = KeyKind::handles,
                       .summary = "Who gets a short form over the channel `chat` of caravan.yaml: `\"#channel\"`, "
                                  "`\"@person\"`, "
                                  "and expressions that yield one."},
                      {.name = "connection",
                       .kind = KeyKind::connection,
                       .summary = "Who is called with the same facts as JSON, one of `connections` in caravan.yaml: a "
                                  "CRM that makes a task of them. `caravan help channels` has the body."},
                  },
              .example = "id: tell-sales\nnotify_sales: {solution_interest: ai-driven-seeds, to: [account.owner_email, "
                         "sales@example.com]}\n",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
