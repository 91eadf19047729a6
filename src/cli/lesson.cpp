#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/command.h"
#include "cli/print.h"
#include "core/log.h"
#include "core/text.h"
#include "lesson/page.h"
#include "lesson/run.h"

namespace actlab {
namespace {

using nlohmann::ordered_json;

constexpr const char* kAll = "all";

Lesson load(const std::string& name, const std::vector<std::string>& overrides) {
  Problems problems;
  Lesson lesson = load_lesson(name, overrides, problems);
  problems.throw_if_any();
  return lesson;
}

ExitStatus list_lessons(const Invocation& invocation) {
  ordered_json list = ordered_json::array();
  for (const auto& name : lesson_names()) {
    const Lesson lesson = load(name, {});
    list.push_back({{"name", name}, {"claim", lesson.text.claim}, {"source", lesson.text.source}});
  }
  if (invocation.json()) {
    print_json(list);
    return ExitStatus::kDone;
  }
  size_t width = 0;
  for (const auto& row : list) width = std::max(width, row["name"].get_ref<const std::string&>().size());
  for (const auto& row : list) {
    std::printf("%-*s  %s\n", static_cast<int>(width), row["name"].get_ref<const std::string&>().c_str(),
                row["claim"].get_ref<const std::string&>().c_str());
  }
  return ExitStatus::kDone;
}

// All are read before the first is run: a typo shows at once.
std::vector<Lesson> asked_for(const Invocation& invocation) {
  std::vector<std::string> names;
  for (const auto& name : invocation.arguments) {
    const auto these = name == kAll ? lesson_names() : std::vector<std::string>{name};
    names.insert(names.end(), these.begin(), these.end());
  }
  std::vector<Lesson> lessons;
  std::set<std::string> pages;
  for (const auto& name : names) {
    lessons.push_back(load(name, invocation.overrides));
    if (!pages.insert(lessons.back().name).second && invocation.has("out"))
      throw Error(ExitStatus::kUsage,
                  "two lessons are called " + lessons.back().name + ": their pages cannot both be written");
  }
  return lessons;
}

std::string seconds_text(double seconds) {
  return formatted("%.1f s", seconds);
}

void print_count(const std::vector<LessonResult>& results, size_t missed) {
  double seconds = 0;
  for (const auto& result : results) seconds += result.seconds;
  const std::string time = seconds_text(seconds);
  if (missed == 0) {
    std::printf("%zu of %zu hold (%s)\n", results.size(), results.size(), time.c_str());
  } else {
    std::printf("%zu of %zu do not hold (%s)\n", missed, results.size(), time.c_str());
  }
}

ExitStatus run_lessons(const Invocation& invocation) {
  const auto lessons = asked_for(invocation);
  std::vector<LessonResult> results;
  for (const auto& lesson : lessons) {
    results.push_back(run_lesson(lesson));
    if (!invocation.json()) {
      std::printf("%s\n", terminal_text(results.back()).c_str());
      std::fflush(stdout);
    }
  }
  if (invocation.has("out")) write_pages(results, invocation.value("out"));
  size_t missed = 0;
  for (const auto& result : results) {
    for (const auto& miss : result.misses()) {
      log_error("lesson " + result.lesson.name + " does not hold: " + miss);
    }
    missed += result.holds() ? 0 : 1;
  }
  if (invocation.json()) {
    ordered_json list = ordered_json::array();
    for (const auto& result : results) list.push_back(to_json(result));
    print_json(list);
  } else {
    print_count(results, missed);
  }
  return missed == 0 ? ExitStatus::kDone : ExitStatus::kMissed;
}

std::string details_of_run() {
  std::string text =
      "NAME is a lesson, `all`, or a file of your own that ends with .yaml. Exit status 5 when a claim\n"
      "does not hold.\n"
      "\n"
      "A lesson is a config with a section `lesson`: claim, measure, expect. Measures:\n";
  for (const auto& measure : measure_section().types)
    text += "  " + measure.name + ": " + measure.help + "\n";
  return text +
         "\n"
         "Examples:\n"
         "  actlab lesson run all\n"
         "  actlab lesson run vanishing model.activation=tanh\n"
         "  actlab lesson run sigmoid_slope lesson.expect.steepest.at_most=0.2\n";
}

}  // namespace

Command lesson_command() {
  return {.name = "lesson",
          .summary = "check claims about activation functions by experiment",
          .actions = {{.name = "list", .summary = "names and claims", .run = list_lessons},
                      {.name = "run",
                       .arguments = "NAME... [key=value ...]",
                       .summary = "measure, and say whether each claim holds",
                       .details = details_of_run(),
                       .missing = "which? As in: actlab lesson run all, or actlab lesson run vanishing",
                       .min_arguments = 1,
                       .max_arguments = 1000,
                       .takes_overrides = true,
                       .computes = true,
                       .flags = {{"out", "FOLDER", "write a page with a plot for each lesson there"}},
                       .run = run_lessons}},
          .usual = "list"};
}

}  // namespace actlab
