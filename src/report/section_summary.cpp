#include <cmath>

#include "plot/axis.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/sections.h"

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

double best_accuracy(const Run& run) {
  double best = std::nan("");
  for (const double accuracy : run.epochs["validation_accuracy"]) best = std::fmax(best, accuracy);
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

std::string accuracy_stat(const Run& run) {
  if (run.evaluation && std::isfinite(run.evaluation->accuracy)) {
    const Evaluation& result = *run.evaluation;
    return stat("Accuracy, " + (result.split.empty() ? "test" : result.split), percent(result.accuracy),
                std::isfinite(result.low)
                    ? "95 % interval " + percent(result.low) + " to " + percent(result.high)
                    : "");
  }
  const double test = number(run.summary, "test_accuracy");
  if (std::isfinite(test)) return stat("Accuracy, test", percent(test));
  return stat("Accuracy, validation", percent(run.epochs.last("validation_accuracy")),
              std::isfinite(best_accuracy(run)) ? "best so far " + percent(best_accuracy(run)) : "");
}

std::string loss_stat(const Run& run) {
  const double train = run.epochs.last("train_loss");
  const std::string note = std::isfinite(train) ? "training " + figure(train) : "";
  const double test = number(run.summary, "test_loss");
  if (std::isfinite(test)) return stat("Loss, test", figure(test), note);
  const double validation = run.epochs.last("validation_loss");
  if (std::isfinite(validation)) return stat("Loss, validation", figure(validation), note);
  return stat("Loss, training", figure(train));
}

std::string epochs_stat(const Run& run) {
  const double best = number(run.summary, "best_epoch");
  const double planned = run.planned_epochs();
  const double done = run.epochs.rows == 0 ? 0 : run.epochs.last("epoch");
  std::string value = figure(done, 9);
  if (std::isfinite(planned) && done < planned) value += " / " + figure(planned, 9);
  return stat("Epochs", value, best >= 1 ? "best: " + figure(best, 9) : "");
}

}  // namespace

std::string in_plain_words(const Run& run) {
  const std::string model = run.setting("model.type");
  const std::string activation = activation_of(run);
  std::string text = model.empty() ? "This run" : model;
  if (!activation.empty()) text += " with " + shorten(activation, 60);
  if (!run.setting("data.type").empty()) text += " on " + run.setting("data.type");
  if (run.evaluation && std::isfinite(run.evaluation->accuracy)) {
    const double wrong = std::round(run.evaluation->examples * (1 - run.evaluation->accuracy));
    text += " gets " + percent(run.evaluation->accuracy) + " of the " + run.evaluation->split +
            " examples right " + progress_of(run);
    if (std::isfinite(wrong))
      text += "; " + figure(wrong, 9) + " of " + figure(run.evaluation->examples, 9) + " are wrong";
  } else if (std::isfinite(number(run.summary, "test_accuracy"))) {
    text += " gets " + percent(number(run.summary, "test_accuracy")) + " of the test examples right " +
            progress_of(run);
  } else if (run.epochs.has("validation_accuracy")) {
    text += " gets " + percent(run.epochs.last("validation_accuracy")) +
            " of the validation examples right " + progress_of(run);
  } else {
    text += ", " + progress_of(run);
  }
  if (!run.divergence.empty())
    text += ". Why: " + shorten(run.divergence.substr(0, run.divergence.find('\n')), 300);
  return text + (text.ends_with('.') ? "" : ".") + findings_of(run);
}

std::string stats_of(const Run& run) {
  std::string html = accuracy_stat(run) + loss_stat(run) + epochs_stat(run);
  double speed = number(run.summary, "samples_per_second");
  if (!std::isfinite(speed)) speed = run.epochs.last("samples_per_second");
  html += stat("Samples a second", compact(speed), "training only");
  const std::string device = text(run.record, "device");
  const std::string threads = text(run.record, "threads");
  html += stat("Device", device.empty() ? "–" : device,
               threads.empty() ? "" : threads + (threads == "1" ? " thread" : " threads"));
  html += stat("Model", run.setting("model.type").empty() ? "–" : run.setting("model.type"),
               run.setting("optimizer.type"));
  html += stat("Activation", shorten(activation_of(run).empty() ? "–" : activation_of(run), 40));
  const double parameters = number(run.summary, "parameters");
  if (std::isfinite(parameters)) html += stat("Parameters", compact(parameters), figure(parameters, 9));
  return "<div class=\"stats\">" + html + "</div>\n";
}

std::string summary_section(const Run& run, const std::string& id, const Detail& detail) {
  return paragraph(in_plain_words(run), "lead") + stats_of(run) + verdict_cards(run) +
         headline_curves(run, id + "-short", detail);
}

}  // namespace actlab::report
