#include "report/section_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/shell.h"
#include "core/text.h"
#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/section_curves.h"
#include "report/section_diagnosis.h"
#include "report/vital_signs.h"

namespace actlab::report {
namespace {

std::string activation_of(const Run& run) {
  std::string names;
  for (const auto& curve : run.activations) names += (names.empty() ? "" : ", ") + curve.name;
  return names.empty() ? run.setting("model.activation") : names;
}

std::string progress_of(const Run& run) {
  if (!run.divergence.empty()) return "until it diverged";
  const double done = run.epochs.last("epoch");
  const double planned = run.planned_epochs();
  if (run.epochs.rows == 0) return "before its first epoch";
  if (std::isfinite(planned) && done < planned)
    return "after " + figure(done, 9) + " of " + counted(planned, "epoch");
  return "after " + counted(done, "epoch");
}

double best_so_far(const Run& run) {
  double best = std::nan("");
  for (const double value : run.epochs[run.validation_column()])
    best = run.headline.larger_is_better ? std::fmax(best, value) : std::fmin(best, value);
  return best;
}

std::string findings_of(const Run& run) {
  if (run.verdicts.empty()) return run.diagnosed ? " The diagnosis found nothing to mend." : "";
  std::string text = run.verdicts.size() == 1
                         ? " The diagnosis has one finding: "
                         : " The diagnosis has " + std::to_string(run.verdicts.size()) + " findings: ";
  for (size_t i = 0; i < run.verdicts.size(); ++i) {
    if (i > 0) text += i + 1 == run.verdicts.size() ? " and " : ", ";
    text += spoken(run.verdicts[i].name);
  }
  return text + ".";
}

std::string headline_stat(const Run& run) {
  const Headline& headline = run.headline;
  if (run.evaluation && std::isfinite(run.evaluation->value)) {
    const Evaluation& result = *run.evaluation;
    return stat(titled(headline) + ", " + (result.split.empty() ? "test" : result.split),
                shown(headline, result.value),
                std::isfinite(result.low)
                    ? "95 % interval " + shown(headline, result.low) + " to " + shown(headline, result.high)
                    : "");
  }
  const double test = run.test_value();
  if (std::isfinite(test)) return stat(titled(headline) + ", test", shown(headline, test));
  const double best = best_so_far(run);
  if (!std::isfinite(best)) return "";
  return stat(titled(headline) + ", validation", shown(headline, run.epochs.last(run.validation_column())),
              "best so far " + shown(headline, best));
}

std::string loss_stat(const Run& run) {
  const double train = run.epochs.last("train_loss");
  const std::string note = std::isfinite(train) ? "training " + figure(train) : "";
  const double test = number(run.summary, "test_loss");
  if (std::isfinite(test)) return stat("Loss, test", figure(test), note);
  const double validation = run.epochs.last("validation_loss");
  if (std::isfinite(validation)) return stat("Loss, validation", figure(validation), note);
  return std::isfinite(train) ? stat("Loss, training", figure(train)) : "";
}

// "12.4 s", "3 min 12 s", "2 h 5 min"
std::string duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::clamp(seconds, 0.0, 1e9)));
  if (seconds < 60) return figure(seconds, 3) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string time_stat(const Run& run) {
  double seconds = number(run.summary, "seconds");
  if (!std::isfinite(seconds)) {
    seconds = 0;
    for (const double epoch : run.epochs["seconds"]) seconds += std::isfinite(epoch) ? epoch : 0;
  }
  if (!(seconds > 0)) return "";
  return stat("Time", duration(seconds),
              std::isfinite(run.speed()) ? compact(run.speed()) + " samples/s" : "");
}

std::string parameters_stat(const Run& run) {
  double parameters = number(run.record, "parameters");
  if (!std::isfinite(parameters)) parameters = number(run.summary, "parameters");
  return std::isfinite(parameters) ? stat("Parameters", compact(parameters), figure(parameters, 9)) : "";
}

std::string epochs_fact(const Run& run) {
  const double best = number(run.summary, "best_epoch");
  const double planned = run.planned_epochs();
  const double done = run.epochs.rows == 0 ? 0 : run.epochs.last("epoch");
  std::string text = std::isfinite(planned) && done < planned
                         ? figure(done, 9) + " of " + counted(planned, "epoch")
                         : counted(done, "epoch");
  return best >= 1 ? text + " (best: " + figure(best, 9) + ")" : text;
}

