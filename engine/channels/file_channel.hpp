#pragma once
// Mails as .eml files in a folder, for trying things out and for tests: any mail program opens them.

#include "engine/channels/channel.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// Makes the folder. One file a mail, `<folder>/<day of its date>/<key>.eml`, written whole or not at all; sending the
/// same mail again replaces the file. Files survive the end of the process at any instant, but are not forced onto the
/// disk one by one. Throws std::runtime_error when the folder cannot be made.
std::unique_ptr<Channel> make_file_channel(boost::asio::io_context& io, const std::filesystem::path& folder);

}  // namespace caravan
