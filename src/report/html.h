#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rundir/headline.h"

// Pieces of the page. What is called `html` is markup already; all other text is escaped here, and shortened
// where it is beyond reason.
namespace actlab::report {

constexpr size_t kLongestText = 3000;  // characters of a paragraph

// A box with a heading and a sentence on what it shows.
std::string card(std::string_view title, std::string_view hint, std::string_view html,
                 std::string_view css_class = "");

// A figure in large type: what it is, the figure, what else to know about it.
std::string stat(std::string_view label, std::string_view value, std::string_view note = "");

std::string heading(std::string_view text, std::string_view hint = "");
std::string paragraph(std::string_view text, std::string_view css_class = "");

// "dead_units" as "dead units".
std::string spoken(std::string name);

// A value of the headline as text: "98.19 %", "0.1234", or a dash.
std::string shown(const Headline& headline, double value);
// Its name as a title: "Accuracy".
std::string titled(const Headline& headline);

// Boxes side by side where there is room.
std::string grid(std::string_view html, std::string_view css_class = "");

// Text in a fixed-width face, with a button that copies it.
std::string copyable(std::string_view text);

// A table whose first column is text and whose others are figures. Cells are escaped.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  void add(std::vector<std::string> cells, bool emphasized = false);
  bool empty() const { return rows_.empty(); }
  std::string html(std::string_view css_class = "") const;

 private:
  std::vector<std::string> header_;
  std::vector<std::pair<std::vector<std::string>, bool>> rows_;
};

}  // namespace actlab::report
