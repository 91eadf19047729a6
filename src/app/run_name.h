#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"

namespace actlab {

// `run.name`; where that is auto, the config file's name without extension, and what `overrides` (key=value,
// as checked with the config) make of its training: "mnist_cnn-elu", "mnist_cnn-leaky_relu-0.2",
// "mnist_binary-lr-0.01". How long, where and how it runs does not count: train.epochs, run, threads, device,
// checkpoint and diagnose. Neither does the order of the overrides. With '_' for what run.name may not hold,
// and cut off with a digest where it would be too long.
std::string run_name(const Config& config, const std::filesystem::path& file,
                     const std::vector<std::string>& overrides = {});

}  // namespace actlab
