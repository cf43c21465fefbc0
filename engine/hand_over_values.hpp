#pragma once
// A hand-over as the values of a message: what a delivery keeps of it.

#include "engine/hand_over.hpp"

namespace caravan {

/// For people: the values of sales_summary() and sales_chat(), by their dotted names. Days are those of the hand-over's
/// time zone, roles stand in words. What is not known, or is nothing, has no value.
///   interest.title, journey.title, account.key         texts
///   account.name, .industry, .website, .place, .employees, .link, .about   texts; `link` where the website is an
///                       address, `about` is all of it but name and website
///   group.completeness, group.engagement               whole numbers
///   group.raw_engagement, .stage, .since, .status, .members   texts
///   group.completeness_bar, group.engagement_bar       maps: done, left (percent; 0 is left out)
///   missing, moments, members                          true where the lists of these names' contents are not empty
///   missing_roles       a list of maps: role, members, required
///   moment_list         a list of maps: date, description, person
///   latest              the first of these
///   member_list         a list of maps: number, name, title, role, score, email, mail_to, phone, dial, mobile,
///                       dial_mobile, activities (a list of maps: date, words)
///   more                `2 more members`, of those who are not in the list
///   date                the day of the hand-over
AttributeMap text_values(const HandOver& told);

/// For programs: the members of the JSON object that a connection gets, in their order. `caravan help channels` has its
/// shape.
AttributeMap call_values(const HandOver& told);

}  // namespace caravan
