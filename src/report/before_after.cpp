#include "report/before_after.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/file.h"
#include "core/text.h"
#include "plot/axis.h"
#include "plot/color.h"
#include "plot/svg.h"
#include "report/html.h"
#include "report/measures.h"
#include "report/page.h"
#include "report/rasterize.h"

namespace actlab {
namespace report {
namespace {

constexpr double kWidth = 1200;
constexpr double kHeight = 630;
constexpr double kMargin = 60;
constexpr double kDecades = 6;  // from bright to black
constexpr const char* kInk = "#e6eaf0";
constexpr const char* kMuted = "#97a2b3";

std::string words(double x, double y, double size, const std::string& text, const char* color,
                  const char* weight = "400", const char* anchor = "start") {
  return element("text",
                 {{"x", px(x)},
                  {"y", px(y)},
                  {"font-size", px(size)},
                  {"fill", color},
                  {"font-weight", weight},
                  {"text-anchor", anchor}},
                 text.empty() ? " " : escape(text));
}

// Before training or, where it was not examined then, as soon as it was: what the network starts with.
const Examination* start_of(const Run& run) {
  for (const auto& examination : run.examinations) {
    if (!examination.layers.empty()) return &examination;
  }
  return nullptr;
}

std::string strip(const Examination& start, double top, double height) {
  const auto count = static_cast<double>(start.layers.size());
  const double step = (kWidth - 2 * kMargin) / count;
  const double gap = step > 8 ? 3 : 0;
  std::string svg;
  for (size_t i = 0; i < start.layers.size(); ++i) {
    const double gradient = measured(start, i, "gradient");
    const double share = gradient > 0 ? 1 + std::log10(gradient) / kDecades : 0;
    svg += element("rect", {{"x", px(kMargin + static_cast<double>(i) * step)},
                            {"y", px(top)},
                            {"width", px(step - gap)},
                            {"height", px(height)},
                            {"rx", gap > 0 ? "4" : ""},
                            {"fill", glow_color(share)},
                            {"stroke", "#2a313c"}});
  }
  return svg;
}

double reached(const Run& run) {
  return std::isfinite(run.test_value()) ? run.test_value() : run.epochs.last(run.validation_column());
}

// "{type: xavier_normal, bias: default}" as "xavier_normal".
std::string plain(const std::string& value) {
  const std::string type = "{type: ";
  return value.starts_with(type) ? value.substr(type.size(), value.find_first_of(",}") - type.size()) : value;
}

// What of the settings is not the same in the other run: "tanh, init xavier_normal".
std::string own_settings(const Run& run, const Run& other) {
  std::vector<std::string> values;
  for (const auto& [key, value] : run.settings) {
    if (key.starts_with("run.") || other.setting(key) == value) continue;
    const bool names_itself = key == "model.activation";
    values.push_back((names_itself ? "" : key.substr(key.rfind('.') + 1) + " ") + plain(value));
  }
  return join(values, ", ");
}

std::string block(const char* when, const Run& run, const Run& other, double top) {
  const Examination& start = *start_of(run);
  const double first = measured(start, 0, "gradient");
  const std::string settings = own_settings(run, other);
  std::string svg = words(kMargin, top + 26, 26, when, kMuted, "600");
  svg += words(kMargin + 110, top + 26, 26, shorten(settings.empty() ? run.name : settings, 52), kInk, "600");
  svg += words(kWidth - kMargin, top + 26, 46, shown(run.headline, reached(run)), kInk, "700", "end");
  svg += strip(start, top + 46, 78);
  if (std::isfinite(first)) {
    svg += words(kMargin, top + 154, 21,
                 "first layer's gradient: " + figure(first, 2) + " of the last layer's", kMuted);
  }
  return svg + words(kWidth - kMargin, top + 154, 21, run.headline.name, kMuted, "400", "end");
}

std::string scale_bar(double top) {
  constexpr int kTiles = 40;
  constexpr double kBar = 260;
  std::string svg;
  for (int i = 0; i < kTiles; ++i) {
    svg += element("rect", {{"x", px(kMargin + i * kBar / kTiles)},
                            {"y", px(top)},
                            {"width", px(kBar / kTiles + 0.5)},
                            {"height", "12"},
                            {"fill", glow_color((i + 0.5) / kTiles)}});
  }
  svg += words(kMargin + kBar + 16, top + 12, 19,
               "gradient of each layer, from a millionth of the last layer's to all of it", kMuted);
  return svg;
}

}  // namespace

std::string before_after_svg(const Run& before, const Run& after) {
  const size_t layers = start_of(before)->layers.size();
  std::string svg = element("rect", {{"width", px(kWidth)}, {"height", px(kHeight)}, {"fill", "#0f1319"}});
  svg += words(kMargin, 84, 44,
               counted(static_cast<double>(layers), "hidden layer") + ": " +
                   shown(before.headline, reached(before)) + " → " + shown(after.headline, reached(after)),
               kInk, "700");
  svg += words(kMargin, 122, 23,
               "What the first steps of training reach, from the input (left) to the output (right)", kMuted);
  svg += block("before", before, after, 156) + block("after", after, before, 358);
  svg += scale_bar(564) + words(kWidth - kMargin, 577, 24, "actlab", kInk, "700", "end");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
         element("svg",
                 {{"xmlns", "http://www.w3.org/2000/svg"},
                  {"width", px(kWidth)},
                  {"height", px(kHeight)},
                  {"viewBox", "0 0 1200 630"},
                  {"role", "img"},
                  {"aria-label", "before and after"},
                  {"font-family", "Inter, Helvetica, Arial, 'DejaVu Sans', sans-serif"}},
                 svg) +
         "\n";
}

}  // namespace report

void write_before_after(const std::filesystem::path& before, const std::filesystem::path& after,
                        const std::filesystem::path& out) {
  check_folders({before, after});
  const std::string kind = out.extension().string();
  if (kind != ".svg" && kind != ".png")
    throw Error(ExitStatus::kUsage, "--card " + out.string() + ": the picture is an .svg or a .png");
  std::vector<report::Run> runs;
  for (const auto& folder : {before, after}) {
    runs.push_back(report::read_run(folder));
    if (report::start_of(runs.back()) == nullptr)
      throw Error(ExitStatus::kUsage,
                  folder.string() +
                      " was never examined, so there are no gradients to show: train it with "
                      "diagnose.every");
  }
  const std::string svg = report::before_after_svg(runs[0], runs[1]);
  if (kind == ".svg") {
    write_named_file(out, svg);
  } else {
    report::rasterize(svg, out);
  }
}

}  // namespace actlab
