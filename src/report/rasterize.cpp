#include "report/rasterize.h"

#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/process.h"

namespace actlab::report {

void rasterize(const std::string& svg, const std::filesystem::path& out) {
  const TemporaryFolder folder;
  const auto source = folder.path() / "picture.svg";
  const auto picture = folder.path() / "picture.png";
  write_file_atomically(source, svg);
  const std::vector<std::vector<std::string>> converters = {
      {"rsvg-convert", "--output", picture.string(), source.string()},
      {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
       "--window-size=1200,630", "--user-data-dir=" + (folder.path() / "profile").string(),
       "--screenshot=" + picture.string(), "file://" + source.string()}};
  for (const auto& converter : converters) {
    if (!run_program(converter, folder.path()).ok() || !std::filesystem::exists(picture)) continue;
    write_named_file(out, read_text(picture, ExitStatus::kFailed));
    return;
  }
  throw Error(ExitStatus::kFailed,
              "nothing here makes a PNG of an SVG: install rsvg-convert (Debian: apt-get install "
              "librsvg2-bin), or write "
              "the .svg");
}

}  // namespace actlab::report
