#include "formula/text.h"

#include "core/number_text.h"

namespace actlab {
namespace {

using Level = FormulaLevel;
using Op = FormulaOp;

Level next(Level level) {
  return static_cast<Level>(static_cast<int>(level) + 1);
}

class Printer {
 public:
  explicit Printer(const Formula& formula) : formula_(formula) {}

  std::string print(size_t index) {
    print_step(index, Level::kComparison);
    if (text_.size() > kMaxTextLength) text_.replace(kMaxTextLength, std::string::npos, " ...");
    return std::move(text_);
  }

 private:
  void print_step(size_t index, Level least) {
    if (text_.size() > kMaxTextLength) return;
    const FormulaStep& step = formula_.steps[index];
    const bool parentheses = level_of(step) < least;
    if (parentheses) text_ += '(';
    print_bare(step);
    if (parentheses) text_ += ')';
  }

  static Level level_of(const FormulaStep& step) {
    if (step.op == Op::kNumber && number_text(step.number)[0] == '-') return Level::kSign;
    return formula_op(step.op).level;
  }

  void print_bare(const FormulaStep& step) {
    const FormulaOpInfo& info = formula_op(step.op);
    if (step.op == Op::kNumber) {
      text_ += number_text(step.number);
    } else if (step.op == Op::kParameter) {
      text_ += formula_.parameters[step.parameter];
    } else if (info.function) {
      print_call(step, info);
    } else if (info.arguments == 2) {
      print_operator(step, info);
    } else {
      text_ += info.text;
      // -(-x), though --x would read back as well.
      if (info.arguments == 1) print_step(step.arguments[0], Level::kPower);
    }
  }

  void print_call(const FormulaStep& step, const FormulaOpInfo& info) {
    text_ += info.text;
    text_ += '(';
    for (size_t i = 0; i < info.arguments; ++i) {
      if (i > 0) text_ += ", ";
      print_step(step.arguments[i], Level::kComparison);
    }
    text_ += ')';
  }

  // Comparisons do not chain, powers group from the right, the others from the left.
  void print_operator(const FormulaStep& step, const FormulaOpInfo& info) {
    const bool power = step.op == Op::kPower;
    const bool chains = !power && info.level != Level::kComparison;
    print_step(step.arguments[0], chains ? info.level : next(info.level));
    text_ += power ? info.text : ' ' + std::string(info.text) + ' ';
    print_step(step.arguments[1], power ? Level::kSign : next(info.level));
  }

  const Formula& formula_;
  std::string text_;
};

}  // namespace

std::string to_text(const Formula& formula, size_t step) {
  return Printer(formula).print(step);
}

std::string to_text(const Formula& formula) {
  return to_text(formula, formula.results[0]);
}

}  // namespace actlab
