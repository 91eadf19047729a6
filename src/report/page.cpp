#include "report/page.h"

#include <algorithm>
#include <cmath>

#include "core/base64.h"
#include "core/error.h"
#include "core/file.h"
#include "core/memory.h"
#include "core/suggest.h"
#include "plot/assets.h"
#include "plot/axis.h"
#include "plot/color.h"
#include "plot/svg.h"
#include "report/assets.h"
#include "report/html.h"
#include "report/section_activations.h"
#include "report/section_comparison.h"
#include "report/section_curves.h"
#include "report/section_diagnosis.h"
#include "report/section_results.h"
#include "report/section_runs.h"
#include "report/section_summary.h"
#include "rundir/files.h"

namespace actlab {
using namespace report;

namespace {

namespace fs = std::filesystem;

constexpr size_t kLargestPage = 1'850'000;  // without head and script
constexpr size_t kMostInFull = 4;           // runs
constexpr size_t kMostRunsShown = 60;

struct Material {
  std::vector<Comparison> comparisons;
  std::vector<Run> runs;
  std::vector<Group> groups;  // of `runs`
  Warnings warnings;
};

struct Tab {
  std::string id;
  std::string name;
  std::string html;
};

Material read_all(const std::vector<fs::path>& folders) {
  Material all;
  std::vector<std::pair<std::string, size_t>> members;  // group of each run
  for (const auto& folder : folders) {
    if (!is_comparison(folder)) {
      all.runs.push_back(read_run(folder));
      members.emplace_back(all.runs.back().name, all.runs.size() - 1);
      continue;
    }
    all.comparisons.push_back(read_comparison(folder));
    for (const auto& row : all.comparisons.back().rows) {
      for (const auto& run : row.runs) {
        if (run.path.empty()) continue;
        all.runs.push_back(read_run(run.path));
        members.emplace_back(row.activation, all.runs.size() - 1);
      }
    }
  }
  for (const auto& [name, index] : members) {
    auto group = std::find_if(all.groups.begin(), all.groups.end(),
                              [&n = name](const Group& g) { return g.name == n; });
    if (group == all.groups.end()) group = all.groups.insert(all.groups.end(), Group{name, {}});
    group->runs.push_back(&all.runs[index]);
  }
  for (const auto& comparison : all.comparisons)
    all.warnings.insert(all.warnings.end(), comparison.warnings.begin(), comparison.warnings.end());
  for (const auto& run : all.runs)
    all.warnings.insert(all.warnings.end(), run.warnings.begin(), run.warnings.end());
  return all;
}

size_t size_of(const std::vector<Tab>& tabs) {
  size_t size = 0;
  for (const auto& tab : tabs) size += tab.html.size();
  return size;
}

void drop_largest(std::vector<Tab>& tabs) {
  const auto largest = std::max_element(
      tabs.begin(), tabs.end(), [](const Tab& a, const Tab& b) { return a.html.size() < b.html.size(); });
  largest->html = paragraph("Left out: it is too large for this page, however coarse.", "note");
}

std::vector<Tab> tabs_of_one(const Run& run, const Detail& detail) {
  return {{"summary", "Summary", summary_section(run, "r0", detail)},
          {"curves", "Curves", curves_section(run, "r0", detail)},
          {"results", "Results", results_section(run, "r0", detail)},
          {"activations", "Activations", activations_section(run, "r0", detail)},
          {"diagnosis", "Diagnosis", diagnosis_section(run, "r0", detail)},
          {"config", "Config", config_section(run)},
          {"machine", "Machine", machine_section(run)}};
}

std::string run_section(const Run& run, const std::string& id, const Detail& detail, bool open) {
  std::string html = paragraph(in_plain_words(run), "lead") + stats_of(run);
  html += curves_section(run, id, detail) + results_section(run, id, detail) +
          activations_section(run, id, detail) + diagnosis_section(run, id, detail) +
          grid(config_section(run) + machine_section(run));
  return "<details class=\"run\" id=\"" + id + "\"" + (open ? " open=\"\"" : "") + "><summary><b>" +
         escape(run.name) + "</b><span>" + escape(in_plain_words(run)) + "</span></summary>" + html +
         "</details>\n";
}

// The runs one by one, as many as there is room for.
std::string runs_section(const std::vector<Run>& runs, const Detail& detail, size_t room) {
  std::string html;
  size_t shown = 0;
  for (; shown < std::min(runs.size(), kMostRunsShown); ++shown) {
    std::string section = run_section(runs[shown], "r" + std::to_string(shown), detail, runs.size() <= 2);
    if (html.size() + section.size() > room) break;
    html += section;
  }
  if (shown < runs.size()) {
    html += paragraph(
        std::to_string(runs.size() - shown) + " of " + std::to_string(runs.size()) +
            " runs are left out here to keep the page small; each has a page of its own: actlab report RUN.",
        "note");
  }
  return html;
}

std::vector<Tab> tabs_of_many(const Material& all, const Detail& detail) {
  std::vector<Tab> tabs;
  std::string compared;
  for (const auto& comparison : all.comparisons) compared += comparison_section(comparison, all.groups);
  tabs.push_back({"comparison", "Comparison", compared});
  if (!all.runs.empty()) {
    tabs.push_back(
        {"overview", "Overview", overview_section(all.runs) + overlaid_curves(all.groups, detail)});
  }
  tabs.push_back({"settings", "Settings", all.runs.empty() ? "" : differences_section(all.runs)});
  const size_t used = size_of(tabs);
  const size_t room = used < kLargestPage ? kLargestPage - used : 0;
  tabs.push_back({"runs", "Run by run", runs_section(all.runs, detail, room)});
  return tabs;
}

std::string title_of(const Material& all) {
  if (all.comparisons.size() == 1) return all.comparisons[0].path.filename().string();
  if (all.runs.size() == 1) return all.runs[0].name;
  return std::to_string(all.runs.size()) + " runs";
}

std::string status_of(const Material& all, bool live) {
  if (live) return "<span class=\"status live\">training</span>";
  if (all.runs.size() != 1 || all.runs[0].finished()) return "";
  return std::string("<span class=\"status\">") +
         (all.runs[0].divergence.empty() ? "unfinished" : "diverged") + "</span>";
}

// What the header says of a run beside its name.
std::string subtitle_of(const Material& all) {
  if (all.comparisons.size() == 1)
    return counted(static_cast<double>(all.comparisons[0].rows.size()), "activation") + ", " +
           counted(static_cast<double>(all.runs.size()), "run");
  if (all.runs.size() != 1) return "";
  const std::string started = text(all.runs[0].record, "started");
  return (started.empty() ? "" : "started " + started + " · ") + all.runs[0].path.string();
}

std::string warnings_html(const Warnings& warnings) {
  constexpr size_t kMost = 20;
  if (warnings.empty()) return "";
  std::string html = "<aside class=\"warnings\"><b>Some files could not be read whole</b><ul>";
  for (size_t i = 0; i < std::min(warnings.size(), kMost); ++i)
    html += "<li>" + escape(warnings[i]) + "</li>";
  if (warnings.size() > kMost) html += "<li>… " + std::to_string(warnings.size() - kMost) + " more</li>";
  return html + "</ul></aside>\n";
}

// The script allowed by its digest and nothing else: markup that slipped in could not run.
std::string content_policy(bool live) {
  const std::string hex = sha256({as_bytes(assets::kPageJs)});
  std::vector<uint8_t> digest;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    digest.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" +
         to_base64(digest) + "'; base-uri 'none'; form-action 'none'; connect-src " +
         (live ? "'self'" : "'none'");
}

std::string head_of(const std::string& title, bool live) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
         escape(content_policy(live)) +
         "\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<link rel=\"icon\" href=\"data:,\">\n"
         "<title>" +
         escape(title) + " · actlab</title>\n<style>\n" + theme_css(":root") + std::string(assets::kPlotCss) +
         std::string(assets::kPageCss) + "</style>\n</head>\n";
}

std::string body_of(const Material& all, const std::vector<Tab>& tabs, int refresh_seconds) {
  std::string navigation;
  std::string sections;
  for (const auto& tab : tabs) {
    if (tab.html.empty()) continue;
    navigation += "<a role=\"tab\" href=\"#" + tab.id + "\">" + tab.name + "</a>";
    sections += "<section role=\"tabpanel\" data-tab=\"" + tab.id + "\"><h2 class=\"tabname\">" + tab.name +
                "</h2>\n" + tab.html + "</section>\n";
  }
  const std::string refresh =
      refresh_seconds > 0 ? " data-refresh=\"" + std::to_string(refresh_seconds) + "\"" : "";
  return "<body" + refresh + ">\n<header><div class=\"bar\"><div class=\"title\"><h1>" +
         escape(title_of(all)) + "</h1>" + status_of(all, refresh_seconds > 0) + "<p>" +
         escape(subtitle_of(all)) +
         "</p></div><button type=\"button\" id=\"theme\" title=\"light or dark\" aria-label=\"light or "
         "dark\">◐</button>"
         "</div></header>\n<nav role=\"tablist\"><div class=\"bar\">" +
         navigation + "</div></nav>\n<main>\n" + warnings_html(all.warnings) + sections +
         "</main>\n<footer>actlab " ACTLAB_VERSION
         "</footer>\n<div id=\"tip\" role=\"status\"></div>\n<script>" +
         std::string(assets::kPageJs) + "</script>\n</body>\n</html>\n";
}

// Names of run and comparison folders beside the one that was meant.
std::vector<std::string> siblings(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path parent = fs::absolute(folder).lexically_normal().parent_path();
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (is_reportable(entry.path())) names.push_back(entry.path().filename().string());
  }
  return names;
}

}  // namespace

