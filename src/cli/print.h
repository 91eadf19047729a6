#pragma once

#include <nlohmann/json.hpp>

namespace actlab {

// One compact line on stdout. What is not UTF-8 (a path may be anything) is replaced.
void print_json(const nlohmann::ordered_json& json);

// Throws Error (1) when something printed did not reach stdout: a full disk, a closed descriptor. A reader
// that has gone (`| head`) is no error.
void finish_stdout();

}  // namespace actlab
