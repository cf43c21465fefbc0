// libFuzzer on the whole loader: the bytes are a journey's file in a small workspace; loading ends, with faults that
// stand within their files or without.
#include "journeys/vocabulary.hpp"
#include "journeys/workspace.hpp"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  caravan::SourceTexts texts = {
      {"audiences/growers.yaml", "audience: growers\nwhen: account.industry == \"agriculture\"\n"},
      {"buying-groups/seeds.yaml",
       "role_template: buyers\nroles: [{role: influencer}]\n---\nsolution_interest: seeds\nrole_template: buyers\n"},
      {"emails/welcome.html", "---\nsubject: Welcome\n---\nHi\n"},
      {"journeys/fuzz.yaml", std::string(reinterpret_cast<const char*>(data), size)}};
  MadeUpNames names;
  const auto workspace = caravan::load_workspace(std::move(texts), "", caravan::node_shapes(), names);
  for (const caravan::Diagnostic& each : workspace->diagnostics.sorted()) {
    if (each.place.file != nullptr && each.place.offset > each.place.file->text.size()) std::abort();
  }
  return 0;
}
