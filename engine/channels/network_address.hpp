#pragma once
// Which addresses a workspace may call: those of the public network. An author who can name a host must not thereby
// reach what only this machine or its neighbours can, whatever the host's name resolves to.

struct sockaddr;

namespace caravan {

/// What keeps an address from being called, as the end of "it is ...": `a loopback address`, `an address of a private
/// network`. Empty for an address of the public network. An IPv4 address inside of an IPv6 one (mapped, 6to4, NAT64) is
/// judged as itself; whatever is neither IPv4 nor IPv6 is not public.
std::string_view why_not_public(const sockaddr& address);

/// The address without its port: `10.0.0.1`, `fe80::1`.
std::string to_text(const sockaddr& address);

}  // namespace caravan
