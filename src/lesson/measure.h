#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "lesson/lesson.h"
#include "plot/plot.h"

namespace actlab {

// Between which values nine in ten of several networks lie, and how many there were.
struct Spread {
  double low = 0;   // the 5 % quantile
  double high = 0;  // the 95 % quantile
  int64_t draws = 0;
};

// A number of each hidden layer, in the order of the forward pass: means over networks, and the 5 % and 95 %
// quantiles, or none of them for what theory says.
struct LayerValues {
  std::string name = {};
  std::vector<double> mean = {};
  std::vector<double> low = {};
  std::vector<double> high = {};
};

// What a measure found.
struct Measurement {
  std::vector<std::pair<std::string, double>> figures = {};  // by name, in the order of reading
  LineChart chart = {};
  std::string meaning = {};                   // what the figures are, where their names do not say it
  std::map<std::string, Spread> spread = {};  // of figures that are means over several networks
  std::vector<LayerValues> layers = {};
  std::vector<std::string> notes = {};  // what else there is to know: networks that were left out
};

// A row of the table in measures.cpp: a way to measure something that lessons make claims about.
struct Measure {
  ComponentType component;  // name, what it measures and which figures it gives, its options
  bool network;             // whether it takes the networks that the lesson describes
  // `options`: the resolved section `lesson.measure`. Throws Error (4) when a network diverges in training.
  Measurement (*run)(const Node& options, const std::vector<Variant>& networks);
};

// The section `lesson.measure`: a row a measure.
ComponentSection measure_section();

// The row that a section names; nullptr when there is none.
const Measure* find_measure(const Node& measure);

// The name of a figure: the measure's, with the variant's before it where there are several networks.
std::string figure_name(const Variant& variant, const std::string& figure);

}  // namespace actlab
