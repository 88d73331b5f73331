#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "kernels/factorization/training_operands.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int64_t kRowsPerPiece = 4096;  // that are packed or unpacked together

// Calls visit(first, last, piece) with room for the rows at places first .. last-1 of a side.
template <typename Visit>
void by_pieces(const DeviceSide& side, const Visit& visit) {
  std::vector<unsigned char> piece(static_cast<std::size_t>(std::min(side.size(), kRowsPerPiece) * side.row_bytes));
  for (int64_t first = 0; first < side.size(); first += kRowsPerPiece) {
    visit(first, std::min(first + kRowsPerPiece, side.size()), piece.data());
  }
}

// A row of factors as the device has it; and back.
void pack(const float* numbers, int64_t count, Storage storage, unsigned char* row) {
  if (storage == Storage::kFp32) {
    std::memcpy(row, numbers, static_cast<std::size_t>(count) * sizeof(float));
    return;
  }
  auto* halves = reinterpret_cast<uint16_t*>(row);
  for (int64_t k = 0; k < count; ++k) {
    halves[half_place(k, count)] =
        storage == Storage::kFp16 ? nearest<Fp16>(numbers[k]).bits : nearest<Bf16>(numbers[k]).bits;
  }
}

void unpack(const unsigned char* row, int64_t count, Storage storage, float* numbers) {
  if (storage == Storage::kFp32) {
    std::memcpy(numbers, row, static_cast<std::size_t>(count) * sizeof(float));
    return;
  }
  const auto* halves = reinterpret_cast<const uint16_t*>(row);
  for (int64_t k = 0; k < count; ++k) {
    const uint16_t bits = halves[half_place(k, count)];
    numbers[k] = storage == Storage::kFp16 ? widen(Fp16{bits}) : widen(Bf16{bits});
  }
}

// Where each subgroup's rows begin, and the end.
std::vector<int32_t> begins_of(std::span<const uint16_t> subgroups, const Cut& cut) {
  std::vector<int32_t> begins(static_cast<std::size_t>(cut.subgroups()) + 1);
  for (const uint16_t subgroup : subgroups) ++begins[subgroup + std::size_t{1}];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  return begins;
}

// The rows by subgroup.
std::vector<int32_t> rows_in_order(std::span<const uint16_t> subgroups, const Cut& cut) {
  std::vector<int32_t> rows(subgroups.size()), next = begins_of(subgroups, cut);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows[static_cast<std::size_t>(next[subgroups[row]]++)] = static_cast<int32_t>(row);
  }
  return rows;
}

// numbers[row] of each row, by place.
DeviceBuffer<float> uploaded_by_place(CudaResources& cuda, const std::vector<int32_t>& rows, const float* numbers) {
  std::vector<float> by_place(rows.size());
  std::transform(rows.begin(), rows.end(), by_place.begin(), [&](int32_t row) { return numbers[row]; });
  return uploaded<float>(cuda, by_place);
}

void fetch_side(CudaResources& cuda, DeviceSide& side, Storage storage, const MatrixView<float>& factors,
                float* biases) {
  by_pieces(side, [&](int64_t first, int64_t last, unsigned char* piece) {
    download_bytes(cuda, piece, side.view().row(first), (last - first) * side.row_bytes);
    for (int64_t place = first; place < last; ++place) {
      const unsigned char* row = piece + (place - first) * side.row_bytes;
      unpack(row, factors.stride, storage, factors.row(side.rows[static_cast<std::size_t>(place)]));
    }
  });
  std::vector<float> by_place(side.rows.size());
  download<float>(cuda, by_place, side.biases);
  for (std::size_t place = 0; place < by_place.size(); ++place) biases[side.rows[place]] = by_place[place];
}

// Puts places for the numbers of users and items, once. 12 bytes of a rating read and written, 8 of places read.
__global__ void put_places_kernel(int64_t ratings, const int32_t* __restrict__ user_places,
                                  const int32_t* __restrict__ item_places,
                                  int32_t* __restrict__ words) {  // (ratings, 3)
  const int64_t rating = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (rating >= ratings) return;
  words[3 * rating] = user_places[words[3 * rating]];
  words[3 * rating + 1] = item_places[words[3 * rating + 1]];
}

