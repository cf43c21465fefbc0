#pragma once
// The address and the values of deliveries, in less room. What two accounts' deliveries of a message have in common
// (the names of values, titles, the words of a summary) is kept once, as the message's dictionary, and the rest is
// compressed against it by zstd. Short texts, and those of which no two have come yet, stand as they are.
//
// A dictionary is never changed or taken away: rows name theirs by number.

#include "storage/sqlite/connection.hpp"

namespace caravan::sqlite {

/// As a row has it. Without a dictionary `address` and `values` are the delivery's own; with one, `values` holds both.
struct DeliveryTexts {
  std::int64_t dictionary = 0;
  std::string_view address;
  std::string_view values;
};

/// A delivery on its way into the table.
struct NewDelivery {
  const DeliveryRecord* record = nullptr;
  std::int64_t dictionary = 0;  ///< 0: none
  std::string packed;           ///< with a dictionary
};

/// Makes dictionaries, and packs with them. Belongs to the one who writes; what it writes belongs to the transaction
/// under way.
class DeliveryPacker {
 public:
  explicit DeliveryPacker(Connection& connection);
  ~DeliveryPacker();
  DeliveryPacker(const DeliveryPacker&) = delete;
  DeliveryPacker& operator=(const DeliveryPacker&) = delete;

  /// Each points to a DeliveryRecord that outlives the result, which is in the same order.
  const std::vector<NewDelivery>& pack(std::span<const void* const> deliveries);
  /// The transaction was undone, and the dictionaries it made with it.
  void forget();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads what was packed. Belongs to one connection, and to its thread.
class DeliveryUnpacker {
 public:
  explicit DeliveryUnpacker(Connection& connection);
  ~DeliveryUnpacker();
  DeliveryUnpacker(const DeliveryUnpacker&) = delete;
  DeliveryUnpacker& operator=(const DeliveryUnpacker&) = delete;

  /// Puts the address and the values into `to`. Throws StoreError where the file is damaged.
  void unpack(const DeliveryTexts& texts, DeliveryRecord& to);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The SQL functions delivery_address and delivery_values of (dictionary, address, message_values), which give what the
/// delivery's own are. `texts` outlives the statements that call them.
void define_functions(Connection& connection, DeliveryUnpacker& texts);

/// What texts of different accounts have in common, as a dictionary; empty where that is too little to be one. Of each
/// text its first 2 KiB are looked at.
std::string common_parts(std::span<const std::string> texts);

}  // namespace caravan::sqlite
