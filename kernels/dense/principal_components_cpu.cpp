#include "kernels/dense/principal_components_cpu.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

namespace matinee::dense {
namespace {

double sign_of_largest(const Eigen::VectorXd& coordinates) {
  const double bound = (1 - kEqualMagnitudes) * coordinates.cwiseAbs().maxCoeff();
  const auto first = std::ranges::find_if(coordinates, [&](double value) { return std::abs(value) >= bound; });
  return *first < 0 ? -1 : 1;
}

}  // namespace

PrincipalComponents principal_components_cpu(MatrixView<const float> rows, int components) {
  PrincipalComponents found;
  const auto wanted = static_cast<std::size_t>(components);
  found.coordinates.assign(static_cast<std::size_t>(rows.rows) * wanted, 0.0);
  found.shares.assign(wanted, 0.0);
  if (rows.rows == 0 || rows.columns == 0) return found;

  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Floats, 0, Eigen::OuterStride<>> given(rows.data, rows.rows, rows.columns,
                                                                Eigen::OuterStride<>(rows.stride));
  Eigen::MatrixXd centred = given.cast<double>();
  const Eigen::RowVectorXd mean = centred.colwise().mean();
  centred.rowwise() -= mean;
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred, Eigen::ComputeThinU);
  const Eigen::VectorXd& singular = svd.singularValues();
  const double total = singular.squaredNorm();
  if (total == 0) return found;
  for (Eigen::Index component = 0; component < std::min<Eigen::Index>(components, singular.size()); ++component) {
    const Eigen::VectorXd coordinates = svd.matrixU().col(component) * singular[component];
    const double sign = sign_of_largest(coordinates);
    for (Eigen::Index row = 0; row < rows.rows; ++row) {
      found.coordinates[static_cast<std::size_t>(row * components + component)] = sign * coordinates[row];
    }
    found.shares[static_cast<std::size_t>(component)] = singular[component] * singular[component] / total;
  }
  return found;
}

}  // namespace matinee::dense
