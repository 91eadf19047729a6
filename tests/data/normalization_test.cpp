#include "data/normalization.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/random.h"
#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::HasSubstr;

Part random_data(ExampleShape shape, int64_t examples) {
  SplitMix64 random(3);
  Bytes pixels(static_cast<size_t>(examples * shape.features()));
  for (uint8_t& pixel : pixels) pixel = static_cast<uint8_t>(random.below(200));
  return {shape, pixels, std::vector<int64_t>(static_cast<size_t>(examples))};
}

// Two passes in double over pixels / 255.
std::pair<double, double> direct(const Part& data, int64_t channel) {
  std::vector<double> values;
  const int64_t area = data.shape().height * data.shape().width;
  const Bytes pixels = samples_of(data);
  for (size_t i = 0; i < pixels.size(); ++i) {
    if (static_cast<int64_t>(i) / area % data.shape().channels == channel)
      values.push_back(pixels[i] / 255.0);
  }
  double mean = 0, square = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) square += (v - mean) * (v - mean) / static_cast<double>(values.size());
  return {mean, std::sqrt(square)};
}

TEST(Normalization, AgreesWithTheDirectFormulaChannelByChannel) {
  const Part data = random_data({3, 5, 4, 2}, 37);
  const Normalization measured = measure(data);
  ASSERT_EQ(measured.mean.size(), 3U);
  for (int64_t c = 0; c < 3; ++c) {
    const auto [mean, std] = direct(data, c);
    EXPECT_NEAR(measured.mean[static_cast<size_t>(c)], mean, 1e-7);
    EXPECT_NEAR(measured.std[static_cast<size_t>(c)], std, 1e-7);
  }
}

TEST(Normalization, IsExactWherePixelsTakeTwoValues) {
  const Part data({1, 1, 2, 2}, {0, 255, 255, 0}, {0, 1});
  EXPECT_THAT(measure(data).mean, ElementsAre(0.5F));
  EXPECT_THAT(measure(data).std, ElementsAre(0.5F));
}

TEST(Normalization, AConstantChannelIsNotScaled) {
  const Part data({1, 1, 2, 2}, {51, 51, 51, 51}, {0, 1});
  EXPECT_THAT(measure(data).mean, ElementsAre(FloatEq(0.2F)));
  EXPECT_THAT(measure(data).std, ElementsAre(1.0F));
}

TEST(Normalization, ChoicesMeanWhatTheySay) {
  const Part data = random_data({2, 2, 2, 2}, 5);
  EXPECT_EQ(make_normalization({}, data).mean, measure(data).mean);
  EXPECT_THAT(make_normalization({NormalizeChoice::Kind::kNone, {}, {}}, data).mean, ElementsAre(0.0F, 0.0F));
  EXPECT_THAT(make_normalization({NormalizeChoice::Kind::kNone, {}, {}}, data).std, ElementsAre(1.0F, 1.0F));
  const Normalization given = make_normalization({NormalizeChoice::Kind::kGiven, {0.5}, {0.25, 0.5}}, data);
  EXPECT_THAT(given.mean, ElementsAre(0.5F, 0.5F));
  EXPECT_THAT(given.std, ElementsAre(0.25F, 0.5F));
}

TEST(Normalization, ListsMustFitTheChannels) {
  EXPECT_EQ(normalize_mistake({NormalizeChoice::Kind::kGiven, {0.5}, {0.5}}, 3), "");
  EXPECT_EQ(normalize_mistake({NormalizeChoice::Kind::kGiven, {0.1, 0.2, 0.3}, {0.5}}, 3), "");
  EXPECT_THAT(normalize_mistake({NormalizeChoice::Kind::kGiven, {0.5}, {0.1, 0.2}}, 3),
              HasSubstr("std has 2 numbers"));
  EXPECT_THAT(normalize_mistake({NormalizeChoice::Kind::kGiven, {0.1, 0.2}, {0.5}}, 1),
              HasSubstr("mean has 2 numbers"));
  const Part data = random_data({1, 2, 2, 2}, 5);
  EXPECT_THAT(error_of([&] { make_normalization({NormalizeChoice::Kind::kGiven, {0.1, 0.2}, {0.5}}, data); },
                       ExitStatus::kData),
              HasSubstr("data.normalize"));
}

TEST(Normalization, IsReadFromTheConfigAndWrittenBack) {
  for (const char* text :
       {"auto", "none", "{mean: [0.1307], std: [0.3081]}", "{mean: [0.1, -0.2, 0], std: [1, 2, 3]}"}) {
    Problems problems;
    NormalizeChoice choice{NormalizeChoice::Kind::kGiven, {9}, {9}};
    read_value(yaml(text), choice, ReadContext{"data.normalize", problems});
    EXPECT_TRUE(problems.empty()) << problems.text();
    EXPECT_EQ(write_value(choice), yaml(text)) << text;
  }
}

TEST(Normalization, MistakesInTheConfigAreNamed) {
  const auto problems_of = [](const std::string& text) {
    Problems problems;
    NormalizeChoice choice;
    read_value(yaml(text), choice, ReadContext{"data.normalize", problems});
    return problems.text();
  };
  EXPECT_THAT(problems_of("atuo"), testing::AllOf(HasSubstr("expected auto"), HasSubstr("'auto'")));
  EXPECT_THAT(problems_of("{mean: 0}"), HasSubstr("std is missing"));
  EXPECT_THAT(problems_of("{std: 1}"), HasSubstr("mean is missing"));
  EXPECT_THAT(problems_of("{mean: 0, std: 0}"), HasSubstr("data.normalize.std"));
  EXPECT_THAT(problems_of("{mean: 0, std: -1}"), HasSubstr("data.normalize.std"));
  EXPECT_THAT(problems_of("{mean: [], std: 1}"), HasSubstr("data.normalize.mean"));
  EXPECT_THAT(problems_of("{mean: .nan, std: 1}"), HasSubstr("data.normalize.mean"));
  EXPECT_THAT(problems_of("{mean: 0, std: 1, var: 1}"), HasSubstr("data.normalize.var"));
}

TEST(Normalization, OfFloatsIsThatOfTheNumbersThemselves) {
  const std::vector<float> numbers = {1e6F + 1, 1e6F + 3, 5, 5};
  const auto* bytes = reinterpret_cast<const uint8_t*>(numbers.data());
  const Source source{.shape = {2, 1, 2},
                      .type = SampleType::kFloat,
                      .samples = Block(Bytes(bytes, bytes + 4 * sizeof(float))),
                      .labels = {0}};
  const Normalization measured = measure({std::make_shared<const Source>(source), 1});
  EXPECT_THAT(measured.mean, ElementsAre(1e6F + 2, 5));
  EXPECT_THAT(measured.std, ElementsAre(1, 1));
}

}  // namespace
}  // namespace actlab::test
