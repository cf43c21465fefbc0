// The node that watches a condition, and the choice of what is watched: the whole of an expression, and in it every
// operand of && and ||, every condition of ?: and what it chooses between where that is a condition itself.

#include "journeys/cel/plan/probes.hpp"

namespace caravan::cel {

namespace {

thread_local ProbeCounts* counts_of_thread = nullptr;

class Probe final : public Node {
 public:
  Probe(NodePtr watched, std::uint32_t number) : watched_{std::move(watched)}, number_{number} {}

  Value evaluate(Frame& frame) const override {
    const Value value = watched_->evaluate(frame);
    if (counts_of_thread) counts_of_thread->add(number_, outcome_of(value));
    return value;
  }
  const Value* constant() const override { return watched_->constant(); }

 private:
  static ConditionOutcome outcome_of(const Value& value) {
    if (!value.is(Kind::boolean)) return ConditionOutcome::failed;
    return value.as_boolean() ? ConditionOutcome::yes : ConditionOutcome::no;
  }

  NodePtr watched_;
  std::uint32_t number_;
};

/// What is wanted of an expression by what holds it.
enum class Wanted {
  value,
  condition,
  opposite,  ///< a condition whose outcome follows from that of the whole: what ! turns around
};

void collect(const Expression& e, Wanted wanted, std::vector<const Expression*>& conditions) {
  if (wanted == Wanted::condition) conditions.push_back(&e);
  for (const ExpressionPtr& child : e.children) {
    Wanted of_child = Wanted::value;
    switch (e.form) {
      case Form::all_of:
      case Form::any_of: of_child = Wanted::condition; break;
      case Form::invert: of_child = Wanted::opposite; break;
      case Form::conditional:
        if (child == e.children.front() || wanted != Wanted::value) of_child = Wanted::condition;
        break;
      default: break;
    }
    collect(*child, of_child, conditions);
  }
}

}  // namespace

std::vector<const Expression*> conditions_of(const Expression& root) {
  std::vector<const Expression*> conditions;
  collect(root, Wanted::condition, conditions);
  return conditions;
}

NodePtr make_probe(NodePtr watched, std::uint32_t number) {
  return std::make_unique<Probe>(std::move(watched), number);
}

void ProbeCounts::add(const ProbeCounts& other) {
  if (rows_.size() < other.rows_.size()) rows_.resize(other.rows_.size());
  for (std::size_t probe = 0; probe < other.rows_.size(); ++probe)
    for (std::size_t outcome = 0; outcome < other.rows_[probe].size(); ++outcome)
      rows_[probe][outcome] += other.rows_[probe][outcome];
}

Probing::Probing(ProbeCounts* counts) : before_{std::exchange(counts_of_thread, counts)} {}
Probing::~Probing() {
  counts_of_thread = before_;
}

}  // namespace caravan::cel
