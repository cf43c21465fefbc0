#include "journeys/loader/loading.hpp"
#include "journeys/yaml/reader.hpp"

namespace caravan::loader {
namespace {

struct TypeRule {
  std::string_view key;
  std::string_view folder;           ///< where its documents belong
  std::optional<DocumentType> type;  ///< none: it is no part of a workspace
};
constexpr std::array<TypeRule, 8> type_rules = {
    {{"schema", "schema.yaml", DocumentType::schema},
     {"audience", "audiences/", DocumentType::audience},
     {"role_template", "buying-groups/", DocumentType::role_template},
     {"solution_interest", "buying-groups/", DocumentType::solution_interest},
     {"journey", "journeys/", DocumentType::journey},
     {"stage_model", "buying-groups/", DocumentType::stage_model},
     {"engagement_model", "buying-groups/", DocumentType::engagement_model},
     {"scenario", "scenarios/", std::nullopt}}};

const TypeRule* rule_of(std::string_view key) {
  const auto* found =
      std::find_if(type_rules.begin(), type_rules.end(), [&](const TypeRule& rule) { return rule.key == key; });
  return found == type_rules.end() ? nullptr : found;
}

std::string type_names() {
  std::vector<std::string_view> names;
  for (const TypeRule& rule : type_rules)
    names.push_back(rule.key);
  return listed(names);
}

std::string_view spoken(std::string_view key) {
  if (key == "role_template") return "role template";
  if (key == "solution_interest") return "solution interest";
  if (key == "stage_model") return "stage model";
  if (key == "engagement_model") return "engagement model";
  return key;
}

std::string with_article(std::string_view noun) {
  const bool is_vowel = noun.starts_with('a') || noun.starts_with('e');
  return (is_vowel ? "an " : "a ") + std::string(noun);
}

class DocumentReader {
 public:
  explicit DocumentReader(Loading& loading)
      : loading_(loading),
        diagnostics_(loading.diagnostics),
        yaml_limits_{loading.limits.file_bytes, loading.limits.depth} {}

  void read(const SourceFile& file, const std::string& path) {
    if (path.starts_with("emails/")) {
      read_email(file, path);
      return;
    }
    if (path.starts_with("messages/")) {
      read_text_template(file, path);
      return;
    }
    for (yaml::Node& root : yaml::read(file, yaml_limits_, diagnostics_))
      add(file, path, std::move(root));
  }

 private:
  void add(const SourceFile& file, const std::string& path, yaml::Node root) {
    if (root.is(yaml::Kind::broken)) return;
    if (!root.is(yaml::Kind::mapping) || root.entries.empty()) {
      diagnostics_.error(root.place, "a document must be a mapping that begins with what it is",
                         path == "caravan.yaml" ? "" : "for example `journey: welcome`");
      return;
    }
    if (path == "caravan.yaml") {
      keep({DocumentType::configuration, &file, std::move(root), "", {}, {}}, "configuration", {&file, 0, 0});
      return;
    }
    if (const yaml::Entry* entry = type_entry(root)) add_typed(file, path, *entry, root);
  }

  /// The entry that says what a document is, by rights its first.
  const yaml::Entry* type_entry(const yaml::Node& root) {
    const yaml::Entry& first = root.entries.front();
    if (rule_of(first.key) != nullptr) return &first;
    for (const yaml::Entry& entry : root.entries) {
      if (rule_of(entry.key) == nullptr) continue;
      diagnostics_.error(entry.key_place, in_ticks(entry.key) + " must be the first key of its document");
      return &entry;
    }
    std::vector<std::string> names;
    for (const TypeRule& rule : type_rules)
      names.emplace_back(rule.key);
    std::string hint = did_you_mean(first.key, names);
    if (hint.empty()) hint = "a document begins with " + type_names();
    diagnostics_.error(first.key_place, "unknown document type " + in_ticks(first.key), std::move(hint));
    return nullptr;
  }

  void add_typed(const SourceFile& file, const std::string& path, const yaml::Entry& entry, yaml::Node& root) {
    const TypeRule& rule = *rule_of(entry.key);
    if (!path.starts_with(rule.folder)) {
      diagnostics_.error(entry.key_place, in_ticks(entry.key) + " does not belong here",
                         "its place is " + std::string(rule.folder));
    }
    if (!rule.type) return;
    Document document{*rule.type, &file, {}, "", entry.key_place, {}};
    if (*rule.type != DocumentType::schema) {
      const NameStyle style = NameStyle::words;
      const std::string what = "the name of " + with_article(spoken(entry.key));
      document.name = read_name(entry, style, what, diagnostics_).value_or("");
      if (!document.name.empty()) document.name_place = entry.value.place;
    }
    const Place place = document.name_place;
    document.root = std::move(root);
    keep(std::move(document), spoken(rule.key), place);
  }

