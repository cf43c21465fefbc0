#include "tools/bench/measurement.hpp"

namespace caravan::bench {
namespace {

template <class Number>
void put(boost::json::object& object, const char* key, const std::optional<Number>& number) {
  if (number) object[key] = *number;
}

template <class Number>
void take(const boost::json::object& object, const char* key, std::optional<Number>& number) {
  if (const auto* value = object.if_contains(key)) number = value->to_number<Number>();
}

}  // namespace

boost::json::object to_json(const Row& row) {
  boost::json::object object{{"kind", row.kind}, {"title", row.title}, {"size", row.size}};
  put(object, "seconds", row.seconds);
  if (row.per_second) object["unit"] = row.unit;
  put(object, "per_second", row.per_second);
  put(object, "bare_per_second", row.bare_per_second);
  put(object, "ratio_to_bare", row.ratio);
  put(object, "peak_memory_bytes", row.peak_memory);
  put(object, "bytes_per_account", row.bytes_per_account);
  put(object, "added_bytes_per_account", row.added_bytes_per_account);
  if (row.latency) {
    object["latency_seconds"] =
        boost::json::object{{"p50", row.latency->p50}, {"p99", row.latency->p99}, {"p999", row.latency->p999}};
  }
  return object;
}

Row row_from(const boost::json::object& object) {
  Row row{.kind = std::string(object.at("kind").as_string()),
          .title = std::string(object.at("title").as_string()),
          .size = object.at("size").to_number<std::size_t>()};
  take(object, "seconds", row.seconds);
  if (const auto* unit = object.if_contains("unit")) row.unit = std::string(unit->as_string());
  take(object, "per_second", row.per_second);
  take(object, "bare_per_second", row.bare_per_second);
  take(object, "ratio_to_bare", row.ratio);
  take(object, "peak_memory_bytes", row.peak_memory);
  take(object, "bytes_per_account", row.bytes_per_account);
  take(object, "added_bytes_per_account", row.added_bytes_per_account);
  if (const auto* latency = object.if_contains("latency_seconds")) {
    const auto at = [&](const char* key) { return latency->at(key).to_number<double>(); };
    row.latency = Percentiles{at("p50"), at("p99"), at("p999")};
  }
  return row;
}

Row race(std::string_view kind, std::string title, const Task& task, std::string_view unit, double seconds,
         std::optional<double> bare_seconds) {
  const auto number = static_cast<double>(task.size);
  Row row{.kind = std::string(kind), .title = std::move(title), .size = task.size, .seconds = seconds};
  row.unit = unit;
  row.per_second = number / seconds;
  if (bare_seconds) {
    row.bare_per_second = number / *bare_seconds;
    row.ratio = *bare_seconds / seconds;
  }
  return row;
}

const std::vector<Measurement>& measurements() {
  static const std::vector<Measurement> all = {
      {"reference", {10'000, 100'000, 1'000'000}, {10'000'000}, 200, measure_reference},
      {"people-splits", {10'000, 100'000}, {}, 50, measure_people_splits},
      {"listens", {100'000, 1'000'000}, {}, 200, measure_listens},
      {"audience", {1'000'000}, {}, 1'000, measure_audience},
      {"journeys", {100'000}, {}, 400, measure_journeys},
      {"latency", {5'000}, {}, 50, measure_latency},
      {"start", {1'000'000}, {10'000'000}, 200, measure_start},
  };
  return all;
}

}  // namespace caravan::bench
