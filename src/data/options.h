#pragma once

#include <cstdint>

#include "config/fields.h"
#include "data/labels.h"
#include "data/normalization.h"

namespace actlab {

// What every type of data takes beside its own options. A type's struct inherits this one, visits it last,
// and has what the registry calls:
//   template <class Visitor> void visit(Visitor& v)
//     its own options, then DataOptions::visit
//   ExampleShape stated_shape() const
//     what the options alone say of the examples, before `labels`; 0 where only the files will tell
//   void check(const Node& section, const ReadContext& context) const
//     reports what no range can say; at least check_common
//   RawData load(int64_t seed) const
//     reads or makes the data; throws Error(kData)
struct DataOptions {
  LabelChoice labels;
  double validation = 0;
  NormalizeChoice normalize;
  int64_t limit = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("labels", labels, "all, {keep: [classes]} or {positive: [classes]}");
    v("validation", validation,
      "part of the training data held out: a fraction below 1, or a count (0: none)", between(0, 1e12));
    v("normalize", normalize, "auto (by the training part), none, or {mean: X, std: Y}");
    v("limit", limit, "at most so many examples of train and of test, the first ones (0: all)",
      between(0, 1e12));
  }

  // Reports what no range can say, of options just read from `section`, for data of this shape (its numbers
  // are 0 where only the files will tell).
  void check_common(const Node& section, const ReadContext& context, const ExampleShape& shape) const;
};

}  // namespace actlab