  /// Keeps a document under its name, the first of that name only.
  void keep(Document document, std::string_view what, const Place& place) {
    const auto [before, is_new] = loading_.catalog[document.type].try_emplace(document.name, place);
    const bool is_nameless =
        document.name.empty() && document.type != DocumentType::schema && document.type != DocumentType::configuration;
    if (!is_new && !is_nameless) {
      const Position first = position_of(before->second);
      const std::string name = document.name.empty() ? "" : " " + in_ticks(document.name);
      diagnostics_.error(place, "there is already " + with_article(what) + name,
                         "the first is at " + before->second.file->path + ":" + std::to_string(first.line));
      return;
    }
    loading_.documents.push_back(std::move(document));
  }

  /// `messages/NAME.txt`: all of it is the text.
  void read_text_template(const SourceFile& file, const std::string& path) {
    constexpr std::size_t longest = std::size_t{64} << 10U;
    const Place place{&file, 0, 0};
    if (file.text.size() > longest) {
      diagnostics_.error(place, "a message has at most " + std::to_string(longest) + " bytes, and this one has " +
                                    std::to_string(file.text.size()));
    } else if (yaml::check_text(file, diagnostics_)) {
      const std::string name = std::filesystem::path(path).stem().string();
      check_name(name, place, NameStyle::words, "the name of a message's file", diagnostics_);
      keep({DocumentType::text_template, &file, {}, name, place, file.text}, "message", place);
    }
  }

  /// `emails/NAME.html`: front matter between two lines `---`, then the body.
  void read_email(const SourceFile& file, const std::string& path) {
    if (file.text.size() > loading_.limits.file_bytes) {
      yaml::read(file, yaml_limits_, diagnostics_);
      return;
    }
    if (!yaml::check_text(file, diagnostics_)) return;
    const std::string name = std::filesystem::path(path).stem().string();
    check_name(name, {&file, 0, 0}, NameStyle::words, "the name of an e-mail's file", diagnostics_);
    Document document{DocumentType::email, &file, {}, name, {&file, 0, 0}, {}};
    document.root.kind = yaml::Kind::broken;
    const std::string_view text = file.text;
    const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const std::optional<std::size_t> first = end_of_marker(text, begin);
    const std::optional<std::size_t> last = first ? closing_marker(text, *first) : std::nullopt;
    if (!last) {
      diagnostics_.error({&file, begin, 0},
                         first ? "the front matter is never closed" : "a mail begins with its front matter",
                         "put subject and the like between two lines `---`, and the body behind them");
    } else {
      std::vector<yaml::Node> roots = yaml::read(file, *first, *last - *first, yaml_limits_, diagnostics_);
      document.body = text.substr(std::min(end_of_marker(text, *last).value_or(text.size()), text.size()));
      if (roots.size() == 1) document.root = std::move(roots.front());
      if (roots.empty()) document.root.kind = yaml::Kind::null;
    }
    keep(std::move(document), "mail", {&file, 0, 0});
  }

  /// Behind a line that is `---`, when one begins at `at`.
  static std::optional<std::size_t> end_of_marker(std::string_view text, std::size_t at) {
    if (text.substr(at, 3) != "---") return std::nullopt;
    const std::size_t rest = std::min(text.find_first_not_of(" \t\r", at + 3), text.size());
    if (rest < text.size() && text[rest] != '\n') return std::nullopt;
    return std::min(rest + 1, text.size());
  }

  static std::optional<std::size_t> closing_marker(std::string_view text, std::size_t at) {
    while (at < text.size()) {
      if (end_of_marker(text, at)) return at;
      const std::size_t next = text.find('\n', at);
      if (next == std::string_view::npos) return std::nullopt;
      at = next + 1;
    }
    return std::nullopt;
  }

  Loading& loading_;
  Diagnostics& diagnostics_;
  yaml::Limits yaml_limits_;
};

}  // namespace

void read_documents(Loading& loading) {
  DocumentReader reader(loading);
  for (const auto& [path, text] : loading.workspace.texts) {
    auto file = std::make_unique<const SourceFile>(
        SourceFile{(loading.workspace.root / path).lexically_normal().generic_string(), text});
    reader.read(*file, path);
    loading.workspace.files.push_back(std::move(file));
  }
}

std::string_view home_of(std::string_view key) {
  const TypeRule* rule = rule_of(key);
  return rule == nullptr ? std::string_view() : rule->folder;
}

std::vector<std::string> names_of(const Loading& loading, DocumentType type) {
  std::vector<std::string> names;
  const auto found = loading.catalog.find(type);
  if (found == loading.catalog.end()) return names;
  for (const auto& [name, place] : found->second) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

std::optional<std::string> read_one_of(const Checking& checking, const yaml::Entry& entry,
                                       std::span<const std::string> names, std::string_view what,
                                       std::string_view hint) {
  std::optional<std::string> name = read_text(entry, checking.diagnostics);
  if (!name || std::find(names.begin(), names.end(), *name) != names.end()) return name;
  const std::string meant = did_you_mean(*name, names);
  checking.diagnostics.error(entry.value.place, "there is no " + std::string(what) + " " + in_ticks(*name),
                             meant.empty() ? std::string(hint) : meant);
  return name;
}

std::optional<std::string> read_reference(Loading& loading, const yaml::Entry& entry, DocumentType type,
                                          std::string_view what) {
  return read_one_of(loading, entry, names_of(loading, type), what, "");
}

}  // namespace caravan::loader
