#include "tools/caravan/report/company_list.hpp"

#include "tools/caravan/report/attribute_text.hpp"

namespace caravan::tools {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string cleaned(std::string_view text) {
  std::string clean(text);
  std::replace_if(clean.begin(), clean.end(), is_control, ' ');
  return std::string(trimmed(clean));
}

/// Texts and whole numbers: there are companies whose name is a number.
std::string value_of(const AccountRecord& account, const NameBook& names, std::string_view name) {
  const std::optional<NameId> id = names.find(name);
  const std::optional<AttributeValue> value = id ? account.attributes.find(*id) : std::nullopt;
  if (!value) return {};
  if (value->kind() == AttributeKind::text) return cleaned(value->text());
  return value->kind() == AttributeKind::integer ? std::to_string(value->integer()) : std::string();
}

}  // namespace

std::string company_list_header() {
  return "companyname,companywebsite,companyemaildomain,industry,city,companycountry\n";
}

std::optional<std::string> company_list_line(const AccountRecord& account, const NameBook& names) {
  const auto value = [&](std::string_view name) { return value_of(account, names, name); };
  const std::string name = value("name");
  const std::string website = value("website");
  if (name.empty() && website.empty()) return std::nullopt;
  std::string domain = domain_in(value("domain"));
  if (domain.empty()) domain = domain_in(website);
  std::string line;
  for (const std::string& each : {name, website, domain, value("industry"), value("city"), value("country")})
    line += csv_cell(each) + ",";
  line.back() = '\n';
  return line;
}

std::string domain_in(std::string_view text) {
  text = trimmed(text);
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  text = text.substr(0, text.find(':'));
  std::string domain(text);
  std::transform(domain.begin(), domain.end(), domain.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  while (domain.ends_with('.'))
    domain.pop_back();
  if (domain.starts_with("www.")) domain.erase(0, 4);
  const bool is_host = domain.find('.') != std::string::npos && domain.find_first_of(" ,;\"'<>\\") == std::string::npos;
  return is_host && !domain.starts_with('.') ? domain : std::string();
}

std::string csv_cell(std::string_view text) {
  const std::string clean = cleaned(text);
  if (clean.find_first_of(",\"") == std::string::npos) return clean;
  std::string quoted = "\"";
  for (const char c : clean)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace caravan::tools
