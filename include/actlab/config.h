#pragma once

#include <actlab/api.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace actlab {
inline namespace v0 {

struct TrainingOptions;
struct TrainingResult;

// A config, read and checked: what is trained, on which data, and how. docs/config.md has the language.
class ACTLAB_API TrainingConfig {
 public:
  // Reads the file, what it extends, then the overrides, as "model.activation=elu". Paths in the file are
  // relative to it, those in overrides to the current directory. Throws Error (2) with every mistake, one a
  // line. Data are not read.
  static TrainingConfig from_file(const std::filesystem::path& file,
                                  const std::vector<std::string>& overrides = {});

  // The same for YAML in memory. Paths are relative to the current directory; `extends` and ${env:...} are
  // not available.
  static TrainingConfig from_text(const std::string& yaml, const std::vector<std::string>& overrides = {});

  // With every default filled in and paths made absolute.
  std::string yaml() const;

 private:
  friend ACTLAB_API TrainingResult train(const TrainingConfig& config, const TrainingOptions& options);
  struct ACTLAB_HIDDEN Parts;

  explicit TrainingConfig(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;
};

}  // namespace v0
}  // namespace actlab
