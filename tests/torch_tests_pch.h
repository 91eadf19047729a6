// Precompiled once for the tests that need LibTorch: the program's header, at the level of optimisation of
// tests.
#pragma once

#include "tests_pch.h"
#include "torch_pch.h"
