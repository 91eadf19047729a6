#include "lesson/expectation.h"

#include <cmath>
#include <cstdio>

#include "plot/axis.h"

namespace actlab {
namespace {

struct ExpectationFields {
  double at_least = 0;
  double at_most = 0;
  double equals = 0;
  double tolerance = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("at_least", at_least, "the smallest value that is right");
    v("at_most", at_most, "the largest value that is right");
    v("equals", equals, "the only value that is right");
    v("tolerance", tolerance, "how far beyond these a value may lie", actlab::at_least(0));
  }
};

std::optional<double> given(const Node& node, const char* key, double value) {
  return node.find(key) != nullptr ? std::optional(value) : std::nullopt;
}

}  // namespace

bool Expectation::holds(double value) const {
  if (!std::isfinite(value)) return false;
  if (equals) return std::abs(value - *equals) <= tolerance;
  return (!at_least || value >= *at_least - tolerance) && (!at_most || value <= *at_most + tolerance);
}

std::string Expectation::text() const {
  const std::string margin = tolerance > 0 ? " ± " + figure(tolerance) : "";
  if (equals) return figure(*equals) + margin;
  if (at_least && at_most) return figure(*at_least) + " to " + figure(*at_most) + margin;
  return at_least ? "at least " + figure(*at_least) + margin
                  : "at most " + figure(at_most.value_or(0)) + margin;
}

void read_value(const Node& node, Expectation& out, const ReadContext& context) {
  ExpectationFields fields;
  const size_t before = context.problems.size();
  read_fields(node, fields, context);
  if (context.problems.size() != before) return;
  Expectation read{given(node, "at_least", fields.at_least), given(node, "at_most", fields.at_most),
                   given(node, "equals", fields.equals), fields.tolerance};
  if (!read.at_least && !read.at_most && !read.equals) {
    return context.fail(node, "give one of: {at_least: X}, {at_most: X}, {equals: X}");
  }
  if (read.equals && (read.at_least || read.at_most)) {
    return context.fail(node, "give `equals`, or bounds with `at_least` and `at_most`, not both");
  }
  if (read.at_least && read.at_most && *read.at_least > *read.at_most) {
    return context.fail(node, "at_least is above at_most, which no value can keep");
  }
  out = read;
}

nlohmann::ordered_json to_json(const Expectation& expectation) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (expectation.at_least) json["at_least"] = *expectation.at_least;
  if (expectation.at_most) json["at_most"] = *expectation.at_most;
  if (expectation.equals) json["equals"] = *expectation.equals;
  json["tolerance"] = expectation.tolerance;
  return json;
}

}  // namespace actlab
