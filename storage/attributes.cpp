// Packs, checks and reads attribute records. Everything is checked once, in from_bytes; after that every read trusts
// the bytes it walks over.
//
//   record   = varint(length of the header in bytes) header payloads
//   header   = { varint(number - the number before it) varint(payload length << 4 | kind) }
//   list     = { varint(payload length << 4 | kind) payload }
//   map      = { varint(key length) key varint(payload length << 4 | kind) payload }
//   integer, timestamp, duration = two's complement, little end first, without the bytes the sign repeats
//   real     = 4 bytes where a float says the same, otherwise 8; little end first

#include "storage/attributes.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

#include "storage/varint.hpp"

namespace caravan {
namespace {

constexpr unsigned kKindBits = 4;
constexpr std::uint64_t kKindMask = (1U << kKindBits) - 1;

/// Walks bytes that from_bytes or with() has checked or made.
struct Trusting {
  const char* at;
  const char* end;

  explicit Trusting(std::string_view bytes) : at(bytes.data()), end(bytes.data() + bytes.size()) {}
  bool done() const { return at == end; }

  std::uint64_t varint() {
    auto byte = static_cast<unsigned char>(*at++);
    if (byte < 0x80U) return byte;
    std::uint64_t value = byte & 0x7fU;
    for (unsigned shift = 7;; shift += 7) {
      byte = static_cast<unsigned char>(*at++);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80U) return value;
    }
  }

  std::string_view bytes(std::uint64_t length) {
    const std::string_view taken(at, static_cast<std::size_t>(length));
    at += length;
    return taken;
  }

  AttributeValue value() {
    const std::uint64_t head = varint();
    return {static_cast<AttributeKind>(head & kKindMask), bytes(head >> kKindBits)};
  }
};

/// The two halves of a record: what stands in its header, and where its payloads begin.
struct Halves {
  Trusting header{std::string_view()};
  const char* payload = nullptr;
};

Halves halves_of(const std::string& record) {
  Trusting all(record);
  const std::string_view header = all.bytes(all.varint());
  return {Trusting(header), all.at};
}

/// Walks bytes that may be anything.
class Checking {
 public:
  explicit Checking(std::string_view bytes) : left_(bytes) {}
  bool done() const { return left_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes(1).front());
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80U) return value;
    }
    throw std::runtime_error("damaged attributes: a number that does not end");
  }

  std::string_view bytes(std::uint64_t length) {
    if (length > left_.size()) throw std::runtime_error("damaged attributes: they end too early");
    const std::string_view taken = left_.substr(0, static_cast<std::size_t>(length));
    left_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view left_;
};

void check_payload(AttributeKind kind, std::string_view payload, std::size_t depth);

void check_element(Checking& in, std::size_t depth) {
  const std::uint64_t head = in.varint();
  check_payload(static_cast<AttributeKind>(head & kKindMask), in.bytes(head >> kKindBits), depth);
}

/// `depth`: how many lists and maps this value stands in.
void check_payload(AttributeKind kind, std::string_view payload, std::size_t depth) {
  const auto must = [](bool holds) {
    if (!holds) throw std::runtime_error("damaged attributes: a value has the wrong length or depth");
  };
  switch (kind) {
    case AttributeKind::null:
    case AttributeKind::no:
    case AttributeKind::yes: return must(payload.empty());
    case AttributeKind::integer:
    case AttributeKind::timestamp:
    case AttributeKind::duration: return must(payload.size() <= sizeof(std::int64_t));
    case AttributeKind::real: return must(payload.size() == sizeof(float) || payload.size() == sizeof(double));
    case AttributeKind::text: return;
    case AttributeKind::list:
      must(depth < kAttributeDepth);
      for (Checking in(payload); !in.done();)
        check_element(in, depth + 1);
      return;
    case AttributeKind::map:
      must(depth < kAttributeDepth);
      for (Checking in(payload); !in.done();) {
        in.bytes(in.varint());
        check_element(in, depth + 1);
      }
      return;
  }
  throw std::runtime_error("damaged attributes: a value of an unknown kind");
}

void check_record(std::string_view bytes) {
  if (bytes.empty()) return;
  Checking payloads(bytes);
  Checking header(payloads.bytes(payloads.varint()));
  if (header.done()) throw std::runtime_error("damaged attributes: an empty header");
  std::uint64_t number = 0;
  for (bool first = true; !header.done(); first = false) {
    const std::uint64_t gap = header.varint();
    if ((gap == 0 && !first) || gap > std::numeric_limits<std::uint32_t>::max() - number)
      throw std::runtime_error("damaged attributes: numbers out of order");
    number += gap;
    const std::uint64_t head = header.varint();
    const auto kind = static_cast<AttributeKind>(head & kKindMask);
    if (kind == AttributeKind::null) throw std::runtime_error("damaged attributes: a null that is kept");
    check_payload(kind, payloads.bytes(head >> kKindBits), 0);
  }
  if (!payloads.done()) throw std::runtime_error("damaged attributes: bytes that belong to none");
}

