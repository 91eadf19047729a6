#include "formula/parser.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/number_text.h"
#include "core/suggest.h"
#include "core/text.h"
#include "formula/steps.h"

namespace actlab {
namespace {

using Op = FormulaOp;

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// What people write instead, and what it is called here.
struct Synonym {
  std::string_view wrong;
  const char* right;
};
constexpr Synonym kSynonyms[] = {
    {"ln", "log"},
    {"pow", "a^b"},
    {"if", "where(condition, a, b)"},
    {"fabs", "abs"},
    {"logistic", "sigmoid"},
    {"maximum", "max"},
    {"minimum", "min"},
    {"sgn", "sign"},
    {"tan", "sin(a) / cos(a)"},
    {"log_sigmoid", "-softplus(-a)"},
    {"silu", "a * sigmoid(a)"},
    {"gelu", "a * Phi(a)"},
};
constexpr Synonym kWrongSymbols[] = {
    {"**", "'^' is the power"},
    {"=", "'==' compares"},
    {"|", "the absolute value is abs(a)"},
    {"&", "multiply comparisons: (a > 0) * (a < 1)"},
    {"?", "write where(condition, a, b)"},
    {"[", "write '('"},
    {"{", "write '('"},
    {"!", "'!=' compares"},
};

const FormulaOpInfo* find_op(std::string_view name, bool function) {
  for (const auto& info : formula_ops()) {
    if (info.text == name && info.function == function && (function || info.arguments == 0)) return &info;
  }
  return nullptr;
}

std::vector<std::string> function_names() {
  std::vector<std::string> names;
  for (const auto& info : formula_ops()) {
    if (info.function) names.emplace_back(info.text);
  }
  return names;
}

class Parser {
 public:
  Parser(const std::string& text, const std::vector<std::string>& parameters)
      : text_(text), parameters_(parameters) {}

  Formula parse() {
    if (text_.size() > kMaxFormulaLength) {
      throw FormulaError("the formula has " + std::to_string(text_.size()) + " characters; at most " +
                         std::to_string(kMaxFormulaLength) + " are allowed");
    }
    skip_spaces();
    if (at_end()) throw FormulaError("the formula is empty; write a function of x, such as x * sigmoid(x)");
    const size_t root = comparison();
    if (!at_end()) fail_after_value();
    return steps_.formula({root}, parameters_);
  }

 private:
  // One more level of nesting, as long as it lives.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaxFormulaDepth) {
        parser_.fail("nested deeper than " + std::to_string(kMaxFormulaDepth) + " levels");
      }
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  struct Comparison {
    std::string_view text;
    Op op;
  };

  const Comparison* comparison_here() const {
    static constexpr Comparison kComparisons[] = {{"<=", Op::kLessEqual}, {">=", Op::kGreaterEqual},
                                                  {"==", Op::kEqual},     {"!=", Op::kNotEqual},
                                                  {"<", Op::kLess},       {">", Op::kGreater}};
    for (const auto& comparison : kComparisons) {
      if (at(comparison.text)) return &comparison;
    }
    return nullptr;
  }

  size_t comparison() {
    const size_t left = sum();
    const Comparison* found = comparison_here();
    if (found == nullptr) return left;
    skip(found->text.size());
    const size_t right = sum();
    if (comparison_here()) fail("comparisons do not chain; multiply them: (0 < x) * (x < 1)");
    return steps_.add(found->op, left, right);
  }

  size_t sum() {
    size_t left = product();
    while (at("+") || at("-")) {
      const Op op = at("+") ? Op::kAdd : Op::kSubtract;
      skip(1);
      left = steps_.add(op, left, product());
    }
    return left;
  }

  size_t product() {
    size_t left = sign();
    while ((at("*") && !at("**")) || at("/")) {
      const Op op = at("*") ? Op::kMultiply : Op::kDivide;
      skip(1);
      left = steps_.add(op, left, sign());
    }
    return left;
  }

