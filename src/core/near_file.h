#pragma once

#include <filesystem>

namespace actlab {

// What a file or folder that is not there was probably meant to be: every part of the path that does not
// exist is taken for the one beside it with another ending (x.yml, x for x.yaml), with its words in another
// order (mlp_mnist for mnist_mlp), with a plausible typo less, or for the file of that name in a folder
// beside it (run/best.safetensors for run/checkpoints/best.safetensors). Empty when there is none such.
std::filesystem::path near_file(const std::filesystem::path& missing);

}  // namespace actlab
