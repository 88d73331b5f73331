#include "kernels/dense/principal_components_cpu.h"

#include <algorithm>

#include <Eigen/Dense>

namespace matinee::dense {

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
    Eigen::Index largest = 0;
    coordinates.cwiseAbs().maxCoeff(&largest);
    const double sign = coordinates[largest] < 0 ? -1 : 1;
    for (Eigen::Index row = 0; row < rows.rows; ++row) {
      found.coordinates[static_cast<std::size_t>(row * components + component)] = sign * coordinates[row];
    }
    found.shares[static_cast<std::size_t>(component)] = singular[component] * singular[component] / total;
  }
  return found;
}

}  // namespace matinee::dense
