#include <algorithm>
#include <vector>

#include "kernels/dense/bias.h"
#include "kernels/dense/gemm_cpu.h"
#include "kernels/dense/matrix_product.h"
#include "kernels/seq2seq/lstm_cell.h"
#include "kernels/seq2seq/lstm_layer.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"

// The products with the inputs of all steps are one matrix product. The steps follow each other only within a sequence:
// threads take every n-th sequence each through all steps and never wait for each other.
namespace matinee::seq2seq {
namespace {

// W, R, b_W, b_R in host form.
template <typename T>
struct Parameters {
  MatrixView<T> w, r;
  T *b_w, *b_r;

  Parameters(const LstmShape& shape, T* numbers)
      : w{numbers, 4 * shape.units, shape.inputs, shape.inputs},
        r{numbers + 4 * shape.units * shape.inputs, 4 * shape.units, shape.units, shape.units},
        b_w(r.data + 4 * shape.units * shape.units),
        b_r(b_w + 4 * shape.units) {}
};

// Every `parts`-th sequence, from number `part` on.
struct Share {
  int64_t part, parts;

  int64_t of(int64_t sequences) const { return pieces(sequences - part, parts); }
  // Its rows of a matrix whose first `count` rows from `row` on are those of the sequences of a step.
  template <typename T>
  MatrixView<T> rows(const MatrixView<T>& matrix, int64_t row, int64_t count) const {
    return {matrix.data + (row + part) * matrix.stride, of(count), matrix.columns, matrix.stride * parts};
  }
};

class LstmLayerCpu : public LstmLayer {
 public:
  LstmLayerCpu(const LstmShape& shape, const LstmRoom& room, int threads)
      : LstmLayer(shape),
        gates_(room.rows * 4 * shape.units),
        cells_(room.rows * shape.units),
        tanh_cells_(room.rows * shape.units),
        before_(room.rows * shape.units),
        dh_(room.sequences * shape.units),
        dc_(room.sequences * shape.units),
        zeros_(room.sequences * shape.units),
        bias_(4 * shape.units),
        scratch_(static_cast<std::size_t>(threads)) {}

  int64_t parameters() const override { return shape().parameters(); }

  void set_parameters(Context&, std::span<const float> host, float* parameters) const override {
    check_host_form(host);
    std::ranges::copy(host, parameters);
  }

  void get_parameters(Context&, const float* parameters, std::span<float> host) const override {
    check_host_form(host);
    std::copy_n(parameters, host.size(), host.data());
  }

  void forward(Context& context, const PackedBatch& batch, const float* parameters, const MatrixView<const float>& x,
               const LstmState<const float>& initial, const MatrixView<float>& y, const LstmState<float>& last,
               bool) override {
    const Parameters<const float> own(shape(), parameters);
    const MatrixView<float> gates = rows_of(gates_, batch.rows(), 4 * shape().units);
    for (int64_t n = 0; n < bias_.size(); ++n) bias_[n] = own.b_w[n] + own.b_r[n];
    dense::matrix_product(context, {x}, dense::transpose(own.w), false, gates);
    recurrent_.pack(context, dense::transposed(own.r));
    for_shares(context, batch, [&](const Share& share, int worker) {
      forward_share(batch, share, or_zeros(initial, batch), y, scratch_[static_cast<std::size_t>(worker)]);
      copy_last(batch, share, y, last);
    });
  }

  void backward(Context& context, const PackedBatch& batch, const float* parameters, const MatrixView<const float>& x,
                const LstmState<const float>& initial, const MatrixView<const float>& y,
                const MatrixView<const float>& dy, const LstmState<const float>& d_last, const MatrixView<float>& dx,
                const LstmState<float>& d_initial, float* gradient) override {
    const Parameters<const float> own(shape(), parameters);
    const Parameters<float> sums(shape(), gradient);
    const LstmState<const float> start = or_zeros(initial, batch);
    recurrent_.pack(context, dense::as_is(own.r));
    for_shares(context, batch, [&](const Share& share, int worker) {
      backward_share(batch, share, start, dy, or_zeros(d_last, batch), scratch_[static_cast<std::size_t>(worker)]);
    });
    const MatrixView<float> d_gates = rows_of(gates_, batch.rows(), 4 * shape().units);
    const MatrixView<float> before = rows_of(before_, batch.rows(), shape().units);
    collect_before(batch, y, start.h, before);
    dense::matrix_product(context, dense::transpose(d_gates), {x}, true, sums.w);
    dense::matrix_product(context, dense::transpose(d_gates), {before}, true, sums.r);
    std::ranges::fill(bias_.span(), 0.0f);
    dense::add_column_sums(context, d_gates, bias_.data());
    for (int64_t n = 0; n < bias_.size(); ++n) {
      sums.b_w[n] += bias_[n];
      sums.b_r[n] += bias_[n];
    }
    if (dx.data != nullptr) dense::matrix_product(context, {d_gates}, {own.w}, false, dx);
    copy_out(dh_, d_initial.h);
    copy_out(dc_, d_initial.c);
  }

 private:
  static MatrixView<float> rows_of(Buffer<float>& numbers, int64_t rows, int64_t columns) {
    return {numbers.data(), rows, columns, columns};
  }

  LstmState<const float> or_zeros(const LstmState<const float>& state, const PackedBatch& batch) const {
    const MatrixView<const float> zeros = {zeros_.data(), batch.sequences(), shape().units, shape().units};
    return {state.h.data == nullptr ? zeros : state.h, state.c.data == nullptr ? zeros : state.c};
  }

  template <typename Body>
  void for_shares(Context& context, const PackedBatch& batch, const Body& body) {
    const int64_t parts = std::min<int64_t>(context.threads(), batch.sequences());
    context.pool().run(parts, [&](int64_t part, int worker) { body(Share{part, parts}, worker); });
  }

