#pragma once
// The little that messages need to know of HTML: where a tag ends, what its attributes are, and how a fragment becomes
// a document. Made for mails that people write, and safe, though not clever, with anything else.

namespace caravan {

/// The text with &, <, >, " and ' as character references.
std::string escape_html(std::string_view text);

/// One past the ">" of the tag that begins at `start`, quoted attributes respected; npos when it has none.
std::size_t end_of_tag(std::string_view html, std::size_t start);

/// The value of an attribute in a tag's text, without quotes, as written; empty when it is not there.
std::string_view attribute_of(std::string_view tag, std::string_view name);

/// Puts in the place of each link's address (`href` of <a>) what `replace` gives for it, as it stands there; nothing
/// leaves it. What is given stands between quotes or blanks, and needs no escaping there. Comments are left alone.
std::string with_link_targets(std::string html,
                              const std::function<std::optional<std::string>(std::string_view)>& replace);

/// `html` with `what` before the end of its <body>, or of the whole where that is not written.
std::string with_end_of_body(std::string html, std::string_view what);

/// `html` as a whole document: what has no <html> or <body> gets both. `preheader`, which is HTML, becomes a line that
/// mail programs show in their list and nowhere else; empty: none.
std::string complete_document(std::string html, std::string_view preheader);

}  // namespace caravan
