#include "kernels/skip_gram/training_operands.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::skip_gram {
namespace {

int64_t row_bytes(const MatrixView<float>& rows) {
  return rows.rows * rows.stride * static_cast<int64_t>(sizeof(float));
}

bool draws_negatives(const TrainingOperands& operands) {
  return operands.settings().output == Output::kNegativeSampling;
}

}  // namespace

DeviceTraining::DeviceTraining(CudaResources& cuda, const TrainingOperands& operands)
    : vectors(cuda, 2 * operands.vectors().input.rows * operands.vectors().input.stride),
      sums(cuda, draws_negatives(operands) ? vectors.size() : 0),
      moved_in(cuda, draws_negatives(operands) ? 2 * operands.vectors().input.rows : 0),
      noise(uploaded(cuda, operands.draws().noise().data(),
                     draws_negatives(operands) ? std::ssize(operands.draws().noise()) : 0)),
      loss(cuda, 2) {
  const VectorsView<float>& from = operands.vectors();
  upload_bytes(cuda, vectors.data(), from.input.data, row_bytes(from.input));
  upload_bytes(cuda, vectors.data() + from.input.rows * from.input.stride, from.output.data, row_bytes(from.output));
  sums.clear();
  moved_in.clear();
}

DeviceModel DeviceTraining::model(const TrainingOperands& operands) {
  DeviceModel model{};
  model.vocabulary = operands.vectors().input.rows;
  model.stride = operands.vectors().input.stride;
  model.vectors = vectors.data();
  model.sums = sums.data();
  model.moved_in = moved_in.data();
  model.draws = operands.draws().view();
  model.draws.keep = nullptr;
  model.draws.noise = noise.data();
  model.settings = operands.settings();
  model.words = operands.corpus().size();
  model.loss = loss.data();
  return model;
}

void hold_on_device_cuda(Context& context, const TrainingOperands& operands, std::shared_ptr<DeviceTraining>& held) {
  held = std::make_shared<DeviceTraining>(context.cuda(), operands);
}

void fetch_vectors_cuda(Context& context, DeviceTraining& held, const VectorsView<float>& vectors) {
  CudaResources& cuda = context.cuda();
  download_bytes(cuda, vectors.input.data, held.vectors.data(), row_bytes(vectors.input));
  download_bytes(cuda, vectors.output.data, held.vectors.data() + vectors.input.rows * vectors.input.stride,
                 row_bytes(vectors.output));
}

}  // namespace matinee::skip_gram
