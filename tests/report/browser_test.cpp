// The page in a browser: what JavaScript adds, and that nothing in it complains. Skipped where there is no
// Chromium.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <sstream>
#include <string>
#include <thread>

#include "report/page.h"
#include "report/sample_run.h"
#include "report/serve.h"

namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string find_browser() {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (size_t begin = 0; begin < folders.size();) {
    const size_t end = std::min(folders.find(':', begin), folders.size());
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      const fs::path candidate = fs::path(folders.substr(begin, end - begin)) / name;
      if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    begin = end + 1;
  }
  return "";
}

struct Shown {
  std::string dom;
  std::string console;
};

// Opens the page and returns what became of it. `flags` go to the browser.
Shown open_page(const TemporaryFolder& folder, const std::string& url, const std::string& flags = "") {
  const std::string command =
      "HOME='" + folder.path().string() + "' timeout 120 '" + find_browser() +
      "' --headless --no-sandbox --disable-gpu --enable-logging=stderr --v=0 --user-data-dir='" +
      (folder / "profile").string() + "' --virtual-time-budget=4000 " + flags + " --dump-dom '" + url +
      "' > '" + (folder / "dom").string() + "' 2> '" + (folder / "err").string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  Shown shown{text_of(folder / "dom"), ""};
  std::istringstream lines(text_of(folder / "err"));
  for (std::string line; std::getline(lines, line);) {
    if (line.find("CONSOLE") != std::string::npos) shown.console += line + "\n";
  }
  return shown;
}

// The page with a script of the test at its end, which the page's own policy would not let run.
std::string with_script(std::string page, const std::string& script) {
  const size_t policy = page.find("<meta http-equiv=");
  page.erase(policy, page.find('>', policy) + 1 - policy);
  page.insert(page.rfind("</body>"), "<script>" + script + "</script>");
  return page;
}

constexpr char kTryEverything[] = R"js(
  const said = [];
  const check = (name, fine) => said.push(name + (fine ? " works" : " FAILS"));
  const shown = () => [...document.querySelectorAll("section[data-tab]")].filter(s => s.offsetParent).map(s => s.dataset.tab).join();
  const at = (target, type, x, y, more) => target.dispatchEvent(new PointerEvent(type, {bubbles: true, clientX: x, clientY: y, pointerId: 1, button: 0, ...more}));
  SVGElement.prototype.setPointerCapture = () => {}; // no pointer is really down
  (async () => { try {
    for (const link of document.querySelectorAll("nav a")) {
      link.click();
      check("tab " + link.hash, shown() === link.hash.slice(1) && link.getAttribute("aria-selected") === "true");
    }
    const key = (node, name) => node.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
    key(document.querySelector("nav a[href='#curves']"), "ArrowRight");
    check("arrow", shown() === "results" && document.activeElement.hash === "#results");
    key(document.activeElement, "Home");
    key(document.activeElement, "ArrowLeft");
    check("around", shown() === "machine");
    document.querySelector("nav a[href='#results']").click();
    const cell = document.querySelector("section.active table.confusion td[data-label]");
    at(cell, "pointermove", 200, 200);
    check("cell", /read as .*: \d+ \(/.test(tip.textContent));
    cell.click();
    const visible = () => [...document.querySelectorAll("section.active .mistake")].filter(m => m.offsetParent).length;
    const few = visible();
    document.querySelector(".confusion-note button").click();
    check("filter", few < visible() && visible() > 0);
    document.querySelector("nav a[href='#activations']").click();
    const slide = document.querySelector("section.active .slider input"), hist = document.querySelector("section.active .hist.now");
    const last = hist.getAttribute("d");
    slide.value = 0;
    slide.dispatchEvent(new Event("input"));
    check("slider", hist.getAttribute("d") !== last && /^M/.test(hist.getAttribute("d")) && document.querySelector(".slider output").textContent === "0");
    document.querySelector("nav a[href='#curves']").click();
    const chart = document.querySelector("section.active svg[data-chart]"), box = chart.getBoundingClientRect();
    const x = share => box.left + share * box.width, y = box.top + 0.6 * box.height;
    at(chart, "pointermove", x(0.5), y);
    check("hover", getComputedStyle(tip).display === "block" && /epoch 2/.test(tip.textContent) && /training 0\.5/.test(tip.textContent));
    at(chart, "pointerdown", x(0.3), y);
    at(chart, "pointermove", x(0.6), y);
    check("no stale figures", getComputedStyle(tip).display === "none");
    at(chart, "pointerup", x(0.6), y);
    check("fresh figures", getComputedStyle(tip).display === "block");
    check("zoom", chart.querySelector(".zoom").hasAttribute("transform") && !!chart.closest(".card").querySelector(".reset"));
    check("zoomed ticks", chart.querySelectorAll(".axis-y text").length > 1 && !/NaN/.test(chart.outerHTML));
    chart.dispatchEvent(new MouseEvent("dblclick", {bubbles: true}));
    check("reset", !chart.closest(".card").querySelector(".reset"));
    document.querySelector("nav a[href='#diagnosis']").click();
    document.querySelector("section.active details.more").open = true;
    const map = document.querySelector("section.active svg[data-heat]"), around = map.getBoundingClientRect();
    at(map, "pointermove", around.left + 0.5 * around.width, around.top + 0.3 * around.height);
    check("heat", /epoch \d/.test(tip.textContent) && /\d/.test(tip.lastChild.textContent));
    const ink = () => getComputedStyle(document.body).color, before = ink();
    document.getElementById("theme").click();
    check("theme", ink() !== before && !!document.documentElement.dataset.theme);
    check("width", document.documentElement.scrollWidth <= innerWidth);
    const saved = [];
    HTMLAnchorElement.prototype.click = function() { saved.push([this.download, this.href]); };
    for (const button of chart.closest(".card").querySelectorAll(".save button")) button.click();
    const svg = new DOMParser().parseFromString(decodeURIComponent(saved[0][1].split(",")[1]), "image/svg+xml");
    check("save svg", /^run-.*\.svg$/.test(saved[0][0]) && svg.documentElement.tagName === "svg" && !svg.querySelector("parsererror"));
    for (let i = 0; i < 40 && saved.length < 2; ++i) await new Promise(resume => setTimeout(resume, 25));
    check("save png", /\.png$/.test(saved[1][0]) && /^data:image\/png;base64,.{2000}/.test(saved[1][1]));
  } catch (error) { said.push("FAILS: " + error); }
  document.body.append(Object.assign(document.createElement("pre"), {id: "said", textContent: said.join("\n")})); })();
)js";

