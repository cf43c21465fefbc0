#pragma once
// What an author's documents mean, once read and checked: plain values without behaviour. The loader makes them,
// nodes/ compiles journeys from them, the engine reads the rest. Every definition keeps the place it was written at.

#include "journeys/cel/program.hpp"
#include "journeys/cron.hpp"
#include "journeys/diagnostic.hpp"
#include "journeys/duration.hpp"
#include "journeys/node_shape.hpp"

namespace caravan {

/// An expression as written and as compiled. `program` is null only where the workspace has errors.
struct Expression {
  std::string text;
  Place place;
  std::shared_ptr<const cel::Program> program;
  /// Of a condition in a workspace that was loaded with probes: the places of its program's conditions, of which the
  /// last is the whole. The probe of `conditions[i]` has the number `first_probe` + i.
  std::vector<Place> conditions = {};
  std::uint32_t first_probe = 0;
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

/// A time: fixed, or what an expression yields when it is asked.
struct Moment {
  std::optional<Instant> fixed;
  std::optional<Expression> expression;  ///< exactly when not fixed
};

/// A time of the week: the next of `days`, at `time`.
struct WeeklyTime {
  std::uint8_t days = 0x7f;  ///< bit 0: Monday
  std::optional<std::chrono::minutes>
      time;              ///< since midnight, on the clock of the time zone; none: see nodes/wait_plan.hpp
  std::string timezone;  ///< empty: the wait's
};

/// A wait as a wait node or a listen's `timeout` has it. At least one of the three is there.
struct WaitDefinition {
  std::optional<CalendarDuration> duration;  ///< `for`
  std::optional<Moment> until;
  std::optional<WeeklyTime> must_end_on;
  std::string timezone;  ///< empty: the journey's
};

/// What a listen waits for.
struct EventPattern {
  Place place;
  std::string type;                 ///< `form.submitted`
  std::optional<Expression> where;  ///< in event scope
  std::int64_t at_least = 1;
};

using ValueMap = std::vector<NamedExpression>;
using Recipients = std::vector<Recipient>;
using EventPatterns = std::vector<EventPattern>;
using SettingValue = std::variant<std::string, std::int64_t, bool, CalendarDuration, Expression, ValueMap, Recipients,
                                  Moment, WeeklyTime, WaitDefinition, EventPatterns>;

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
  std::int64_t percent = 0;        ///< for PathChoice::percent
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
  /// Each of the account's people goes along one of the paths on their own.
  bool divides_people = false;

