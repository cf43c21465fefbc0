#include "engine/definitions.hpp"

namespace caravan {

const InterestPlan* Definitions::interest(NameId id) const {
  const auto found =
      std::find_if(interests.begin(), interests.end(), [&](const InterestPlan& plan) { return plan.interest == id; });
  return found == interests.end() ? nullptr : &*found;
}

const InterestPlan* Definitions::interest(std::string_view name) const {
  const auto found =
      std::find_if(interests.begin(), interests.end(), [&](const InterestPlan& plan) { return plan.name == name; });
  return found == interests.end() ? nullptr : &*found;
}

}  // namespace caravan
