// caravan token: makes, lists and revokes the tokens that the HTTP API asks for.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/api/tokens.hpp"
#include "journeys/duration.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

using api::Token;

constexpr const char* description =
    "Makes and revokes the tokens that the HTTP API of `caravan serve` asks for. They are kept as hashes in a file "
    "beside the database; a daemon that runs sees a change with its next request.";

constexpr const char* footer = R"(Scopes
  read      lists, figures, timelines, the stream, /metrics
  ingest    accounts, people and events
  operate   journeys, buying groups and publications by hand; people are removed
  admin     all of these, and the audit trail

Examples
  caravan token create website --scope ingest -w my-workspace
  caravan token create grafana --scope read --expires 90d -w my-workspace
  caravan token list -w my-workspace
  caravan token revoke website -w my-workspace

The API: `caravan help api`.)";

struct Options {
  DataOptions data;
  std::string name;
  std::vector<std::string> scopes;
  std::string expires;
  bool as_json = false;
};

std::filesystem::path file_of(const Options& options) {
  const std::filesystem::path database = database_file(options.data);
  std::error_code ignored;
  const std::filesystem::path folder = database.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    throw Failure(ExitCode::environment, folder.string() + " is no folder, and tokens are kept in it");
  return api::tokens_file(database);
}

std::vector<api::Scope> scopes_of(const Options& options) {
  std::vector<api::Scope> scopes;
  for (const std::string& word : options.scopes) {
    const std::optional<api::Scope> scope = api::scope_named(word);
    if (!scope)
      throw Failure(ExitCode::usage,
                    "--scope takes read, ingest, operate or admin; this is \"" + printable(word) + "\"");
    scopes.push_back(*scope);
  }
  return scopes;
}

std::optional<Instant> expiry_of(const Options& options, Instant now) {
  if (options.expires.empty()) return std::nullopt;
  std::string problem;
  const std::optional<CalendarDuration> after = parse_duration(options.expires, problem);
  if (!after) throw Failure(ExitCode::usage, "--expires takes a duration such as 90d: " + problem);
  return add(now, *after, "UTC");
}

/// Names stand in logs and in the audit trail.
void expect_name(const std::string& name) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '@';
  };
  if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), is_plain))
    throw Failure(ExitCode::usage, "a token's name is up to 64 letters, digits, dashes and dots, such as website");
}

std::string words_of(const Token& token) {
  std::string words;
  for (const api::Scope scope : token.scopes)
    words += (words.empty() ? "" : ", ") + std::string(api::name_of(scope));
  return words;
}

boost::json::object as_json(const Token& token) {
  boost::json::array scopes;
  for (const api::Scope scope : token.scopes)
    scopes.emplace_back(api::name_of(scope));
  boost::json::object object{
      {"id", token.id}, {"name", token.name}, {"scopes", std::move(scopes)}, {"created_at", to_text(token.created_at)}};
  if (token.expires_at) object["expires_at"] = to_text(*token.expires_at);
  return object;
}

ExitCode create(const Options& options) {
  expect_name(options.name);
  const Instant now = machine_time();
  const api::NewToken made = api::make_token(options.name, scopes_of(options), now, expiry_of(options, now));
  api::change_tokens(file_of(options), [&](std::vector<Token>& tokens) {
    const auto has_name = [&](const Token& each) { return each.name == options.name; };
    if (std::any_of(tokens.begin(), tokens.end(), has_name)) {
      throw Failure(ExitCode::faults,
                    "there is a token \"" + options.name + "\" already: revoke it first, or take another name");
    }
    tokens.push_back(made.token);
  });
  if (options.as_json) {
    boost::json::object object = as_json(made.token);
    object["token"] = made.secret;
    std::cout << boost::json::serialize(object) << "\n";
    return ExitCode::success;
  }
  // The secret alone on standard output, so that a script may take it.
  std::cerr << "The token \"" << made.token.name << "\" may " << words_of(made.token)
            << ". It is shown this once and kept nowhere:\n";
  std::cout << made.secret << "\n";
  return ExitCode::success;
}

ExitCode list(const Options& options) {
  const std::vector<Token> tokens = api::read_tokens(file_of(options));
  const Instant now = machine_time();
  if (options.as_json) {
    boost::json::array all;
    for (const Token& token : tokens)
      all.push_back(as_json(token));
    std::cout << boost::json::serialize(boost::json::object{{"tokens", std::move(all)}}) << "\n";
    return ExitCode::success;
  }
  Table table({{"name"}, {"scopes"}, {"made"}, {"expires"}, {"id"}});
  for (const Token& token : tokens) {
    const bool is_over = token.expires_at && *token.expires_at <= now;
    const std::string expires =
        !token.expires_at ? "never" : short_time(*token.expires_at) + (is_over ? " (over)" : "");
    table.add_row({{token.name},
                   {words_of(token)},
                   {short_time(token.created_at), Style::faint},
                   {expires, is_over ? Style::warning : Style::plain},
                   {token.id, Style::faint}});
  }
  std::cout << (table.empty() ? "no tokens\n" : table.render(Terminal::output()));
  return ExitCode::success;
}

ExitCode revoke(const Options& options) {
  std::string name;
  api::change_tokens(file_of(options), [&](std::vector<Token>& tokens) {
    const auto is_meant = [&](const Token& each) { return each.name == options.name || each.id == options.name; };
    const auto found = std::find_if(tokens.begin(), tokens.end(), is_meant);
    if (found == tokens.end()) {
      std::vector<std::string> names;
      for (const Token& token : tokens)
        names.push_back(token.name);
      const std::string meant = did_you_mean(options.name, names);
      throw Failure(ExitCode::faults,
                    "there is no token \"" + printable(options.name) + "\"" + (meant.empty() ? "" : "; " + meant));
    }
    name = found->name;
    tokens.erase(found);
  });
  std::cout << "The token \"" << name << "\" is revoked.\n";
  return ExitCode::success;
}

}  // namespace

void add_token(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("token", description);
  command->footer(footer);
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* making = command->add_subcommand("create", "Makes a token and prints its secret, this once");
  making->add_option("name", options->name, "Who will have it")->required()->type_name("NAME");
  making->add_option("--scope", options->scopes, "What it may do: read, ingest, operate, admin; several by commas")
      ->required()
      ->delimiter(',')
      ->type_name("SCOPE");
  making->add_option("--expires", options->expires, "After how long it is over, such as 90d; never without it")
      ->type_name("DURATION");
  CLI::App* listing = command->add_subcommand("list", "Shows the tokens, without their secrets");
  CLI::App* revoking = command->add_subcommand("revoke", "Makes a token worthless");
  revoking->add_option("name", options->name, "Its name or id")->required()->type_name("NAME");
  for (CLI::App* each : {making, listing, revoking})
    add_data_options(*each, options->data, Positional::no);
  for (CLI::App* each : {making, listing})
    each->add_flag("--json", options->as_json, "As one JSON object");
  making->callback([options, &exit_code] { exit_code = create(*options); });
  listing->callback([options, &exit_code] { exit_code = list(*options); });
  revoking->callback([options, &exit_code] { exit_code = revoke(*options); });
}

}  // namespace caravan::tools
