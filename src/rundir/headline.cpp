#include "rundir/headline.h"

#include "core/text.h"

namespace actlab {

std::string value_text(const Headline& headline, double value) {
  return headline.share ? formatted("%.2f %%", 100 * value) : formatted("%.4f", value);
}

std::string mean_text(const Headline& headline, double mean, std::optional<double> half_interval,
                      bool with_sign) {
  const double factor = headline.share ? 100 : 1;
  const int digits = headline.share ? 2 : 4;
  std::string text =
      with_sign ? formatted("%+.*f", digits, factor * mean) : formatted("%.*f", digits, factor * mean);
  if (half_interval) text += formatted(" ± %.*f", digits, factor * *half_interval);
  return text;
}

nlohmann::ordered_json to_json(const Headline& headline, std::optional<double> value) {
  nlohmann::ordered_json json = {{"name", headline.name}};
  if (value) json["value"] = *value;
  json["larger_is_better"] = headline.larger_is_better;
  json["share"] = headline.share;
  return json;
}

Headline known_headline(const std::string& name) {
  const Headline accuracy;
  return name == accuracy.name ? accuracy : Headline{name, false, false};
}

Headline headline_from_json(const nlohmann::json& json) {
  Headline headline;
  if (!json.is_object()) return headline;
  const auto read = [&](const char* key, auto& out) {
    const auto found = json.find(key);
    if (found != json.end() && found->type() == nlohmann::json(out).type()) found->get_to(out);
  };
  read("name", headline.name);
  read("larger_is_better", headline.larger_is_better);
  read("share", headline.share);
  return headline;
}

}  // namespace actlab
