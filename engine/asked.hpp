#pragma once
// What was asked for before. A request that comes with a key is known by it for a while: when it comes again, nothing
// is done, and the answer is what it was then. Used by the scheduler's turn thread, before inputs become a batch: what
// runs batches, the journal and replays know nothing of it.

#include "engine/input.hpp"
#include "storage/store.hpp"

namespace caravan {

/// Results as the store keeps them, and back; nothing where that is not a packed text.
std::string pack(std::span<const InputResult> results);
std::optional<std::vector<InputResult>> unpack_results(std::string_view packed);

/// Inputs of a batch with those to be told.
using Answers = std::vector<std::pair<InputAnswer, InputResult>>;

class AskedBook {
 public:
  /// A batch begins, the `batch`th. The first `written` of all are on the disk, and whoever reads sees them.
  void begin(Instant now, std::uint64_t batch, std::uint64_t written);

  /// The answers from `first` on, `count` of them, are of one request. True when its inputs are to be done; else
  /// finish() answers them.
  bool take(std::shared_ptr<const Asked> asked, std::size_t first, std::size_t count, Answers& answers, Reader& reader);

  /// What was done is answered. Answers those of requests that came again, and adds what is to be kept of all.
  void finish(Answers& answers, Changes& changes);

  /// The batch is on its way to the disk.
  void handed_over();

 private:
  /// Caller and key.
  using Key = std::pair<std::string, std::string>;
  struct Known {
    std::string fingerprint;
    std::vector<InputResult> results;
    std::uint64_t batch = 0;
  };
  enum class Standing {
    fresh,
    again,   ///< it came before in the same batch
    stored,  ///< it came before, and is answered already
    reused,  ///< its key came before with something else
  };
  struct Request {
    std::shared_ptr<const Asked> asked;
    std::size_t first = 0;
    std::size_t count = 0;
    Standing standing = Standing::fresh;
    std::size_t earlier = 0;  ///< for `again`: which one
  };

  static Key key_of(const Asked& asked) { return {asked.caller, asked.key}; }
  std::optional<Known> find(const Asked& asked, Reader& reader) const;
  void keep(const Request& request, const Answers& answers, Changes& changes);

  Instant now_{};
  std::uint64_t batch_ = 0;
  std::vector<Request> requests_;            ///< of this batch
  std::map<Key, std::size_t> by_key_;        ///< of these, the first of each key
  std::vector<std::pair<Key, Known>> kept_;  ///< of this batch
  std::map<Key, Known> unwritten_;           ///< of batches that are being written
};

}  // namespace caravan
