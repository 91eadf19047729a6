#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace actlab {

// The one figure that says how good a model is at its task, as summaries, tables and plots show it.
struct Headline {
  std::string name = "accuracy";  // a key of what an evaluation gives
  bool larger_is_better = true;
  bool share = true;  // of a whole, in [0, 1]: shown in percent

  bool operator==(const Headline&) const = default;
};

// "98.49 %", or "0.1234" where it is no share.
std::string value_text(const Headline& headline, double value);

// "97.33 ± 0.24", shares in hundredths: ± is half the 95 % interval wherever it stands; without one the mean
// alone. With its sign: "+0.31 ± 0.12".
std::string mean_text(const Headline& headline, double mean, std::optional<double> half_interval,
                      bool with_sign = false);

// Fewer seeds do not tell a better activation from a luckier one: no intervals are shown, nothing is ranked.
inline constexpr size_t kFewestSeedsToRank = 3;

// {"name": "accuracy", "value": 0.98, "larger_is_better": true, "share": true}, the value where there is one.
nlohmann::ordered_json to_json(const Headline& headline, std::optional<double> value = {});

// The one of that name. Where all that is known of it is the name, it is no share and the smaller the
// better.
Headline known_headline(const std::string& name);

// What to_json wrote; accuracy where there is none, as in runs of before it was written.
Headline headline_from_json(const nlohmann::json& json);

}  // namespace actlab
