// A byte that says which form it is, then field behind field: numbers are varints, signed ones zigzag; texts and lists
// have their length. What the fields of a record are stands in one place for both ways.

#include "storage/sqlite/archive_block.hpp"

#include "storage/varint.hpp"

namespace caravan::sqlite {
namespace {

constexpr char kForm = 1;

struct Damaged : std::runtime_error {
  Damaged() : std::runtime_error("damaged") {}
};

class Packer {
 public:
  std::string bytes;

  template <class Number>
  requires std::is_integral_v<Number> || std::is_enum_v<Number>
  void operator()(Number number) {
    const auto wide = static_cast<std::int64_t>(number);
    put_varint(bytes, (static_cast<std::uint64_t>(wide) << 1U) ^ static_cast<std::uint64_t>(wide >> 63));
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    bytes.append(text);
  }
  void operator()(Instant at) { (*this)(at.time_since_epoch().count()); }
  void operator()(const std::optional<Instant>& at) {
    (*this)(at.has_value());
    if (at) (*this)(*at);
  }
  template <class Tag>
  void operator()(Id<Tag> id) {
    (*this)(id.value);
  }
};

/// Throws Damaged.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

  template <class Number>
  requires std::is_integral_v<Number> || std::is_enum_v<Number>
  void operator()(Number& number) {
    const std::optional<std::uint64_t> value = take_varint(rest_);
    if (!value) throw Damaged();
    number = static_cast<Number>(static_cast<std::int64_t>(*value >> 1U) ^ -static_cast<std::int64_t>(*value & 1U));
  }
  void operator()(std::string& text) {
    std::size_t size = 0;
    (*this)(size);
    if (size > rest_.size()) throw Damaged();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  void operator()(Instant& at) {
    std::int64_t count = 0;
    (*this)(count);
    at = Instant(std::chrono::milliseconds(count));
  }
  void operator()(std::optional<Instant>& at) {
    bool is_there = false;
    (*this)(is_there);
    if (is_there) (*this)(at.emplace());
  }
  template <class Tag>
  void operator()(Id<Tag>& id) {
    (*this)(id.value);
  }

 private:
  std::string_view rest_;
};

/// A record to read from, or to write into.
template <class Given, class Record>
concept Is = std::is_same_v<std::remove_const_t<Given>, Record>;

template <class Way, Is<TokenRecord> Record>
void fields(Way& way, Record& token) {
  way(token.id);
  way(token.version);
  way(token.account);
  way(token.parent);
  way(token.person);
  way(token.node);
  way(token.state);
  way(token.resume);
  way(token.attempts);
  way(token.reached_goal);
  way(token.due_at);
  way(token.visits);
  way(token.entry);
  way(token.entered_at);
  way(token.ended_at);
  way(token.memory);
}

template <class Way, Is<VisitRecord> Record>
void fields(Way& way, Record& visit) {
  way(visit.node);
  way(visit.path);
  way(visit.outcome);
}

template <class Way, class Records>
void list(Way& way, Records& records);

template <class Way, Is<RunRecord> Record>
void fields(Way& way, Record& run) {
  way(run.token);
  way(run.first_visit);
  way(run.at);
  list(way, run.visits);
}

template <class Way, Is<DeliveryRecord> Record>
void fields(Way& way, Record& delivery) {
  way(delivery.key.token);
  way(delivery.key.visit);
  way(delivery.key.recipient.value);
  way(delivery.account);
  way(delivery.version);
  way(delivery.message);
  way(delivery.state);
  way(delivery.attempts);
  way(delivery.created_at);
  way(delivery.next_attempt_at);
  way(delivery.ended_at);
  way(delivery.address);
  way(delivery.values);
  way(delivery.reason);
}

template <class Way, Is<NoteRecord> Record>
void fields(Way& way, Record& note) {
  way(note.account);
  way(note.at);
  way(note.kind);
  way(note.token);
  way(note.node);
  way(note.text);
}

template <class Way, Is<EnrollmentHistory> Record>
void fields(Way& way, Record& history) {
  fields(way, history.enrollment);
  list(way, history.people);
  list(way, history.runs);
  list(way, history.deliveries);
  list(way, history.notes);
}

template <class Way, class Records>
void list(Way& way, Records& records) {
  std::size_t count = records.size();
  way(count);
  if constexpr (std::is_same_v<Way, Unpacker>) {
    if (count > way.left()) throw Damaged();  // each takes a byte at least
    records.resize(count);
  }
  for (auto& record : records)
    fields(way, record);
}

}  // namespace

std::string pack_block(std::span<const EnrollmentHistory> history) {
  Packer packer;
  packer.bytes.push_back(kForm);
  list(packer, history);
  return std::move(packer.bytes);
}

std::optional<std::vector<EnrollmentHistory>> unpack_block(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kForm) return std::nullopt;
  std::vector<EnrollmentHistory> history;
  try {
    Unpacker unpacker(bytes.substr(1));
    list(unpacker, history);
    if (!unpacker.at_end()) return std::nullopt;
  } catch (const Damaged&) {
    return std::nullopt;
  }
  return history;
}

}  // namespace caravan::sqlite
