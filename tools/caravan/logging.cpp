#include "tools/caravan/logging.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "journeys/duration.hpp"

namespace caravan::tools {
namespace {

/// One object a line: time, level and message, escaped whatever the message holds.
class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const boost::json::object line{
        {"time", to_text(std::chrono::floor<std::chrono::milliseconds>(message.time))},
        {"level", boost::json::string_view(level.data(), level.size())},
        {"message", boost::json::string_view(message.payload.data(), message.payload.size())}};
    const std::string text = boost::json::serialize(line) + "\n";
    to.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonLines>(); }
};

}  // namespace

void set_up_logging(const std::string& level, LogFormat format) {
  auto logger = spdlog::stderr_color_mt("caravan");
  if (std::getenv("NO_COLOR") != nullptr) {
    static_cast<spdlog::sinks::stderr_color_sink_mt&>(*logger->sinks().front())
        .set_color_mode(spdlog::color_mode::never);
  }
  if (format == LogFormat::json) {
    logger->set_formatter(std::make_unique<JsonLines>());
  } else {
    logger->set_pattern("%Y-%m-%d %H:%M:%S %^%l%$ %v");
  }
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace caravan::tools
