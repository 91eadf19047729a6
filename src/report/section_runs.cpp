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

// What the run was trained on, in a few words: "mnist, 2 classes".
std::string data_of(const Run& run) {
  std::string name = run.data_name();
  const Json& classes = member(member(run.record, "data"), "classes");
  if (classes.is_array() && !classes.empty())
    name += (name.empty() ? "" : ", ") + std::to_string(classes.size()) + " classes";
  return name.empty() ? "–" : shorten(name, 60);
}

// What must agree for figures of two runs to be set against each other: the data that the figures are of, the
// classes made of them, the split, and how much was held out.
std::string task_key(const Run& run) {
  const Json& data = member(run.record, "data");
  std::string fingerprint = text(data, "test_fingerprint");
  if (fingerprint.empty()) fingerprint = text(data, "fingerprint");
  std::string key = fingerprint + "|" + member(data, "classes").dump() + "|" + run.headline.name + "|" +
                    (run.evaluation ? run.evaluation->split : "");
  for (const char* part : {"train", "validation", "test"}) key += "|" + text(data, part);
  return key;
}

bool same_task(const std::vector<Run>& runs) {
  return std::ranges::all_of(runs, [&](const Run& run) { return task_key(run) == task_key(runs.front()); });
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
  } else if (value.is_array() &&
             std::ranges::any_of(value, [](const Json& part) { return part.is_object(); })) {
    for (size_t i = 0; i < value.size(); ++i) flatten(value[i], name + "." + std::to_string(i + 1), table);
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
  const bool comparable = same_task(runs);
  double best = std::nan("");
  for (const auto& run : runs)
    best = headline.larger_is_better ? std::fmax(best, run.test_value()) : std::fmin(best, run.test_value());
  Table table({"run", "model", "activation", "data", "test " + headline.name, "95 % interval", "test loss",
               "training loss", "epochs", "samples/s", "findings"});
  for (size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    const Run& run = runs[i];
    std::vector<std::string> findings;
    for (const auto& verdict : run.verdicts) findings.push_back(spoken(verdict.name));
    if (findings.empty()) findings.emplace_back(run.diagnosed ? "none" : "–");
    const std::string model = run.setting("model.type");
    table.add({run.name, model.empty() ? "–" : model, shorten(run.setting("model.activation"), 40),
               data_of(run), shown(run.headline, run.test_value()), interval(run),
               figure(number(run.summary, "test_loss")), figure(run.epochs.last("train_loss")),
               figure(run.epochs.last("epoch"), 9), compact(run.speed()), join(findings)},
              comparable && run.test_value() == best);
  }
  std::string hint = runs.size() > kMostRuns ? "The first " + std::to_string(kMostRuns) + "." : "";
  if (!comparable) hint += (hint.empty() ? "" : " ") + std::string("Different data: not compared.");
  return card("Runs", hint, table.html("runs"), "wide");
}

// A setting a row, a run a column: names of settings are long, and runs are few.
std::string differences_section(const std::vector<Run>& runs) {
  constexpr size_t kMostColumns = 24;
  const auto keys = differing_keys(runs);
  if (keys.empty()) return paragraph("All runs have the same settings.");
  std::vector<std::string> header = {"setting"};
  for (size_t i = 0; i < std::min(runs.size(), kMostColumns); ++i)
    header.push_back(shorten(runs[i].name, 40));
  Table table(header);
  for (const auto& key : keys) {
    std::vector<std::string> cells = {key};
    for (size_t i = 0; i < std::min(runs.size(), kMostColumns); ++i) {
      const std::string value = runs[i].setting(key);
      cells.push_back(value.empty() ? "–" : shorten(value, 60));
    }
    table.add(cells);
  }
  std::string hint = "All others are the same in all runs.";
  if (runs.size() > kMostColumns) hint += " The first " + std::to_string(kMostColumns) + " runs.";
  return card("Settings that differ", hint, table.html("text"), "wide");
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
