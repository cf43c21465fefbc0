#pragma once
// What a text for a phone or a chat looks like where it leaves the house: in a file, and in a call.

#include "engine/channels/channel.hpp"

namespace caravan {

/// Why the message can go nowhere: its address is none. Empty when it can.
std::string address_problem(const ShortMessage& message);

/// `To:` and `Date:`, a blank line, then the text.
std::string encode_text(const ShortMessage& message);

/// A POST of `{"key": ..., "to": ..., "text": ...}` to the connection's URL.
Call call_of(const ShortMessage& message);

}  // namespace caravan
