#pragma once

#include "kernels/dense/principal_components.h"

namespace matinee::dense {

// As principal_components(), of checked operands.
PrincipalComponents principal_components_cpu(MatrixView<const float> rows, int components);

}  // namespace matinee::dense
