#include <algorithm>
#include <vector>

#include "kernels/factorization/training_operands.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int64_t kRowsPerPiece = 4096;  // that are packed or unpacked together

// Calls visit(first, last, piece) with room for the rows first .. last-1 of a side.
template <typename Visit>
void by_pieces(const DeviceRows& rows, const Visit& visit) {
  std::vector<float> piece(static_cast<std::size_t>(std::min(rows.rows, kRowsPerPiece) * rows.stride()));
  for (int64_t first = 0; first < rows.rows; first += kRowsPerPiece) {
    visit(first, std::min(first + kRowsPerPiece, rows.rows), piece.data());
  }
}

int64_t bytes_of(const DeviceRows& rows, int64_t count) {
  return count * rows.stride() * static_cast<int64_t>(sizeof(float));
}

void send_rows(CudaResources& cuda, const MatrixView<const float>& factors, const float* biases, const float* shares,
               const DeviceRows& rows) {
  by_pieces(rows, [&](int64_t first, int64_t last, float* piece) {
    for (int64_t index = first; index < last; ++index) {
      float* row = std::copy_n(factors.row(index), rows.factors, piece + (index - first) * rows.stride());
      for (int member = 0; member < kTeam; ++member) {
        row[2 * member] = biases[index];
        row[2 * member + 1] = shares == nullptr ? 1.0F : shares[index];
      }
    }
    upload_bytes(cuda, rows.row(first), piece, bytes_of(rows, last - first));
  });
}

void fetch_rows(CudaResources& cuda, const DeviceRows& rows, const MatrixView<float>& factors, float* biases) {
  by_pieces(rows, [&](int64_t first, int64_t last, float* piece) {
    download_bytes(cuda, piece, rows.row(first), bytes_of(rows, last - first));
    for (int64_t index = first; index < last; ++index) {
      const float* row = piece + (index - first) * rows.stride();
      std::copy_n(row, rows.factors, factors.row(index));
      biases[index] = row[rows.factors];
    }
  });
}

int64_t stratum_tiles(const RatingBlocks& blocks) {
  return int64_t{blocks.groups()} * blocks.parts() * blocks.parts();
}

}  // namespace

DeviceTraining::DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                               const FactorsView<float>& model)
    : user_count(blocks.users()),
      item_count(blocks.items()),
      factors(model.user_factors.stride),
      mean(model.mean),
      cut{blocks.groups(), blocks.parts()},
      user_rows(cuda, user_count * device_stride(factors)),
      item_rows(cuda, item_count * device_stride(factors)),
      ratings(uploaded(cuda, blocks.ratings())),
      tile_offsets(uploaded(cuda, blocks.tile_offsets())),
      tile_squares(cuda, stratum_tiles(blocks)),
      block_squares(cuda, int64_t{blocks.groups()} * blocks.groups()) {
  send_rows(cuda, model.user_factors, model.user_biases, objective.user_shares, users());
  send_rows(cuda, model.item_factors, model.item_biases, objective.item_shares, items());
}

void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, std::shared_ptr<DeviceTraining>& held, ModelParts& parts) {
  held = std::make_shared<DeviceTraining>(context.cuda(), blocks, objective, model);
  const DeviceRows users = held->users(), items = held->items();
  parts.user_factors = {users.data, users.rows, users.factors, users.stride()};
  parts.item_factors = {items.data, items.rows, items.factors, items.stride()};
  parts.user_biases = {users.data + users.factors, users.rows, 1, users.stride()};
  parts.item_biases = {items.data + items.factors, items.rows, 1, items.stride()};
}

void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model) {
  fetch_rows(context.cuda(), held.users(), model.user_factors, model.user_biases);
  fetch_rows(context.cuda(), held.items(), model.item_factors, model.item_biases);
}

}  // namespace matinee::factorization
