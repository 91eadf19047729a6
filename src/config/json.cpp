#include "config/json.h"

#include <cstdint>

#include "config/scalar.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

ordered_json scalar_to_json(const Node& node) {
  int64_t whole = 0;
  double number = 0;
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  if (parse_number(node.text, whole) == NumberText::kGood) return whole;
  if (parse_number(node.text, number) == NumberText::kGood) return number;
  return node.text;
}

}  // namespace

ordered_json to_json(const Node& node) {
  if (node.is_scalar()) return scalar_to_json(node);
  ordered_json json;
  if (node.is_list()) {
    json = ordered_json::array();
    for (const auto& item : node.items) json.push_back(to_json(item));
  } else if (node.is_map()) {
    json = ordered_json::object();
    for (const auto& entry : node.entries) json[entry.key] = to_json(entry.value);
  }
  return json;
}

ordered_json to_json(const Problems& problems) {
  auto list = ordered_json::array();
  for (const auto& problem : problems.sorted()) {
    const bool on_command_line = problem.where.file.empty();
    list.push_back(
        {{"file", on_command_line ? problem.where.text() : problem.where.file},
         {"line", problem.where.line},
         {"column", problem.where.column},
         {"key", problem.key},
         {"message", problem.message + (problem.allowed.empty() ? "" : " (" + problem.allowed + ")")},
         {"suggestion", problem.suggestion}});
  }
  return list;
}

}  // namespace actlab
