#include "kernels/skip_gram/step_integers.h"

#include <limits>

namespace matinee::skip_gram {

double LossSum::value() const {
  if (diverged) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(steps) * static_cast<double>(kOneStep);
}

}  // namespace matinee::skip_gram
