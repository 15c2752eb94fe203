#pragma once

#include <functional>

namespace esmm::apps {

// From now on the first SIGINT or SIGTERM makes the returned question true, a second one ends the program as
// usual. Before any other thread starts (the data set's readers are some).
std::function<bool()> stop_on_signals();

}  // namespace esmm::apps
