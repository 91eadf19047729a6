#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "core/error.h"

// What the registries of components have in common: a table of rows, each with a ComponentType `component`
// beside what makes the component.
namespace actlab {

// The section of the config that chooses among the rows.
template <class Row>
ComponentSection section_of(const std::string& name, const std::vector<Row>& rows,
                            const std::string& default_type = "", const std::string& hint = "") {
  ComponentSection section{name, {}, default_type, hint};
  for (const Row& row : rows) section.types.push_back(row.component);
  return section;
}

// The row that a resolved section names. Throws Error (2) when there is none.
template <class Row>
const Row& find_row(const std::vector<Row>& rows, const Node& component) {
  const std::string& type = component_type(component);
  for (const Row& row : rows) {
    if (row.component.name == type) return row;
  }
  throw Error(ExitStatus::kUsage, "unknown type '" + type + "'");
}

}  // namespace actlab
