#pragma once
// Messages as files in a folder, for trying things out and for tests: mails as .eml files, which any mail program
// opens, texts for phones and chats as .txt files.

#include "engine/channels/channel.hpp"

namespace boost::asio {
class io_context;
}

namespace caravan {

/// Makes the folder. One file a mail, `<folder>/<day of its date>/<key>.eml`, written whole or not at all; sending the
/// same mail again replaces the file. Files survive the end of the process at any instant, but are not forced onto the
/// disk one by one. Throws std::runtime_error when the folder cannot be made.
std::unique_ptr<MailChannel> make_file_channel(boost::asio::io_context& io, const std::filesystem::path& folder);

/// The same for texts, `<folder>/<day of its date>/<key>.txt`: `To:` and `Date:`, a blank line, then the text.
std::unique_ptr<ShortMessageChannel> make_text_file_channel(boost::asio::io_context& io,
                                                            const std::filesystem::path& folder);

}  // namespace caravan
