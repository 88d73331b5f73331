// rsqrt, ex2, lg2, sin, cos, tanh: approximations on a GPU, here the host's, which are closer to the truth.
#include <cmath>
#include <string>

#include "ptx/elementwise.h"
#include "ptx/groups.h"
#include "ptx/operations.h"

namespace simulated_gpu::ptx {
namespace {

struct ReciprocalRoot {
  template <class T>
  static T apply(T a) {
    return 1 / std::sqrt(a);
  }
};
struct Exp2 {
  template <class T>
  static T apply(T a) {
    return std::exp2(a);
  }
};
struct Log2 {
  template <class T>
  static T apply(T a) {
    return std::log2(a);
  }
};
struct Sine {
  template <class T>
  static T apply(T a) {
    return std::sin(a);
  }
};
struct Cosine {
  template <class T>
  static T apply(T a) {
    return std::cos(a);
  }
};
struct HyperbolicTangent {
  template <class T>
  static T apply(T a) {
    return std::tanh(a);
  }
};

template <class Op, bool kHalves, bool kDouble>
void decode_function(Decoder& decoder) {
  decoder.require_any({"approx"});
  const bool flush = decoder.take("ftz");
  const std::string type = decoder.take_type();
  Handler chosen = nullptr;
  if (type == "f32") chosen = flush ? &unary<f32, Flushed<Op>> : &unary<f32, Op>;
  if (kDouble && type == "f64") chosen = flush ? &unary<f64, Op> : &unary<f64, Op>;
  if constexpr (kHalves) {
    if (!chosen && (!flush || type.starts_with("bf16")))
      chosen = for_type(type, Halves{}, []<class T>(TypeTag<T>) -> Handler { return &unary<T, OnHalf<Op>>; });
    if (!chosen && (!flush || type.starts_with("bf16")))
      chosen =
          for_type(type, HalfPairs{}, []<class T>(TypeTag<T>) -> Handler { return &unary<T, OnPair<OnHalf<Op>>>; });
  }
  decoder.handler(chosen);
  decoder.instruction.result = decoder.result(0);
  decoder.instruction.a = decoder.source(1, lane_bytes_of(type));
}

}  // namespace

void add_special_functions(DecodeTable& table) {
  table["rsqrt"] = &decode_function<ReciprocalRoot, false, true>;
  table["ex2"] = &decode_function<Exp2, true, false>;
  table["lg2"] = &decode_function<Log2, false, false>;
  table["sin"] = &decode_function<Sine, false, false>;
  table["cos"] = &decode_function<Cosine, false, false>;
  table["tanh"] = &decode_function<HyperbolicTangent, true, false>;
}

}  // namespace simulated_gpu::ptx