bool is_reportable(const fs::path& folder) {
  return is_run(folder) || is_comparison(folder);
}

std::string similar_run(const fs::path& folder) {
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  return did_you_mean(named.filename().string(), siblings(named));
}

void check_folders(const std::vector<fs::path>& folders) {
  if (std::ranges::count_if(folders, is_comparison) > 0 && folders.size() > 1)
    throw Error(
        ExitStatus::kUsage,
        "a comparison has a report of its own: name it alone, since the means over its seeds are those of "
        "no other runs");
  for (const auto& folder : folders) {
    if (is_reportable(folder)) continue;
    std::error_code ignored;
    const std::string why = !fs::exists(folder, ignored) ? "does not exist"
                            : !fs::is_directory(folder, ignored)
                                ? "is no folder"
                                : "is no run directory: it holds neither config.yaml "
                                  "nor run.json nor compare.json";
    throw Error(ExitStatus::kUsage, folder.string() + " " + why + similar_run(folder));
  }
}

bool any_training(const std::vector<fs::path>& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [](const fs::path& folder) { return is_training(folder); });
}

std::string report_page(const std::vector<fs::path>& folders, int refresh_seconds,
                        std::vector<std::string>* unread) {
  check_folders(folders);
  const Material all = read_all(folders);
  if (unread != nullptr) *unread = all.warnings;
  const std::string head = head_of(title_of(all), refresh_seconds > 0);
  const bool single = all.runs.size() == 1 && all.comparisons.empty();
  const auto tabs_at = [&](const Detail& detail) {
    return single ? tabs_of_one(all.runs[0], detail) : tabs_of_many(all, detail);
  };
  Detail detail;
  if (all.runs.size() > kMostInFull) detail = detail.halved().halved();
  std::vector<Tab> tabs = tabs_at(detail);
  for (int attempt = 0; attempt < 5 && size_of(tabs) > kLargestPage; ++attempt) {
    detail = detail.halved();
    tabs = tabs_at(detail);
  }
  while (size_of(tabs) > kLargestPage) drop_largest(tabs);
  return head + body_of(all, tabs, refresh_seconds);
}

std::string waiting_page(const fs::path& folder, int refresh_seconds) {
  const std::string name = escape(folder.string());
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" "
         "content=\"" +
         std::to_string(refresh_seconds) +
         "\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>waiting for " + name +
         "</title>\n<p style=\"font-family: sans-serif\">Waiting for " + name + " to begin.</p>\n</html>\n";
}

fs::path default_report_path(const std::vector<fs::path>& folders) {
  return (folders.size() == 1 ? folders[0] : fs::current_path()) / run_files::kReport;
}

std::vector<std::string> write_report(const std::vector<fs::path>& folders, const fs::path& out) {
  std::vector<std::string> unread;
  with_memory_for("the report", [&] { write_file_atomically(out, report_page(folders, 0, &unread)); });
  return unread;
}

}  // namespace actlab
