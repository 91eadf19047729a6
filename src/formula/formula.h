#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "core/error.h"

// Activation functions written as text, such as "x * sigmoid(b * x)". docs/formulas.md describes the
// language.
namespace actlab {

constexpr size_t kMaxFormulaLength = 4096;  // characters
constexpr size_t kMaxTextLength = 32768;
constexpr size_t kMaxFormulaDepth = 200;  // of parentheses, calls, signs and powers in each other

// A mistake in a formula's text; the message begins with its place, counted from 1.
class FormulaError : public Error {
 public:
  FormulaError(size_t offset, const std::string& message)
      : Error(ExitStatus::kUsage, "at character " + std::to_string(offset + 1) + ": " + message),
        offset_(offset) {}

  // A mistake of the formula as a whole.
  explicit FormulaError(const std::string& message) : Error(ExitStatus::kUsage, message) {}

  // Bytes before the mistake; 0 where it is no single place.
  size_t offset() const noexcept { return offset_; }

 private:
  size_t offset_ = 0;
};

enum class FormulaOp {
  kNumber,
  kPi,
  kE,
  kX,
  kParameter,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kNegate,
  kPower,
  kExp,
  kLog,
  kLog1p,
  kExpm1,
  kSqrt,
  kAbs,
  kSign,
  kSin,
  kCos,
  kTanh,
  kSigmoid,
  kErf,
  kPhi,
  kRelu,
  kSoftplus,
  kSquare,
  kMin,
  kMax,
  kClamp,
  kWhere,
};

// How tightly an operation binds; what stands at a place that asks for more needs parentheses.
enum class FormulaLevel { kComparison, kSum, kProduct, kSign, kPower, kAtom };

// A row for each FormulaOp.
struct FormulaOpInfo {
  FormulaOp op;
  const char* text;  // "+", "sigmoid"
  size_t arguments;
  FormulaLevel level;
  bool function;                                     // written text(argument, ...)
  double (*evaluate)(double a, double b, double c);  // of as many as there are; nullptr without arguments
};

const FormulaOpInfo& formula_op(FormulaOp op);
const std::vector<FormulaOpInfo>& formula_ops();  // in the order of FormulaOp

// One operation on the values of earlier steps.
struct FormulaStep {
  FormulaOp op = FormulaOp::kNumber;
  std::array<size_t, 3> arguments = {};  // as many as formula_op(op).arguments; indices of earlier steps
  double number = 0;                     // kNumber; may be negative
  size_t parameter = 0;                  // kParameter: index into Formula::parameters

  bool operator==(const FormulaStep&) const = default;
};

// A function of x and its parameters as a list of steps, each computed once however often the text says it.
struct Formula {
  std::vector<FormulaStep> steps;
  std::vector<size_t> results;  // indices of steps: one of a parsed formula, several of with_derivatives
  std::vector<std::string> parameters;

  bool operator==(const Formula&) const = default;
};

// The value of every step, in double; `parameters` in the order of formula.parameters.
std::vector<double> evaluate_steps(const Formula& formula, double x, const std::vector<double>& parameters);

// The value of the first result.
double evaluate(const Formula& formula, double x, const std::vector<double>& parameters = {});

// For each step, whether it depends on x.
std::vector<bool> steps_with_x(const Formula& formula);

}  // namespace actlab