  /// The setting of a key, as the alternative its KeyKind gives; null when it was not written.
  template <class T>
  const T* setting(std::string_view key) const {
    auto found = settings.find(key);
    return found == settings.end() ? nullptr : std::get_if<T>(&found->second.value);
  }
};

/// When an audience lets accounts in.
enum class Evaluate { continuously, once, scheduled };

/// Who goes through a journey.
enum class JourneySubject { account, person };

/// Entry by an event.
struct EventEntry {
  Place place;
  std::string type;
  std::optional<Expression> where;  ///< in event scope
};

/// Whether a subject that has ended may enter again. By default it may not.
struct ReEntry {
  CalendarDuration after;  ///< since when `counted_from` says
  enum class From { entry, exit } counted_from = From::exit;
  std::optional<std::int64_t> limit;  ///< how often it may enter in all; none: any number of times
};

struct JourneyDefinition {
  std::string name;
  std::string title;  ///< the name when none was written
  Place place;
  JourneySubject subject = JourneySubject::account;
  std::string audience;  ///< empty: no audience lets anybody in
  Evaluate evaluate = Evaluate::continuously;
  std::optional<CronSchedule> schedule;  ///< for Evaluate::scheduled
  std::string schedule_text;             ///< as written
  std::string schedule_timezone;         ///< empty: the journey's
  std::optional<EventEntry> event;
  std::optional<Instant> from;  ///< nobody enters before
  std::optional<Instant> to;    ///< nobody enters from then on
  std::optional<ReEntry> re_enter;
  bool email_deduplication = false;
  std::optional<Expression> exit_when;  ///< in event scope
  std::optional<Expression> goal;       ///< in event scope
  bool goal_exits = false;
  bool leave_with_audience = false;
  std::string timezone;  ///< empty: the account's, else the workspace's
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
  std::string audience;     ///< every account in it has a group, filled by the roles' conditions; empty: groups are
                            ///< made and filled by journeys and by hand alone
  std::string stage_model;  ///< empty: its groups have no stages
};

/// How engagement is scored: engine/engagement.hpp has the formulas.
struct EngagementModelDefinition {
  std::string name;
  Place place;
  bool active = true;                                         ///< at most one model of a workspace is
  std::int64_t window_days = 30;                              ///< calendar days, the present one included
  std::int64_t daily_cap = 20;                                ///< per type of activity, person and calendar day
  std::vector<std::pair<std::string, std::int64_t>> weights;  ///< by type of event, each 1 to 100; not empty
};

struct StageDefinition {
  std::string name;
  Place place;
  bool entry = false;  ///< where a group begins
  enum class Outcome { open, success, failure } outcome = Outcome::open;
  std::vector<std::string> to;  ///< the stages it may go to from here
};

struct StageModelDefinition {
  std::string name;
  Place place;
  std::vector<StageDefinition> stages;
};

/// A text for an SMS or a chat: messages/NAME.txt, a Mustache text.
struct TextTemplateDefinition {
  std::string name;  ///< the file's name without .txt
  Place place;
  std::string text;  ///< Mustache
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
  /// It serves what the receiver has asked for, such as a ticket: it goes to those who have unsubscribed as well.
  bool operational = false;
  std::string topic = {};  ///< what it is about, one of caravan.yaml; empty: none. Operational mails have none
};

enum class AttributeType { any, text, whole_number, number, flag, timestamp, duration, list, map };

/// `a whole number`, `text`, ...: what a message calls a type.
std::string_view description_of(AttributeType type);

struct AttributeDefinition {
  std::string name;
  AttributeType type = AttributeType::any;
  std::string summary;
  Place place;
};

/// The properties of one type of event.
struct EventDefinition {
  std::string type;
  std::vector<AttributeDefinition> properties;
};

/// schema.yaml: with it, an unknown attribute in an expression is an error.
struct SchemaDefinition {
  bool written = false;  ///< there is a schema; else every attribute name is allowed
  std::vector<AttributeDefinition> account;
  std::vector<AttributeDefinition> person;
  std::vector<EventDefinition> events;  ///< empty: every event type and property is allowed
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

/// How often a call or a delivery is tried, and how long apart: doubled each time, with a quarter of jitter.
struct RetryDefinition {
  std::int64_t attempts = 12;
  std::chrono::milliseconds first = std::chrono::minutes(1);
  std::chrono::milliseconds longest = std::chrono::hours(4);
};

/// A named place in the outside that nodes call over HTTP.
struct ConnectionDefinition {
  std::string name;
  Place place;
  std::string url;                                           ///< http:// or https://
  std::vector<std::pair<std::string, std::string>> headers;  ///< as written; no secrets
  std::string secret_env;   ///< the environment variable with the secret that signs calls, or
  std::string secret_file;  ///< the file that holds it; both empty: not signed
  std::string token_env;    ///< of a bearer token, or
  std::string token_file;   ///< the file that holds it
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  RetryDefinition retry;
  std::int64_t connections = 8;  ///< calls under way at once
  bool allow_private = false;    ///< addresses of private networks and of this machine may be called
  std::string ca_file;           ///< certificates to trust instead of the system's; empty: the system's
};

/// Where SMS or chat messages go: into files, or to a connection that takes `{key, to, text}`.
struct TextChannelDefinition {
  Place place;
  std::string address;     ///< the attribute of a person that holds where they are reached
  std::string folder;      ///< of the file channel, relative to the workspace; empty: not a file channel
  std::string connection;  ///< empty: a file channel
  InDoubt in_doubt = InDoubt::retry;
};

/// Whether a list or a destination holds accounts or people.
enum class RosterOf { accounts, people };

struct RosterDefinition {
  std::string name;
  std::string title;
  Place place;
  RosterOf of = RosterOf::people;
};

/// Bounds that an operator may set.
struct LimitsDefinition {
  std::int64_t paths_per_split = 25;
  std::int64_t paths_per_variant_split = 20;
  std::int64_t nodes_per_journey = 500;
  std::int64_t people_per_account = 10'000;
  std::int64_t activity_per_account = 10'000;  ///< the newest are kept
  std::int64_t event_bytes = 32'768;
};

/// What becomes of the record of all that the engine was given.
struct JournalDefinition {
  /// How far back it reaches at least; nothing: all of it is kept.
  std::optional<CalendarDuration> keep = CalendarDuration{.days = std::chrono::days(90)};
};

/// How long what an enrollment did is kept, from its end; nothing: always.
struct HistoryDefinition {
  std::optional<CalendarDuration> keep;
  std::map<std::string, std::optional<CalendarDuration>, std::less<>> journeys;  ///< those that say otherwise
  bool archive = true;                                                           ///< before it is let go

