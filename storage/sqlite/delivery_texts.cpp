#include "storage/sqlite/delivery_texts.hpp"

#include <sqlite3.h>
#include <zstd.h>

#include "storage/varint.hpp"

namespace caravan::sqlite {
namespace {

constexpr int kLevel = 4;  // the first that finds matches of four bytes, at little more time than the quickest
/// Shorter texts are not worth the call.
constexpr std::size_t kShortest = 32;
/// What zstd writes before every frame; it is not stored.
constexpr std::string_view kMagic("\x28\xb5\x2f\xfd", 4);
/// Far above what the values of one message can be.
constexpr unsigned long long kLongest = 1ULL << 28U;

constexpr std::size_t kMostLooked = 2'048;    ///< of a text, for what it has in common with another
constexpr std::size_t kMostSamples = 16;      ///< texts that a dictionary is made from
constexpr std::size_t kLeastInCommon = 4;     ///< a shorter part is not worth its place
constexpr std::size_t kMostParts = 8'192;     ///< bytes of a dictionary
constexpr std::size_t kLeastDictionary = 16;  ///< bytes of it, or there is none

/// The address with its length before it, and the values behind it.
std::string joined(const DeliveryRecord& delivery) {
  std::string text;
  text.reserve(2 + delivery.address.size() + delivery.values.size());
  put_varint(text, delivery.address.size());
  return text.append(delivery.address).append(delivery.values);
}

/// How far `left` and `right` begin alike.
std::size_t alike(std::string_view left, std::string_view right) {
  const auto [one, other] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(one - left.begin());
}

template <class Handle, auto Free>
struct Freeing {
  void operator()(Handle* handle) const { Free(handle); }
};
template <class Handle, auto Free>
using Owned = std::unique_ptr<Handle, Freeing<Handle, Free>>;

using MessageKey = std::pair<VersionId, MessageIndex>;

}  // namespace

std::string common_parts(std::span<const std::string> texts) {
  std::vector<std::string_view> looked;
  std::unordered_multimap<std::string_view, std::pair<std::size_t, std::size_t>> beginnings;  // to text and offset
  for (const std::string& text : texts) {
    looked.push_back(std::string_view(text).substr(0, kMostLooked));
    for (std::size_t at = 0; at + kLeastInCommon <= looked.back().size(); ++at)
      beginnings.emplace(looked.back().substr(at, kLeastInCommon), std::pair(looked.size() - 1, at));
  }
  std::string parts;
  for (std::size_t i = 0; i < looked.size(); ++i) {
    const std::string_view text = looked[i];
    for (std::size_t at = 0; at < text.size();) {
      std::size_t longest = 0;
      const auto [first, last] = beginnings.equal_range(text.substr(at, kLeastInCommon));
      for (auto each = first; each != last; ++each) {
        const auto [other, there] = each->second;
        if (other != i) longest = std::max(longest, alike(text.substr(at), looked[other].substr(there)));
      }
      const std::string_view part = text.substr(at, longest);
      if (longest > 0 && parts.size() + part.size() <= kMostParts && parts.find(part) == std::string::npos)
        parts.append(part);
      at += std::max<std::size_t>(longest, 1);
    }
  }
  if (parts.size() < kLeastDictionary) parts.clear();
  return parts;
}

/// What is known of one message's dictionary.
struct MessageDictionary {
  std::int64_t number = 0;  ///< 0: there is none yet
  Owned<ZSTD_CDict, ZSTD_freeCDict> dictionary;
  /// While there is none: beginnings of texts of different accounts, and whose was the last.
  std::vector<std::string> samples;
  AccountId account;
  std::size_t tried_with = 0;  ///< so many samples were too little alike
};

struct DeliveryPacker::State {
  explicit State(Connection& connection) : find(connection), insert(connection) {}

  Statement find;
  Statement insert;
  Owned<ZSTD_CCtx, ZSTD_freeCCtx> context{ZSTD_createCCtx()};
  std::map<MessageKey, MessageDictionary> messages;
  std::vector<NewDelivery> packed;
  std::vector<std::string> texts;  ///< of each, joined; empty where it is too short
  std::string frame;

