#pragma once

#include "kernels/seq2seq/lstm_layer.h"

namespace matinee::seq2seq {

// make_lstm_layer() on CUDA; the shape is checked.
std::unique_ptr<LstmLayer> make_lstm_layer_cuda(Context& context, const LstmShape& shape, const LstmRoom& room,
                                                bool training);

}  // namespace matinee::seq2seq