std::int64_t unpack_integer(std::string_view payload) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < payload.size(); ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(payload[i])) << (8 * i);
  const bool negative = !payload.empty() && (static_cast<unsigned char>(payload.back()) & 0x80U) != 0;
  if (negative && payload.size() < sizeof value) value |= ~std::uint64_t{0} << (8 * payload.size());
  return static_cast<std::int64_t>(value);
}

void put_integer(std::string& to, std::int64_t value) {
  // Stops where what is left (0 or -1) is what the sign of the last byte says by itself.
  for (bool sign_kept = value == 0; !sign_kept;) {
    to.push_back(static_cast<char>(value));
    const bool negative = (value & 0x80) != 0;
    value >>= 8;
    sign_kept = value == (negative ? -1 : 0);
  }
}

template <class Bits>
void put_bits(std::string& to, Bits bits) {
  for (std::size_t i = 0; i < sizeof bits; ++i)
    to.push_back(static_cast<char>(bits >> (8 * i)));
}

template <class Bits>
Bits get_bits(std::string_view from) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof bits; ++i)
    bits |= static_cast<Bits>(static_cast<Bits>(static_cast<unsigned char>(from[i])) << (8 * i));
  return bits;
}

/// True only where nothing at all is lost, the bits of a NaN included.
bool fits_float(double value) {
  return std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<float>(value))) ==
         std::bit_cast<std::uint64_t>(value);
}

AttributeKind put_value(std::string& payloads, const AttributeInput& input, std::size_t depth);

/// Appends `varint(length << 4 | kind) payload`.
void put_element(std::string& to, const AttributeInput& input, std::size_t depth) {
  std::string payload;
  const AttributeKind kind = put_value(payload, input, depth);
  put_varint(to, static_cast<std::uint64_t>(payload.size()) << kKindBits | static_cast<std::uint64_t>(kind));
  to += payload;
}

/// Appends the payload of a value and says of what kind it is.
struct ValuePacker {
  std::string& to;
  std::size_t depth;

  AttributeKind operator()(std::monostate) const { return AttributeKind::null; }
  AttributeKind operator()(bool value) const { return value ? AttributeKind::yes : AttributeKind::no; }
  AttributeKind operator()(std::int64_t value) const {
    put_integer(to, value);
    return AttributeKind::integer;
  }
  AttributeKind operator()(double value) const {
    if (fits_float(value))
      put_bits(to, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
    else
      put_bits(to, std::bit_cast<std::uint64_t>(value));
    return AttributeKind::real;
  }
  AttributeKind operator()(const std::string& value) const {
    to += value;
    return AttributeKind::text;
  }
  AttributeKind operator()(std::chrono::sys_time<std::chrono::milliseconds> value) const {
    put_integer(to, value.time_since_epoch().count());
    return AttributeKind::timestamp;
  }
  AttributeKind operator()(std::chrono::milliseconds value) const {
    put_integer(to, value.count());
    return AttributeKind::duration;
  }
  AttributeKind operator()(const AttributeList& list) const {
    check_depth();
    for (const AttributeInput& element : list)
      put_element(to, element, depth + 1);
    return AttributeKind::list;
  }
  AttributeKind operator()(const AttributeMap& map) const {
    check_depth();
    for (const auto& [key, element] : map) {
      put_varint(to, key.size());
      to += key;
      put_element(to, element, depth + 1);
    }
    return AttributeKind::map;
  }
  void check_depth() const {
    if (depth >= kAttributeDepth) throw std::length_error("lists and maps nest too deep for an attribute");
  }
};

AttributeKind put_value(std::string& payloads, const AttributeInput& input, std::size_t depth) {
  return std::visit(ValuePacker{payloads, depth}, input.value);
}

/// Gathers a record's two halves, attribute by attribute, in the order of their numbers.
class RecordBuilder {
 public:
  explicit RecordBuilder(std::size_t expected) { payloads_.reserve(expected); }

