#include "kernels/seq2seq/lstm_layer.h"

#include "kernels/seq2seq/lstm_layer_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::seq2seq {

void LstmLayer::check_host_form(std::span<const float> host) const {
  if (static_cast<int64_t>(host.size()) == shape_.parameters()) return;
  fail(ErrorKind::kConfig, "an LSTM layer of {} inputs and {} units has {} parameters, not {}", shape_.inputs,
       shape_.units, shape_.parameters(), host.size());
}

std::unique_ptr<LstmLayer> make_lstm_layer(Context& context, const LstmShape& shape, const LstmRoom& room,
                                           bool training) {
  if (shape.inputs < 1 || shape.units < 1) {
    fail(ErrorKind::kConfig, "an LSTM layer of {} inputs and {} units: both must be 1 or more", shape.inputs,
         shape.units);
  }
  return MATINEE_DISPATCH(context, make_lstm_layer, shape, room, training);
}

}  // namespace matinee::seq2seq
