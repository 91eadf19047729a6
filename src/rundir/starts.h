#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace actlab {

// The run.json of a run that starts, at first or once more: `now`, and what `before`, the run.json that is
// there already (null where there is none), tells of the starts until then:
//   "started", "command"  those of the first start, which later ones must not hide
//   "starts"              a list of {"started", "command", "from_step", "seconds"}, the oldest first;
//   `seconds`
//                         is null while a start runs, and stays so when it is killed
// Of a damaged or foreign `before` only what has the right type counts.
nlohmann::ordered_json with_start(const nlohmann::ordered_json& before, nlohmann::ordered_json now,
                                  int64_t from_step);

}  // namespace actlab
