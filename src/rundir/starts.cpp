#include "rundir/starts.h"

#include <utility>

namespace actlab {
namespace {

using nlohmann::ordered_json;

bool is_start(const ordered_json& entry) {
  return entry.is_object() && entry.contains("started") && entry["started"].is_string() &&
         entry.contains("command") && entry["command"].is_string();
}

ordered_json start_of(const ordered_json& record, ordered_json from_step, ordered_json seconds = nullptr) {
  return {{"started", record["started"]},
          {"command", record["command"]},
          {"from_step", std::move(from_step)},
          {"seconds", std::move(seconds)}};
}

ordered_json number_or_null(const ordered_json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_number() ? *found : ordered_json(nullptr);
}

ordered_json starts_of(const ordered_json& before) {
  ordered_json starts = ordered_json::array();
  if (before.contains("starts") && before["starts"].is_array()) {
    for (const auto& entry : before["starts"]) {
      if (!is_start(entry)) continue;
      starts.push_back(start_of(entry, number_or_null(entry, "from_step"), number_or_null(entry, "seconds")));
    }
  }
  // Runs of before there was a list have one start.
  if (starts.empty() && is_start(before)) starts.push_back(start_of(before, 0));
  return starts;
}

}  // namespace

ordered_json with_start(const ordered_json& before, ordered_json now, int64_t from_step) {
  ordered_json starts = starts_of(before);
  starts.push_back(start_of(now, from_step));
  now["started"] = starts.front()["started"];
  now["command"] = starts.front()["command"];
  now["starts"] = std::move(starts);
  return now;
}

}  // namespace actlab
