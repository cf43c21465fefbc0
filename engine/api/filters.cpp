#include "engine/api/filters.hpp"

namespace caravan::api {

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
    throw Refused({404, "unknown-version", "the journey \"" + *journey + "\" has no version " + number->substr(0, 20),
                   "version"});
  }
  return versions;
}

}  // namespace caravan::api
