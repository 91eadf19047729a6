#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/detail.h"
#include "rundir/history.h"

// What an examination measures of each layer, as charts: where a verdict begins, what counts as ordinary.
namespace actlab::report {

// Where verdicts begin: those of diagnose/verdict.h (a test holds them equal), which a reader of run
// directories does not include.
namespace limits {
inline constexpr double kGradientSpan = 1e3;
inline constexpr double kDead = 0.2;
inline constexpr double kSaturated = 0.5;
inline constexpr double kOffCentre = 1;
inline constexpr double kOneSignExamples = 0.9;
inline constexpr double kOneSignBatch = 0.5;
inline constexpr double kLargeUpdate = 0.1;
inline constexpr double kSmallUpdate = 1e-6;
}  // namespace limits

struct Measure {
  const char* key;
  const char* title;
  const char* meaning;
  bool percent = false;
  bool log = false;
  // Of the colours and the axes: at least so far, whatever the data are.
  double low = 0;
  double high = 1;
  std::optional<double> below = {};  // where a verdict begins
  std::optional<double> above = {};
};

// The three that say most, then the others.
const std::vector<Measure>& leading_measures();
const std::vector<Measure>& further_measures();

// Beside what a layer's record holds: "gradient", the size of delta over that in the last layer, and
// "beyond_zeros", what is saturated and not exactly zero, for activations that are bounded. NaN where
// undefined.
double measured(const Examination& examination, size_t layer, const std::string& key);

// The layers' names in the order of the network: of the longest examination.
std::vector<std::string> layers_of(const Run& run);

// Few enough that a line each tells them apart.
bool few_layers(const Run& run);

// Lines over the examinations where the layers are few, else a heat map; "" where nothing was measured.
std::string measure_card(const Run& run, const Measure& measure, const std::string& id, const Detail& detail);

// Lines over the examinations where the layers are few, else over the depth, before training and after;
// `keys` of one unit in one chart, the first of them solid. "" where nothing was measured.
std::string leading_chart(const Run& run, const Measure& measure, const std::vector<std::string>& keys,
                          const std::string& id, const Detail& detail);

}  // namespace actlab::report
