#include "data/warnings.h"

#include <algorithm>

#include "core/text.h"

namespace actlab {
namespace {

// The classes that have examples in the part, and those that have none.
struct Occurrence {
  std::vector<int64_t> there;
  std::vector<int64_t> absent;
};

Occurrence occurrence_in(const Part& part) {
  std::vector<bool> seen(static_cast<size_t>(part.shape().classes));
  for (const int64_t label : part.labels()) seen[static_cast<size_t>(label)] = true;
  Occurrence found;
  for (size_t c = 0; c < seen.size(); ++c) {
    (seen[c] ? found.there : found.absent).push_back(static_cast<int64_t>(c));
  }
  return found;
}

// "0, 3 to 9", by their names where these are no numbers in order.
std::string list_of(const std::vector<int64_t>& classes, const std::vector<std::string>& names) {
  constexpr size_t kMost = 12;
  std::vector<std::string> words;
  for (size_t i = 0; i < classes.size();) {
    size_t end = i + 1;
    while (end < classes.size() && classes[end] == classes[end - 1] + 1) ++end;
    const auto name = [&](size_t at) { return names[static_cast<size_t>(classes[at])]; };
    words.push_back(end - i > 2 ? name(i) + " to " + name(end - 1) : name(i));
    i = end - i > 2 ? end : i + 1;
  }
  if (words.size() > kMost) {
    words.resize(kMost);
    words.emplace_back("...");
  }
  return join(words);
}

std::string keep_text(const std::vector<int64_t>& classes) {
  constexpr size_t kMost = 20;
  if (classes.size() > kMost) return "data.labels={keep: [...]}, which numbers those anew,";
  std::vector<std::string> words;
  for (const int64_t label : classes) words.push_back(std::to_string(label));
  return "data.labels='{keep: [" + join(words) + "]}'";
}

std::string absent_text(const DataParts& parts, const Occurrence& found, const std::string& part) {
  return std::to_string(found.absent.size()) + " of " + std::to_string(parts.class_names.size()) +
         " classes have no " + part + " example: " + list_of(found.absent, parts.class_names);
}

std::string advice(const Occurrence& found, const DataOptions& options, bool limited) {
  if (limited) {
    return "data.limit=" + std::to_string(options.limit) +
           " takes the first ones, and these data are sorted by class; raise it, or shuffle the files";
  }
  const bool all = options.labels.kind == LabelChoice::Kind::kAll;
  if (found.there.size() < 2) return "there is nothing to tell apart; are these the right files?";
  return all ? "the model has an output for each of them; " + keep_text(found.there) +
                   " trains on those that occur"
             : "data.labels names classes that these data do not have";
}

}  // namespace

std::vector<std::string> warnings_on(const DataParts& parts, const DataOptions& options) {
  std::vector<std::string> warnings;
  if (parts.train.labels().empty()) return warnings;
  const Occurrence found = occurrence_in(parts.train);
  const bool limited = options.limit > 0 && parts.train.size() + parts.validation.size() == options.limit;
  if (found.there.size() == 1) {
    warnings.push_back(
        "only class " + list_of(found.there, parts.class_names) + " is among the " +
        std::to_string(parts.train.size()) +
        " training examples, so every figure is worthless: " + advice(found, options, limited));
  } else if (!found.absent.empty()) {
    warnings.push_back(absent_text(parts, found, "training") + "; " + advice(found, options, limited));
  }
  const Occurrence tested = occurrence_in(parts.test);
  // Those without a training example have been named.
  if (tested.absent.size() > found.absent.size()) {
    warnings.push_back(absent_text(parts, tested, "test") + "; test figures say nothing of them");
  }
  return warnings;
}

}  // namespace actlab
