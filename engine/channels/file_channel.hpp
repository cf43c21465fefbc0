#pragma once
// Mails as .eml files in a folder, for trying things out and for tests: any mail program opens them.

#include "engine/channels/channel.hpp"

namespace boost::asio { class io_context; }

namespace caravan {

/// Makes the folder. One file a mail, named by day and key, written whole or not at all; sending the same key again
/// replaces the file. Throws std::runtime_error when the folder cannot be made.
std::unique_ptr<Channel> make_file_channel(boost::asio::io_context& io, const std::filesystem::path& folder);

}  // namespace caravan
