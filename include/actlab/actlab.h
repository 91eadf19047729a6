#pragma once

// All of the library. What is trained follows from a config, as for the program: docs/config.md.
#include <actlab/activation.h>
#include <actlab/config.h>
#include <actlab/error.h>
#include <actlab/formula.h>
#include <actlab/log.h>
#include <actlab/model.h>
#include <actlab/train.h>
#include <actlab/version.h>