// The ratings, then zeros to the end of a window.
DeviceBuffer<int32_t> ratings_in_windows(CudaResources& cuda, std::span<const Rating> ratings, const DeviceSide& users,
                                         const DeviceSide& items) {
  const auto bytes = static_cast<int64_t>(ratings.size_bytes()), count = static_cast<int64_t>(ratings.size());
  constexpr int64_t kWord = sizeof(int32_t);
  DeviceBuffer<int32_t> words(cuda, rounded_up(bytes, kWindowBytes) / kWord);
  upload_bytes(cuda, words.data(), ratings.data(), bytes);
  words.clear(bytes / kWord, words.size());
  launch(cuda, Kernel("put_places_kernel", put_places_kernel), one_thread_each(count), count, users.places.data(),
         items.places.data(), words.data());
  return words;
}

}  // namespace

DeviceSide::DeviceSide(CudaResources& cuda, std::span<const uint16_t> subgroups, const Cut& cut,
                       const MatrixView<const float>& model_factors, const float* model_biases,
                       const float* model_shares, Storage storage)
    : rows(rows_in_order(subgroups, cut)), row_bytes(device_row_bytes(model_factors.stride, storage)) {
  const std::vector<int32_t> of_subgroups = begins_of(subgroups, cut);
  std::vector<int32_t> group_begins = {0};
  for (std::size_t end = static_cast<std::size_t>(cut.parts); end < of_subgroups.size(); end += cut.parts) {
    most = std::max(most, of_subgroups[end] - group_begins.back());
    group_begins.push_back(of_subgroups[end]);
  }
  std::vector<int32_t> place_of(rows.size());
  for (std::size_t place = 0; place < rows.size(); ++place) {
    place_of[static_cast<std::size_t>(rows[place])] = static_cast<int32_t>(place);
  }
  places = uploaded<int32_t>(cuda, place_of);
  begins = uploaded<int32_t>(cuda, group_begins);
  biases = uploaded_by_place(cuda, rows, model_biases);
  if (model_shares != nullptr) shares = uploaded_by_place(cuda, rows, model_shares);
  factors = DeviceBuffer<unsigned char>(cuda, size() * row_bytes);
  by_pieces(*this, [&](int64_t first, int64_t last, unsigned char* piece) {
    for (int64_t place = first; place < last; ++place) {
      const float* numbers = model_factors.row(rows[static_cast<std::size_t>(place)]);
      pack(numbers, model_factors.stride, storage, piece + (place - first) * row_bytes);
    }
    upload_bytes(cuda, view().row(first), piece, (last - first) * row_bytes);
  });
}

DeviceTraining::DeviceTraining(CudaResources& cuda, const RatingBlocks& blocks, const Objective& objective,
                               const FactorsView<float>& model, Storage kind)
    : storage(kind),
      factors(model.user_factors.stride),
      mean(model.mean),
      cut{blocks.groups(), blocks.parts()},
      users(cuda, blocks.user_subgroups(), cut, model.user_factors, model.user_biases, objective.user_shares, kind),
      items(cuda, blocks.item_subgroups(), cut, model.item_factors, model.item_biases, objective.item_shares, kind),
      ratings(ratings_in_windows(cuda, blocks.ratings(), users, items)),
      tile_offsets(uploaded(cuda, blocks.tile_offsets())),
      block_squares(cuda, int64_t{blocks.groups()} * blocks.groups()),
      epoch(cuda, 1) {}

void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, Storage storage, std::shared_ptr<DeviceTraining>& held,
                         ModelParts& parts) {
  held = std::make_shared<DeviceTraining>(context.cuda(), blocks, objective, model, storage);
  const auto factors_of = [&](const DeviceSide& side) {
    StoredMatrix part(side.factors.data(), side.size(), held->factors, side.row_bytes, storage);
    part.places = side.places.data();
    return part;
  };
  const auto biases_of = [](const DeviceSide& side) {
    StoredMatrix part(side.biases.data(), side.size(), 1, sizeof(float), Storage::kFp32);
    part.places = side.places.data();
    return part;
  };
  parts = {.user_factors = factors_of(held->users),
           .item_factors = factors_of(held->items),
           .user_biases = biases_of(held->users),
           .item_biases = biases_of(held->items)};
}

void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model) {
  fetch_side(context.cuda(), held.users, held.storage, model.user_factors, model.user_biases);
  fetch_side(context.cuda(), held.items, held.storage, model.item_factors, model.item_biases);
}

}  // namespace matinee::factorization
