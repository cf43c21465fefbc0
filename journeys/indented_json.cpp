#include "journeys/indented_json.hpp"

#include <boost/json/serialize.hpp>

namespace caravan {
namespace {

using boost::json::value;

constexpr std::size_t line_length = 110;

/// The members of an object or the elements of an array: each one's key, if any, and its value.
template <class Visit>
void each_member(const value& json, Visit visit) {
  if (json.is_object()) {
    for (const auto& [key, member] : json.get_object())
      visit(boost::json::serialize(value(key)) + ": ", member);
  } else {
    for (const value& element : json.get_array())
      visit(std::string(), element);
  }
}

std::string in_one_line(const value& json) {
  if (!json.is_structured()) return boost::json::serialize(json);
  std::string out;
  each_member(json, [&](const std::string& key, const value& member) {
    out += (out.empty() ? "" : ", ") + key + in_one_line(member);
  });
  return json.is_object() ? "{" + out + "}" : "[" + out + "]";
}

void write(const value& json, std::size_t depth, std::string& out) {
  const std::string line = in_one_line(json);
  if (!json.is_structured() || depth * 2 + line.size() <= line_length) {
    out += line;
    return;
  }
  const std::string margin(depth * 2, ' ');
  out += json.is_object() ? "{" : "[";
  bool is_first = true;
  each_member(json, [&](const std::string& key, const value& member) {
    out += std::exchange(is_first, false) ? "\n" : ",\n";
    out += margin + "  " + key;
    write(member, depth + 1, out);
  });
  out += "\n" + margin + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string indented(const value& json) {
  std::string out;
  write(json, 0, out);
  return out + "\n";
}

}  // namespace caravan