  MessageDictionary& dictionary_of(const DeliveryRecord& delivery) {
    const auto [at, is_new] = messages.try_emplace({delivery.version, delivery.message});
    if (is_new) {
      find.prepare("SELECT number, bytes FROM delivery_dictionary WHERE version = ?1 AND message = ?2");
      find.bind(delivery.version, delivery.message);
      Rows rows(find);
      if (rows.next()) use(at->second, find.integer(0), find.bytes(1));
    }
    return at->second;
  }

  static void use(MessageDictionary& message, std::int64_t number, std::string_view bytes) {
    message.number = number;
    message.dictionary.reset(ZSTD_createCDict(bytes.data(), bytes.size(), kLevel));
    message.samples = {};
  }

  /// Keeps the text as a sample where another is wanted. What an account's own have in common is its own.
  static void look_at(MessageDictionary& message, const DeliveryRecord& delivery, const std::string& text) {
    if (message.number != 0 || message.samples.size() == kMostSamples || message.account == delivery.account) return;
    message.account = delivery.account;
    message.samples.push_back(text.substr(0, kMostLooked));
  }

  /// Tries with two samples, four, eight and sixteen. Before these are there a dictionary must be worth it, for it is
  /// never made anew; and texts of sixteen accounts that are not alike are not tried again while the store is open.
  void make(const MessageKey& key, MessageDictionary& message) {
    const std::size_t samples = message.samples.size();
    if (message.number != 0 || samples < 2 || samples < 2 * message.tried_with) return;
    message.tried_with = samples;
    const std::string bytes = common_parts(message.samples);
    std::size_t length = 0;
    for (const std::string& sample : message.samples)
      length += sample.size();
    const bool is_worth_it = 2 * bytes.size() >= length / samples;
    if (bytes.empty() || (!is_worth_it && samples < kMostSamples)) return;
    insert.prepare(
        "INSERT INTO delivery_dictionary(number, version, message, bytes)"
        " VALUES((SELECT ifnull(max(number), 0) + 1 FROM delivery_dictionary), ?1, ?2, ?3) RETURNING number");
    insert.bind(key.first, key.second, std::span<const char>(bytes));
    Rows rows(insert);
    if (rows.next()) use(message, insert.integer(0), bytes);
  }

  /// Keeps the memory of what is as long as most are.
  static void make_empty(std::string& text) {
    text.clear();
    if (text.capacity() > kMostLooked) text.shrink_to_fit();
  }

  void pack(const MessageDictionary& message, const std::string& text, NewDelivery& to) {
    frame.resize(std::max(frame.size(), ZSTD_compressBound(text.size())));
    const std::size_t size = ZSTD_compress_usingCDict(context.get(), frame.data(), frame.size(), text.data(),
                                                      text.size(), message.dictionary.get());
    if (ZSTD_isError(size) != 0U || size >= text.size() + kMagic.size()) return;
    to.dictionary = message.number;
    to.packed.assign(frame, kMagic.size(), size - kMagic.size());
  }
};

DeliveryPacker::DeliveryPacker(Connection& connection) : state_(std::make_unique<State>(connection)) {}
DeliveryPacker::~DeliveryPacker() = default;

const std::vector<NewDelivery>& DeliveryPacker::pack(std::span<const void* const> deliveries) {
  State& state = *state_;
  state.packed.resize(deliveries.size());
  state.texts.resize(deliveries.size());
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    const auto& record = *static_cast<const DeliveryRecord*>(deliveries[i]);
    state.packed[i] = {&record, 0, std::move(state.packed[i].packed)};
    State::make_empty(state.packed[i].packed);
    State::make_empty(state.texts[i]);
    if (record.address.size() + record.values.size() >= kShortest) state.texts[i] = joined(record);
  }
  std::vector<MessageDictionary*> of_each(deliveries.size());
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (state.texts[i].empty()) continue;
    of_each[i] = &state.dictionary_of(*state.packed[i].record);
    state.look_at(*of_each[i], *state.packed[i].record, state.texts[i]);
  }
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    if (of_each[i] == nullptr) continue;
    state.make({state.packed[i].record->version, state.packed[i].record->message}, *of_each[i]);
    if (of_each[i]->number != 0) state.pack(*of_each[i], state.texts[i], state.packed[i]);
  }
  return state.packed;
}

void DeliveryPacker::forget() {
  state_->messages.clear();
}

struct DeliveryUnpacker::State {
  explicit State(Connection& the_connection) : connection(the_connection), find(the_connection) {}

