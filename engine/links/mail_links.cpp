#include "engine/links/mail_links.hpp"

#include "engine/html_document.hpp"
#include "engine/html_entities.hpp"

namespace caravan {
namespace {

bool begins_with(std::string_view text, std::string_view start) {
  if (text.size() < start.size()) return false;
  return std::equal(start.begin(), start.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

/// The address that an attribute of HTML holds, as a program would follow it.
std::string target_of(std::string_view href) {
  std::string target = decode_entities(href);
  const std::size_t first = target.find_first_not_of(" \t\r\n\f");
  if (first == std::string::npos) return {};
  return target.substr(first, target.find_last_not_of(" \t\r\n\f") - first + 1);
}

/// Whether it can be followed as it stands, and be put into a header: everything else is escaped in an address.
bool is_clean(std::string_view target) {
  return std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

std::string MailLinks::address(std::string_view path, LinkKind kind, const MailOrigin& origin,
                               std::string_view url) const {
  const Link link{.kind = kind,
                  .person = origin.person,
                  .journey = origin.journey,
                  .message = origin.message,
                  .delivery = origin.delivery,
                  .url = std::string(url),
                  .topic = kind == LinkKind::subscription ? origin.topic : std::string()};
  return settings_.url + std::string(path) + keys_.sign(link);
}

Attributes MailLinks::with_pages(std::span<const std::string> names, Attributes values,
                                 const MailOrigin& origin) const {
  std::vector<std::pair<NameId, AttributeInput>> pages;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view path = names[i] == kUnsubscribeUrl ? "/u/" : names[i] == kPreferencesUrl ? "/p/" : "";
    const NameId position{static_cast<std::uint32_t>(i)};
    if (!path.empty() && !values.find(position))
      pages.emplace_back(position, AttributeInput{address(path, LinkKind::subscription, origin)});
  }
  return pages.empty() ? values : values.with(pages);
}

void MailLinks::put_into(Mail& mail, const MailOrigin& origin, bool is_operational) const {
  if (settings_.clicks) {
    mail.html = with_link_targets(std::move(mail.html), [&](std::string_view href) -> std::optional<std::string> {
      const std::string target = target_of(href);
      if (!begins_with(target, "https://") && !begins_with(target, "http://")) return std::nullopt;
      if (target.starts_with(settings_.url + "/") || target.size() > kLongestTarget || !is_clean(target))
        return std::nullopt;
      return address("/c/", LinkKind::click, origin, target);
    });
  }
  if (settings_.opens) {
    mail.html = with_end_of_body(std::move(mail.html), "<img src=\"" + address("/o/", LinkKind::open, origin) +
                                                           ".gif\" width=\"1\" height=\"1\" alt=\"\">");
  }
  if (!is_operational) mail.unsubscribe_url = address("/u/", LinkKind::subscription, origin);
}

std::shared_ptr<const MailLinks> make_mail_links(const LinksDefinition& settings) {
  if (settings.url.empty()) return nullptr;
  return std::make_shared<const MailLinks>(settings, read_link_keys(settings));
}

}  // namespace caravan
