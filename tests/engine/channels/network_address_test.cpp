// Which addresses are of the public network, range by range, from their first to their last address.

#include "engine/channels/network_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/support/catch.hpp"

using namespace caravan;

namespace {

/// What keeps the address from being called.
std::string why(const std::string& text) {
  sockaddr_storage storage{};
  if (text.find(':') == std::string::npos) {
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    address.sin_family = AF_INET;
    REQUIRE(::inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1);
  } else {
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    REQUIRE(::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr) == 1);
  }
  const auto& generic = reinterpret_cast<const sockaddr&>(storage);
  CHECK_FALSE(to_text(generic).empty());
  return std::string(why_not_public(generic));
}

}  // namespace

TEST_CASE("addresses of the public network may be called") {
  for (const char* address : {"1.1.1.1",         "8.8.8.8",
                              "9.255.255.255",   "11.0.0.0",
                              "100.63.255.255",  "100.128.0.0",
                              "126.255.255.255", "128.0.0.0",
                              "169.253.255.255", "169.255.0.0",
                              "172.15.255.255",  "172.32.0.0",
                              "192.167.255.255", "192.169.0.0",
                              "198.17.255.255",  "198.20.0.0",
                              "223.255.255.255", "2606:4700:4700::1111",
                              "2a00:1450::1",    "2001:4860:4860::8888",
                              "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
                              "2002:808:808::1"}) {
    INFO(address);
    CHECK(why(address) == "");
  }
}

TEST_CASE("addresses of this machine and its neighbours may not") {
  struct Row {
    const char* address;
    const char* what;
  };
  for (const Row& row : {Row{"0.0.0.0", "an unspecified address"},
                         {"0.255.255.255", "an unspecified address"},
                         {"10.0.0.0", "an address of a private network"},
                         {"10.255.255.255", "an address of a private network"},
                         {"100.64.0.0", "an address of a private network"},
                         {"100.127.255.255", "an address of a private network"},
                         {"127.0.0.1", "a loopback address"},
                         {"127.255.255.255", "a loopback address"},
                         {"169.254.169.254", "a link-local address"},
                         {"172.16.0.0", "an address of a private network"},
                         {"172.31.255.255", "an address of a private network"},
                         {"192.0.0.1", "a reserved address"},
                         {"192.168.0.0", "an address of a private network"},
                         {"192.168.255.255", "an address of a private network"},
                         {"198.18.0.0", "an address of a private network"},
                         {"198.19.255.255", "an address of a private network"},
                         {"203.0.113.7", "a reserved address"},
                         {"224.0.0.1", "a multicast address"},
                         {"239.255.255.255", "a multicast address"},
                         {"240.0.0.1", "a reserved address"},
                         {"255.255.255.255", "a reserved address"},
                         {"::", "an unspecified address"},
                         {"::1", "a loopback address"},
                         {"::127.0.0.1", "a reserved address"},
                         {"::ffff:127.0.0.1", "a loopback address"},
                         {"::ffff:10.1.2.3", "an address of a private network"},
                         {"64:ff9b::192.168.1.1", "an address of a private network"},
                         {"64:ff9b:1::1", "a reserved address"},
                         {"2002:7f00:1::1", "a loopback address"},
                         {"2001::1", "a reserved address"},
                         {"2001:db8::1", "a reserved address"},
                         {"fc00::1", "an address of a private network"},
                         {"fdff::1", "an address of a private network"},
                         {"fe80::1", "a link-local address"},
                         {"febf::1", "a link-local address"},
                         {"fec0::1", "an address of a private network"},
                         {"ff02::1", "a multicast address"}}) {
    INFO(row.address);
    CHECK(why(row.address) == row.what);
  }
}

TEST_CASE("what is no address of the network may not be called") {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  const auto& generic = reinterpret_cast<const sockaddr&>(local);
  CHECK(why_not_public(generic) == "a reserved address");
  CHECK(to_text(generic) == "an address of no network");
}
