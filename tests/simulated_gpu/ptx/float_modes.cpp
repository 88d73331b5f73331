#include "ptx/float_modes.h"

#include <cfenv>

namespace simulated_gpu::ptx {
namespace {

class RoundingScope {
 public:
  explicit RoundingScope(int mode) : before_(std::fegetround()) { std::fesetround(mode); }
  ~RoundingScope() { std::fesetround(before_); }
  RoundingScope(const RoundingScope&) = delete;

 private:
  int before_;
};

void adjusted(Warp& warp, const Instruction& i) {
  {
    const RoundingScope scope(i.rounding);
    i.inner(warp, i);
  }
  if (i.after) i.after(warp, i);
}

}  // namespace

int take_rounding(Decoder& decoder) {
  constexpr int kModes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  const int found = decoder.take_any({"rn", "rz", "rm", "rp"});
  return found < 0 ? FE_TONEAREST : kModes[found];
}

void adjust(Decoder& decoder, int rounding, Handler after) {
  Instruction& i = decoder.instruction;
  if (rounding == FE_TONEAREST && !after) return;
  i.inner = i.handler;
  i.after = after;
  i.rounding = rounding;
  i.handler = &adjusted;
}

}  // namespace simulated_gpu::ptx
