#include "compare/table.h"

#include <algorithm>
#include <functional>

#include "core/text.h"

namespace actlab {
namespace {

constexpr size_t kWidth = 100;
constexpr size_t kShortestLabel = 12;
const std::string kNone = "-";

// What the shares of a layer mean, of those that there are.
std::string shares_legend(const Comparison& comparison) {
  const auto any = [&](std::optional<double> ComparisonRow::*share) {
    return std::ranges::any_of(comparison.rows, [&](const auto& row) { return (row.*share).has_value(); });
  };
  std::string text;
  if (any(&ComparisonRow::dead))
    text += " dead: units that answer all examined examples alike; others might wake them.";
  if (any(&ComparisonRow::off))
    text += " off: where a piecewise linear activation is flat by design, which is no saturation.";
  return text;
}

std::string legend(const Comparison& comparison) {
  const Headline& headline = comparison.headline;
  return headline.name + ": on the test data; ±: half the 95 % t interval, from " +
         std::to_string(kFewestSeedsToRank) +
         " seeds on; difference: " + (headline.share ? "in points, " : "") +
         "paired by seed; p: paired t test, after Holm; best: share of resampled seeds with the " +
         (headline.larger_is_better ? "highest" : "lowest") + " mean." + shares_legend(comparison);
}

using Cells = std::vector<std::vector<std::string>>;  // rows of equal length, the headings first

// How figures of a headline are written: shares in percent.
struct Scale {
  double factor;
  int digits;
};
Scale scale_of(const Headline& headline) {
  return headline.share ? Scale{100, 2} : Scale{1, 4};
}

bool ranks(const Comparison& comparison) {
  return comparison.seeds.size() >= kFewestSeedsToRank;
}

// The mean and half its interval, which is symmetric.
std::string with_interval(const Comparison& comparison, const Summary& summary, bool with_sign) {
  if (!summary.mean) return kNone;
  std::optional<double> half;
  if (summary.ci95 && ranks(comparison)) half = (summary.ci95->high - summary.ci95->low) / 2;
  return mean_text(comparison.headline, *summary.mean, half, with_sign);
}

std::string number(const std::optional<double>& value, const char* format, double scale = 1) {
  return value ? formatted(format, scale * *value) : kNone;
}

std::string p_text(const std::optional<double>& p) {
  return p && *p < 0.001 ? "<0.001" : number(p, "%.3f");
}

std::string difference_text(const Comparison& comparison, const ComparisonRow& row) {
  if (row.activation == comparison.baseline) return "baseline";
  return row.difference ? with_interval(comparison, row.difference->difference, true) : kNone;
}

std::string sd_text(const ComparisonRow& row, Scale scale) {
  return row.score.sd ? formatted("%.*f", scale.digits, scale.factor * *row.score.sd) : kNone;
}

Cells cells_of(const Comparison& comparison, bool with_sd) {
  const Scale scale = scale_of(comparison.headline);
  const std::string score = comparison.headline.name + (comparison.headline.share ? " %" : "");
  Cells cells = {{"activation", score, "loss", "difference", "p", "best", "s/epoch", "dead", "saturated",
                  "off", "diverged"}};
  for (const auto& row : comparison.rows) {
    cells.push_back({row.activation, with_interval(comparison, row.score, false),
                     number(row.loss.mean, "%.4f"), difference_text(comparison, row),
                     ranks(comparison) ? p_text(row.p_holm) : kNone,
                     ranks(comparison) ? number(row.probability_best, "%.2f") : kNone,
                     number(row.seconds_per_epoch, "%.2f"), number(row.dead, "%.1f %%", 100),
                     number(row.saturated, "%.1f %%", 100), number(row.off, "%.1f %%", 100),
                     row.diverged == 0 ? kNone : std::to_string(row.diverged)});
  }
  if (with_sd) {
    for (size_t i = 0; i < cells.size(); ++i)
      cells[i].insert(cells[i].begin() + 2, i == 0 ? "sd" : sd_text(comparison.rows[i - 1], scale));
  }
  return cells;
}

void drop_empty_columns(Cells& cells) {
  for (size_t column = cells[0].size(); column-- > 0;) {
    const bool empty =
        std::all_of(cells.begin() + 1, cells.end(), [&](const auto& row) { return row[column] == kNone; });
    if (!empty) continue;
    for (auto& row : cells) row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
  }
}

// Characters, not bytes.
std::string shortened(const std::string& text, size_t most) {
  if (length_of(text) <= most) return text;
  std::string kept;
  size_t characters = 0;
  for (const char c : text) {
    if ((c & 0xC0) != 0x80 && ++characters >= most) break;
    kept += c;
  }
  return kept + "…";
}

size_t width_of(const Cells& cells, size_t column) {
  size_t width = 0;
  for (const auto& row : cells) width = std::max(width, length_of(row[column]));
  return width;
}

std::string aligned(Cells cells) {
  size_t others = 0;
  for (size_t column = 1; column < cells[0].size(); ++column) others += 2 + width_of(cells, column);
  const size_t room = std::max(kWidth - std::min(kWidth, others), kShortestLabel);
  for (auto& row : cells) row[0] = shortened(row[0], room);
  std::string text;
  for (const auto& row : cells) {
    std::string line;
    for (size_t column = 0; column < row.size(); ++column) {
      line += row[column] + std::string(2 + width_of(cells, column) - length_of(row[column]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '\\' || c == '`' || c == '<') result += '\\';
    result += c;
  }
  return result;
}

}  // namespace

std::string terminal_table(const Comparison& comparison) {
  Cells cells = cells_of(comparison, /*with_sd=*/false);
  drop_empty_columns(cells);
  std::string text = aligned(std::move(cells)) + "\n" + wrapped(legend(comparison), kWidth, 0, 2);
  for (const auto& note : comparison.notes) text += "\n" + wrapped(note, kWidth, 0, 2);
  return text;
}

std::string markdown_table(const Comparison& comparison) {
  Cells cells = cells_of(comparison, /*with_sd=*/true);
  drop_empty_columns(cells);
  std::string text;
  for (size_t i = 0; i < cells.size(); ++i) {
    text += "|";
    for (const auto& cell : cells[i]) text += " " + escaped(cell) + " |";
    text += "\n";
    if (i > 0) continue;
    text += "|";
    for (size_t column = 0; column < cells[0].size(); ++column) text += column == 0 ? "---|" : "---:|";
    text += "\n";
  }
  text += "\n" + escaped(legend(comparison)) + "\n";
  for (const auto& note : comparison.notes) text += "\n" + escaped(note) + "\n";
  return text;
}

}  // namespace actlab
