#include "engine/api/target.hpp"

#include <boost/url/src.hpp>

#include "engine/intake/values.hpp"

namespace caravan::api {
namespace {

namespace urls = boost::urls;

bool is_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  const auto parsed = urls::parse_origin_form({text.data(), text.size()});
  if (!parsed) return std::nullopt;
  Target target;
  const urls::string_view path = parsed->encoded_path();
  target.path.assign(path.data(), path.size());
  const urls::encoding_opts in_path;
  for (const urls::pct_string_view segment : parsed->encoded_segments()) {
    target.segments.push_back(segment.decode(in_path));
    if (!is_text(target.segments.back())) return std::nullopt;
  }
  urls::encoding_opts in_query;
  in_query.space_as_plus = true;
  for (const urls::param_pct_view parameter : parsed->encoded_params()) {
    target.query.emplace_back(parameter.key.decode(in_query), parameter.value.decode(in_query));
    if (!is_text(target.query.back().first) || !is_text(target.query.back().second)) return std::nullopt;
  }
  return target;
}

PathPattern::PathPattern(std::string_view path) {
  path.remove_prefix(1);
  while (true) {
    const std::size_t end = path.find('/');
    const std::string_view segment = path.substr(0, end);
    const bool is_parameter = segment.starts_with('{') && segment.ends_with('}');
    segments_.push_back({std::string(is_parameter ? segment.substr(1, segment.size() - 2) : segment), is_parameter});
    if (end == std::string_view::npos) return;
    path.remove_prefix(end + 1);
  }
}

std::optional<Fields> PathPattern::match(const std::vector<std::string>& segments) const {
  if (segments.size() != segments_.size()) return std::nullopt;
  Fields parameters;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments_[i].is_parameter && !segments[i].empty()) {
      parameters.emplace_back(segments_[i].text, segments[i]);
    } else if (segments_[i].is_parameter || segments_[i].text != segments[i]) {
      return std::nullopt;
    }
  }
  return parameters;
}

std::vector<std::string> PathPattern::parameters() const {
  std::vector<std::string> names;
  for (const Segment& segment : segments_) {
    if (segment.is_parameter) names.push_back(segment.text);
  }
  return names;
}

}  // namespace caravan::api
