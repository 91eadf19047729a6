#include "formula/vector.h"

#include <cmath>
#include <numbers>

// The C library has these for whole vectors too (libmvec of glibc, at most 4 units in the last place off),
// but its headers say so only under -ffast-math, which has no NaN.
// clang knows no such declarations; what it builds is right and slower.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define ACTLAB_VECTOR __attribute__((simd("notinbranch"), const))
extern "C" {
ACTLAB_VECTOR float expf(float) noexcept;
ACTLAB_VECTOR float logf(float) noexcept;
ACTLAB_VECTOR float log1pf(float) noexcept;
ACTLAB_VECTOR float expm1f(float) noexcept;
ACTLAB_VECTOR float sinf(float) noexcept;
ACTLAB_VECTOR float cosf(float) noexcept;
ACTLAB_VECTOR float tanhf(float) noexcept;
ACTLAB_VECTOR float erff(float) noexcept;
ACTLAB_VECTOR float erfcf(float) noexcept;
ACTLAB_VECTOR float powf(float, float) noexcept;
ACTLAB_VECTOR double exp(double) noexcept;
ACTLAB_VECTOR double log(double) noexcept;
ACTLAB_VECTOR double log1p(double) noexcept;
ACTLAB_VECTOR double expm1(double) noexcept;
ACTLAB_VECTOR double sin(double) noexcept;
ACTLAB_VECTOR double cos(double) noexcept;
ACTLAB_VECTOR double tanh(double) noexcept;
ACTLAB_VECTOR double erf(double) noexcept;
ACTLAB_VECTOR double erfc(double) noexcept;
ACTLAB_VECTOR double pow(double, double) noexcept;
}
#endif

// A function compiled for several instruction sets, the best of which is chosen when the program starts: too
// early for the sanitizer's own set-up.
#if defined(__x86_64__) && !defined(ACTLAB_SANITIZED)
#define ACTLAB_MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ACTLAB_MULTIVERSIONED
#endif

#ifdef __clang__
#define ACTLAB_INDEPENDENT_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define ACTLAB_INDEPENDENT_LOOP _Pragma("GCC ivdep")
#endif

namespace actlab {
namespace {

// Fixed trip counts, and no dependence between elements though `out` may be an operand.
template <class T, class F>
[[gnu::always_inline]] inline void each(T* out, const T* a, F f) {
  ACTLAB_INDEPENDENT_LOOP
  for (size_t i = 0; i < kFormulaBlock; ++i) out[i] = f(a[i]);
}

template <class T, class F>
[[gnu::always_inline]] inline void each(T* out, const T* a, const T* b, F f) {
  ACTLAB_INDEPENDENT_LOOP
  for (size_t i = 0; i < kFormulaBlock; ++i) out[i] = f(a[i], b[i]);
}

template <class T, class F>
[[gnu::always_inline]] inline void each(T* out, const T* a, const T* b, const T* c, F f) {
  ACTLAB_INDEPENDENT_LOOP
  for (size_t i = 0; i < kFormulaBlock; ++i) out[i] = f(a[i], b[i], c[i]);
}

// NaN when one is, as PyTorch's.
template <class T>
[[gnu::always_inline]] inline T smaller(T a, T b) {
  return a != a ? a : (b < a || b != b) ? b : a;
}
template <class T>
[[gnu::always_inline]] inline T larger(T a, T b) {
  return a != a ? a : (b > a || b != b) ? b : a;
}

// From there on softplus is x to the last digit.
template <class T>
inline constexpr T kSoftplusIsLinear = sizeof(T) == sizeof(float) ? 20 : 40;

template <class T>
[[gnu::always_inline]] inline void apply(FormulaOp op, T* out, const T* a, const T* b, const T* c) {
  constexpr T kOne = 1;
  constexpr T kZero = 0;
  using Op = FormulaOp;
  // clang-format off: a table
  switch (op) {
    case Op::kLess: return each(out, a, b, [](T x, T y) { return x < y ? kOne : kZero; });
    case Op::kLessEqual: return each(out, a, b, [](T x, T y) { return x <= y ? kOne : kZero; });
    case Op::kGreater: return each(out, a, b, [](T x, T y) { return x > y ? kOne : kZero; });
    case Op::kGreaterEqual: return each(out, a, b, [](T x, T y) { return x >= y ? kOne : kZero; });
    case Op::kEqual: return each(out, a, b, [](T x, T y) { return x == y ? kOne : kZero; });
    case Op::kNotEqual: return each(out, a, b, [](T x, T y) { return x != y ? kOne : kZero; });
    case Op::kAdd: return each(out, a, b, [](T x, T y) { return x + y; });
    case Op::kSubtract: return each(out, a, b, [](T x, T y) { return x - y; });
    case Op::kMultiply: return each(out, a, b, [](T x, T y) { return x * y; });
    case Op::kDivide: return each(out, a, b, [](T x, T y) { return x / y; });
    case Op::kNegate: return each(out, a, [](T x) { return -x; });
    case Op::kPower: return each(out, a, b, [](T x, T y) { return std::pow(x, y); });
    case Op::kExp: return each(out, a, [](T x) { return std::exp(x); });
    case Op::kLog: return each(out, a, [](T x) { return std::log(x); });
    case Op::kLog1p: return each(out, a, [](T x) { return std::log1p(x); });
    case Op::kExpm1: return each(out, a, [](T x) { return std::expm1(x); });
    case Op::kSqrt: return each(out, a, [](T x) { return std::sqrt(x); });
    case Op::kAbs: return each(out, a, [](T x) { return std::abs(x); });
    case Op::kSign: return each(out, a, [](T x) { return x > 0 ? kOne : x < 0 ? -kOne : kZero; });
    case Op::kSin: return each(out, a, [](T x) { return std::sin(x); });
    case Op::kCos: return each(out, a, [](T x) { return std::cos(x); });
    case Op::kTanh: return each(out, a, [](T x) { return std::tanh(x); });
    case Op::kSigmoid: return each(out, a, [](T x) { return 1 / (1 + std::exp(-x)); });
    case Op::kErf: return each(out, a, [](T x) { return std::erf(x); });
    case Op::kPhi:
      return each(out, a, [](T x) { return std::erfc(x * T(-1 / std::numbers::sqrt2)) / 2; });
    case Op::kRelu: return each(out, a, [](T x) { return larger(x, kZero); });
    case Op::kSoftplus:
      return each(out, a, [](T x) {
        return x > kSoftplusIsLinear<T> ? x : std::log1p(std::exp(smaller(x, kSoftplusIsLinear<T>)));
      });
    case Op::kSquare: return each(out, a, [](T x) { return x * x; });
    case Op::kMin: return each(out, a, b, [](T x, T y) { return smaller(x, y); });
    case Op::kMax: return each(out, a, b, [](T x, T y) { return larger(x, y); });
    case Op::kClamp: return each(out, a, b, c, [](T x, T y, T z) { return smaller(larger(x, y), z); });
    case Op::kWhere: return each(out, a, b, c, [](T x, T y, T z) { return x != 0 ? y : z; });
    case Op::kNumber: case Op::kPi: case Op::kE: case Op::kX: case Op::kParameter: return;  // not calculated
  }
  // clang-format on
}

}  // namespace

ACTLAB_MULTIVERSIONED void apply_to_block(FormulaOp op, float* out, const float* a, const float* b,
                                          const float* c) {
  apply(op, out, a, b, c);
}

ACTLAB_MULTIVERSIONED void apply_to_block(FormulaOp op, double* out, const double* a, const double* b,
                                          const double* c) {
  apply(op, out, a, b, c);
}

}  // namespace actlab
