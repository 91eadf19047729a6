#include "config/json.h"

#include "config/config_support.h"

namespace actlab {
namespace {

TEST(Json, NumbersAndBooleansAreJsonsOwn) {
  const Node root =
      test::tree("a: 1\nb: 0.5\nc: true\nd: 'true'\ne: '5'\nf: x\ng: [1, {h: 1e400}]\ni: {}\nj: 0x10\n");
  EXPECT_EQ(to_json(root).dump(),
            R"({"a":1,"b":0.5,"c":true,"d":"true","e":"5","f":"x","g":[1,{"h":"1e400"}],"i":{},"j":"0x10"})");
}

TEST(Json, KeepsEveryDoubleAndInteger) {
  Node root = Node::map();
  root["lr"] = write_value(0.1 + 0.2);
  root["seed"] = write_value(int64_t{9223372036854775807});
  const auto json = to_json(root);
  EXPECT_EQ(json["lr"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(json["seed"].get<int64_t>(), 9223372036854775807);
}

TEST(Json, ProblemsHaveEveryField) {
  Problems problems;
  problems.add({}, "seed", "wrong");
  problems.add({"c.yaml", 2, 3}, "", "bad", "good");
  EXPECT_EQ(to_json(problems).dump(),
            R"([{"file":"c.yaml","line":2,"column":3,"key":"","message":"bad","suggestion":"good"},)"
            R"({"file":"command line","line":0,"column":0,"key":"seed","message":"wrong","suggestion":""}])");
}

}  // namespace
}  // namespace actlab
