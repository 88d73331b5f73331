#include <algorithm>
#include <cstring>
#include <vector>

#include "kernels/factorization/training_operands.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int64_t kRowsPerPiece = 4096;  // that are packed or unpacked together

// Calls visit(first, last, piece) with room for the rows first .. last-1 of a side.
template <typename Visit>
void by_pieces(const DeviceRows& rows, const Visit& visit) {
  std::vector<unsigned char> piece(static_cast<std::size_t>(std::min(rows.rows, kRowsPerPiece) * rows.row_bytes));
  for (int64_t first = 0; first < rows.rows; first += kRowsPerPiece) {
    visit(first, std::min(first + kRowsPerPiece, rows.rows), piece.data());
  }
}

// A row of factors as the device has it, the numbers beyond `count` zero; and back.
void pack(const float* numbers, int64_t count, Storage storage, int64_t bytes, unsigned char* row) {
  if (storage == Storage::kFp32) {
    std::memcpy(row, numbers, static_cast<std::size_t>(bytes));
    return;
  }
  std::memset(row, 0, static_cast<std::size_t>(bytes));
  auto* halves = reinterpret_cast<uint16_t*>(row);
  for (int64_t k = 0; k < count; ++k) {
    halves[half_place(k)] = storage == Storage::kFp16 ? nearest<Fp16>(numbers[k]).bits : nearest<Bf16>(numbers[k]).bits;
  }
}

void unpack(const unsigned char* row, int64_t count, Storage storage, float* numbers) {
  if (storage == Storage::kFp32) {
    std::memcpy(numbers, row, static_cast<std::size_t>(count) * sizeof(float));
    return;
  }
  const auto* halves = reinterpret_cast<const uint16_t*>(row);
  for (int64_t k = 0; k < count; ++k) {
    const uint16_t bits = halves[half_place(k)];
    numbers[k] = storage == Storage::kFp16 ? widen(Fp16{bits}) : widen(Bf16{bits});
  }
}

void send_rows(CudaResources& cuda, const MatrixView<const float>& factors, const float* biases, const float* shares,
               Storage storage, const DeviceRows& rows) {
  by_pieces(rows, [&](int64_t first, int64_t last, unsigned char* piece) {
    for (int64_t index = first; index < last; ++index) {
      unsigned char* row = piece + (index - first) * rows.row_bytes;
      pack(factors.row(index), factors.stride, storage, rows.factor_bytes(), row);
      auto* tail = reinterpret_cast<float*>(row + rows.factor_bytes());
      for (int member = 0; member < kTeam; ++member) {
        tail[2 * member] = biases[index];
        tail[2 * member + 1] = shares == nullptr ? 1.0F : shares[index];
      }
    }
    upload_bytes(cuda, rows.row(first), piece, (last - first) * rows.row_bytes);
  });
}

void fetch_rows(CudaResources& cuda, const DeviceRows& rows, Storage storage, const MatrixView<float>& factors,
                float* biases) {
  by_pieces(rows, [&](int64_t first, int64_t last, unsigned char* piece) {
    download_bytes(cuda, piece, rows.row(first), (last - first) * rows.row_bytes);
    for (int64_t index = first; index < last; ++index) {
      const unsigned char* row = piece + (index - first) * rows.row_bytes;
      unpack(row, factors.stride, storage, factors.row(index));
      biases[index] = *reinterpret_cast<const float*>(row + rows.factor_bytes());
    }
  });
}

// The ratings, then zeros to the end of a window.
DeviceBuffer<int32_t> ratings_in_windows(CudaResources& cuda, std::span<const Rating> ratings) {
  const auto bytes = static_cast<int64_t>(ratings.size_bytes());
  constexpr int64_t kWord = sizeof(int32_t);
  DeviceBuffer<int32_t> words(cuda, rounded_up(bytes, kWindowBytes) / kWord);
  upload_bytes(cuda, words.data(), ratings.data(), bytes);
  words.clear(bytes / kWord, words.size());
  return words;
}

int64_t stratum_tiles(const RatingBlocks& blocks) {
  return int64_t{blocks.groups()} * blocks.parts() * blocks.parts();
}

}  // namespace

DeviceTraining::DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                               const FactorsView<float>& model, Storage kind)
    : storage(kind),
      user_count(blocks.users()),
      item_count(blocks.items()),
      factors(model.user_factors.stride),
      row_bytes(device_row_bytes(factors, kind)),
      mean(model.mean),
      cut{blocks.groups(), blocks.parts()},
      user_rows(cuda, user_count * row_bytes),
      item_rows(cuda, item_count * row_bytes),
      ratings(ratings_in_windows(cuda, blocks.ratings())),
      tile_offsets(uploaded(cuda, blocks.tile_offsets())),
      tile_squares(cuda, stratum_tiles(blocks)),
      block_squares(cuda, int64_t{blocks.groups()} * blocks.groups()),
      epoch(cuda, 1) {
  send_rows(cuda, model.user_factors, model.user_biases, objective.user_shares, storage, users());
  send_rows(cuda, model.item_factors, model.item_biases, objective.item_shares, storage, items());
}

void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, Storage storage, std::shared_ptr<DeviceTraining>& held,
                         ModelParts& parts) {
  held = std::make_shared<DeviceTraining>(context.cuda(), blocks, objective, model, storage);
  const auto part = [&](const DeviceRows& rows, int64_t offset, int64_t columns, Storage kind) {
    return StoredMatrix(rows.data + offset, rows.rows, columns, rows.row_bytes, kind);
  };
  const DeviceRows users = held->users(), items = held->items();
  parts.user_factors = part(users, 0, held->factors, storage);
  parts.item_factors = part(items, 0, held->factors, storage);
  parts.user_biases = part(users, users.factor_bytes(), 1, Storage::kFp32);
  parts.item_biases = part(items, items.factor_bytes(), 1, Storage::kFp32);
}

void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model) {
  fetch_rows(context.cuda(), held.users(), held.storage, model.user_factors, model.user_biases);
  fetch_rows(context.cuda(), held.items(), held.storage, model.item_factors, model.item_biases);
}

}  // namespace matinee::factorization
