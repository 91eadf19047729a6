#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace actlab {

// {"os", "cpu", "cores"} of this computer.
nlohmann::ordered_json machine();

// Now, as "2026-01-31T12:00:00Z".
std::string utc_time();

}  // namespace actlab
