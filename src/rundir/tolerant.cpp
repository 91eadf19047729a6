#include "rundir/tolerant.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/error.h"
#include "core/file.h"
#include "core/nan.h"

namespace actlab::report {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestJson = 64ULL << 20;
constexpr uint64_t kLargestTable = 512ULL << 20;
constexpr int kDeepest = 64;
constexpr size_t kMostColumns = 256;

std::string read_up_to(const fs::path& file, uint64_t limit, Warnings& warnings) {
  std::error_code unknown;  // then reading it says why
  if (fs::status(file, unknown).type() == fs::file_type::not_found) return "";
  try {
    return read_text(file, ExitStatus::kFailed, limit);
  } catch (const Error& e) {
    warnings.emplace_back(e.what());
    return "";
  }
}

// Discarded where it is no JSON. Deeper values are cut off: what walks a value may then recurse.
Json parse(std::string_view text) {
  return Json::parse(
      text, [](int depth, Json::parse_event_t, Json&) { return depth <= kDeepest; },
      /*allow_exceptions=*/false);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

void warn_of_lines(const fs::path& file, size_t first, size_t count, Warnings& warnings) {
  if (count == 0) return;
  warnings.push_back(file.string() + ": line " + std::to_string(first) +
                     (count == 1 ? " is damaged and left out"
                                 : " and " + std::to_string(count - 1) + " more are damaged and left out"));
}

double parse_number(std::string_view text) {
  double value = kNaN;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : kNaN;
}

// Rows from which on the key was written again.
void drop_rewritten(Columns& columns, const std::string& key, double next) {
  const auto found = columns.values.find(key);
  if (found == columns.values.end()) return;
  while (columns.rows > 0 && found->second.back() >= next) {
    for (auto& [name, values] : columns.values) values.pop_back();
    --columns.rows;
  }
}

}  // namespace

const std::vector<double>& Columns::operator[](const std::string& name) const {
  static const std::vector<double> none;
  const auto found = values.find(name);
  return found == values.end() ? none : found->second;
}

bool Columns::has(const std::string& name) const {
  const auto& column = (*this)[name];
  return std::any_of(column.begin(), column.end(), [](double value) { return std::isfinite(value); });
}

double Columns::last(const std::string& name) const {
  const auto& column = (*this)[name];
  return column.empty() ? kNaN : column.back();
}

Json read_json(const fs::path& file, Warnings& warnings) {
  const std::string text = read_up_to(file, kLargestJson, warnings);
  if (text.empty()) {
    std::error_code missing;
    if (fs::is_regular_file(file, missing) && fs::file_size(file, missing) == 0)
      warnings.push_back(file.string() + " is empty");
    return nullptr;
  }
  Json json = parse(text);
  if (!json.is_discarded()) return json;
  warnings.push_back(file.string() + " is damaged (no JSON) and left out");
  return nullptr;
}

std::vector<Json> read_json_lines(const fs::path& file, Warnings& warnings) {
  const std::string text = read_up_to(file, kLargestTable, warnings);
  std::vector<Json> rows;
  size_t damaged = 0;
  size_t first_damaged = 0;
  const auto lines = split(text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    Json row = parse(lines[i]);
    if (row.is_object()) {
      rows.push_back(std::move(row));
    } else if (i + 1 < lines.size()) {
      if (damaged++ == 0) first_damaged = i + 1;
    }
  }
  warn_of_lines(file, first_damaged, damaged, warnings);
  return rows;
}

Columns to_columns(const std::vector<Json>& rows, const std::string& key) {
  Columns columns;
  for (const auto& row : rows) {
    const double at = number(row, key);
    if (!std::isfinite(at) || row.size() > kMostColumns) continue;
    drop_rewritten(columns, key, at);
    for (const auto& [name, value] : row.items()) {
      if (value.is_number() || value.is_null()) columns.values[name].resize(columns.rows, kNaN);
    }
    for (auto& [name, values] : columns.values) values.push_back(number(row, name));
    ++columns.rows;
  }
  return columns;
}

Columns read_csv(const fs::path& file, const std::string& key, Warnings& warnings) {
  const std::string text = read_up_to(file, kLargestTable, warnings);
  Columns columns;
  auto lines = split(text, '\n');
  lines.pop_back();  // what follows the last end of a line: nothing, or half a row
  if (lines.empty()) return columns;
  const auto names = split(lines[0], ',');
  std::vector<std::vector<double>*> targets;
  for (const auto name : names) targets.push_back(&columns.values[std::string(name)]);
  const auto key_column =
      static_cast<size_t>(std::find(names.begin(), names.end(), std::string_view(key)) - names.begin());
  if (key_column == names.size() || columns.values.size() != names.size() || names.size() > kMostColumns) {
    warnings.push_back(file.string() + " is damaged (its first line names no column '" + key +
                       "') and left out");
    return {};
  }
  size_t damaged = 0;
  size_t first_damaged = 0;
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto fields = split(lines[i], ',');
    const double at = fields.size() == names.size() ? parse_number(fields[key_column]) : kNaN;
    if (!std::isfinite(at)) {
      if (damaged++ == 0) first_damaged = i + 1;
      continue;
    }
    drop_rewritten(columns, key, at);
    for (size_t column = 0; column < fields.size(); ++column)
      targets[column]->push_back(parse_number(fields[column]));
    ++columns.rows;
  }
  warn_of_lines(file, first_damaged, damaged, warnings);
  return columns;
}

std::string read_text(const fs::path& file, Warnings& warnings) {
  return read_up_to(file, kLargestJson, warnings);
}

const Json& member(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

double number(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  return value.is_number() ? value.get<double>() : kNaN;
}

std::string text(const Json& object, std::string_view key) {
  return as_text(member(object, key));
}

bool truth(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::vector<double> numbers(const Json& array) {
  std::vector<double> values;
  if (!array.is_array()) return values;
  for (const auto& value : array) values.push_back(value.is_number() ? value.get<double>() : kNaN);
  return values;
}

std::vector<std::string> texts(const Json& array) {
  std::vector<std::string> values;
  if (!array.is_array()) return values;
  for (const auto& value : array) values.push_back(as_text(value));
  return values;
}

std::string as_text(const Json& scalar) {
  if (scalar.is_string()) return scalar.get<std::string>();
  if (scalar.is_number() || scalar.is_boolean()) return scalar.dump();
  return "";
}

}  // namespace actlab::report
