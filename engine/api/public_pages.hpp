#pragma once
// The pages that people see who follow a link of a mail: small, without scripts or anything from elsewhere, readable
// by any browser and any reader of screens.

#include "engine/api/message.hpp"

namespace caravan::api {

/// A box that can be ticked.
struct PageChoice {
  std::string name;
  std::string value;
  std::string label;
  std::string description = {};  ///< a sentence below it; empty: none
  bool is_chosen = false;
};

/// What a page asks: one button that posts these fields, and those of the boxes that are ticked, to `action`, an
/// address or, empty, the page's own.
struct PageButton {
  std::string label;
  std::string action = {};
  Fields fields = {};
  std::vector<PageChoice> choices = {};
  std::string about = {};                      ///< what the choices have in common, told above them
  std::vector<PageChoice> choices_apart = {};  ///< below those, with nothing in common
  bool leads_on = false;                       ///< it asks for nothing, and leads to another page
};

/// A page that says `sentence` under `title`, both plain text. It is kept by nobody, tells its address to nobody, and
/// may neither be framed nor run anything.
Response as_page(unsigned status, std::string_view title, std::string_view sentence,
                 const std::vector<PageButton>& buttons = {});

/// The page of a refusal, for people: in their words, whatever the problem says to programs.
Response as_page(const Problem& problem);

/// A transparent picture of one pixel: a GIF of 43 bytes.
Response as_pixel();

/// `/caravan.js`: JavaScript that may be kept for an hour.
Response as_script();

}  // namespace caravan::api
