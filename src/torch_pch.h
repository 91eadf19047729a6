// Precompiled once for every file that needs LibTorch: torch/torch.h alone takes 25 seconds and 1.2 GB a
// file.
#pragma once

#include <torch/torch.h>
