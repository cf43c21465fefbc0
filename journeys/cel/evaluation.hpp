#pragma once
// What evaluating needs: memory for intermediate values, a cost budget, and the host's own context. One thread uses an
// Evaluation at a time and keeps it for many evaluations; values made in it live until reset().

#include <initializer_list>
#include <string_view>

#include "journeys/cel/arena.hpp"
#include "journeys/cel/limits.hpp"
#include "journeys/cel/map.hpp"
#include "journeys/cel/value.hpp"

namespace caravan::cel {

class Evaluation {
 public:
  explicit Evaluation(const Limits& limits = {}) : limits_{limits}, budget_{limits.cost} {
    arena_.allow(limits.memory);
  }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  /// Forgets every value made so far and keeps the memory. Call it when the subject changes, not between its
  /// expressions.
  void reset() noexcept {
    arena_.reset();
    begin();
  }

  /// The host's context, for host functions and activations. Not owned; nullptr until set.
  template <class T>
  T& host() const {
    return *static_cast<T*>(host_);
  }
  void set_host(void* host) noexcept { host_ = host; }

  Arena& arena() { return arena_; }
  const Limits& limits() const { return limits_; }

  // Values in the arena. Each is a memory_exceeded error when the arena's limit would be passed.
  Value text(std::string_view text);
  Value bytes(std::string_view data);
  Value list(std::span<const Value> elements);
  Value optional(const Value& held);
  /// A copy of a host object that lives in the arena; T must be trivially destructible and derive from Object.
  template <class T, class... Args>
  Value object(Args&&... args) {
    const T* made = arena_.make<T>(std::forward<Args>(args)...);
    return made ? Value::object(*made) : memory_error();
  }

  // Errors. The message is the parts one after the other; it must not name the expression's position.
  Value error(ErrorCode code, std::initializer_list<std::string_view> message);
  Value no_such_key(const Value& key);
  Value no_such_overload(std::string_view function, std::span<const Value> arguments);
  /// For a host function to say why it cannot answer.
  Value host_error(std::string_view message) { return error(ErrorCode::host, {message}); }
  static Value memory_error();
  static Value budget_error();

  /// Takes `cost` units from the budget; false when there are not as many, and from then on for this evaluation.
  bool charge(std::uint64_t cost) noexcept {
    if (budget_ < cost) {
      budget_ = 0;
      return false;
    }
    budget_ -= cost;
    return true;
  }
  std::uint64_t budget() const { return budget_; }
  /// For looking at so much text once, quickly (comparing, hashing): short texts are free.
  bool charge_bytes(std::size_t bytes) noexcept { return bytes < 64 || charge(bytes / 64); }
  /// `equal`, paid for from the budget: a bool, or the budget's error.
  Value compare_equal(const Value& left, const Value& right);

  /// A new evaluation starts: the full budget and the full memory allowance. Program::evaluate calls it.
  void begin() noexcept {
    budget_ = limits_.cost;
    arena_.allow(limits_.memory);
  }

 private:
  Limits limits_;
  std::uint64_t budget_;
  void* host_ = nullptr;
  Arena arena_;
};

}  // namespace caravan::cel