  void forward_share(const PackedBatch& batch, const Share& share, const LstmState<const float>& initial,
                     const MatrixView<float>& y, dense::GemmScratch& scratch) {
    const int64_t units = shape().units;
    const MatrixView<float> gates = rows_of(gates_, batch.rows(), 4 * units);
    const MatrixView<float> cells = rows_of(cells_, batch.rows(), units);
    const MatrixView<float> tanh_cells = rows_of(tanh_cells_, batch.rows(), units);
    MatrixView<const float> h_before = initial.h, c_before = initial.c;
    int64_t before = 0;
    for (int64_t step = 0; step < batch.steps(); ++step) {
      const int64_t first = batch.offsets()[static_cast<std::size_t>(step)];
      const int64_t active = batch.active()[static_cast<std::size_t>(step)];
      if (share.of(active) == 0) break;
      const MatrixView<float> sums = share.rows(gates, first, active);
      dense::multiply(dense::as_is(share.rows(h_before, before, active)), recurrent_, true, sums, scratch);
      for (int64_t b = share.part; b < active; b += share.parts) {
        const int64_t row = first + b;
        cpu::cell_forward(units, {gates.row(row), bias_.data(), c_before.row(before + b), cells.row(row),
                                  tanh_cells.row(row), y.row(row)});
      }
      h_before = y;
      c_before = cells;
      before = first;
    }
  }

  void copy_last(const PackedBatch& batch, const Share& share, const MatrixView<float>& y,
                 const LstmState<float>& last) const {
    for (int64_t b = share.part; b < batch.sequences(); b += share.parts) {
      const int64_t step = batch.lengths()[static_cast<std::size_t>(b)] - 1;
      const int64_t row = batch.offsets()[static_cast<std::size_t>(step)] + b;
      if (last.h.data != nullptr) std::copy_n(y.row(row), shape().units, last.h.row(b));
      if (last.c.data != nullptr) std::copy_n(cells_.data() + row * shape().units, shape().units, last.c.row(b));
    }
  }

  // From the last step to the first; dh_ and dc_ carry what the step after a sequence's step makes of h and c.
  void backward_share(const PackedBatch& batch, const Share& share, const LstmState<const float>& initial,
                      const MatrixView<const float>& dy, const LstmState<const float>& d_last,
                      dense::GemmScratch& scratch) {
    const int64_t units = shape().units;
    const MatrixView<float> gates = rows_of(gates_, batch.rows(), 4 * units);
    const MatrixView<float> dh = rows_of(dh_, batch.sequences(), units), dc = rows_of(dc_, batch.sequences(), units);
    for (int64_t b = share.part; b < batch.sequences(); b += share.parts) {
      std::copy_n(d_last.h.row(b), units, dh.row(b));
      std::copy_n(d_last.c.row(b), units, dc.row(b));
    }
    for (int64_t step = batch.steps() - 1; step >= 0; --step) {
      const int64_t first = batch.offsets()[static_cast<std::size_t>(step)];
      const int64_t active = batch.active()[static_cast<std::size_t>(step)];
      if (share.of(active) == 0) continue;
      const int64_t before = step == 0 ? 0 : batch.offsets()[static_cast<std::size_t>(step) - 1];
      const float* c_before = step == 0 ? initial.c.data : cells_.data() + before * units;
      const int64_t c_stride = step == 0 ? initial.c.stride : units;
      for (int64_t b = share.part; b < active; b += share.parts) {
        const int64_t row = first + b;
        add(dy.row(row), units, dh.row(b));
        cpu::cell_backward(
            units, {gates.row(row), c_before + b * c_stride, tanh_cells_.data() + row * units, dh.row(b), dc.row(b)});
      }
      dense::multiply(dense::as_is(share.rows(gates, first, active)), recurrent_, false, share.rows(dh, 0, active),
                      scratch);
    }
  }

  static void add(const float* numbers, int64_t count, float* sums) {
    for (int64_t n = 0; n < count; ++n) sums[n] += numbers[n];
  }

  // h before each step, row by row.
  void collect_before(const PackedBatch& batch, const MatrixView<const float>& y,
                      const MatrixView<const float>& initial, const MatrixView<float>& before) const {
    for (int64_t step = 0; step < batch.steps(); ++step) {
      const int64_t first = batch.offsets()[static_cast<std::size_t>(step)];
      const int64_t earlier = step == 0 ? 0 : batch.offsets()[static_cast<std::size_t>(step) - 1];
      for (int64_t b = 0; b < batch.active()[static_cast<std::size_t>(step)]; ++b) {
        std::copy_n(step == 0 ? initial.row(b) : y.row(earlier + b), shape().units, before.row(first + b));
      }
    }
  }

  void copy_out(const Buffer<float>& numbers, const MatrixView<float>& to) const {
    if (to.data == nullptr) return;
    for (int64_t b = 0; b < to.rows; ++b) std::copy_n(numbers.data() + b * shape().units, shape().units, to.row(b));
  }

  // What forward() leaves: activations (rows, 4 units), which backward() turns into gradients, and (rows, units) each.
  Buffer<float> gates_, cells_, tanh_cells_;
  Buffer<float> before_;           // (rows, units)
  Buffer<float> dh_, dc_, zeros_;  // (sequences, units)
  Buffer<float> bias_;             // (4 units)
  dense::PackedMatrix recurrent_;
  std::vector<dense::GemmScratch> scratch_;  // by worker
};

}  // namespace

std::unique_ptr<LstmLayer> make_lstm_layer_cpu(Context& context, const LstmShape& shape, const LstmRoom& room, bool) {
  return std::make_unique<LstmLayerCpu>(shape, room, context.threads());
}

}  // namespace matinee::seq2seq