  Connection& connection;
  Statement find;
  Owned<ZSTD_DCtx, ZSTD_freeDCtx> context{ZSTD_createDCtx()};
  std::map<std::int64_t, Owned<ZSTD_DDict, ZSTD_freeDDict>> dictionaries;
  std::string frame;
  std::string text;

  [[noreturn]] void refuse(const DeliveryRecord& delivery, const std::string& what) const {
    throw StoreError(connection.file().string() + ": the texts of a delivery of token " +
                     std::to_string(delivery.key.token.value) + " cannot be read, " + what +
                     ": the file is damaged; restore it from a back-up");
  }

  const ZSTD_DDict* dictionary(std::int64_t number, const DeliveryRecord& delivery) {
    const auto [at, is_new] = dictionaries.try_emplace(number);
    if (is_new) {
      find.prepare("SELECT bytes FROM delivery_dictionary WHERE number = ?1");
      find.bind(number);
      Rows rows(find);
      if (rows.next()) at->second.reset(ZSTD_createDDict(find.bytes(0).data(), find.bytes(0).size()));
    }
    if (!at->second) {
      dictionaries.erase(at);
      refuse(delivery, "there is no dictionary " + std::to_string(number));
    }
    return at->second.get();
  }
};

DeliveryUnpacker::DeliveryUnpacker(Connection& connection) : state_(std::make_unique<State>(connection)) {}
DeliveryUnpacker::~DeliveryUnpacker() = default;

void DeliveryUnpacker::unpack(const DeliveryTexts& texts, DeliveryRecord& to) {
  if (texts.dictionary == 0) {
    to.address = texts.address;
    to.values = texts.values;
    return;
  }
  State& state = *state_;
  const ZSTD_DDict* dictionary = state.dictionary(texts.dictionary, to);
  state.frame.assign(kMagic).append(texts.values);
  const unsigned long long size = ZSTD_getFrameContentSize(state.frame.data(), state.frame.size());
  // Both marks that there is no size are greater.
  if (size > kLongest) state.refuse(to, "for their length is wrong");
  state.text.resize(static_cast<std::size_t>(size));
  const std::size_t got = ZSTD_decompress_usingDDict(state.context.get(), state.text.data(), state.text.size(),
                                                     state.frame.data(), state.frame.size(), dictionary);
  if (ZSTD_isError(got) != 0U || got != state.text.size()) state.refuse(to, "for they do not unpack");
  std::string_view rest = state.text;
  const std::optional<std::uint64_t> address = take_varint(rest);
  if (!address || *address > rest.size()) state.refuse(to, "for their address is too long");
  to.address = rest.substr(0, *address);
  to.values = rest.substr(*address);
}

namespace {

std::string_view bytes_of(sqlite3_value* value) {
  const void* bytes = sqlite3_value_blob(value);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

/// `give` puts what is asked for.
template <auto give>
void unpacked(sqlite3_context* context, int, sqlite3_value** values) {
  try {
    DeliveryRecord delivery;
    static_cast<DeliveryUnpacker*>(sqlite3_user_data(context))
        ->unpack({sqlite3_value_int64(values[0]), bytes_of(values[1]), bytes_of(values[2])}, delivery);
    give(context, delivery);
  } catch (const std::exception& error) {
    sqlite3_result_error(context, error.what(), -1);
  }
}

void give_address(sqlite3_context* context, const DeliveryRecord& delivery) {
  sqlite3_result_text64(context, delivery.address.data(), delivery.address.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give_values(sqlite3_context* context, const DeliveryRecord& delivery) {
  sqlite3_result_blob64(context, delivery.values.data(), delivery.values.size(), SQLITE_TRANSIENT);
}

}  // namespace

void define_functions(Connection& connection, DeliveryUnpacker& texts) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
  using Function = void (*)(sqlite3_context*, int, sqlite3_value**);
  constexpr std::pair<const char*, Function> kFunctions[] = {{"delivery_address", unpacked<give_address>},
                                                             {"delivery_values", unpacked<give_values>}};
  for (const auto& [name, function] : kFunctions) {
    const int code =
        sqlite3_create_function_v2(connection.handle(), name, 3, kFlags, &texts, function, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) connection.fail(code);
  }
}

}  // namespace caravan::sqlite
