#pragma once

#include <functional>

namespace esmm::apps {

// From now on the first SIGINT or SIGTERM makes the returned question true, a second one ends the program as
// usual.
std::function<bool()> stop_on_signals();

}  // namespace esmm::apps
