#pragma once

#include <cstdint>
#include <vector>

#include "data/classes.h"
#include "data/options.h"
#include "data/prepare.h"

namespace actlab {

// Images made up on the spot, for trials and tests without files. Each class has a prototype, a smooth random
// image; an example is its class's prototype plus another smooth random image, clamped to [0, 1]. Because
// both are made of the same few waves, the difficulty hardly depends on the size of the image: at the default
// noise a linear model can reach about 95 %, and nothing reaches 100 %.
struct SyntheticOptions : DataOptions {
  std::vector<int64_t> shape = {1, 28, 28};
  Classes classes = 10;
  int64_t examples = 1000;
  int64_t test_examples = 200;
  double noise = 0.2;

  template <class Visitor>
  void visit(Visitor& v) {
    v("shape", shape, "of one example: [channels, height, width], [height, width] or [features]",
      between(1, 1 << 20));
    v("classes", classes, "number of classes, or their names", between(2, 256));
    v("examples", examples, "training examples, before the validation split", between(1, 1e9));
    v("test_examples", test_examples, "test examples", between(1, 1e9));
    v("noise", noise, "typical distance of a pixel from its class's prototype (prototypes: 0.2 from grey)",
      between(0, 10));
    DataOptions::visit(v);
  }

  // `shape` must have one to three numbers, which check sees to.
  ExampleShape stated_shape() const;
  // Reports a shape that is none and more than 4 GiB in all, too.
  void check(const Node& section, const ReadContext& context) const;
  // A pure function of options and seed (streams "synthetic classes", "synthetic examples"). The classes take
  // turns.
  RawData load(int64_t seed) const;
};

}  // namespace actlab
