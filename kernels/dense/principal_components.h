#pragma once

#include <vector>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::dense {

inline constexpr double kEqualMagnitudes = 1e-9;  // relative

// Where rows lie along their directions of greatest variance (principal component analysis, Pearson 1901).
struct PrincipalComponents {
  std::vector<double> coordinates;  // (rows × components), row-major: mean 0 in each column
  std::vector<double> shares;       // (components) of the total variance, falling; 0 where there is none
};

// The first `components` (1 or more) principal components of `rows` (n × d), from the singular values of the centred
// matrix, in double. Components beyond min(n, d) are 0. The sign of each is such that its coordinate of largest
// magnitude is positive, the first of those that kEqualMagnitudes does not tell apart. Error(kInput) where a number is
// not finite. The same bytes for any number of threads. Time O(n d min(n, d)): meant for some thousand rows; runs on
// the CPU whatever the device.
PrincipalComponents principal_components(Context& context, MatrixView<const float> rows, int components);

}  // namespace matinee::dense
