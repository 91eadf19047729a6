#include "plot/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "core/nan.h"
#include "plot/ascii.h"
#include "plot/decimate.h"
#include "plot/heat_map.h"
#include "plot/interval_chart.h"
#include "plot/layer_chart.h"
#include "plot/svg.h"
#include "report/xml.h"

namespace actlab::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr char kHostile[] = "</script><script>alert(1)</script>\"' & \xff\x01 ]]>";

Series line(std::vector<double> y) {
  Series series{.name = "loss", .y = std::move(y)};
  for (size_t i = 0; i < series.y.size(); ++i) series.x.push_back(static_cast<double>(i));
  return series;
}

TEST(Svg, TextIsEscapedWhateverItIs) {
  EXPECT_EQ(escape("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
  EXPECT_EQ(escape("a\x01z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(escape("\xff"), "\xEF\xBF\xBD");
  EXPECT_EQ(escape("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(escape("é 漢"), "é 漢");
}

TEST(Svg, ShortensInTheMiddle) {
  EXPECT_EQ(shorten("activation", 20), "activation");
  EXPECT_EQ(shorten("abcdefghijkl", 7), "abcd…kl");
  EXPECT_EQ(shorten("äöüäöüäöü", 7), "äöüä…öü");
}

TEST(Plot, IsWellFormedXmlWithHostileNamesAndValues) {
  Series series = line({1, kNaN, -1, kUnbounded, 1e308, 2});
  series.name = kHostile;
  series.low = {0, 0, 0, 0, 0, kNaN};
  series.high = {2, 2, 2, 2, 2, 2};
  const std::string svg = svg_file(line_chart({.title = kHostile,
                                               .x = {.label = kHostile},
                                               .y = {.label = kHostile},
                                               .series = {series, series},
                                               .diagonal = true,
                                               .marks = {{1, kHostile}},
                                               .id = kHostile}));
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Plot, TheCheckerOfXmlFindsMistakes) {
  for (const char* wrong : {"<a>", "<a></b>", "<a b=c/>", "<a>&</a>", "<a b=\"<\"/>", "</a>"})
    EXPECT_NE(xml_problem(wrong), "") << wrong;
  EXPECT_EQ(xml_problem("<a b=\"1\">&lt;<c/></a>"), "");
}

TEST(Plot, ALineIsLiftedAtGaps) {
  const std::string svg = line_chart({.series = {line({1, 2, kNaN, 3, kNaN, 4, 5})}});
  const size_t at = svg.find("data-name");
  const std::string path =
      svg.substr(svg.find(" d=\"", at), svg.find("\" stroke", at) - svg.find(" d=\"", at));
  EXPECT_EQ(count_of(path, "M"), 3U);
  EXPECT_EQ(count_of(path, "h0"), 1U) << "a point alone is a dot";
}

// The pixels of each bar: from, top, to.
TEST(Plot, BarsOfSeriesStandSideBySideOnZero) {
  const LineChart chart{
      .y = {.low = 0, .high = 1}, .series = {line({0.5, 1}), line({1, kNaN})}, .bars = true};
  const std::string svg = line_chart(chart);
  EXPECT_EQ(count_of(svg, "class=\"fill s0\""), 1U);
  EXPECT_EQ(count_of(svg, "class=\"line"), 2U) << "of the legend only: " << svg;
  const auto path = [&](const std::string& css) {
    const size_t at = svg.find(" d=\"", svg.find(css));
    return svg.substr(at + 4, svg.find('"', at + 4) - at - 4);
  };
  EXPECT_EQ(count_of(path("fill s0"), "Z"), 2U);
  EXPECT_EQ(count_of(path("fill s1"), "Z"), 1U);  // a gap is no bar
  const auto left = [](const std::string& bar) { return std::stod(bar.substr(1)); };
  EXPECT_LT(left(path("fill s0")), left(path("fill s1")));
}

TEST(Plot, EqualAxesHaveUnitsOfOneLength) {
  Series wide = line({0, 1});
  wide.x = {0, 10};
  const std::string svg = line_chart({.series = {wide}, .equal = true});
  const auto numbers = [&](const std::string& attribute, int count) {
    std::istringstream text(svg.substr(svg.find(attribute + "=\"") + attribute.size() + 2));
    std::vector<double> all(static_cast<size_t>(count));
    for (double& number : all) text >> number;
    return all;
  };
  const auto x = numbers("data-x", 2);
  const auto y = numbers("data-y", 2);
  const auto box = numbers("data-box", 4);
  EXPECT_NEAR((x[1] - x[0]) / box[2], (y[1] - y[0]) / box[3], 1e-4);
  EXPECT_NEAR(y[0] + y[1], 1, 1e-4) << "widened around the middle";
}

TEST(Plot, PointsHaveNamesAndTheoryIsBroad) {
  Series theory = line({1, 2});
  theory.wide = true;
  const std::string svg = line_chart({.series = {line({1, 2}), theory}, .points = {{1, 2, "goal"}}});
  EXPECT_THAT(svg, HasSubstr(">goal</text>"));
  EXPECT_THAT(svg, HasSubstr("class=\"ring\""));
  EXPECT_LT(svg.find("s1 wide", svg.find("class=\"data\"")), svg.find("line s0", svg.find("class=\"data\"")));
  EXPECT_EQ(count_of(svg, "class=\"dots"), 1U);
}

TEST(Plot, WithoutPointsItSaysSo) {
  EXPECT_THAT(line_chart({.series = {line({})}}), HasSubstr("nothing recorded"));
  EXPECT_THAT(line_chart({.y = {.log = true}, .series = {line({0, -1, kNaN})}}),
              HasSubstr("nothing recorded"));
  EXPECT_THAT(line_chart({.series = {line({5})}}), Not(HasSubstr("nothing recorded")));
}

TEST(Plot, AFileCarriesItsColoursForLightAndDark) {
  const std::string file = svg_file(line_chart({.series = {line({1, 2})}}));
  EXPECT_THAT(file, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(file, HasSubstr("--s0:"));
  EXPECT_EQ(xml_problem(file), "");
}

TEST(Decimation, KeepsSpikesEndsAndGaps) {
  Series series = line(std::vector<double>(100000, 1.0));
  series.y[54321] = 9;
  series.y[777] = -9;
  series.y[70000] = kNaN;
  const Series few = decimated(series, 1500);
  EXPECT_LE(few.x.size(), 1500U);
  EXPECT_EQ(few.x.size(), few.y.size());
  EXPECT_EQ(few.x.front(), 0);
  EXPECT_EQ(few.x.back(), 99999);
  EXPECT_EQ(*std::max_element(few.y.begin(), few.y.end()), 9);
  EXPECT_EQ(std::count(few.y.begin(), few.y.end(), -9), 1);
  EXPECT_TRUE(std::any_of(few.y.begin(), few.y.end(), [](double y) { return std::isnan(y); }));
  EXPECT_TRUE(std::is_sorted(few.x.begin(), few.x.end()));
  EXPECT_EQ(decimated(line({1, 2, 3}), 1500).y.size(), 3U);
}

HeatMap map_of(size_t rows, size_t columns) {
  HeatMap map{.title = "dead", .x_label = "epoch"};
  for (size_t c = 0; c < columns; ++c) map.columns.push_back(static_cast<double>(c));
  for (size_t r = 0; r < rows; ++r) {
    map.rows.push_back("act" + std::to_string(r));
    map.values.emplace_back(columns, static_cast<double>(r));
  }
  return map;
}

TEST(Heat, IsWellFormedAndLeavesUnknownCellsEmpty) {
  HeatMap map = map_of(3, 4);
  map.rows[0] = kHostile;
  map.values[0] = {kNaN, kNaN, kNaN, kNaN};
  const std::string svg = heat_map(map);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("data-heat=\"~~~~~~~~AA"));
  EXPECT_EQ(xml_problem(heat_map({})), "");
}

TEST(Heat, MergesNeighboursIntoTheirMeans) {
  const HeatMap small = merged(map_of(10, 100), 250);
  EXPECT_EQ(small.values.size(), 10U);
  EXPECT_EQ(small.values[3].size(), 25U);
  EXPECT_EQ(small.values[3][7], 3);
  EXPECT_EQ(small.columns[1], 4);
  const HeatMap tall = merged(map_of(1000, 10), 800);
  EXPECT_LE(tall.values.size() * tall.columns.size(), 800U);
  EXPECT_EQ(tall.values[0][0], 3) << "rows 0 to 6";
}

TEST(Heat, TheNeutralColourLiesAtTheCenter) {
  HeatMap map = map_of(1, 3);
  map.values = {{0.1, 1, 100}};
  map.log = true;
  map.center = 1;
  EXPECT_THAT(heat_map(map), HasSubstr("data-scale=\"0.01 100 log"));
}

TEST(Heat, ColourBeginsWhereAVerdictDoes) {
  HeatMap map = map_of(1, 3);
  map.values = {{0.05, 0.19, 0.21}};
  map.low = 0, map.high = 1, map.grey = true, map.above = 0.2;
  const std::string svg = heat_map(map);
  const std::string cells = svg.substr(0, svg.find("</g>"));
  EXPECT_EQ(count_of(cells, "var(--v"), 1U) << "the last cell alone";
  EXPECT_EQ(count_of(cells, "var(--g"), 2U);
  EXPECT_THAT(svg, HasSubstr("class=\"limit\""));
  map.values = {{0.05, 0.07, 0.06}};
  EXPECT_EQ(count_of(heat_map(map).substr(0, svg.find("</g>")), "var(--v"), 0U) << "noise is no drama";
}

TEST(Plot, EveryLineHasItsNameHoweverManyThereAre) {
  LineChart chart;
  for (int i = 0; i < 16; ++i) {
    chart.series.push_back(line({1, 2.0 + i}));
    chart.series.back().name = "name" + std::to_string(i);
  }
  for (const bool at_ends : {false, true}) {
    chart.end_labels = at_ends;
    const std::string svg = line_chart(chart);
    EXPECT_EQ(xml_problem(svg), "");
    for (int i = 0; i < 16; ++i) EXPECT_THAT(svg, HasSubstr(">name" + std::to_string(i) + "</text>"));
    EXPECT_THAT(svg, Not(HasSubstr(" more")));
  }
}

TEST(Plot, ALimitIsDrawnWhereItLiesWithinTheAxis) {
  LineChart chart{.y = {.low = 0.0, .high = 1.0},
                  .series = {line({0.1, 0.9})},
                  .limits = {{0.5, "too much"}, {7, "far"}}};
  const std::string svg = line_chart(chart);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("too much"));
  EXPECT_THAT(svg, Not(HasSubstr("far")));
}

LayerChart relu_layer() {
  LayerChart chart{.title = kHostile};
  for (int i = -8; i <= 8; ++i) {
    chart.x.push_back(i);
    chart.y.push_back(std::max(0, i));
    chart.slope.push_back(i > 0 ? 1 : 0);
  }
  chart.before = {-2, 2, {1, 2, 1}};
  chart.frames = {chart.before, {-3, 3, {0, 63, 0}}};
  return chart;
}

TEST(LayerPicture, IsWellFormedAndShadesWhatIsFlat) {
  LayerChart chart = relu_layer();
  const std::string svg = layer_chart(chart);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("class=\"flat\""));
  EXPECT_THAT(svg, HasSubstr("data-frames=\"-2 2 g/g;-3 3 A/A\""));
  EXPECT_THAT(svg, HasSubstr("hist before"));
  for (double& slope : chart.slope) slope = 1;
  EXPECT_THAT(layer_chart(chart), Not(HasSubstr("class=\"flat\"")));
}

TEST(LayerPicture, ShowsTheHistogramAloneWhereThereIsNoCurve) {
  LayerChart chart = relu_layer();
  chart.x.clear(), chart.y.clear(), chart.slope.clear();
  const std::string svg = layer_chart(chart);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("hist now"));
  EXPECT_THAT(svg, Not(HasSubstr("class=\"line")));
  EXPECT_EQ(xml_problem(layer_chart({})), "");
}

TEST(Intervals, AreWellFormedAndNameTheFigures) {
  const std::string svg =
      interval_chart({.title = kHostile,
                      .percent = true,
                      .reference = 0.97,
                      .rows = {{"relu", 0.98, 0.97, 0.99, {0.975, kNaN}}, {kHostile, kNaN}}});
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr("relu: 98.00 % (97.00 % to 99.00 %)"));
  EXPECT_EQ(xml_problem(interval_chart({})), "");
}

size_t columns_of(const std::string& text) {
  std::istringstream lines(text);
  size_t widest = 0;
  for (std::string row; std::getline(lines, row);) {
    const auto continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    widest = std::max(widest,
                      row.size() - static_cast<size_t>(std::count_if(row.begin(), row.end(), continuation)));
  }
  return widest;
}

TEST(Ascii, FitsTheWidthAndTellsSeriesApart) {
  const Series rising = line({0, 1, 2, 3, 4});
  Series falling = line({4, 3, 2, 1, 0});
  falling.name = "falling";
  const std::string text = ascii_plot({rising, falling}, 80, 20);
  EXPECT_LE(columns_of(text), 80U);
  EXPECT_THAT(text, HasSubstr("oo falling"));
  EXPECT_THAT(text, HasSubstr("⠤⠤ loss"));
  EXPECT_EQ(count_of(text, "\n"), 20U);
}

TEST(Ascii, WithColoursAllAreDrawnInDots) {
  Series falling = line({4, 3, 2, 1, 0});
  falling.name = "falling";
  const std::string text = ascii_plot({line({0, 1, 2, 3, 4}), falling}, 80, 20, /*color=*/true);
  EXPECT_THAT(text, HasSubstr("\x1b[34m"));
  EXPECT_THAT(text, HasSubstr("\x1b[33m⠤⠤\x1b[m falling"));
  EXPECT_THAT(text, Not(HasSubstr("oo")));
  EXPECT_THAT(ascii_plot({line({0, 1})}), Not(HasSubstr("\x1b")));
}

TEST(Ascii, SurvivesAnythingAndLongNamesFit) {
  Series wild = line({kNaN, 1e308, -1e308, kUnbounded});
  wild.name = std::string(200, 'x');
  EXPECT_LE(columns_of(ascii_plot({wild, wild, wild}, 60, 10)), 60U);
  EXPECT_THAT(ascii_plot({line({kNaN})}), HasSubstr("nothing"));
  EXPECT_THAT(ascii_plot({}), HasSubstr("nothing"));
  EXPECT_FALSE(ascii_plot({line({3})}, 1, 1).empty());
}

}  // namespace
}  // namespace actlab::test
