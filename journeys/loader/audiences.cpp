#include "journeys/loader/loading.hpp"

namespace caravan::loader {

void read_audience(Loading& loading, const Document& document) {
  Diagnostics& diagnostics = loading.diagnostics;
  AudienceDefinition audience{document.name, document.name, document.name_place, {}};
  Fields fields(document.root, diagnostics);
  fields.find("audience");
  if (const yaml::Entry* title = fields.find("title"))
    audience.title = read_text(*title, diagnostics).value_or(audience.title);
  if (const yaml::Entry* when = fields.require("when", "an audience", document.name_place)) {
    const ExpressionUse use{Scope::account, Within::workspace, cel::Type::boolean()};
    audience.when = read_expression(loading, *when, use).value_or(Expression{});
  }
  fields.finish();
  if (!audience.name.empty()) loading.workspace.audiences.emplace(document.name, std::move(audience));
}

}  // namespace caravan::loader
