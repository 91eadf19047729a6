#include "report/html.h"

#include <algorithm>

#include "plot/axis.h"
#include "plot/svg.h"

namespace actlab::report {
namespace {

constexpr size_t kLongestCell = 500;

}  // namespace

std::string card(std::string_view title, std::string_view hint, std::string_view html,
                 std::string_view css_class) {
  std::string head;
  if (!title.empty()) head += "<b>" + escape(shorten(title, 200)) + "</b>";
  if (!hint.empty()) head += "<span>" + escape(hint) + "</span>";
  const std::string caption = head.empty() ? "" : "<figcaption>" + head + "</figcaption>";
  return "<figure class=\"card " + std::string(css_class) + "\">" + caption + std::string(html) +
         "</figure>\n";
}

std::string stat(std::string_view label, std::string_view value, std::string_view note) {
  std::string html =
      "<div class=\"stat\"><span>" + escape(label) + "</span><b>" + escape(shorten(value, 120)) + "</b>";
  if (!note.empty()) html += "<small>" + escape(shorten(note, 120)) + "</small>";
  return html + "</div>\n";
}

std::string heading(std::string_view text, std::string_view hint) {
  std::string html = "<h2>" + escape(text) + "</h2>\n";
  if (!hint.empty()) html += paragraph(hint, "hint");
  return html;
}

std::string paragraph(std::string_view text, std::string_view css_class) {
  return element("p", {{"class", std::string(css_class)}},
                 text.empty() ? " " : escape(shorten(text, kLongestText))) +
         "\n";
}

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string shown(const Headline& headline, double value) {
  return headline.share ? percent(value) : figure(value);
}

std::string titled(const Headline& headline) {
  std::string name = headline.name;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string grid(std::string_view html, std::string_view css_class) {
  return html.empty()
             ? ""
             : "<div class=\"grid " + std::string(css_class) + "\">" + std::string(html) + "</div>\n";
}

std::string copyable(std::string_view text) {
  return "<span class=\"copy\"><code>" + escape(text) + "</code><button type=\"button\" data-copy=\"" +
         escape(text) + "\">Copy</button></span>";
}

void Table::add(std::vector<std::string> cells, bool emphasized) {
  rows_.emplace_back(std::move(cells), emphasized);
}

std::string Table::html(std::string_view css_class) const {
  std::string html = "<div class=\"scroll\"><table class=\"" + std::string(css_class) + "\"><thead><tr>";
  for (const auto& name : header_)
    html += "<th scope=\"col\">" + escape(shorten(name, kLongestCell)) + "</th>";
  html += "</tr></thead><tbody>";
  for (const auto& [cells, emphasized] : rows_) {
    html += emphasized ? "<tr class=\"best\">" : "<tr>";
    for (size_t i = 0; i < cells.size(); ++i) {
      html += i == 0 ? "<th scope=\"row\">" + escape(shorten(cells[i], kLongestCell)) + "</th>"
                     : "<td>" + escape(shorten(cells[i], kLongestCell)) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace actlab::report
