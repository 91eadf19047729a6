#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Markup that is well-formed as XML and as HTML, whatever text is put in.
namespace actlab {

// Text for content and attribute values: & < > " ' become entities, bytes that are not UTF-8 and characters
// that XML forbids become U+FFFD.
std::string escape(std::string_view text);

// At most two decimals: "12.5".
std::string px(double value);

// <name a="1" b="2">content</name>, or <name a="1"/> without content. Values are escaped here, the content by
// the caller; an attribute of value "" is left out.
std::string element(std::string_view name,
                    std::initializer_list<std::pair<std::string_view, std::string>> attributes,
                    std::string_view content = {});

// <text> at a place; `anchor` is start, middle or end.
std::string svg_text(double x, double y, std::string_view text, std::string_view css_class,
                     std::string_view anchor = "start");

// About how wide a text is at this size, in pixels: generous for proportional fonts.
double text_width(std::string_view text, double font_size);

// A text of at most `characters` characters, the middle left out where it is longer: "a very … long one".
std::string shorten(std::string_view text, size_t characters);

// <svg> of this size as it stands in a page, which gives its colours, or with them as a file of its own.
std::string svg_fragment(double width, double height, std::string_view label, std::string_view content,
                         std::string_view attributes = {});
std::string svg_file(std::string_view fragment);

// Fragments of `width` by `height` each, as one: `columns` of them side by side.
std::string svg_grid(const std::vector<std::string>& fragments, size_t columns, double width, double height,
                     std::string_view label);

}  // namespace actlab
