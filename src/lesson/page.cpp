#include "lesson/page.h"

#include <algorithm>

#include "core/file.h"
#include "core/folder.h"
#include "lesson/library.h"
#include "plot/axis.h"
#include "plot/svg.h"

namespace actlab {
namespace {

std::string trimmed(const std::string& text) {
  return text.substr(0, text.find_last_not_of(" \n") + 1);
}

std::string section(const std::string& title, const std::string& text) {
  return text.empty() ? "" : "## " + title + "\n\n" + trimmed(text) + "\n\n";
}

// For a cell of a table.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : trimmed(text)) escaped += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  return escaped;
}

std::string command(const std::string& asked, const std::string& overrides = "") {
  return "build/actlab lesson run " + asked + (overrides.empty() ? "" : " " + overrides) + "\n";
}

bool is_whole_library(const std::vector<LessonResult>& results) {
  return std::ranges::all_of(lesson_files(), [&](const LessonFile& file) {
    return std::ranges::any_of(results,
                               [&](const LessonResult& result) { return result.lesson.name == file.name; });
  });
}

std::string figures_table(const LessonResult& result) {
  std::string table = "| figure | measured | expected | holds |\n|---|---|---|---|\n";
  for (const auto& [name, value] : result.measured.figures) {
    const Expectation* expectation = result.expected(name);
    table += "| " + cell(name) + " | " + figure(value) + " | ";
    if (expectation != nullptr) {
      table += expectation->text() + " | " + (expectation->holds(value) ? "yes" : "**no**") + " |\n";
    } else {
      table += "| |\n";
    }
  }
  return table;
}

}  // namespace

std::string lesson_page(const LessonResult& result) {
  const Lesson& lesson = result.lesson;
  std::string page = "# " + trimmed(lesson.text.claim) + "\n\n";
  page += section("Why", lesson.text.why);
  page += section("What is measured", lesson.text.method);
  page += "```sh\n" + command(lesson.asked) + "```\n\n" + figures_table(result) + "\n";
  page += "![" + result.measured.chart.title + "](" + lesson.name + ".svg)\n\n";
  if (!lesson.text.attempts.empty()) {
    page += "## Try\n\nChange something, and see what becomes of the figures and the claim:\n\n```sh\n";
    for (const auto& overrides : lesson.text.attempts) page += command(lesson.asked, overrides);
    page += "```\n\n";
  }
  return page + section("Source", lesson.text.source) + "[All lessons](README.md)\n";
}

std::string lesson_index(const std::vector<LessonResult>& results) {
  std::string page =
      "# Lessons\n\n"
      "What people say about activation functions, as checks that run: each lesson makes a claim, measures, "
      "and says whether the claim holds. No data are needed.\n\n"
      "```sh\n"
      "build/actlab lesson list\n"
      "build/actlab lesson run all\n"
      "```\n\n"
      "A lesson is a config file with a section `lesson`; those below are in "
      "[configs/lessons](../../configs/lessons). Every key can be overridden, as in "
      "`lesson run vanishing model.activation=tanh`, and `lesson run FILE.yaml` runs one of your own. These "
      "pages are written by `build/actlab lesson run all --out docs/lessons`.\n\n"
      "| lesson | claim | holds |\n|---|---|---|\n";
  for (const auto& result : results) {
    page += "| [" + result.lesson.name + "](" + result.lesson.name + ".md) | " +
            cell(result.lesson.text.claim) + " | " + (result.holds() ? "yes" : "**no**") + " |\n";
  }
  return page;
}

void write_pages(const std::vector<LessonResult>& results, const std::filesystem::path& folder) {
  make_folders(folder);
  for (const auto& result : results) {
    const std::string& name = result.lesson.name;
    write_file_atomically(folder / (name + ".md"), lesson_page(result));
    write_file_atomically(folder / (name + ".svg"), svg_file(line_chart(result.measured.chart)));
  }
  if (is_whole_library(results)) write_file_atomically(folder / "README.md", lesson_index(results));
}

}  // namespace actlab
