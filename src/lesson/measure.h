#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "lesson/lesson.h"
#include "plot/plot.h"

namespace actlab {

// What a measure found.
struct Measurement {
  std::vector<std::pair<std::string, double>> figures;  // by name, in the order of reading
  LineChart chart;
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
