#include "lesson/result.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/text.h"
#include "diagnose/figures.h"
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
    const std::string what = std::isfinite(value) ? " is " + figure(value) : " has no value";
    misses.push_back(name + what + ", expected " + expectation->text());
  }
  return misses;
}

ordered_json to_json(const LessonResult& result) {
  ordered_json measured = ordered_json::object();
  for (const auto& [name, value] : result.measured.figures) measured[name] = figure_json(value);
  ordered_json expected = ordered_json::object();
  for (const auto& [name, expectation] : result.lesson.expected) expected[name] = to_json(expectation);
  ordered_json spread = ordered_json::object();
  for (const auto& [name, of] : result.measured.spread) {
    spread[name] = {{"p5", of.low}, {"p95", of.high}, {"draws", of.draws}};
  }
  ordered_json layers = ordered_json::object();
  for (const auto& layer : result.measured.layers) {
    layers[layer.name] = {{"mean", layer.mean}, {"p5", layer.low}, {"p95", layer.high}};
  }
  return {{"name", result.lesson.name},
          {"claim", result.lesson.text.claim},
          {"measured", measured},
          {"meaning", result.measured.meaning},
          {"expected", expected},
          {"holds", result.holds()},
          {"spread", spread},
          {"layers", layers},
          {"notes", result.measured.notes},
          {"source", result.lesson.text.source},
          {"seconds", result.seconds}};
}

std::string terminal_text(const LessonResult& result) {
  constexpr size_t kColumns = 100;
  const Measurement& measured = result.measured;
  std::string text = result.lesson.name + ": " + result.lesson.text.claim + "\n";
  if (!measured.meaning.empty()) text += wrapped(measured.meaning, kColumns, 2, 2);
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
    const auto spread = measured.spread.find(name);
    if (spread == measured.spread.end() || spread->second.draws < 2) continue;
    text += formatted("  %-24s %12s  5 to 95 %% of %lld networks: %s to %s\n", "", "",
                      static_cast<long long>(spread->second.draws), figure(spread->second.low).c_str(),
                      figure(spread->second.high).c_str());
  }
  for (const auto& note : measured.notes) text += wrapped(note, kColumns, 2, 4);
  return text;
}

}  // namespace actlab
