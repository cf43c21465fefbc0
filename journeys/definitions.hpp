#pragma once
// What an author's documents mean, once read and checked: plain values without behaviour. The loader makes them,
// nodes/ compiles journeys from them, the engine reads the rest. Every definition keeps the place it was written at.

#include "journeys/cel/program.hpp"
#include "journeys/diagnostic.hpp"
#include "journeys/duration.hpp"
#include "journeys/node_shape.hpp"

namespace caravan {

/// An expression as written and as compiled. `program` is null only where the workspace has errors.
struct Expression {
  std::string text;
  Place place;
  std::shared_ptr<const cel::Program> program;
};

struct NamedExpression {
  std::string name;
  Expression expression;
};

/// One receiver of a notification: an address as it stands, or an expression that yields an address.
struct Recipient {
  std::string address;                   ///< empty when computed
  std::optional<Expression> expression;  ///< empty when fixed
};

using ValueMap = std::vector<NamedExpression>;
using Recipients = std::vector<Recipient>;
using SettingValue = std::variant<std::string, std::int64_t, bool, CalendarDuration, Expression, ValueMap, Recipients>;

struct Setting {
  Place place;
  SettingValue value;
};

/// Where `next` leads: a node's id, or the end.
struct Next {
  std::string id;  ///< "end" for the end of the journey
  Place place;
};

struct NodeDefinition;

struct PathDefinition {
  std::string name;
  Place place;
  std::optional<Expression> when;  ///< none: everyone else
  std::vector<NodeDefinition> nodes;
  std::optional<Next> next;
};

struct NodeDefinition {
  std::string id;
  Place place;
  const NodeShape* shape = nullptr;
  std::map<std::string, Setting, std::less<>> settings;  ///< by key; only those that were written
  std::vector<PathDefinition> paths;
  std::optional<Next> next;

  /// The setting of a key, as the alternative its KeyKind gives; null when it was not written.
  template <class T>
  const T* setting(std::string_view key) const {
    auto found = settings.find(key);
    return found == settings.end() ? nullptr : std::get_if<T>(&found->second.value);
  }
};

/// When an audience lets accounts in.
enum class Evaluate { continuously, once };

struct JourneyDefinition {
  std::string name;
  std::string title;  ///< the name when none was written
  Place place;
  std::string audience;  ///< empty: entered by command alone
  Evaluate evaluate = Evaluate::continuously;
  std::string timezone;  ///< empty: the workspace's
  std::vector<NodeDefinition> nodes;
};

struct AudienceDefinition {
  std::string name;
  std::string title;
  Place place;
  Expression when;  ///< in account scope
};

/// How much a role counts in a group's engagement, by the field's five words.
enum class Weighting : int { trivial = 20, minor = 40, normal = 60, important = 80, vital = 100 };

struct RoleDefinition {
  std::string name;
  Place place;
  Weighting weighting = Weighting::normal;
  std::optional<Expression> when;  ///< in person scope; none: only by hand or by a journey
  std::int64_t members_required = 1;
  bool required = true;
};

struct RoleTemplateDefinition {
  std::string name;
  Place place;
  std::vector<RoleDefinition> roles;  ///< in order of priority
};

struct SolutionInterestDefinition {
  std::string name;
  std::string title;
  Place place;
  std::string role_template;
};

/// A message: emails/NAME.html, YAML front matter between `---` lines, then a Mustache body.
struct EmailTemplateDefinition {
  std::string name;  ///< the file's name without .html
  Place place;
  std::string subject;    ///< Mustache
  std::string from;       ///< `Name <address>` or an address; empty: the channel's
  std::string reply_to;   ///< empty: none
  std::string preheader;  ///< Mustache; the preview line of a mail client; empty: none
  std::string body;       ///< Mustache, HTML
};

enum class AttributeType { any, text, whole_number, number, flag, timestamp, duration, list, map };

struct AttributeDefinition {
  std::string name;
  AttributeType type = AttributeType::any;
  std::string summary;
  Place place;
};

/// schema.yaml: with it, an unknown attribute in an expression is an error.
struct SchemaDefinition {
  bool written = false;  ///< there is a schema; else every attribute name is allowed
  std::vector<AttributeDefinition> account;
  std::vector<AttributeDefinition> person;
};

struct FileChannel {
  std::string folder = "outbox";  ///< relative to the workspace
};

enum class InDoubt { retry, hold };
enum class TransportSecurity { starttls, tls, none };

struct SmtpChannel {
  std::string host;
  std::int64_t port = 587;
  TransportSecurity security = TransportSecurity::starttls;
  std::string user;           ///< empty: no authentication
  std::string password_env;   ///< the environment variable that holds the password, or
  std::string password_file;  ///< the file that does
  std::string ca_file;        ///< certificates to trust instead of the system's; empty: the system's
};

struct EmailChannelDefinition {
  Place place;
  std::variant<FileChannel, SmtpChannel> transport;
  std::string from = "Caravan <caravan@localhost>";
  InDoubt in_doubt = InDoubt::retry;
  std::int64_t connections = 4;  ///< mails under way at once
};

/// caravan.yaml
struct ConfigurationDefinition {
  std::string database = "caravan.db";  ///< relative to the workspace
  std::string timezone = "UTC";
  EmailChannelDefinition email;
};

}  // namespace caravan
