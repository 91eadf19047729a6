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
  page += "```sh\n" + command(lesson.asked) + "```\n\n";
  if (!result.measured.meaning.empty()) page += "Figures: " + result.measured.meaning + ".\n\n";
  page += figures_table(result) + "\n";
  for (const auto& note : result.measured.notes) page += "- " + note + "\n";
  if (!result.measured.notes.empty()) page += "\n";
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
      "A lesson is a config file with a section `lesson`; those of the library are in `configs/lessons`. "
      "Every key can be overridden, as in "
      "`lesson run vanishing model.activation=tanh`, and `lesson run FILE.yaml` runs one of your own, which "
      "`config check FILE.yaml` checks. With `--json` a lesson tells more: `spread`, the 5 and 95 % "
      "quantiles of "
      "each figure over the networks that are averaged, `layers`, the numbers of each hidden layer, and "
      "`notes`, "
      "which networks were left out and why. A published experiment on real data: "
      "`lesson run configs/experiments/nielsen_gradients.yaml`. These "
      "pages are written by `build/actlab lesson run all --out docs/lessons`.\n\n"
      "| lesson | claim | holds |\n|---|---|---|\n";
  for (const auto& result : results) {
    page += "| [" + result.lesson.name + "](" + result.lesson.name + ".md) | " +
            cell(result.lesson.text.claim) + " | " + (result.holds() ? "yes" : "**no**") + " |\n";
  }
  return page;
}

std::string without_dead_links(const std::string& text,
                               const std::function<bool(const std::string& page)>& is_there) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t open = text.find('[', at);
    const size_t middle = open == std::string::npos ? open : text.find("](", open);
    const size_t close = middle == std::string::npos ? middle : text.find(')', middle);
    if (close == std::string::npos) return out + text.substr(at);
    const std::string words = text.substr(open + 1, middle - open - 1);
    const std::string target = text.substr(middle + 2, close - middle - 2);
    const bool dead = target.ends_with(".md") && target.find("://") == std::string::npos && !is_there(target);
    out += text.substr(at, open - at);
    out += dead ? words : text.substr(open, close + 1 - open);
    at = close + 1;
  }
  return out;
}

void write_pages(const std::vector<LessonResult>& results, const std::filesystem::path& folder) {
  constexpr const char* kIndex = "README.md";
  make_folders(folder);
  const bool with_index = is_whole_library(results) || !std::filesystem::exists(folder / kIndex);
  const auto is_there = [&](const std::string& page) {
    return std::filesystem::exists(folder / page) || (with_index && page == kIndex) ||
           std::ranges::any_of(
               results, [&](const LessonResult& result) { return result.lesson.name + ".md" == page; });
  };
  for (const auto& result : results) {
    const std::string& name = result.lesson.name;
    write_file_atomically(folder / (name + ".md"), without_dead_links(lesson_page(result), is_there));
    write_file_atomically(folder / (name + ".svg"), svg_file(line_chart(result.measured.chart)));
  }
  if (with_index) write_file_atomically(folder / kIndex, lesson_index(results));
}

}  // namespace actlab
