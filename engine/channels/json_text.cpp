#include "engine/channels/json_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "engine/channels/transfer_encoding.hpp"

namespace caravan {

std::string json_text(std::string_view text) {
  return boost::json::serialize(boost::json::string(clean_utf8(text)));
}

}  // namespace caravan
