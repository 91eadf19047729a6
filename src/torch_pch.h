// Precompiled once for every file that needs LibTorch. Not torch/torch.h, which costs twice as much here, and
// again in every file: it brings optimizers, data loaders and all modules, which we hardly use.
#pragma once

#include <torch/autograd.h>
#include <torch/cuda.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
