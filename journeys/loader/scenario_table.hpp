#pragma once
// Scenarios as tables: one body, many rows. The columns are put into the body's scalars where `${column}` stands, on
// the YAML's tree, before anything reads it.

#include "journeys/loader/loading.hpp"

namespace caravan::loader {

/// One row, and the document with its values in it and without `rows`.
struct ScenarioRow {
  std::string name;  ///< `#3 friday`; empty: the scenario is no table
  Place place;
  yaml::Node document;
};

/// Calls `read` with each row of a scenario's document; with the document as it is where it has no rows. What is wrong
/// with the rows and with what stands for them goes to `diagnostics`; `read` is given other ones for the row. Their
/// faults are reported once for all rows that have them: where a row's own value stands, or in the body with the row
/// named. `left` is how many bytes of such documents may still be made.
void each_row(const yaml::Node& document, Diagnostics& diagnostics, std::size_t& left,
              const std::function<void(const ScenarioRow&, Diagnostics&)>& read);

/// What a scalar of a scenario's document becomes, row by row; its text where the document has no rows.
std::vector<std::string> texts_of_rows(const yaml::Node& document, const yaml::Node& scalar);

}  // namespace caravan::loader
