#include "lesson/result.h"

#include <algorithm>
#include <cstdio>

#include "plot/axis.h"

namespace actlab {

using nlohmann::ordered_json;

const Expectation* LessonResult::expected(const std::string& name) const {
  const auto found = std::ranges::find(lesson.expected, name, &std::pair<std::string, Expectation>::first);
  return found == lesson.expected.end() ? nullptr : &found->second;
}

std::vector<std::string> LessonResult::misses() const {
  std::vector<std::string> misses;
  for (const auto& [name, value] : measured.figures) {
    const Expectation* expectation = expected(name);
    if (expectation == nullptr || expectation->holds(value)) continue;
    misses.push_back(name + " is " + figure(value) + ", expected " + expectation->text());
  }
  return misses;
}

ordered_json to_json(const LessonResult& result) {
  ordered_json measured = ordered_json::object();
  for (const auto& [name, value] : result.measured.figures) measured[name] = value;
  ordered_json expected = ordered_json::object();
  for (const auto& [name, expectation] : result.lesson.expected) expected[name] = to_json(expectation);
  return {{"name", result.lesson.name}, {"claim", result.lesson.text.claim},
          {"measured", measured},       {"expected", expected},
          {"holds", result.holds()},    {"source", result.lesson.text.source},
          {"seconds", result.seconds}};
}

std::string terminal_text(const LessonResult& result) {
  std::string text = result.lesson.name + ": " + result.lesson.text.claim + "\n";
  char line[160];
  for (const auto& [name, value] : result.measured.figures) {
    const Expectation* expectation = result.expected(name);
    const std::string wanted = expectation != nullptr ? expectation->text() : "";
    const char* holds = expectation == nullptr ? "" : expectation->holds(value) ? "holds" : "DOES NOT HOLD";
    // printf pads by bytes, and ± has two.
    const int width = 24 + (wanted.find("±") != std::string::npos ? 1 : 0);
    std::snprintf(line, sizeof line, "  %-24.60s %12s  %-*s %s", name.c_str(), figure(value).c_str(), width,
                  wanted.c_str(), holds);
    std::string padded = line;
    padded.erase(padded.find_last_not_of(' ') + 1);
    text += padded + "\n";
  }
  return text;
}

}  // namespace actlab
