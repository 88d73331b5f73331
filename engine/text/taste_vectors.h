#pragma once

#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// Users and items as vectors in one space: the nearer their directions, the more an item is to a user's taste.
struct TasteVectors {
  MatrixView<const float> users, items;
};

}  // namespace matinee::engine
