#include "engine/asked.hpp"

#include <charconv>

namespace caravan {
namespace {

// A result is the number of its refusal, a letter (c created, d duplicate, - neither), the length of the sentence, a
// colon and the sentence: `0c0:`.

char letter_of(const InputResult& result) {
  if (result.created) return 'c';
  return result.duplicate ? 'd' : '-';
}

/// Takes one result from the front; nothing where there is none.
std::optional<InputResult> take_result(std::string_view& packed) {
  if (packed.size() < 4 || packed[0] < '0' || packed[0] > '5') return std::nullopt;
  InputResult result;
  result.refusal = static_cast<Refusal>(packed[0] - '0');
  result.created = packed[1] == 'c';
  result.duplicate = packed[1] == 'd';
  std::size_t length = 0;
  const auto [end, fault] = std::from_chars(packed.data() + 2, packed.data() + packed.size(), length);
  if (fault != std::errc() || end == packed.data() + packed.size() || *end != ':') return std::nullopt;
  packed.remove_prefix(static_cast<std::size_t>(end + 1 - packed.data()));
  if (packed.size() < length) return std::nullopt;
  result.refused = packed.substr(0, length);
  packed.remove_prefix(length);
  return result;
}

/// Whether the key is to be known from now on. What was refused as it was wrong may come again when it is right, and
/// what could not be done may come again at any time; but nothing is done twice.
bool is_kept(std::span<const std::pair<InputAnswer, InputResult>> answers) {
  bool is_final = false;
  bool is_unavailable = false;
  for (const auto& [tell, result] : answers) {
    if (result.refusal == Refusal::none) return true;
    is_unavailable = is_unavailable || result.refusal == Refusal::unavailable;
    is_final = is_final || result.refusal == Refusal::unknown || result.refusal == Refusal::conflict;
  }
  return is_final && !is_unavailable;
}

}  // namespace

std::string pack(std::span<const InputResult> results) {
  std::string packed;
  for (const InputResult& result : results) {
    packed += static_cast<char>('0' + static_cast<int>(result.refusal));
    packed += letter_of(result);
    packed += std::to_string(result.refused.size()) + ":" + result.refused;
  }
  return packed;
}

std::optional<std::vector<InputResult>> unpack_results(std::string_view packed) {
  std::vector<InputResult> results;
  while (!packed.empty()) {
    std::optional<InputResult> result = take_result(packed);
    if (!result) return std::nullopt;
    results.push_back(std::move(*result));
  }
  return results;
}

void AskedBook::begin(Instant now, std::uint64_t batch, std::uint64_t written) {
  now_ = now;
  batch_ = batch;
  requests_.clear();
  by_key_.clear();
  kept_.clear();
  std::erase_if(unwritten_, [&](const auto& each) { return each.second.batch < written; });
}

std::optional<AskedBook::Known> AskedBook::find(const Asked& asked, Reader& reader) const {
  if (const auto known = unwritten_.find(key_of(asked)); known != unwritten_.end()) return known->second;
  std::optional<AskedKeyRecord> stored = reader.asked_key(asked.caller, asked.key);
  if (!stored || stored->at <= now_ - kAskedKeysKept) return std::nullopt;
  std::optional<std::vector<InputResult>> results = unpack_results(stored->result);
  if (!results) return std::nullopt;
  return Known{std::move(stored->fingerprint), std::move(*results)};
}

bool AskedBook::take(std::shared_ptr<const Asked> asked, std::size_t first, std::size_t count, Answers& answers,
                     Reader& reader) {
  Request& request = requests_.emplace_back(Request{std::move(asked), first, count});
  if (request.asked->key.empty()) return true;
  const auto [known, is_first] = by_key_.try_emplace(key_of(*request.asked), requests_.size() - 1);
  if (!is_first) {
    const Request& earlier = requests_[known->second];
    const bool is_same = earlier.asked->fingerprint == request.asked->fingerprint && earlier.count == count &&
                         earlier.standing != Standing::reused;
    request.standing = is_same ? Standing::again : Standing::reused;
    request.earlier = known->second;
    return false;
  }
  const std::optional<Known> before = find(*request.asked, reader);
  if (!before) return true;
  const bool is_same = before->fingerprint == request.asked->fingerprint && before->results.size() == count;
  request.standing = is_same ? Standing::stored : Standing::reused;
  for (std::size_t i = 0; is_same && i < count; ++i) {
    answers[first + i].second = before->results[i];
    answers[first + i].second.repeated = true;
  }
  return false;
}

void AskedBook::finish(Answers& answers, Changes& changes) {
  for (const Request& request : requests_) {
    const auto [first, count] = std::pair(request.first, request.count);
    for (std::size_t i = 0; i < count; ++i) {
      InputResult& result = answers[first + i].second;
      if (request.standing == Standing::again) {
        result = answers[requests_[request.earlier].first + i].second;
        result.repeated = true;
      } else if (request.standing == Standing::reused) {
        result = refuse(Refusal::key_reused, "the key \"" + request.asked->key +
                                                 "\" was used before, for something else: give every request a key of "
                                                 "its own");
      }
    }
    const bool is_new = request.standing == Standing::fresh || request.standing == Standing::reused;
    if (is_new && !request.asked->action.empty()) {
      std::string refused;
      for (std::size_t i = first; i < first + count && refused.empty(); ++i)
        refused = answers[i].second.refused;
      const Asked& asked = *request.asked;
      changes.audit.push_back({.sequence = 0,
                               .at = now_,
                               .caller = asked.caller,
                               .request_id = asked.request_id,
                               .action = asked.action,
                               .target = asked.target,
                               .refused = std::move(refused)});
    }
    if (request.standing == Standing::fresh && !request.asked->key.empty()) keep(request, answers, changes);
  }
  if (!changes.asked_keys.empty()) changes.asked_keys_since = now_ - kAskedKeysKept;
}

void AskedBook::keep(const Request& request, const Answers& answers, Changes& changes) {
  const auto own = std::span(answers).subspan(request.first, request.count);
  if (!is_kept(own)) return;
  Known known{request.asked->fingerprint, {}, batch_};
  for (const auto& [tell, result] : own)
    known.results.push_back(result);
  changes.asked_keys.push_back({.caller = request.asked->caller,
                                .key = request.asked->key,
                                .fingerprint = known.fingerprint,
                                .result = pack(known.results),
                                .at = now_});
  kept_.emplace_back(key_of(*request.asked), std::move(known));
}

void AskedBook::handed_over() {
  for (auto& [key, known] : kept_)
    unwritten_.insert_or_assign(std::move(key), std::move(known));
  kept_.clear();
}

}  // namespace caravan