  const std::optional<CalendarDuration>& keep_of(std::string_view journey) const {
    const auto found = journeys.find(journey);
    return found == journeys.end() ? keep : found->second;
  }
};

/// What mails are about, as their receivers choose among it.
struct TopicDefinition {
  std::string name;
  std::string title;        ///< as receivers read it; the name when none was written
  std::string description;  ///< a sentence more; empty: none
  Place place;
};

/// Where the HTTP API listens, and what it stands.
struct ApiDefinition {
  bool written = false;  ///< there is an `api:`; without it nothing listens
  Place place;
  std::string address = "127.0.0.1";         ///< an IP address of this machine
  std::int64_t port = 8080;                  ///< 0: any that is free
  bool needs_token = true;                   ///< false: whoever reaches the address may do everything
  std::string tls_certificate;               ///< a file of PEM, the chain included; empty: HTTP
  std::string tls_key;                       ///< the file of its private key
  std::vector<std::string> trusted_proxies;  ///< IP addresses whose X-Forwarded-For is believed
  std::int64_t connections = 2'000;          ///< at once
  std::int64_t body_bytes = 1'048'576;       ///< of a request that is not a stream
  std::int64_t requests_per_second = 0;      ///< of one token, or of one address without; 0: any number
};

/// The links in mails: what is counted, and where they lead.
struct LinksDefinition {
  std::string
      url;  ///< under which the API's public part is reached from outside: `https://go.example.com`; empty: no links
  std::string key_env;               ///< the environment variable with the secret that signs them, or
  std::string key_file;              ///< the file that holds it
  bool opens = true;                 ///< a picture of one pixel is added to mails
  bool clicks = true;                ///< links in mails lead over the API
  std::vector<std::string> origins;  ///< of the pages whose forms and page views are taken: `https://www.example.com`
};

/// caravan.yaml
struct ConfigurationDefinition {
  std::string database = "caravan.db";  ///< relative to the workspace
  std::string timezone = "UTC";
  std::string timezone_attribute;  ///< the attribute of accounts that names their time zone; empty: none
  EmailChannelDefinition email;
  std::optional<TextChannelDefinition> sms;
  std::optional<TextChannelDefinition> chat;
  std::map<std::string, ConnectionDefinition, std::less<>> connections;
  std::map<std::string, RosterDefinition, std::less<>> lists;
  std::map<std::string, RosterDefinition, std::less<>> destinations;
  RetryDefinition node_retries{.attempts = 24, .first = std::chrono::minutes(5), .longest = std::chrono::hours(6)};
  LimitsDefinition limits;
  JournalDefinition journal;
  HistoryDefinition history;
  ApiDefinition api;
  LinksDefinition links;
  std::vector<TopicDefinition> topics;  ///< in the order written
};

}  // namespace caravan