  void keep(NameId name, const AttributeValue& value) {
    payloads_ += value.text();
    put_head(name, value.kind(), value.text().size());
  }
  void set(NameId name, const AttributeInput& input) {
    const std::size_t before = payloads_.size();
    const AttributeKind kind = put_value(payloads_, input, 0);
    if (kind != AttributeKind::null) put_head(name, kind, payloads_.size() - before);
  }
  std::string bytes() const {
    std::string record;
    if (header_.empty()) return record;
    record.reserve(header_.size() + payloads_.size() + 3);
    put_varint(record, header_.size());
    record += header_;
    record += payloads_;
    return record;
  }

 private:
  void put_head(NameId name, AttributeKind kind, std::size_t length) {
    put_varint(header_, static_cast<std::uint32_t>(name) - last_);
    put_varint(header_, static_cast<std::uint64_t>(length) << kKindBits | static_cast<std::uint64_t>(kind));
    last_ = static_cast<std::uint32_t>(name);
  }

  std::string header_;
  std::string payloads_;
  std::uint32_t last_ = 0;
};

}  // namespace

std::int64_t AttributeValue::integer() const {
  return unpack_integer(payload_);
}

double AttributeValue::real() const {
  if (payload_.size() == sizeof(float)) return std::bit_cast<float>(get_bits<std::uint32_t>(payload_));
  return std::bit_cast<double>(get_bits<std::uint64_t>(payload_));
}

std::chrono::sys_time<std::chrono::milliseconds> AttributeValue::timestamp() const {
  return std::chrono::sys_time<std::chrono::milliseconds>(duration());
}

std::chrono::milliseconds AttributeValue::duration() const {
  return std::chrono::milliseconds(integer());
}

void AttributeValue::each_element(const std::function<void(AttributeValue)>& visit) const {
  for (Trusting in(payload_); !in.done();)
    visit(in.value());
}

void AttributeValue::each_entry(const std::function<void(std::string_view, AttributeValue)>& visit) const {
  for (Trusting in(payload_); !in.done();) {
    const std::string_view key = in.bytes(in.varint());
    visit(key, in.value());
  }
}

Attributes Attributes::from_bytes(std::string bytes) {
  check_record(bytes);
  Attributes attributes;
  attributes.bytes_ = std::move(bytes);
  return attributes;
}

std::optional<AttributeValue> Attributes::find(NameId name) const {
  if (bytes_.empty()) return std::nullopt;
  const auto wanted = static_cast<std::uint32_t>(name);
  auto [header, payload] = halves_of(bytes_);
  for (std::uint64_t number = 0; !header.done();) {
    number += header.varint();
    const std::uint64_t head = header.varint();
    if (number == wanted)
      return AttributeValue(static_cast<AttributeKind>(head & kKindMask),
                            std::string_view(payload, static_cast<std::size_t>(head >> kKindBits)));
    if (number > wanted) return std::nullopt;
    payload += head >> kKindBits;
  }
  return std::nullopt;
}

void Attributes::each(const std::function<void(NameId, AttributeValue)>& visit) const {
  if (bytes_.empty()) return;
  auto [header, payload] = halves_of(bytes_);
  for (std::uint64_t number = 0; !header.done();) {
    number += header.varint();
    const std::uint64_t head = header.varint();
    const std::string_view bytes(payload, static_cast<std::size_t>(head >> kKindBits));
    visit(NameId{static_cast<std::uint32_t>(number)}, {static_cast<AttributeKind>(head & kKindMask), bytes});
    payload += bytes.size();
  }
}

std::size_t Attributes::size() const {
  if (bytes_.empty()) return 0;
  std::size_t count = 0;
  for (Trusting header = halves_of(bytes_).header; !header.done(); ++count) {
    header.varint();
    header.varint();
  }
  return count;
}

Attributes Attributes::with(std::span<const std::pair<NameId, AttributeInput>> inputs) const {
  std::vector<const std::pair<NameId, AttributeInput>*> sorted;
  sorted.reserve(inputs.size());
  for (const auto& input : inputs)
    sorted.push_back(&input);
  std::stable_sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->first < b->first; });

  RecordBuilder builder(bytes_.size() + 16 * inputs.size());
  auto next = sorted.begin();
  const auto set_below = [&](std::uint64_t limit) {
    for (; next != sorted.end() && static_cast<std::uint32_t>((*next)->first) < limit; ++next) {
      const bool overruled = next + 1 != sorted.end() && (*(next + 1))->first == (*next)->first;
      if (!overruled) builder.set((*next)->first, (*next)->second);
    }
  };
  each([&](NameId name, AttributeValue value) {
    set_below(static_cast<std::uint32_t>(name));
    if (next == sorted.end() || (*next)->first != name) builder.keep(name, value);
  });
  set_below(std::uint64_t{1} << 32U);

  Attributes merged;
  merged.bytes_ = builder.bytes();
  return merged;
}

}  // namespace caravan