class Browser : public testing::Test {
 protected:
  void SetUp() override {
    if (find_browser().empty()) GTEST_SKIP() << "no chromium on PATH";
    write_sample(folder_ / "run", {.layers = 30, .epochs = 4, .classes = 10, .side = 28});
  }

  std::string said(const std::string& flags) {
    put_text(folder_ / "page.html", with_script(report_page({folder_ / "run"}), kTryEverything));
    const Shown page = open_page(folder_, "file://" + (folder_ / "page.html").string(), flags);
    EXPECT_EQ(page.console, "");
    const size_t begin = page.dom.find("<pre id=\"said\">");
    EXPECT_NE(begin, std::string::npos);
    return begin == std::string::npos ? "" : page.dom.substr(begin, page.dom.find("</pre>", begin) - begin);
  }

  const TemporaryFolder folder_;
};

TEST_F(Browser, TabsHoverZoomAndThemeWork) {
  const std::string said = this->said("--window-size=1280,900");
  EXPECT_THAT(said, Not(HasSubstr("FAILS")));
  for (const char* part :
       {"tab #results works", "hover works", "zoom works", "reset works", "heat works", "theme works",
        "arrow works", "filter works", "slider works", "no stale figures works", "fresh figures works",
        "save svg works", "save png works"})
    EXPECT_THAT(said, HasSubstr(part));
}

TEST_F(Browser, ThePageAsItIsRunsUnderItsPolicyAndOpensTheTabOfItsAddress) {
  write_report({folder_ / "run"}, folder_ / "report.html");
  const Shown page = open_page(folder_, "file://" + (folder_ / "report.html").string() + "#results");
  EXPECT_EQ(page.console, "");
  EXPECT_THAT(page.dom, HasSubstr("class=\"js\""));
  EXPECT_THAT(page.dom, HasSubstr("data-tab=\"results\" class=\"active\""));
}

constexpr char kZoomIn[] = R"js(
  SVGElement.prototype.setPointerCapture = () => {};
  const chart = document.querySelector("section.active svg[data-chart]"), box = chart.getBoundingClientRect();
  for (const [type, share] of [["pointerdown", 0.4], ["pointermove", 0.8], ["pointerup", 0.8]])
    chart.dispatchEvent(new PointerEvent(type, {clientX: box.left + share * box.width, clientY: box.top + 0.6 * box.height, pointerId: 1}));
)js";

TEST_F(Browser, ALivePageTakesWhatIsNewAndKeepsTabAndZoom) {
  const std::string first = with_script(report_page({folder_ / "run"}, 1), kZoomIn);
  write_sample(folder_ / "run", {.layers = 3, .epochs = 7});
  const std::string later = report_page({folder_ / "run"});
  std::atomic<int> asked = 0;
  std::atomic<bool> over = false;
  std::promise<std::string> url;
  std::jthread server([&] {
    serve({.page = [&] { return asked++ == 0 ? first : later; },
           .started = [&](const std::string& at) { url.set_value(at); },
           .stop = [&] { return over.load(); }});
  });
  const Shown page = open_page(folder_, url.get_future().get() + "#curves", "--window-size=1280,900");
  over = true;
  EXPECT_EQ(page.console, "");
  EXPECT_EQ(asked, 2) << "training was over, so it asks no more";
  EXPECT_THAT(page.dom, HasSubstr("after 7 epochs"));
  EXPECT_THAT(page.dom, HasSubstr("data-tab=\"curves\" class=\"active\""));
  EXPECT_THAT(page.dom, HasSubstr("Whole range"));
}

TEST_F(Browser, HostileNamesRunNothing) {
  write_sample(
      folder_ / "hostile",
      {.name = "</script><script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">"});
  put_text(folder_ / "page.html", with_script(report_page({folder_ / "hostile", folder_ / "run"}), "0"));
  const Shown page = open_page(folder_, "file://" + (folder_ / "page.html").string());
  EXPECT_EQ(page.console, "");
  EXPECT_THAT(page.dom, Not(HasSubstr("<title>hit")));
}

}  // namespace
}  // namespace actlab::test
