#include "engine/fingerprint.hpp"

#include <openssl/evp.h>

namespace caravan {
namespace {

std::string sha256_hex(std::span<const std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view part : parts) {
    // Each part with its length, so that moving text from one to the next is a change.
    const std::string length = std::to_string(part.size()) + ":";
    EVP_DigestUpdate(context.get(), length.data(), length.size());
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr std::string_view digits = "0123456789abcdef";
    hex += digits[digest[i] >> 4U];
    hex += digits[digest[i] & 15U];
  }
  return hex;
}

void collect_templates(const std::vector<NodeDefinition>& nodes, const Workspace& workspace,
                       std::map<std::string, Place>& to) {
  for (const NodeDefinition& node : nodes) {
    for (const KeyShape& key : node.shape->keys) {
      const auto* name = node.setting<std::string>(key.name);
      if (name && key.kind == KeyKind::email_template) to["email " + *name] = workspace.emails.at(*name).place;
      if (name && key.kind == KeyKind::text_template) to["text " + *name] = workspace.text_templates.at(*name).place;
    }
    for (const PathDefinition& path : node.paths)
      collect_templates(path.nodes, workspace, to);
  }
}

const std::string* text_at(const Workspace& workspace, const Place& place) {
  const auto found = workspace.texts.find(path_within(workspace, *place.file));
  return found == workspace.texts.end() ? &place.file->text : &found->second;
}

void add_shared_texts(const Workspace& workspace, std::vector<std::string_view>& parts) {
  for (const auto& [path, text] : workspace.texts) {
    if (path == "schema.yaml" || path.starts_with("audiences/") || path.starts_with("buying-groups/")) {
      parts.push_back(path);
      parts.push_back(text);
    }
  }
}

}  // namespace

std::map<std::string, Place> templates_of(const JourneyDefinition& journey, const Workspace& workspace) {
  std::map<std::string, Place> templates;
  collect_templates(journey.nodes, workspace, templates);
  return templates;
}

std::string path_within(const Workspace& workspace, const SourceFile& file) {
  const std::string root = workspace.root.generic_string();
  std::string_view path = file.path;
  if (!root.empty() && path.starts_with(root)) path.remove_prefix(root.size());
  while (path.starts_with('/'))
    path.remove_prefix(1);
  return std::string(path);
}

std::string fingerprint_of_definitions(const Workspace& workspace) {
  std::vector<std::string_view> parts = {workspace.configuration.timezone, workspace.configuration.timezone_attribute};
  add_shared_texts(workspace, parts);
  return sha256_hex(parts);
}

std::string fingerprint(const Workspace& workspace, const JourneyDefinition& journey) {
  std::vector<std::string_view> parts = {*text_at(workspace, journey.place), workspace.configuration.timezone,
                                         workspace.configuration.timezone_attribute,
                                         workspace.configuration.email.from};
  const std::map<std::string, Place> templates = templates_of(journey, workspace);
  for (const auto& [name, place] : templates) {
    parts.push_back(name);
    parts.push_back(*text_at(workspace, place));
  }
  add_shared_texts(workspace, parts);
  return sha256_hex(parts);
}

}  // namespace caravan
