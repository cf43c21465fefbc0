#pragma once
// Where the bytes of a scalar's decoded text stand in its file, so that a fault within an expression points at its own
// column whatever the scalar looks like: plain, quoted with escapes, folded over lines or a block.

#include "journeys/yaml/node.hpp"

namespace caravan::yaml {

class ScalarPlaces {
 public:
  /// `begin` is where the scalar's token begins in `source`, `text` what it was decoded to.
  ScalarPlaces(std::string_view source, std::size_t begin, Style style, std::string_view text);

  /// The byte in the source of a byte of the text; for one at or behind the end of the text, where the content ends.
  std::size_t source_offset(std::size_t text_offset) const;
  /// Behind the token, its closing quote included.
  std::size_t end() const { return end_; }
  /// Whether a quoted scalar has its closing quote.
  bool is_closed() const { return is_closed_; }
  std::size_t content_begin() const { return offsets_.front(); }

 private:
  std::vector<std::size_t> offsets_;  ///< by byte of the text, and one for its end
  std::size_t end_ = 0;
  bool is_closed_ = true;
};

/// The place of a stretch of a scalar's text: at least one byte, and no longer than the source line it begins in. Of a
/// text that stands in no file as it is, the place of the scalar.
Place place_within(const Node& scalar, std::size_t offset, std::size_t length);

}  // namespace caravan::yaml
