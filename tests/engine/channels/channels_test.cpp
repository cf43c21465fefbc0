// A configuration becomes ways out, and one that cannot work is said at once.

#include "engine/channels/channels.hpp"

#include <fstream>

#include <boost/asio/io_context.hpp>

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

TextChannelDefinition into(const std::string& folder, const std::string& connection = "") {
  return {.place = {}, .address = "phone", .folder = folder, .connection = connection};
}

ConfigurationDefinition whole() {
  ConfigurationDefinition configuration;
  configuration.email.transport = FileChannel{"mails"};
  configuration.email.in_doubt = InDoubt::hold;
  configuration.sms = into("texts");
  configuration.sms->in_doubt = InDoubt::hold;
  configuration.chat = into("", "gateway");
  ConnectionDefinition gateway;
  gateway.name = "gateway";
  gateway.url = "https://gateway.example.com";
  gateway.connections = 3;
  gateway.retry.attempts = 5;
  configuration.connections["gateway"] = gateway;
  return configuration;
}

}  // namespace

TEST_CASE("each channel and connection of the configuration is a way out") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const Channels channels = make_channels(io, whole(), folder.path());
  CHECK(channels.email.channel);
  CHECK(channels.email.in_doubt == InDoubt::hold);
  REQUIRE(channels.sms);
  CHECK(channels.sms->files);
  CHECK(channels.sms->in_doubt == InDoubt::hold);
  REQUIRE(channels.chat);
  CHECK_FALSE(channels.chat->files);
  CHECK(channels.chat->connection == "gateway");
  CHECK(channels.chat->in_doubt == InDoubt::retry);
  CHECK(channels.connections.at("gateway").channel->concurrency() == 3);
  CHECK(channels.connections.at("gateway").retry.attempts == 5);
  CHECK(fs::is_directory(folder.path() / "mails"));
  CHECK(fs::is_directory(folder.path() / "texts"));
}

TEST_CASE("what is not configured is no way out") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const Channels channels = make_channels(io, {}, folder.path());
  CHECK(channels.email.channel);
  CHECK_FALSE(channels.sms);
  CHECK_FALSE(channels.chat);
  CHECK(channels.connections.empty());
}

TEST_CASE("an outbox takes mails and texts, whatever the configuration says, and calls are made all the same") {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  const Channels channels = make_channels(io, whole(), folder.path(), folder.path() / "out");
  CHECK(channels.sms->files);
  CHECK(channels.chat->files);
  CHECK(channels.connections.size() == 1);
  CHECK(fs::is_directory(folder.path() / "out/sms"));
  CHECK(fs::is_directory(folder.path() / "out/chat"));
  CHECK_FALSE(fs::exists(folder.path() / "mails"));
}

TEST_CASE("a way out that cannot work is said when it is made") {
  testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "texts") << "a file where a folder should be";
  boost::asio::io_context io;
  CHECK_THROWS_AS(make_channels(io, whole(), folder.path()), std::runtime_error);
  ConfigurationDefinition configuration = whole();
  configuration.sms.reset();
  configuration.connections["gateway"].secret_env = "CARAVAN_TEST_NOT_SET";
  CHECK_THROWS_AS(make_channels(io, configuration, folder.path()), std::runtime_error);
}
