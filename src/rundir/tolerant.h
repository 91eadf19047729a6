#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

// What reads run directories has a namespace of its own: the types that write those files have the same
// names.
//
// Reading files that another process may be writing, or that an older version wrote: what is missing is
// missing, what is damaged is left out with a warning, and nothing throws.
namespace actlab::report {

using Json = nlohmann::json;
using Warnings = std::vector<std::string>;

// Columns of equal length by name; NaN where there is no number.
struct Columns {
  std::map<std::string, std::vector<double>> values;
  size_t rows = 0;

  // Empty when there is no such column.
  const std::vector<double>& operator[](const std::string& name) const;
  // Whether the column has a number at all.
  bool has(const std::string& name) const;
  double last(const std::string& name) const;
};

// The file's JSON value, null where it is missing, damaged, over 64 MiB or nested deeper than 64.
Json read_json(const std::filesystem::path& file, Warnings& warnings);

// Its lines' JSON objects. A last line without its end is still being written and no damage.
std::vector<Json> read_json_lines(const std::filesystem::path& file, Warnings& warnings);

// The objects' numbers as columns. Where `key` does not ascend (a resumed run wrote again) the later rows
// count.
Columns to_columns(const std::vector<Json>& rows, const std::string& key);

// A file of comma-separated numbers under one line of names; `key` as above.
Columns read_csv(const std::filesystem::path& file, const std::string& key, Warnings& warnings);

// "" where it is missing.
std::string read_text(const std::filesystem::path& file, Warnings& warnings);

// Members of an object; a default where there is none of that type.
double number(const Json& object, std::string_view key);  // NaN
std::string text(const Json& object, std::string_view key);
const Json& member(const Json& object, std::string_view key);  // null
bool truth(const Json& object, std::string_view key);
std::vector<double> numbers(const Json& array);     // NaN for what is none
std::vector<std::string> texts(const Json& array);  // numbers in their own notation
std::string as_text(const Json& scalar);

}  // namespace actlab::report
