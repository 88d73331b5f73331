#pragma once

namespace matinee {

// The longest list that one block of threads selects in its shared memory; longer ones are sorted whole.
inline constexpr int kMostSelected = 1024;

}  // namespace matinee
