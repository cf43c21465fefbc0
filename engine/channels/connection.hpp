#pragma once
// Calls over HTTP to one of a workspace's connections, by libcurl's multi-socket interface on Asio: connections are
// kept open and reused, certificates checked, redirects not followed, and private networks out of reach unless the
// connection allows them.

#include "engine/channels/channel.hpp"
#include "journeys/definitions.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// The machine's time, which receivers compare signatures with and by which they say when to come again.
using MachineTime = std::function<std::chrono::sys_seconds()>;

/// Reads the secrets from where the definition says; throws std::runtime_error naming the setting when it cannot.
std::unique_ptr<CallChannel> make_connection(boost::asio::io_context& io, const ConnectionDefinition& definition,
                                             MachineTime time = {});

/// Whether a status of HTTP says that the same call may be taken later.
bool may_come_later(int status);

}  // namespace caravan
