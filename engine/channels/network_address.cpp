// The special ranges of the IANA registries of IPv4 and IPv6, first match first.

#include "engine/channels/network_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace caravan {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr std::string_view this_machine = "a loopback address";
constexpr std::string_view no_host = "an unspecified address";
constexpr std::string_view private_network = "an address of a private network";
constexpr std::string_view link_local = "a link-local address";
constexpr std::string_view multicast = "a multicast address";
constexpr std::string_view reserved = "a reserved address";

/// Addresses whose first `bits` are those of `first`.
struct Range {
  Bytes first;
  unsigned bits;
  std::string_view what;
};

constexpr std::array v4_ranges = {
    Range{{0}, 8, no_host},
    Range{{10}, 8, private_network},
    Range{{100, 64}, 10, private_network},
    Range{{127}, 8, this_machine},
    Range{{169, 254}, 16, link_local},
    Range{{172, 16}, 12, private_network},
    Range{{192, 0, 0}, 24, reserved},
    Range{{192, 0, 2}, 24, reserved},
    Range{{192, 88, 99}, 24, reserved},
    Range{{192, 168}, 16, private_network},
    Range{{198, 18}, 15, private_network},
    Range{{198, 51, 100}, 24, reserved},
    Range{{203, 0, 113}, 24, reserved},
    Range{{224}, 4, multicast},
    Range{{240}, 4, reserved},
};

constexpr std::array v6_ranges = {
    Range{{}, 128, no_host},
    Range{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, this_machine},
    Range{{0x00}, 8, reserved},
    Range{{0x01, 0x00}, 16, reserved},
    Range{{0x20, 0x01, 0x00}, 23, reserved},  // Teredo among them
    Range{{0x20, 0x01, 0x0d, 0xb8}, 32, reserved},
    Range{{0x3f, 0xff}, 20, reserved},
    Range{{0x5f, 0x00}, 16, reserved},
    Range{{0xfc}, 7, private_network},
    Range{{0xfe, 0x80}, 10, link_local},
    Range{{0xfe, 0xc0}, 10, private_network},
    Range{{0xff}, 8, multicast},
};

/// Where an IPv6 address carries an IPv4 one.
struct Carrier {
  Bytes first;
  unsigned bits;
  std::size_t at;
};

constexpr std::array carriers = {
    Carrier{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},
    Carrier{{0x00, 0x64, 0xff, 0x9b}, 96, 12},
    Carrier{{0x20, 0x02}, 16, 2},
};

bool begins_with(const Bytes& address, const Bytes& first, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(first.begin(), first.begin() + whole, address.begin())) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8 - rest) & 0xffU;
  return (address[whole] & mask) == (first[whole] & mask);
}

std::string_view what_is(const Bytes& address, std::span<const Range> ranges) {
  for (const Range& range : ranges) {
    if (begins_with(address, range.first, range.bits)) return range.what;
  }
  return {};
}

std::string_view what_is_v6(const Bytes& address) {
  for (const Carrier& carrier : carriers) {
    if (!begins_with(address, carrier.first, carrier.bits)) continue;
    Bytes carried{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(carrier.at), 4, carried.begin());
    return what_is(carried, v4_ranges);
  }
  return what_is(address, v6_ranges);
}

/// The address in network order; an IPv4 address is the first four bytes.
Bytes bytes_of(const sockaddr& address) {
  Bytes bytes{};
  if (address.sa_family == AF_INET) {
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  } else if (address.sa_family == AF_INET6) {
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  }
  return bytes;
}

}  // namespace

std::string_view why_not_public(const sockaddr& address) {
  switch (address.sa_family) {
    case AF_INET: return what_is(bytes_of(address), v4_ranges);
    case AF_INET6: return what_is_v6(bytes_of(address));
    default: return reserved;
  }
}

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const Bytes bytes = bytes_of(address);
  if (::inet_ntop(address.sa_family, bytes.data(), text.data(), text.size()) == nullptr)
    return "an address of no network";
  return text.data();
}

}  // namespace caravan
