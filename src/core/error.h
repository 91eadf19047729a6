#pragma once

// The one exception is part of what the library offers, so it is declared there.
#include <actlab/error.h>
