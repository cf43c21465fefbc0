#pragma once
// A message made of Mustache templates: what an author's e-mail and the sales summary have in common.

#include "engine/messages.hpp"
#include "engine/mustache_template.hpp"

namespace caravan {

struct MessageTexts {
  MessageKind kind = MessageKind::email;
  std::string name;
  std::string from;
  std::string reply_to;
  std::string subject;    ///< Mustache
  std::string preheader;  ///< Mustache; empty: none
  std::string html;       ///< Mustache
  std::string text;       ///< Mustache; empty: made from the HTML
  bool is_operational = false;
  std::string topic = {};
};

/// What is wrong with each of the texts.
struct MessageFaults {
  std::vector<TemplateFault> subject;
  std::vector<TemplateFault> preheader;
  std::vector<TemplateFault> html;
  std::vector<TemplateFault> text;
  bool none() const { return subject.empty() && preheader.empty() && html.empty() && text.empty(); }
};

/// Null when there are faults.
std::shared_ptr<const Message> make_message(MessageTexts texts, MessageFaults& faults);

/// Of blank lines one after another, the first: sections that show nothing leave theirs behind.
std::string without_gaps(std::string_view text);

}  // namespace caravan
