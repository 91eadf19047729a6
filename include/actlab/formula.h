#pragma once

#include <actlab/api.h>

#include <map>
#include <memory>
#include <string>

// Needs no header of LibTorch.
namespace actlab {
inline namespace v0 {

// A function of x written as text, with its exact derivative; docs/formulas.md has the language. As a module
// that trains: make_activation.
class ACTLAB_API ScalarFormula {
 public:
  // `parameters`: names in the text, with their values: {{"b", 1.702}} for "x * sigmoid(b * x)". Throws Error
  // (2) that says where the mistake is.
  explicit ScalarFormula(const std::string& text, const std::map<std::string, double>& parameters = {});

  double operator()(double x) const;
  double derivative(double x) const;

  // As text that this class reads.
  std::string text() const;
  std::string derivative_text() const;

 private:
  struct ACTLAB_HIDDEN Parts;

  std::shared_ptr<const Parts> parts_;
};

}  // namespace v0
}  // namespace actlab