  size_t sign() {
    if (!at("-")) return power();
    const Deeper deeper(*this);
    skip(1);
    const size_t value = sign();
    return steps_.is_number(value) ? steps_.number(-steps_[value].number) : steps_.add(Op::kNegate, value);
  }

  size_t power() {
    const size_t base = atom();
    if (!at("^")) return base;
    const Deeper deeper(*this);
    skip(1);
    return steps_.add(Op::kPower, base, sign());
  }

  size_t atom() {
    if (at_end()) fail("the formula ends where a value should follow");
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return number();
    if (starts_name(c)) return named();
    if (c != '(') fail("expected a value, not " + here() + hint());
    const Deeper deeper(*this);
    const size_t open = at_;
    skip(1);
    const size_t value = comparison();
    close(open);
    return value;
  }

  size_t number() {
    double value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) {
      fail("the number " + std::string(begin, end) + " is out of range");
    }
    if (error != std::errc()) fail("expected a number, not " + here());
    at_ += static_cast<size_t>(end - begin);
    skip_spaces();
    return steps_.number(value);
  }

  size_t named() {
    const size_t start = at_;
    while (!at_end() && (starts_name(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string name = text_.substr(start, at_ - start);
    skip_spaces();
    return at("(") ? call(name, start) : value_of(name, start);
  }

  size_t value_of(const std::string& name, size_t start) {
    const auto parameter = std::find(parameters_.begin(), parameters_.end(), name);
    if (parameter != parameters_.end()) {
      FormulaStep step;
      step.op = Op::kParameter;
      step.parameter = static_cast<size_t>(parameter - parameters_.begin());
      return steps_.add(step);
    }
    if (const auto* info = find_op(name, /*function=*/false)) return steps_.add(info->op);
    if (const auto* info = find_op(name, /*function=*/true)) {
      throw FormulaError(start, "'" + name + "' is a function; give it " + arguments_text(*info));
    }
    std::vector<std::string> names = {"x"};
    names.insert(names.end(), parameters_.begin(), parameters_.end());
    names.insert(names.end(), {"pi", "e"});
    throw FormulaError(start, "unknown name '" + name + "'" + did_you_mean(name, names) + " (" +
                                  known_names(names) + ")" +
                                  "; a parameter is named beside the formula: parameters: {" + name + ": 1}");
  }

  size_t call(const std::string& name, size_t start) {
    const FormulaOpInfo* info = find_op(name, /*function=*/true);
    if (info == nullptr) fail_unknown_function(name, start);
    const Deeper deeper(*this);
    const size_t open = at_;
    skip(1);
    std::vector<size_t> arguments;
    if (!at(")")) arguments.push_back(comparison());
    while (at(",")) {
      skip(1);
      arguments.push_back(comparison());
    }
    close(open);
    if (arguments.size() != info->arguments) {
      throw FormulaError(start, "'" + name + "' takes " + arguments_text(*info) + ", not " +
                                    std::to_string(arguments.size()));
    }
    arguments.resize(3);
    check_bounds(*info, arguments, start);
    return steps_.add(info->op, arguments[0], arguments[1], arguments[2]);
  }

  void check_bounds(const FormulaOpInfo& info, const std::vector<size_t>& arguments, size_t start) const {
    if (info.op != Op::kClamp) return;
    if (!steps_.is_number(arguments[1]) || !steps_.is_number(arguments[2])) return;
    if (steps_[arguments[1]].number <= steps_[arguments[2]].number) return;
    throw FormulaError(start, "'clamp' takes a value, its lower bound and its upper bound, in this order");
  }

  [[noreturn]] void fail_unknown_function(const std::string& name, size_t start) const {
    const auto& known = parameters_;
    if (find_op(name, /*function=*/false) || std::find(known.begin(), known.end(), name) != known.end()) {
      throw FormulaError(start, "'" + name + "' is not a function; write " + name + " * (...) to multiply");
    }
    for (const auto& synonym : kSynonyms) {
      if (synonym.wrong == name) {
        throw FormulaError(start, "unknown function '" + name + "'; write " + synonym.right);
      }
    }
    const auto names = function_names();
    throw FormulaError(start, unknown_name("function", name, names, "docs/formulas.md"));
  }

  static std::string arguments_text(const FormulaOpInfo& info) { return counted(info.arguments, "argument"); }

  // The parenthesis that was opened there.
  void close(size_t open) {
    if (at(")")) return skip(1);
    if (at_end()) throw FormulaError(open, "this '(' is never closed");
    fail_after_value();
  }

  [[noreturn]] void fail_after_value() const {
    if (at(")")) fail("')' without a '('");
    const bool value = starts_name(text_[at_]) || is_digit(text_[at_]) || at("(") || at(".");
    if (value) fail("expected an operator before " + here() + "; multiplication is written *");
    fail("unexpected " + here() + hint());
  }

  std::string hint() const {
    for (const auto& symbol : kWrongSymbols) {
      if (at(symbol.wrong)) return std::string("; ") + symbol.right;
    }
    return "";
  }

  // The character at the cursor, for messages: UTF-8 as a whole, what cannot be printed by its number.
  std::string here() const {
    if (at_end()) return "the end";
    const auto byte = static_cast<unsigned char>(text_[at_]);
    const size_t size = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    bool printable = byte >= 0x20 && byte != 0x7f && (byte < 0x80 || (byte >= 0xc2 && byte < 0xf5));
    for (size_t i = 1; i < size; ++i) {
      printable = printable && at_ + i < text_.size() && (text_[at_ + i] & 0xc0) == 0x80;
    }
    return printable ? "'" + text_.substr(at_, size) + "'" : "byte " + std::to_string(byte);
  }

  [[noreturn]] void fail(const std::string& message) const { throw FormulaError(at_, message); }

  bool at_end() const { return at_ >= text_.size(); }
  bool at(std::string_view symbol) const { return text_.compare(at_, symbol.size(), symbol) == 0; }

  // Goes on behind a symbol of that size, and the spaces behind it.
  void skip(size_t size) {
    at_ += size;
    skip_spaces();
  }
  void skip_spaces() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  const std::string& text_;
  const std::vector<std::string>& parameters_;
  FormulaSteps steps_;
  size_t at_ = 0;
  size_t depth_ = 0;
};

void check_parameter_names(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    const std::string quoted = "parameter '" + *name + "'";
    const bool identifier =
        !name->empty() && starts_name(name->front()) &&
        std::all_of(name->begin(), name->end(), [](char c) { return starts_name(c) || is_digit(c); });
    if (!identifier) {
      throw FormulaError(quoted + ": a name has letters, digits and _, and starts with no digit");
    }
    if (find_op(*name, false) || find_op(*name, true)) {
      throw FormulaError(quoted + ": the name is taken; choose one that is not x, a constant or a function");
    }
    if (std::find(names.begin(), name, *name) != name) throw FormulaError(quoted + " is given twice");
  }
}

void check_all_used(const Formula& formula) {
  std::vector<bool> used(formula.parameters.size());
  bool x = false;
  for (const auto& step : formula.steps) {
    if (step.op == Op::kParameter) used[step.parameter] = true;
    if (step.op == Op::kX) x = true;
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i])
      throw FormulaError("parameter '" + formula.parameters[i] + "' does not occur in the formula");
  }
  if (!x) throw FormulaError("x does not occur in the formula: it is the input of the activation");
}

}  // namespace

Formula parse_formula(const std::string& text, const std::vector<std::string>& parameters) {
  check_parameter_names(parameters);
  Formula formula = Parser(text, parameters).parse();
  check_all_used(formula);
  return formula;
}

}  // namespace actlab
