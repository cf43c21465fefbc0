// libFuzzer on the loader of scenarios: the bytes are a file of them beside a small workspace; loading ends, with
// faults that stand within their files or without.
#include "journeys/scenario.hpp"
#include "nodes/registry.hpp"

namespace {

class MadeUpNames final : public caravan::AttributeNames {
 public:
  std::uint32_t number_of(std::string_view name) override {
    return numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

/// What every scenario is about: loaded once, for nothing of it changes.
struct World {
  MadeUpNames names;
  std::unique_ptr<caravan::Workspace> workspace = caravan::load_workspace(
      {{"audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n"},
       {"schema.yaml",
        "schema: {account: {industry: text}, person: {title: text}, event: {form.submitted: {form: text}}}\n"},
       {"buying-groups/seeds.yaml",
        "role_template: buyers\nroles: [{role: influencer}]\n---\nsolution_interest: seeds\nrole_template: buyers\n"},
       {"emails/welcome.html", "---\nsubject: Welcome\n---\nHi\n"},
       {"journeys/welcome.yaml",
        "journey: welcome\nnodes:\n  - {id: hello, send_email: welcome}\n  - id: way\n    split: [{path: a, nodes: "
        "[]}]\n"}},
      "", caravan::node_shapes(), names);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const caravan::ScenarioSet set = caravan::load_scenarios(
      *world.workspace,
      {{"scenarios/fuzz.yaml", text},
       {"scenarios/changed/journeys/welcome.yaml", "journey: welcome\nnodes: [{id: end, wait: 1d}]\n"}},
      {caravan::node_shapes(), world.names});
  for (const caravan::Diagnostic& each : set.diagnostics.sorted()) {
    if (each.place.file != nullptr && each.place.offset > each.place.file->text.size()) std::abort();
  }
  return 0;
}
