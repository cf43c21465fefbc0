// An entry's form: one byte that says which form it is, then what the fields of each kind say in one place for both
// ways, so that what is written is what is read. Numbers are varints, signed ones zigzag; texts have their length.

#include "engine/journal.hpp"

#include "storage/varint.hpp"

namespace caravan {
namespace {

constexpr char kForm = 1;
/// Deeper values are no attributes (see kAttributeDepth); a damaged entry must not nest without end.
constexpr int kDeepest = 64;

struct Damaged : std::runtime_error {
  Damaged() : std::runtime_error("damaged") {}
};

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

/// Writes what it is given.
class Packer {
 public:
  static constexpr bool is_reading = false;
  std::string bytes;

  void number(std::uint64_t value) { put_varint(bytes, value); }
  void raw(std::string_view text) {
    number(text.size());
    bytes.append(text);
  }
};

/// Reads into what it is given. Throws Damaged.
class Unpacker {
 public:
  static constexpr bool is_reading = true;
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    const std::optional<std::uint64_t> value = take_varint(rest_);
    if (!value) throw Damaged();
    return *value;
  }
  /// How many elements follow, each of at least one byte.
  std::size_t count() {
    const std::uint64_t count = number();
    if (count > rest_.size()) throw Damaged();
    return static_cast<std::size_t>(count);
  }
  std::string_view raw() {
    const std::size_t size = count();
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Single values, both ways.

template <class Way>
void field(Way& way, std::string& text) {
  if constexpr (Way::is_reading)
    text = way.raw();
  else
    way.raw(text);
}
template <class Way, class Number>
requires std::is_integral_v<Number> || std::is_enum_v<Number>
void field(Way& way, Number& value) {
  if constexpr (std::is_signed_v<Number> && !std::is_enum_v<Number>) {
    if constexpr (Way::is_reading)
      value = static_cast<Number>(unzigzag(way.number()));
    else
      way.number(zigzag(value));
  } else {
    if constexpr (Way::is_reading)
      value = static_cast<Number>(way.number());
    else
      way.number(static_cast<std::uint64_t>(value));
  }
}
template <class Way>
void field(Way& way, double& value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  if constexpr (Way::is_reading) {
    bits = way.number();
    std::memcpy(&value, &bits, sizeof bits);
  } else {
    way.number(bits);
  }
}
template <class Way, class Tag>
void field(Way& way, Id<Tag>& id) {
  field(way, id.value);
}
template <class Way>
void field(Way& way, std::chrono::milliseconds& length) {
  std::int64_t count = length.count();
  field(way, count);
  length = std::chrono::milliseconds(count);
}
template <class Way>
void field(Way& way, Instant& at) {
  std::chrono::milliseconds since = at.time_since_epoch();
  field(way, since);
  at = Instant(since);
}
template <class Way, class Value>
void field(Way& way, std::optional<Value>& value) {
  bool is_there = value.has_value();
  field(way, is_there);
  if constexpr (Way::is_reading) value.reset();
  if (!is_there) return;
  if constexpr (Way::is_reading) value.emplace();
  field(way, *value);
}

template <class Way>
void attribute(Way& way, AttributeInput& input, int depth);
template <class Way, class Each>
void elements(Way& way, auto& list, const Each& each) {
  if constexpr (Way::is_reading)
    list.resize(way.count());
  else
    way.number(list.size());
  for (auto& element : list)
    each(element);
}
template <class Way>
void attributes(Way& way, AttributeMap& map, int depth) {
  elements(way, map, [&](auto& entry) {
    field(way, entry.first);
    attribute(way, entry.second, depth + 1);
  });
}
template <class Way>
void field(Way& way, AttributeMap& map) {
  attributes(way, map, 0);
}

/// Makes a variant hold the alternative of this number, value-initialized.
template <class... Alternatives>
void hold(std::variant<Alternatives...>& value, std::size_t index) {
  using Value = std::variant<Alternatives...>;
  static constexpr std::array<void (*)(Value&), sizeof...(Alternatives)> makers = {
      [](Value& to) { to.template emplace<Alternatives>(); }...};
  if (index >= makers.size()) throw Damaged();
  makers[index](value);
}
template <class Way>
std::size_t alternative(Way& way, auto& value) {
  std::size_t index = value.index();
  if constexpr (Way::is_reading) {
    index = static_cast<std::size_t>(way.number());
    hold(value, index);
  } else {
    way.number(index);
  }
  return index;
}

template <class Way>
void attribute(Way& way, AttributeInput& input, int depth) {
  if (depth > kDeepest) throw Damaged();
  alternative(way, input.value);
  std::visit(
      [&](auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, AttributeList>)
          elements(way, value, [&](AttributeInput& each) { attribute(way, each, depth + 1); });
        else if constexpr (std::is_same_v<T, AttributeMap>)
          attributes(way, value, depth);
        else if constexpr (!std::is_same_v<T, std::monostate>)
          field(way, value);
      },
      input.value);
}

template <class Way, class... Values>
void fields(Way& way, Values&... values) {
  (field(way, values), ...);
}

// Inputs, in the order of the variant's alternatives, which is part of the form.

template <class Way>
void field(Way& way, UpsertAccount& input) {
  fields(way, input.key, input.attributes);
}
template <class Way>
void field(Way& way, UpsertPerson& input) {
  fields(way, input.key, input.account, input.attributes, input.account_role);
}
template <class Way>
void field(Way& way, RelatePerson& input) {
  fields(way, input.person, input.account, input.role, input.related);
}
template <class Way>
void field(Way& way, RemovePerson& input) {
  fields(way, input.key);
}
template <class Way>
void field(Way& way, TellEvent& input) {
  fields(way, input.type, input.account, input.person, input.id, input.at, input.properties);
}
template <class Way>
void field(Way& way, EnterJourney& input) {
  fields(way, input.journey, input.account, input.person);
}
/// Without its workspace, whose texts are kept apart.
template <class Way>
void field(Way& way, Publish& input) {
  elements(way, input.journeys, [&](std::string& name) { field(way, name); });
  fields(way, input.under_way, input.gone);
}
template <class Way>
void field(Way& way, ChangeJourney& input) {
  fields(way, input.command, input.journey);
}
template <class Way>
void field(Way& way, Interfere& input) {
  fields(way, input.command, input.journey, input.node, input.account);
}
template <class Way>
void field(Way& way, ChangeMember& input) {
  fields(way, input.command, input.account, input.solution_interest, input.person, input.role, input.reason);
}
template <class Way>
void field(Way& way, ChangeGroup& input) {
  fields(way, input.account, input.solution_interest, input.stage, input.status, input.reason);
}
template <class Way>
void field(Way&, ScoreEngagement&) {}
template <class Way>
void field(Way& way, SuppressAddress& input) {
  fields(way, input.hash, input.suppressed);
}

template <class Way>
void field(Way& way, Answer& answer) {
  fields(way, answer.status, answer.body);
}
template <class Way>
void field(Way& way, DeliveryProgress& progress) {
  fields(way, progress.key.token, progress.key.visit, progress.key.recipient.value, progress.account, progress.version,
         progress.message, progress.state, progress.attempts, progress.next_attempt_at, progress.ended_at,
         progress.reason, progress.answer);
}
template <class Way>
void field(Way& way, IdleLook& look) {
  fields(way, look.now, look.settled, look.draining, look.seen);
}

template <class Way>
void field(Way& way, SourceTexts& texts) {
  if constexpr (Way::is_reading) {
    const std::size_t count = way.count();
    for (std::size_t i = 0; i < count; ++i) {
      std::string path(way.raw());
      texts[std::move(path)] = way.raw();
    }
  } else {
    way.number(texts.size());
    for (const auto& [path, text] : texts) {
      way.raw(path);
      way.raw(text);
    }
  }
}

template <class Way>
void field(Way& way, JournalStart& start) {
  fields(way, start.now, start.mode, start.turns_per_batch, start.published);
}

template <class Way, class TextsOf>
void batch(Way& way, JournalBatch& batch, const TextsOf& texts_of) {
  BatchOrder& order = batch.order;
  fields(way, order.now, order.settled, order.more_inputs, order.draining, batch.seen);
  elements(way, batch.idle_looks, [&](IdleLook& look) { field(way, look); });
  std::size_t position = 0;
  if constexpr (Way::is_reading) batch.refused.clear();
  elements(way, order.inputs, [&](Input& input) {
    bool refused = position < batch.refused.size() && batch.refused[position];
    field(way, refused);
    if constexpr (Way::is_reading) batch.refused.push_back(refused);
    alternative(way, input);
    std::visit([&](auto& each) { field(way, each); }, input);
    if (auto* publish = std::get_if<Publish>(&input)) field(way, texts_of(position, *publish));
    ++position;
  });
  elements(way, order.progress, [&](DeliveryProgress& progress) { field(way, progress); });
}

template <class Way, class TextsOf>
void entry_fields(Way& way, JournalEntry& entry, const TextsOf& texts_of) {
  elements(way, entry.names, [&](auto& name) { fields(way, name.first, name.second); });
  alternative(way, entry.what);
  if (auto* start = std::get_if<JournalStart>(&entry.what))
    field(way, *start);
  else
    batch(way, std::get<JournalBatch>(entry.what), texts_of);
}

}  // namespace

JournalRecord pack(const JournalEntry& entry) {
  Packer packer;
  packer.bytes.push_back(kForm);
  // The one description of the fields serves both ways, and so takes what it could change; writing changes nothing.
  auto& unchanged = const_cast<JournalEntry&>(entry);
  SourceTexts none;
  entry_fields(packer, unchanged, [&](std::size_t, Publish& publish) -> SourceTexts& {
    return publish.workspace ? const_cast<SourceTexts&>(publish.workspace->texts) : none;
  });
  return {entry.sequence, entry.at, std::move(packer.bytes)};
}

UnpackedEntry unpack(const JournalRecord& record) {
  const std::string which = "entry " + std::to_string(record.sequence) + " of the journal";
  if (record.entry.empty() || record.entry.front() != kForm)
    throw std::runtime_error(
        which + " has a form that this program does not know: use the program that wrote it, or a newer one");
  UnpackedEntry unpacked;
  unpacked.entry.sequence = record.sequence;
  unpacked.entry.at = record.at;
  try {
    Unpacker unpacker(std::string_view(record.entry).substr(1));
    entry_fields(unpacker, unpacked.entry,
                 [&](std::size_t position, Publish&) -> SourceTexts& { return unpacked.texts_of[position]; });
    if (!unpacker.at_end()) throw Damaged();
  } catch (const Damaged&) {
    throw std::runtime_error(which + " is damaged");
  }
  return unpacked;
}

}  // namespace caravan
