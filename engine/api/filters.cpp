#include "engine/api/filters.hpp"

#include "journeys/duration.hpp"

namespace caravan::api {
namespace {

std::optional<Instant> instant_of(const Request& request, std::string_view name) {
  const std::string* text = request.query_value(name);
  if (!text) return std::nullopt;
  const std::optional<Instant> at = parse_instant(*text);
  if (!at) {
    throw Refused({400, "invalid-parameter",
                   "`" + std::string(name) + "` is a point in time, such as 2026-01-05T09:00:00Z, or a day",
                   std::string(name)});
  }
  return at;
}

}  // namespace

AccountRecord account_named(const Request& request, Scene& scene) {
  std::optional<AccountRecord> account = scene.reader.account(request.parameter("key"));
  if (!account || is_stand_in(*account))
    throw Refused({404, "unknown-account", "there is no account \"" + request.parameter("key") + "\"", "key"});
  return std::move(*account);
}

PersonRecord person_named(const Request& request, Scene& scene) {
  std::optional<PersonRecord> person = scene.reader.person(request.parameter("key"));
  if (!person) throw Refused({404, "unknown-person", "there is no person \"" + request.parameter("key") + "\"", "key"});
  return std::move(*person);
}

TokenRecord enrollment_named(const Request& request, Scene& scene) {
  const std::string& text = request.parameter("id");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::optional<TokenRecord> token;
  if (error == std::errc() && end == text.data() + text.size()) token = scene.reader.token(TokenId{number});
  if (!token || token->parent)
    throw Refused({404, "unknown-enrollment", "there is no enrollment " + shown(text), "id"});
  return std::move(*token);
}

std::vector<QueryParameter> version_parameters() {
  return {{"journey", "Of this journey alone."},
          {"version", "With `journey`: of this version alone.", R"({"type": "integer", "minimum": 1})"}};
}

std::optional<std::vector<VersionRecord>> versions_asked_for(const Request& request, Scene& scene) {
  const std::string* journey = request.query_value("journey");
  const std::string* number = request.query_value("version");
  if (!journey && number)
    throw Refused({400, "invalid-parameter", "a `version` is one of a `journey`: name that as well", "version"});
  if (!journey) return std::nullopt;
  std::vector<VersionRecord> versions = scene.library.versions_of(*journey);
  if (versions.empty())
    throw Refused({404, "unknown-journey", "no journey \"" + *journey + "\" is published", "journey"});
  if (!number) return versions;
  std::erase_if(versions, [&](const VersionRecord& each) { return std::to_string(each.number) != *number; });
  if (versions.empty()) {
    throw Refused(
        {404, "unknown-version", "the journey \"" + *journey + "\" has no version " + shown(*number), "version"});
  }
  return versions;
}

Span span_of(const Request& request) {
  const Span span{instant_of(request, "since"), instant_of(request, "until")};
  if (span.since && span.until && *span.until <= *span.since)
    throw Refused({400, "invalid-parameter", "`until` is after `since`", "until"});
  return span;
}

std::vector<QueryParameter> span_parameters(const std::string& what) {
  return {{"since", what + " then or later.", R"({"type": "string", "format": "date-time"})"},
          {"until", what + " before.", R"({"type": "string", "format": "date-time"})"}};
}

std::vector<QueryParameter> together(std::initializer_list<std::vector<QueryParameter>> parts) {
  std::vector<QueryParameter> all;
  for (const std::vector<QueryParameter>& part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace caravan::api
