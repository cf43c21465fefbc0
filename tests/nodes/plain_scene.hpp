#pragma once
// A scene without an engine, for parts of nodes that are arithmetic: its time, its zone and what `until` yields are set
// by hand, and whatever else a node would see or do is a fault of the test.

#include "nodes/node.hpp"

namespace caravan::test {

class PlainScene final : public Scene {
 public:
  Instant time{};
  std::string zone = "UTC";
  std::optional<Instant> yielded;  ///< by every expression

  Instant now() const override { return time; }
  const std::string& timezone() override { return zone; }
  std::optional<Instant> instant_of(const cel::Program&) override { return yielded; }

  const AccountRecord& account() override { refuse(); }
  const PersonRecord* person() override { return nullptr; }
  std::span<const PersonRecord> people() override { refuse(); }
  bool holds(const cel::Program&) override { refuse(); }
  bool holds_for(const cel::Program&, const PersonRecord&) override { refuse(); }
  std::optional<AttributeInput> value_of(const cel::Program&, const PersonRecord*) override { refuse(); }
  std::optional<double> number_of(const cel::Program&, const PersonRecord*) override { refuse(); }
  std::optional<std::string> text_of(const cel::Program&) override { refuse(); }
  std::optional<std::string> account_text(NameId) override { refuse(); }
  bool send(MessageIndex, const PersonRecord&, std::span<const MessageValue>) override { refuse(); }
  bool notify(MessageIndex, int, std::string_view, NameId) override { refuse(); }
  void call(MessageIndex, std::span<const MessageValue>) override { refuse(); }
  bool assign(NameId, const PersonRecord&, NameId) override { refuse(); }
  bool unassign(NameId, const PersonRecord&) override { refuse(); }
  bool update_group(NameId, NameId, NameId) override { refuse(); }
  bool set_account(NameId, const AttributeInput&) override { refuse(); }
  bool set_person(const PersonRecord&, NameId, const AttributeInput&) override { refuse(); }
  std::optional<double> change_score(NameId, double, const PersonRecord*) override { refuse(); }
  void raise(std::string_view, AttributeMap, const PersonRecord*) override { refuse(); }
  void enrol(Roster, const PersonRecord*, bool) override { refuse(); }
  void enter_journey(std::string_view) override { refuse(); }
  void leave_journey(std::string_view) override { refuse(); }
  std::int64_t taken(PathIndex) override { refuse(); }
  std::string_view subject_key(const PersonRecord*) override { refuse(); }
  std::string_view journey_name() override { refuse(); }

 private:
  [[noreturn]] static void refuse() { throw std::logic_error("this scene has a time and a zone and nothing else"); }
};

}  // namespace caravan::test
