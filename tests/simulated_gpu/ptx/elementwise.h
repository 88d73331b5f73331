// Handlers of instructions that compute each lane by itself. Op::apply computes one lane.
#pragma once

#include "ptx/lanes.h"

namespace simulated_gpu::ptx {

template <class T, class Op>
void unary(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a);
  write_lanes<T>(warp, i.result, [=](u32 lane) { return Op::apply(a[lane]); });
}
template <class T, class Op>
void binary(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b);
  write_lanes<T>(warp, i.result, [=](u32 lane) { return Op::apply(a[lane], b[lane]); });
}
template <class T, class Op>
void ternary(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.a), b = source<T>(warp, i.b), c = source<T>(warp, i.c);
  write_lanes<T>(warp, i.result, [=](u32 lane) { return Op::apply(a[lane], b[lane], c[lane]); });
}
// Replaces a result that is there already.
template <class T, class Op>
void on_result(Warp& warp, const Instruction& i) {
  const auto a = source<T>(warp, i.result);
  write_lanes<T>(warp, i.result, [=](u32 lane) { return Op::apply(a[lane]); });
}

}  // namespace simulated_gpu::ptx
