#pragma once
// A YAML document as the loader sees it: null, scalars, sequences and mappings, each with the place it was written at
// and, for a scalar, how it was written. No tags, no anchors, no aliases: the language has none of them.

#include "journeys/diagnostic.hpp"

namespace caravan::yaml {

enum class Kind {
  null,  ///< nothing, `~` or `null`
  scalar,
  sequence,
  mapping,
  broken,  ///< a fault here was reported; readers pass over it in silence
};

enum class Style { plain, single_quoted, double_quoted, literal, folded };

struct Entry;

struct Node {
  Kind kind = Kind::null;
  Style style = Style::plain;  ///< of a scalar
  Place place;                 ///< a scalar with its quotes; of a block its first line; else where it begins
  std::string text;            ///< of a scalar: decoded, UTF-8
  std::size_t begin = 0;       ///< of a scalar: the byte in the file where its token begins (quote, `|`, first letter);
                               ///< `nowhere` for a text that stands in no file as it is
  std::vector<Node> items;     ///< of a sequence
  std::vector<Entry> entries;  ///< of a mapping, as written; keys are distinct

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_plain() const { return kind == Kind::scalar && style == Style::plain; }
  /// The value of a key of a mapping; null when there is none.
  const Node* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

inline const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace caravan::yaml