// What ran, in one line: "mlp · relu · adam, lr 0.001 · 10 epochs (best: 9) · cpu, 2 threads".
std::string facts_of(const Run& run) {
  std::vector<std::string> facts = {run.setting("model.type"), shorten(activation_of(run), 60)};
  const std::string rate = run.setting("optimizer.lr");
  facts.push_back(run.setting("optimizer.type") + (rate.empty() ? "" : ", lr " + rate));
  facts.push_back(epochs_fact(run));
  const double threads = number(run.record, "threads");
  facts.push_back(text(run.record, "device") +
                  (std::isfinite(threads) ? ", " + counted(threads, "thread") : ""));
  std::erase(facts, "");
  return paragraph(join(facts, " · "), "facts");
}

std::string without_resume(const std::string& command) {
  std::vector<std::string> words = shell_words(command);
  for (auto word = words.begin(); word != words.end();) {
    const bool before_value = *word == "--resume" && word + 1 != words.end();
    if (before_value || word->starts_with("--resume=")) {
      word = words.erase(word, word + (before_value ? 2 : 1));
    } else {
      ++word;
    }
  }
  return shell_text(words);
}

// What trains it afresh: the command of the latest start, which may have asked for more epochs than those
// before, without what made it a continuation.
std::string command_of(const Run& run) {
  std::string command = text(run.record, "command");
  const Json& starts = member(run.record, "starts");
  if (starts.is_array() && !starts.empty() && !text(starts.back(), "command").empty())
    command = text(starts.back(), "command");
  command = without_resume(command);
  return command.empty() ? "" : "<p class=\"again\">To train it again: " + copyable(command) + "</p>\n";
}

// " gets 98.49 % of the test examples right after 10 epochs"
std::string reached(const Run& run, double value, const std::string& split) {
  const std::string where = " the " + split + " examples ";
  if (run.headline.name == "accuracy")
    return " gets " + shown(run.headline, value) + " of" + where + "right " + progress_of(run);
  return " has " + run.headline.name + " " + shown(run.headline, value) + " on" + where + progress_of(run);
}

// "; 151 of 10000 are wrong"
std::string wrong_of(const Run& run) {
  if (!run.evaluation || run.headline.name != "accuracy") return "";
  const double wrong = std::round(run.evaluation->examples * (1 - run.evaluation->value));
  if (!std::isfinite(wrong)) return "";
  return "; " + figure(wrong, 9) + " of " + figure(run.evaluation->examples, 9) + " are wrong";
}

}  // namespace

std::string in_plain_words(const Run& run) {
  const std::string model = run.setting("model.type");
  const std::string activation = activation_of(run);
  std::string text = model.empty() ? "This run" : model;
  if (!activation.empty()) text += " with " + shorten(activation, 60);
  const std::string data = run.data_name();
  if (!data.empty()) text += " on " + data;
  const double test = run.test_value();
  if (std::isfinite(test)) {
    text += reached(run, test, run.evaluation ? run.evaluation->split : "test") + wrong_of(run);
  } else if (run.epochs.has(run.validation_column())) {
    text += reached(run, run.epochs.last(run.validation_column()), "validation");
  } else {
    text += ", " + progress_of(run);
  }
  if (!run.divergence.empty())
    text += ". Why: " + shorten(run.divergence.substr(0, run.divergence.find('\n')), 300);
  return text + (text.ends_with('.') ? "" : ".") + findings_of(run);
}

std::string stats_of(const Run& run) {
  return "<div class=\"stats\">" + headline_stat(run) + loss_stat(run) + time_stat(run) +
         parameters_stat(run) + "</div>\n" + facts_of(run) + command_of(run);
}

std::string summary_section(const Run& run, const std::string& id, const Detail& detail) {
  const std::string curves = headline_curves(run, id + "-short", detail);
  const std::string lead = paragraph(in_plain_words(run), "lead");
  // What went wrong and what would help, before figures that it has few of.
  if (!run.divergence.empty()) return lead + curves + verdict_cards(run) + stats_of(run);
  return lead + stats_of(run) + verdict_cards(run) + network_strip(run) + curves;
}

}  // namespace actlab::report
