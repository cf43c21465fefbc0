#pragma once
// Properties that are checked with made-up data, as many times as a test has seconds.

#include <rapidcheck.h>

namespace caravan::test {

/// Whether the property holds in `cases` cases. Whoever has more time asks for more than RapidCheck's own hundred, with
/// RC_PARAMS="max_success=5000".
template <class Property>
bool holds_in(int cases, const Property& property) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  if (params.maxSuccess <= rc::detail::TestParams{}.maxSuccess) params.maxSuccess = cases;
  const auto result = rc::detail::checkTestable(property, rc::detail::TestMetadata{}, params);
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << "\n";
  return result.template is<rc::detail::SuccessResult>();
}

}  // namespace caravan::test
