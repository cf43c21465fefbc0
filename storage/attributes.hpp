#pragma once
// The compact record that keeps the attributes of an account, a person or an event: a header of (attribute number,
// type, length), sorted by number, then the payloads. Finding one attribute walks the header only, so that reading
// two of sixty pays for two. A record is plain bytes: it is stored as it stands and read in place.

namespace caravan {

/// The number of a name in the store's dictionary (accounts, people and events share it; so do roles and interests).
enum class NameId : std::uint32_t {};

enum class AttributeKind : std::uint8_t { null, no, yes, integer, real, text, timestamp, duration, list, map };

/// One attribute, read in place: valid as long as the bytes it was found in.
class AttributeValue {
 public:
  AttributeValue(AttributeKind kind, std::string_view payload) : kind_(kind), payload_(payload) {}
  AttributeKind kind() const { return kind_; }
  std::int64_t integer() const;                                        ///< for AttributeKind::integer
  double real() const;                                                 ///< for AttributeKind::real
  std::string_view text() const { return payload_; }                   ///< for AttributeKind::text
  std::chrono::sys_time<std::chrono::milliseconds> timestamp() const;  ///< for AttributeKind::timestamp
  std::chrono::milliseconds duration() const;                          ///< for AttributeKind::duration
  /// For AttributeKind::list: calls `visit(AttributeValue)` for each element, in order.
  void each_element(const std::function<void(AttributeValue)>& visit) const;
  /// For AttributeKind::map: calls `visit(key, AttributeValue)` for each entry, in order.
  void each_entry(const std::function<void(std::string_view, AttributeValue)>& visit) const;

 private:
  AttributeKind kind_;
  std::string_view payload_;
};

/// A value on its way into a record. Lists and maps nest at most `kAttributeDepth` deep.
struct AttributeInput;
using AttributeList = std::vector<AttributeInput>;
using AttributeMap = std::vector<std::pair<std::string, AttributeInput>>;
struct AttributeInput {
  std::variant<std::monostate, bool, std::int64_t, double, std::string,
               std::chrono::sys_time<std::chrono::milliseconds>, std::chrono::milliseconds, AttributeList, AttributeMap>
      value;
};
// Has the value's destructor made before a map's entries are looked at: clang 14 cannot do it the other way round.
static_assert([] { return AttributeInput().value.index() == 0; }());
inline constexpr std::size_t kAttributeDepth = 16;

/// The bytes of a record, owned. The empty record has no bytes.
class Attributes {
 public:
  Attributes() = default;
  /// Takes bytes from the store. Throws std::runtime_error when they are not a record (a damaged database).
  static Attributes from_bytes(std::string bytes);
  const std::string& bytes() const { return bytes_; }

  std::optional<AttributeValue> find(NameId name) const;
  /// In the order of their numbers.
  void each(const std::function<void(NameId, AttributeValue)>& visit) const;
  std::size_t size() const;

  /// This record with the given attributes set; an attribute whose input is null is taken out. The order of `inputs`
  /// does not matter; of two with the same name the later counts. Throws std::length_error when a value
  /// nests deeper than kAttributeDepth.
  Attributes with(std::span<const std::pair<NameId, AttributeInput>> inputs) const;

  bool operator==(const Attributes&) const = default;

 private:
  std::string bytes_;
};

}  // namespace caravan
