#include "tools/caravan/logging.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "journeys/duration.hpp"
#include "tools/caravan/terminal/terminal.hpp"

namespace caravan::tools {
namespace {

/// Between a message and its fields, which follow as a JSON object: nothing that is logged holds it.
constexpr char kFields = '\x1e';

/// One object a line: time, level, message and fields, escaped whatever the message holds.
class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string_view payload(message.payload.data(), message.payload.size());
    const std::size_t end = payload.find(kFields);
    boost::json::object line{{"time", to_text(std::chrono::floor<std::chrono::milliseconds>(message.time))},
                             {"level", boost::json::string_view(level.data(), level.size())},
                             {"message", payload.substr(0, end)}};
    if (end != std::string_view::npos) {
      boost::json::error_code error;
      const boost::json::value fields = boost::json::parse(payload.substr(end + 1), error);
      if (const boost::json::object* object = fields.if_object()) line.insert(object->begin(), object->end());
    }
    const std::string text = boost::json::serialize(line) + "\n";
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonLines>(); }
};

/// How the log is written; set once, at the start.
bool is_json = false;

}  // namespace

void set_up_logging(const std::string& level, LogFormat format) {
  auto logger = spdlog::stderr_color_mt("caravan");
  if (std::getenv("NO_COLOR") != nullptr) {
    static_cast<spdlog::sinks::stderr_color_sink_mt&>(*logger->sinks().front())
        .set_color_mode(spdlog::color_mode::never);
  }
  is_json = format == LogFormat::json;
  if (is_json) {
    logger->set_formatter(std::make_unique<JsonLines>());
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S %^%l%$ %v");
  }
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void log_fields(spdlog::level::level_enum level, std::string_view message,
                const std::vector<std::pair<std::string, std::string>>& fields) {
  const auto logger = spdlog::default_logger();
  if (!logger->should_log(level)) return;
  std::string line(message);
  std::replace(line.begin(), line.end(), kFields, ' ');
  if (is_json) {
    boost::json::object object;
    for (const auto& [name, value] : fields) {
      if (!value.empty()) object[name] = value;
    }
    line += kFields + boost::json::serialize(object);
  } else {
    for (const auto& [name, value] : fields) {
      if (!value.empty()) line += " " + name + "=" + printable(value);
    }
  }
  logger->log(level, "{}", line);
}

}  // namespace caravan::tools
