#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diagnose/record.h"
#include "lesson/measure.h"

namespace actlab {

// At a share of the way from the smallest of some values to the largest, interpolated between neighbours;
// undefined of none.
double quantile(std::vector<double> values, double share);

// From the 5 % to the 95 % quantile of values; those that are not finite are left out.
Spread spread_of(const std::vector<double>& values);

// A number of each layer in several networks that differ by their seeds. A layer that has a value in one of
// them should have one in all: a network that lacks one, because it is dead, say, is left out of all means.
class Draws {
 public:
  enum class Reference { kNone, kFirst, kLast };
  // With a reference, values are ratios to that layer's, and means are geometric.
  explicit Draws(Reference reference = Reference::kNone) : reference_(reference) {}

  void add(const std::vector<double>& layers);

  // Whether each network has all values.
  std::vector<bool> complete() const;
  // Over the networks that are `used`, a number a layer; undefined where none has one.
  LayerValues values(const std::string& name, const std::vector<bool>& used) const;
  // Of one network, a number a layer.
  std::vector<double> of(size_t draw) const;

 private:
  bool relative() const { return reference_ != Reference::kNone; }

  Reference reference_;
  std::vector<std::vector<double>> draws_;  // logarithms of ratios where there is a reference
};

// Why an examined network may have no value somewhere: "all units of act2 are dead".
std::string what_ails(const Examination& examination);

// "2 of 5 networks are left out of ratio: with seed 3 all units of act2 are dead; ..."; empty when all are
// used. `why` has a text a network, the first of which has the seed `seed`.
std::string left_out_text(const std::string& figure, const std::vector<bool>& used,
                          const std::vector<std::string>& why, int64_t seed);

}  // namespace actlab
