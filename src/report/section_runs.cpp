#include "report/section_runs.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"

namespace actlab::report {
namespace {

constexpr size_t kMostRuns = 500;
constexpr size_t kShownFigures = 12;

std::string interval(const Run& run) {
  if (!run.evaluation || !std::isfinite(run.evaluation->low)) return "–";
  return shown(run.headline, run.evaluation->low) + " to " + shown(run.headline, run.evaluation->high);
}

// Keys whose values are not the same in all runs; where a run is written does not count.
std::vector<std::string> differing_keys(const std::vector<Run>& runs) {
  std::vector<std::string> keys;
  for (const auto& run : runs) {
    for (const auto& [key, value] : run.settings) {
      if (key.starts_with("run.") || std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      const bool differs = std::any_of(runs.begin(), runs.end(), [&, &k = key, &v = value](const Run& other) {
        return other.setting(k) != v;
      });
      if (differs) keys.push_back(key);
    }
    if (keys.size() > kShownFigures) break;
  }
  return keys;
}

// A value as a row of a table, members of objects one by one: {"machine.cores", "2"}.
void flatten(const Json& value, const std::string& name, Table& table) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items())
      flatten(inner, name.empty() ? key : name + "." + key, table);
  } else if (value.is_array()) {
    std::string text;
    for (const auto& part : value) text += (text.empty() ? "" : ", ") + as_text(part);
    table.add({name, shorten(text, 400)});
  } else {
    table.add({name, shorten(as_text(value), 400)});
  }
}

}  // namespace

std::string overview_section(const std::vector<Run>& runs) {
  const Headline headline = runs.empty() ? Headline() : runs.front().headline;
  double best = std::nan("");
  for (const auto& run : runs)
    best = headline.larger_is_better ? std::fmax(best, run.test_value()) : std::fmin(best, run.test_value());
  Table table({"run", "activation", "test " + headline.name, "95 % interval", "test loss", "training loss",
               "epochs", "samples/s", "findings"});
  for (size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    const Run& run = runs[i];
    double speed = number(run.summary, "samples_per_second");
    if (!std::isfinite(speed)) speed = run.epochs.last("samples_per_second");
    std::vector<std::string> findings;
    for (const auto& verdict : run.verdicts) findings.push_back(spoken(verdict.name));
    if (findings.empty()) findings.emplace_back(run.diagnosed ? "none" : "–");
    table.add({run.name, shorten(run.setting("model.activation"), 40), shown(run.headline, run.test_value()),
               interval(run), figure(number(run.summary, "test_loss")), figure(run.epochs.last("train_loss")),
               figure(run.epochs.last("epoch"), 9), compact(speed), join(findings)},
              run.headline == headline && run.test_value() == best);
  }
  return card("Runs", runs.size() > kMostRuns ? "The first " + std::to_string(kMostRuns) + "." : "",
              table.html(), "wide");
}

std::string differences_section(const std::vector<Run>& runs) {
  const auto keys = differing_keys(runs);
  if (keys.empty()) return paragraph("All runs have the same settings.");
  std::vector<std::string> header = {"run"};
  header.insert(header.end(), keys.begin(), keys.end());
  Table table(header);
  for (size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    std::vector<std::string> cells = {runs[i].name};
    for (const auto& key : keys) {
      const std::string value = runs[i].setting(key);
      cells.push_back(value.empty() ? "–" : shorten(value, 60));
    }
    table.add(cells);
  }
  return card("Settings that differ", "All others are the same in all runs.", table.html("text"), "wide");
}

std::string config_section(const Run& run) {
  if (run.config.empty()) return "";
  constexpr size_t kLongest = 100000;
  std::string shown = run.config.substr(0, kLongest);
  return card("config.yaml", "Every option as this run used it, defaults included.",
              "<pre class=\"yaml\"><code>" + escape(shown) + "</code></pre>" +
                  "<button type=\"button\" class=\"copyall\" data-copy=\"" + escape(shown) +
                  "\">Copy all</button>",
              "wide");
}

std::string machine_section(const Run& run) {
  if (!run.record.is_object()) return "";
  Table table({"", ""});
  flatten(run.record, "", table);
  table.add({"folder", run.path.string()});
  return card("run.json", "What ran, where and on which data.", table.html("facts"), "wide");
}

}  // namespace actlab::report
