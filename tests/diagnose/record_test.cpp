#include "diagnose/record.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/test_support.h"

namespace actlab::test {
namespace {

Examination example() {
  Examination e;
  e.epoch = 2;
  e.step = 1080;
  e.seconds = 0.02;
  e.share = 0.011;
  e.examples = 540;
  LayerRecord layer;
  layer.layer = "act1";
  layer.activation = "prelu";
  layer.weight = "fc1.weight";
  layer.units = 5;
  layer.fan_in = 784;
  layer.mean = 0.1;
  layer.delta = 1e-26;
  layer.histogram_low = -1;
  layer.histogram_high = 1.5;
  layer.histogram = {0, 3, 1};
  layer.dead = 0.4;
  layer.dead_units = {1, 3};
  layer.deaths = 1;
  layer.learned = {{"weight", 0.25}};
  layer.unit_means = {0.25, NAN, 1e-9};
  e.layers = {layer};
  layer.layer = "output";
  e.output = layer;
  return e;
}

TEST(Record, ComesBackFromJsonAsItWas) {
  const auto json = to_json(example());
  EXPECT_EQ(to_json(examination_from_json(json)), json);
  const LayerRecord layer = examination_from_json(nlohmann::json::parse(json.dump())).layers.at(0);
  EXPECT_EQ(layer.delta, 1e-26);
  EXPECT_EQ(layer.histogram, (std::vector<int64_t>{0, 3, 1}));
  EXPECT_EQ(layer.histogram_high, 1.5);
  EXPECT_EQ(layer.dead_units, (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(layer.learned.at("weight"), 0.25);
  EXPECT_TRUE(std::isnan(layer.saturated));
  EXPECT_EQ(layer.unit_means.at(0), 0.25);
  EXPECT_TRUE(std::isnan(layer.unit_means.at(1)));
  EXPECT_EQ(examination_from_json(json).output->layer, "output");
}

TEST(Record, WhatHasNoValueIsNull) {
  Examination e = example();
  e.layers[0].mean = INFINITY;
  e.layers[0].learned["weight"] = NAN;
  const auto json = to_json(e)["layers"][0];
  EXPECT_TRUE(json["saturated"].is_null());
  EXPECT_TRUE(json["mean"].is_null());
  EXPECT_TRUE(json["learned"]["weight"].is_null());
}

TEST(Record, OlderFilesMayLackFields) {
  const auto e = examination_from_json(nlohmann::json::parse(R"({"epoch": 1, "layers": [{"layer": "a"}]})"));
  EXPECT_EQ(e.epoch, 1);
  EXPECT_EQ(e.layers.at(0).layer, "a");
  EXPECT_TRUE(std::isnan(e.layers[0].dead));
}

TEST(Record, FilesAreReadLineByLine) {
  const TemporaryFolder folder;
  EXPECT_TRUE(read_examinations(folder / "none").empty());
  const std::string line = to_json(example()).dump();
  put_text(folder / "good", line + "\n" + line + "\n");
  EXPECT_EQ(read_examinations(folder / "good").size(), 2U);
  put_text(folder / "cut off", line + "\n" + line.substr(0, 40));
  EXPECT_EQ(read_examinations(folder / "cut off").size(), 1U);
  for (const std::string bad : {"{\"epoch\": \"one\"", "[]", "nonsense", "{\"layers\": 3}", "{}"}) {
    put_text(folder / "bad", line + "\n" + bad + "\n" + line + "\n");
    EXPECT_THAT(error_of([&] { read_examinations(folder / "bad"); }), testing::HasSubstr("bad:2")) << bad;
  }
}

}  // namespace
}  // namespace actlab::test
