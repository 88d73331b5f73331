// ptx.cpp - parser and warp interpreter. Registers are rows of 32 lanes, so that one decoded
// instruction works on a whole warp with SIMD. Divergence: a warp is a set of fragments (mask, pc);
// the one with the lowest pc runs, fragments that meet at one pc merge (with one fragment: plain SIMT).
#include "ptx/ptx.h"
#include "execution/kernel_error.h"
#include "execution/memory.h"
#include "execution/monitor.h"
#include "execution/schedule.h"
#include <map>
#include <cuda_fp16.h>
#include <vector_functions.h>
#include <atomic>
#include <cfenv>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>
#include <unordered_map>
#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace simulated_gpu::ptx {
using std::string;
using std::vector;
typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;
struct f16 {
  u16 x;
};
struct bf16 {
  u16 x;
};
typedef InstructionCounts Counters;
static u64 barriers_of_launch;

// ---- program ------------------------------------------------------------------------------------------
struct Warp;
struct Ins;
typedef void (*Fn)(Warp&, const Ins&);
enum Ctl : u8 { plain, c_bra, c_brx, c_exit, c_call, c_bar, c_warp, c_yield, c_trap };
enum Space : u8 { s_generic, s_global, s_shared, s_local, s_kparam, s_fparam };
struct Ins {
  Fn fn = nullptr;
  u32 d = 0, a = 0, b = 0, c = 0, e = 0;                 // byte offsets of rows in the warp's register file
  u32 guard = 0;                                         // predicate row, 0: none
  bool guard_neg = false, neg = false;                   // neg: of a predicate source
  bool strong = false, release = false, is_atom = false; // memory: .volatile/.relaxed/.acquire/.release; .release
  Ctl ctl = plain;
  Space space = s_generic;
  u8 n = 1, w = 4, mod = 0, acls = 8, dcls = 4; // vector length, element bytes, variant, row classes
  s64 imm = 0;
  u32 target = 0;
  u32 v[8] = {}; // rows of a vector operand
  u32 loc = 0;
  const string* text = nullptr;
  const vector<u32>* table = nullptr; // brx targets, mma operand rows
  const struct Func* callee = nullptr;
  const vector<std::pair<u32, u32>>*args = nullptr, *rets = nullptr; // call: (offset, bytes) of the caller's params
};
struct Loc {
  u32 file, line, from_file, from_line;
};
struct Func { // .entry or .func
  string name;
  Module* m = nullptr;
  vector<Param> params;                       // .entry: in the argument buffer
  vector<std::pair<u32, u32>> fparams, frets; // .func: (offset, bytes) in each lane's param area
  size_t param_bytes = 0;
  u32 begin = 0;
  bool defined = false;
};
struct Kernel : Func {
  vector<unsigned char> rows;                   // initial register file of a warp: constants filled in
  std::map<string, u32> special;                // %tid.x ... -> row
  std::map<string, std::pair<u32, u32>> shared; // name -> offset, bytes
  size_t static_shared = 0, max_threads = 1024, local_bytes = 0, fparam_bytes = 0;
  int registers = 0;
};
struct Module {
  vector<Ins> code;
  vector<Loc> locs{{0, 0, 0, 0}};
  std::map<u32, string> files;
  std::map<string, std::unique_ptr<Kernel>> kernels;
  std::map<string, std::unique_ptr<Func>> funcs;
  std::map<string, std::pair<unsigned char*, size_t>> symbols; // .global and .const
  std::map<string, std::pair<u32, u32>> shared_decl;           // module-scope .shared: bytes, align (0 bytes: dynamic)
  std::deque<string> texts;
  std::deque<vector<u32>> tables;
  std::deque<vector<std::pair<u32, u32>>> arglists;
};
constexpr u32 kStatic = 128, kDynamic = 64 * 1024; // where shared variables lie in a block's arena

// ---- machine --------------------------------------------------------------------------------------------
struct Cta;
struct Frag {
  u32 mask, pc;
  enum : u8 { run, at_bar, at_warp } state;
  vector<u32> stack;
  u32 bar = 0, bar_n = 0;
};
struct Launch;
struct Warp {
  unsigned char* r;     // register file
  u32 mask = 0, cc = 0; // cc: carry flags
  alignas(32) s32 mrow[32];
  Cta* cta;
  int idx;
  u32 live = 0;
  vector<Frag> frag;
  u32 pc = 0;
  unsigned char *local, *fparam; // lane-major
  size_t local_n, fparam_n;
  std::vector<unsigned char> store;
  struct Copy {
    u64 dst, src;
    u32 n, zero, lane;
  };
  vector<Copy> pend;
  vector<vector<Copy>> groups; // cp.async
  Counters k;
  bool yield = false;
};
struct Bar {
  u32 arrived = 0;
};
struct Cta {
  Block blk;
  unsigned char* smem = nullptr;
  u64 launch = 0;
  vector<Warp> warps;
  Bar bar[16];
  u32 alive = 0;
  Launch* L;
  vector<u32> red;
};
struct Launch {
  const Kernel* f;
  const unsigned char* args;
  unsigned char* grid_ws;
  simulated_gpu::Launch seen; // as the monitor sees it
  Geometry g;
  u64 id;
};
static thread_local const Module* tl_module = nullptr;
static string where(const Module* m, u32 pc) {
  if (!m || pc >= m->code.size()) return "?";
  const Loc& l = m->locs[m->code[pc].loc];
  auto f = m->files.find(l.file);
  string n = f == m->files.end() ? "ptx" : f->second;
  u32 line = l.line;
  if (l.from_line && (n.find("/include/") != string::npos && n.find("cuda") != string::npos)) {
    n = m->files.at(l.from_file);
    line = l.from_line;
  } // a toolkit header: name its caller
  return n.substr(n.rfind('/') + 1) + ":" + std::to_string(line);
}
[[noreturn]] static void stop(const char* kind, const string& msg) { throw KernelError(kind, msg); }
static string who(const Warp& w, int lane) {
  const dim3& b3 = w.cta->L->g.block;
  u32 n = u32(w.idx * 32 + lane);
  uint3 t = make_uint3(n % b3.x, n / b3.x % b3.y, n / b3.x / b3.y);
  char b[128];
  snprintf(b, sizeof b, "thread (%u,%u,%u) of block (%u,%u,%u)", t.x, t.y, t.z, w.cta->blk.index.x,
           w.cta->blk.index.y, w.cta->blk.index.z);
  return b;
}

#define LANES _Pragma("GCC ivdep") for (int l = 0; l < 32; ++l)
#define EACH(m) for (u32 m_ = (m), l = 0; m_ && (l = u32(__builtin_ctz(m_)), true); m_ &= m_ - 1)
template <class T>
using Row = std::conditional_t<sizeof(T) == 8, u64, u32>;
template <class T>
struct Src { // a source row seen as T
  const Row<T>* p;
  T operator()(int l) const {
    T t;
    memcpy(&t, &p[l], sizeof t);
    return t;
  }
};
template <class T>
static inline Src<T> src(Warp& w, u32 off) {
  return {reinterpret_cast<const Row<T>*>(w.r + off)};
}
template <class T, class F>
static inline void put(Warp& w, u32 off, F f) {
  Row<T>* d = reinterpret_cast<Row<T>*>(w.r + off);
  auto bits = [](T t) {
    Row<T> r = 0;
    memcpy(&r, &t, sizeof t);
    return r;
  };
  if (w.mask == ~0u)
    LANES d[l] = bits(f(l));
  else
    LANES d[l] = w.mrow[l] ? bits(f(l)) : d[l];
}
static inline u32& pred(Warp& w, u32 off) { return *reinterpret_cast<u32*>(w.r + off); }
static inline void put_pred(Warp& w, u32 off, u32 v) {
  u32& p = pred(w, off);
  p = (p & ~w.mask) | (v & w.mask);
}
static inline u32 pack(const s32* row) { // sign bits of 32 ints
#ifdef __AVX2__
  u32 r = 0;
  for (int i = 0; i < 4; ++i)
    r |= u32(_mm256_movemask_ps(_mm256_load_ps(reinterpret_cast<const float*>(row) + 8 * i))) << (8 * i);
  return r;
#else
  u32 r = 0;
  for (int l = 0; l < 32; ++l) r |= u32(row[l] < 0) << l;
  return r;
#endif
}
static inline void unpack(u32 m, s32* row) { LANES row[l] = -s32(m >> l & 1); }
static inline void set_mask(Warp& w, u32 m) {
  if (m != w.mask) {
    w.mask = m;
    if (m != ~0u) unpack(m, w.mrow);
  }
}

static inline f32 h2f(f16 h) { return _cvtsh_ss(h.x); }
static inline f16 f2h(f32 f) { return {u16(_cvtss_sh(f, 0))}; }
static inline f32 b2f(bf16 b) {
  u32 u = u32(b.x) << 16;
  f32 f;
  memcpy(&f, &u, 4);
  return f;
}
static inline bf16 f2b(f32 f) {
  u32 u;
  memcpy(&u, &f, 4);
  if ((u & 0x7fffffff) > 0x7f800000) return {0x7fff};
  u += 0x7fff + (u >> 16 & 1);
  return {u16(u >> 16)};
}

// ---- arithmetic -------------------------------------------------------------------------------------------
template <class T>
using U =
    std::conditional_t<std::is_integral<T>::value,
                       std::make_unsigned<std::conditional_t<std::is_integral<T>::value, T, int>>, std::common_type<T>>;
#define OP(N, ...)         \
  struct N {               \
    template <class T>     \
    static T f(T a, T b) { \
      __VA_ARGS__          \
    }                      \
  };
OP(Add, if constexpr (std::is_integral<T>::value) return T(u64(a) + u64(b)); else return a + b;)
OP(Sub, if constexpr (std::is_integral<T>::value) return T(u64(a) - u64(b)); else return a - b;)
OP(Mul, if constexpr (std::is_integral<T>::value) return T(u64(a) * u64(b)); else return a * b;)
OP(
    Div,
    if constexpr (std::is_integral<T>::value) {
      if (b == 0) return T(-1);
      if (std::is_signed<T>::value && b == T(-1)) return T(0 - u64(a));
      return T(a / b);
    } else return a /
        b;)
OP(Rem, if (b == 0) return a; if (std::is_signed<T>::value && b == T(-1)) return T(0); return T(a % b);)
OP(Min, if constexpr (std::is_floating_point<T>::value) return a < b || b != b ? a : b; else return a < b ? a : b;)
OP(Max, if constexpr (std::is_floating_point<T>::value) return a > b || b != b ? a : b; else return a > b ? a : b;)
OP(And, return T(a & b);)
OP(Or, return T(a | b);) OP(Xor, return T(a ^ b);) OP(Copysign, return std::copysign(b, a);) struct MulHi {
  template <class T>
  static T f(T a, T b) {
    if constexpr (sizeof(T) == 8) {
      if constexpr (std::is_signed<T>::value)
        return T((__int128(a) * b) >> 64);
      else
        return T((unsigned __int128)(a)*b >> 64);
    } else {
      using W = std::conditional_t<std::is_signed<T>::value, s64, u64>;
      return T((W(a) * W(b)) >> (8 * sizeof(T)));
    }
  }
};
template <class T, class O>
static void alu2(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a), b = src<T>(w, i.b);
  put<T>(w, i.d, [=](int l) { return O::f(a(l), b(l)); });
}
template <class T, class O>
static void alu1(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  put<T>(w, i.d, [=](int l) { return O::f(a(l)); });
}
template <class T, class O>
static void alu3(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a), b = src<T>(w, i.b), c = src<T>(w, i.c);
  put<T>(w, i.d, [=](int l) { return O::f(a(l), b(l), c(l)); });
}
#define OP1(N, ...)    \
  struct N {           \
    template <class T> \
    static T f(T a) {  \
      __VA_ARGS__      \
    }                  \
  };
#define OP3(N, ...)             \
  struct N {                    \
    template <class T>          \
    static T f(T a, T b, T c) { \
      __VA_ARGS__               \
    }                           \
  };
OP1(Mov, return a;)
OP1(Neg, if constexpr (std::is_integral<T>::value) return T(0 - u64(a)); else return -a;)
OP1(Abs, if constexpr (std::is_integral<T>::value) return T(a < 0 ? 0 - u64(a) : u64(a)); else return std::fabs(a);)
OP1(Not, return T(~a);)
OP1(Cnot, return T(a == 0);) OP1(Rcp, return 1 / a;) OP1(Sqrt, return std::sqrt(a);)
    OP1(Rsqrt, return 1 / std::sqrt(a);) OP1(Ex2, return std::exp2(a);) OP1(Lg2, return std::log2(a);)
        OP1(Sin, return std::sin(a);) OP1(Cos, return std::cos(a);) OP1(Tanh, return std::tanh(a);)
            OP1(Brev, T r = 0; for (unsigned k = 0; k < 8 * sizeof(T); ++k) r = T(r << 1 | (a >> k & 1)); return r;)
                OP3(Fma, if constexpr (std::is_same<T, f64>::value) return std::fma(a, b, c);
                    else return __builtin_fmaf(a, b, c);) OP3(MadLo, return T(u64(a) * u64(b) + u64(c));)
                    OP3(MadHi, return T(u64(MulHi::f(a, b)) + u64(c));) OP3(Bfi, return a;) struct Bmsk {
  static u32 f(u32 a, u32 b) {
    a = std::min(a, 32u);
    b = std::min(b, 32u);
    if (a >= 32 || !b) return 0;
    u64 m = ((1ull << b) - 1) << a;
    return u32(m);
  }
};
// half types: through float, one rounding
template <class H>
static inline f32 up(H h) {
  if constexpr (std::is_same<H, f16>::value)
    return h2f(h);
  else
    return b2f(h);
}
template <class H>
static inline H down(f32 f) {
  if constexpr (std::is_same<H, f16>::value)
    return f2h(f);
  else
    return f2b(f);
}
template <class H, class O>
struct OnHalf {
  static H f(H a) { return down<H>(O::template f<f32>(up(a))); }
  static H f(H a, H b) { return down<H>(O::template f<f32>(up(a), up(b))); }
  static H f(H a, H b, H c) { return down<H>(f32(O::template f<f64>(up(a), up(b), up(c)))); }
};
template <class H>
struct Pair {
  H lo, hi;
};
template <class H, class O>
struct OnPair {
  template <class... A>
  static Pair<H> f(A... a) {
    return {OnHalf<H, O>::f(a.lo...), OnHalf<H, O>::f(a.hi...)};
  }
};
template <class D, class S>
static void mul_wide(Warp& w, const Ins& i) {
  auto a = src<S>(w, i.a), b = src<S>(w, i.b);
  put<D>(w, i.d, [=](int l) { return D(D(a(l)) * D(b(l))); });
}
template <class D, class S>
static void mad_wide(Warp& w, const Ins& i) {
  auto a = src<S>(w, i.a), b = src<S>(w, i.b);
  auto c = src<D>(w, i.c);
  put<D>(w, i.d, [=](int l) { return D(u64(D(a(l)) * D(b(l))) + u64(c(l))); });
}
template <class T>
static void shl(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  auto b = src<u32>(w, i.b);
  put<T>(w, i.d, [=](int l) { return b(l) >= 8 * sizeof(T) ? T(0) : T(u64(a(l)) << b(l)); });
}
template <class T>
static void shr(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  auto b = src<u32>(w, i.b);
  put<T>(w, i.d, [=](int l) {
    u32 s = b(l);
    if (s >= 8 * sizeof(T)) return T(std::is_signed<T>::value && a(l) < 0 ? -1 : 0);
    return T(a(l) >> s);
  });
}
static void shf_l(Warp& w, const Ins& i) {
  auto a = src<u32>(w, i.a), b = src<u32>(w, i.b), c = src<u32>(w, i.c);
  bool wrap = i.mod;
  put<u32>(w, i.d, [=](int l) {
    u32 n = wrap ? c(l) & 31 : std::min(c(l), 32u);
    return u32(((u64(b(l)) << 32 | a(l)) << n) >> 32);
  });
}
static void shf_r(Warp& w, const Ins& i) {
  auto a = src<u32>(w, i.a), b = src<u32>(w, i.b), c = src<u32>(w, i.c);
  bool wrap = i.mod;
  put<u32>(w, i.d, [=](int l) {
    u32 n = wrap ? c(l) & 31 : std::min(c(l), 32u);
    return u32((u64(b(l)) << 32 | a(l)) >> n);
  });
}
template <class T>
static void popc(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  put<u32>(w, i.d, [=](int l) { return u32(__builtin_popcountll(u64(a(l)))); });
}
template <class T>
static void clz(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  put<u32>(w, i.d,
           [=](int l) { return a(l) ? u32(__builtin_clzll(u64(a(l))) - (64 - 8 * sizeof(T))) : u32(8 * sizeof(T)); });
}
template <class T>
static void bfind(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  bool sh = i.mod;
  put<u32>(w, i.d, [=](int l) {
    std::make_unsigned_t<T> x = std::make_unsigned_t<T>(a(l));
    if (std::is_signed<T>::value && a(l) < 0) x = ~x;
    if (!x) return ~0u;
    u32 p = 63 - __builtin_clzll(u64(x));
    return sh ? u32(8 * sizeof(T)) - 1 - p : p;
  });
}
template <class T>
static void bfe(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  auto b = src<u32>(w, i.b), c = src<u32>(w, i.c);
  put<T>(w, i.d, [=](int l) {
    u32 pos = b(l) & 255, len = c(l) & 255, N = 8 * sizeof(T);
    if (!len) return T(0);
    T s = std::is_signed<T>::value ? T(pos + len - 1 >= N ? a(l) >> (N - 1) & 1 : a(l) >> (pos + len - 1) & 1) : T(0);
    u64 r = 0;
    for (u32 k = 0; k < N; ++k) r |= u64(k < len && pos + k < N ? u64(a(l)) >> (pos + k) & 1 : u64(s) & 1) << k;
    return T(r);
  });
}
template <class T>
static void bfi(Warp& w, const Ins& i) { // a into b at c, len e
  auto a = src<T>(w, i.a), b = src<T>(w, i.b);
  auto c = src<u32>(w, i.c), e = src<u32>(w, i.e);
  put<T>(w, i.d, [=](int l) {
    u32 pos = c(l) & 255, len = std::min(e(l) & 255, u32(8 * sizeof(T)));
    if (pos >= 8 * sizeof(T) || !len) return b(l);
    u64 m = (len >= 64 ? ~0ull : (1ull << len) - 1) << pos;
    return T((u64(b(l)) & ~m) | (u64(a(l)) << pos & m));
  });
}
static void prmt(Warp& w, const Ins& i) {
  auto a = src<u32>(w, i.a), b = src<u32>(w, i.b), c = src<u32>(w, i.c);
  put<u32>(w, i.d, [=](int l) {
    u64 x = u64(b(l)) << 32 | a(l);
    u32 r = 0;
    for (int k = 0; k < 4; ++k) {
      u32 s = c(l) >> (4 * k) & 15;
      u32 v = u32(x >> (8 * (s & 7))) & 255;
      if (s & 8) v = v & 128 ? 255 : 0;
      r |= v << (8 * k);
    }
    return r;
  });
}
static void lop3(Warp& w, const Ins& i) {
  auto a = src<u32>(w, i.a), b = src<u32>(w, i.b), c = src<u32>(w, i.c);
  u32 t = u32(i.imm);
  put<u32>(w, i.d, [=](int l) {
    u32 r = 0;
    for (int k = 0; k < 8; ++k)
      if (t >> k & 1) r |= (k & 4 ? a(l) : ~a(l)) & (k & 2 ? b(l) : ~b(l)) & (k & 1 ? c(l) : ~c(l));
    return r;
  });
}
// extended precision: imm 0 add, 1 sub, 2 mad.lo, 3 mad.hi; mod bit 0: carry in, bit 1: carry out
template <class T>
static void carry(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a), b = src<T>(w, i.b), c = src<T>(w, i.c);
  Row<T>* d = reinterpret_cast<Row<T>*>(w.r + i.d);
  u32 out = 0;
  EACH(w.mask) {
    unsigned __int128 x, y, in = i.mod & 1 ? w.cc >> l & 1 : 0, r;
    if (i.imm < 2) {
      x = a(l);
      y = b(l);
    } else {
      unsigned __int128 p = (unsigned __int128)a(l) * b(l);
      x = i.imm == 2 ? T(p) : T(p >> (8 * sizeof(T)));
      y = c(l);
    }
    if (i.imm == 1) {
      r = x - y - in;
      out |= u32(x < y + in) << l;
    } else {
      r = x + y + in;
      out |= u32(r >> (8 * sizeof(T)) & 1) << l;
    }
    d[l] = T(r);
  }
  if (i.mod & 2) w.cc = (w.cc & ~w.mask) | out;
}
// predicates
struct PAnd {
  static u32 f(u32 a, u32 b) { return a & b; }
};
struct POr {
  static u32 f(u32 a, u32 b) { return a | b; }
};
struct PXor {
  static u32 f(u32 a, u32 b) { return a ^ b; }
};
template <class O>
static void palu(Warp& w, const Ins& i) {
  put_pred(w, i.d, O::f(pred(w, i.a), pred(w, i.b)));
}
static void pnot(Warp& w, const Ins& i) { put_pred(w, i.d, ~pred(w, i.a)); }
static void pmov(Warp& w, const Ins& i) { put_pred(w, i.d, pred(w, i.a)); }
struct Eq {
  template <class T>
  static bool f(T a, T b) {
    return a == b;
  }
};
struct Ne {
  template <class T>
  static bool f(T a, T b) {
    return a < b || a > b;
  }
};
struct Lt {
  template <class T>
  static bool f(T a, T b) {
    return a < b;
  }
};
struct Le {
  template <class T>
  static bool f(T a, T b) {
    return a <= b;
  }
};
struct Gt {
  template <class T>
  static bool f(T a, T b) {
    return a > b;
  }
};
struct Ge {
  template <class T>
  static bool f(T a, T b) {
    return a >= b;
  }
};
struct Equ {
  template <class T>
  static bool f(T a, T b) {
    return !(a < b || a > b);
  }
};
struct Neu {
  template <class T>
  static bool f(T a, T b) {
    return !(a == b);
  }
};
struct Ltu {
  template <class T>
  static bool f(T a, T b) {
    return !(a >= b);
  }
};
struct Leu {
  template <class T>
  static bool f(T a, T b) {
    return !(a > b);
  }
};
struct Gtu {
  template <class T>
  static bool f(T a, T b) {
    return !(a <= b);
  }
};
struct Geu {
  template <class T>
  static bool f(T a, T b) {
    return !(a < b);
  }
};
struct Num {
  template <class T>
  static bool f(T a, T b) {
    return a == a && b == b;
  }
};
struct Nan {
  template <class T>
  static bool f(T a, T b) {
    return a != a || b != b;
  }
};
template <class T>
static inline auto wide(T t) {
  if constexpr (std::is_same<T, f16>::value || std::is_same<T, bf16>::value)
    return up(t);
  else
    return t;
}
template <class T, class O>
static u32 compare(Warp& w, const Ins& i) {
  alignas(32) s32 t[32];
  auto a = src<T>(w, i.a), b = src<T>(w, i.b);
  LANES t[l] = -s32(O::f(wide(a(l)), wide(b(l))));
  return pack(t);
}
template <class T, class O>
static void setp(Warp& w, const Ins& i) {
  u32 r = compare<T, O>(w, i), q = ~r;
  if (i.mod) {
    u32 c = pred(w, i.c);
    if (i.neg) c = ~c;
    auto f = [&](u32 x) { return i.mod == 1 ? x & c : i.mod == 2 ? x | c : x ^ c; };
    r = f(r);
    q = f(q);
  }
  put_pred(w, i.d, r);
  if (i.e) put_pred(w, i.e, q);
}
template <class T, class O>
static void set32(Warp& w, const Ins& i) { // set.cmp.{u32,s32,f32}.T
  u32 r = compare<T, O>(w, i);
  u32 one = i.mod ? 0x3f800000u : ~0u;
  put<u32>(w, i.d, [=](int l) { return r >> l & 1 ? one : 0u; });
}
template <class H, class O>
static void set_pair(Warp& w, const Ins& i) { // set.cmp.f16x2.f16x2 -> 1.0/0.0 or masks
  auto a = src<Pair<H>>(w, i.a), b = src<Pair<H>>(w, i.b);
  u16 one = i.mod ? (std::is_same<H, f16>::value ? 0x3c00 : 0x3f80) : 0xffff;
  put<u32>(w, i.d, [=](int l) {
    return u32(O::f(up(a(l).lo), up(b(l).lo)) ? one : 0) | u32(O::f(up(a(l).hi), up(b(l).hi)) ? one : 0) << 16;
  });
}
template <class T>
static void selp(Warp& w, const Ins& i) {
  alignas(32) s32 p[32];
  unpack(i.neg ? ~pred(w, i.c) : pred(w, i.c), p);
  auto a = src<T>(w, i.a), b = src<T>(w, i.b);
  const s32* q = p;
  put<T>(w, i.d, [=](int l) { return q[l] ? a(l) : b(l); });
}
template <class T>
static void slct(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a), b = src<T>(w, i.b);
  auto c = src<u32>(w, i.c);
  bool fl = i.mod;
  put<T>(w, i.d, [=](int l) {
    u32 x = c(l);
    f32 f;
    memcpy(&f, &x, 4);
    return (fl ? f >= 0 : s32(x) >= 0) ? a(l) : b(l);
  });
}
static void sat32(Warp& w, const Ins& i) {
  auto a = src<f32>(w, i.d);
  put<f32>(w, i.d, [=](int l) {
    f32 x = a(l);
    return x > 0 ? (x < 1 ? x : 1.f) : 0.f;
  });
}
template <Fn F>
static void then_sat(Warp& w, const Ins& i) {
  F(w, i);
  sat32(w, i);
}
// packing moves: v[] holds the parts, n of w bytes
static void pack_mov(Warp& w, const Ins& i) {
  u32 bits = 8 * i.w;
  EACH(w.mask) {
    u64 x = 0;
    for (int k = 0; k < i.n; ++k) {
      u64 p = i.w == 4 ? reinterpret_cast<u32*>(w.r + i.v[k])[l]
                       : reinterpret_cast<u32*>(w.r + i.v[k])[l] & ((1u << bits) - 1);
      x |= p << (k * bits);
    }
    if (i.dcls == 8)
      reinterpret_cast<u64*>(w.r + i.d)[l] = x;
    else
      reinterpret_cast<u32*>(w.r + i.d)[l] = u32(x);
  }
}
static void unpack_mov(Warp& w, const Ins& i) {
  u32 bits = 8 * i.w;
  EACH(w.mask) {
    u64 x = i.acls == 8 ? reinterpret_cast<u64*>(w.r + i.a)[l] : reinterpret_cast<u32*>(w.r + i.a)[l];
    for (int k = 0; k < i.n; ++k)
      if (i.v[k])
        reinterpret_cast<u32*>(w.r + i.v[k])[l] =
            u32((x >> (k * bits)) & (bits == 32 ? 0xffffffffu : (1u << bits) - 1));
  }
}

// ---- conversions: read to s64/u64/f64, round, saturate, write -----------------------------------------------
enum T8 : u8 { t_u8, t_s8, t_u16, t_s16, t_u32, t_s32, t_u64, t_s64, t_f16, t_bf16, t_f32, t_f64, t_none };
static int tsize(T8 t) {
  static const int s[] = {1, 1, 2, 2, 4, 4, 8, 8, 2, 2, 4, 8, 0};
  return s[t];
}
static bool tfloat(T8 t) { return t >= t_f16 && t <= t_f64; }
static bool tsigned(T8 t) { return t == t_s8 || t == t_s16 || t == t_s32 || t == t_s64; }
// mod: bits 0-2 integer rounding (0 none, 1 rni, 2 rzi, 3 rmi, 4 rpi), bit 3 sat, bit 4 float rz; n = dst type, w = src
// type
static void cvt(Warp& w, const Ins& i) {
  T8 dt = T8(i.n), st = T8(i.w);
  EACH(w.mask) {
    u64 raw = i.acls == 8 ? reinterpret_cast<u64*>(w.r + i.a)[l] : reinterpret_cast<u32*>(w.r + i.a)[l];
    f64 f = 0;
    s64 s = 0;
    u64 out = 0;
    switch (st) {
      case t_u8: s = u8(raw); break;
      case t_s8: s = s8(raw); break;
      case t_u16: s = u16(raw); break;
      case t_s16: s = s16(raw); break;
      case t_u32: s = u32(raw); break;
      case t_s32: s = s32(raw); break;
      case t_u64:
      case t_s64: s = s64(raw); break;
      case t_f16: f = h2f(f16{u16(raw)}); break;
      case t_bf16: f = b2f(bf16{u16(raw)}); break;
      case t_f32: {
        u32 u = u32(raw);
        f32 x;
        memcpy(&x, &u, 4);
        f = x;
        break;
      }
      default: memcpy(&f, &raw, 8);
    }
    if (tfloat(st)) {
      switch (i.mod & 7) {
        case 1: f = std::nearbyint(f); break;
        case 2: f = std::trunc(f); break;
        case 3: f = std::floor(f); break;
        case 4: f = std::ceil(f); break;
        default: break;
      }
      if ((i.mod & 8) && tfloat(dt)) f = f > 0 ? (f < 1 ? f : 1) : 0;
      if (tfloat(dt)) {
        f32 x = f32(f);
        if ((i.mod & 16) && std::fabs(f64(x)) > std::fabs(f)) x = std::nextafter(x, 0.f);
        switch (dt) {
          case t_f16:
            out = st == t_f64 ? __half_raw(__double2half(f)).x : (i.mod & 16) ? u16(_cvtss_sh(x, 3)) : f2h(x).x;
            break;
          case t_bf16:
            out = (i.mod & 16) ? [&] { u32 u; memcpy(&u, &x, 4); return u >> 16; }() : f2b(x).x;
            break;
          case t_f32: {
            u32 u;
            memcpy(&u, &x, 4);
            out = u;
            break;
          }
          default: memcpy(&out, &f, 8);
        }
      } else { // to integer: clamps, NaN is 0 (as the hardware does)
        int b = 8 * tsize(dt);
        bool sg = tsigned(dt);
        f64 lo = sg ? -std::ldexp(1.0, b - 1) : 0, hi = sg ? std::ldexp(1.0, b - 1) : std::ldexp(1.0, b);
        if (f != f)
          out = 0;
        else if (f <= lo)
          out = sg ? 1ull << (b - 1) : 0;
        else if (f >= hi)
          out = sg ? (1ull << (b - 1)) - 1 : b == 64 ? ~0ull : (1ull << b) - 1;
        else
          out = sg ? u64(s64(f)) : u64(f);
      }
    } else if (tfloat(dt)) {
      bool us = st == t_u64;
      f64 g = us ? f64(u64(s)) : f64(s);
      f32 x = us ? f32(u64(s)) : f32(s);
      switch (dt) {
        case t_f16: out = f2h(x).x; break;
        case t_bf16: out = f2b(x).x; break;
        case t_f32: {
          u32 u;
          memcpy(&u, &x, 4);
          out = u;
          break;
        }
        default: memcpy(&out, &g, 8);
      }
    } else {
      out = u64(s);
      if (i.mod & 8) {
        int b = 8 * tsize(dt);
        if (b < 64) {
          s64 lo = tsigned(dt) ? -(1ll << (b - 1)) : 0, hi = tsigned(dt) ? (1ll << (b - 1)) - 1 : (1ll << b) - 1;
          out = u64(std::min(std::max(s, lo), hi));
        }
      }
    }
    // integer results widen to the register by their own sign
    switch (dt) {
      case t_u8: out = u8(out); break;
      case t_s8: out = u64(s64(s8(out))); break;
      case t_u16: out = u16(out); break;
      case t_s16: out = u64(s64(s16(out))); break;
      case t_u32: out = u32(out); break;
      case t_s32: out = u64(s64(s32(out))); break;
      default: break;
    }
    if (i.dcls == 8)
      reinterpret_cast<u64*>(w.r + i.d)[l] = out;
    else
      reinterpret_cast<u32*>(w.r + i.d)[l] = u32(out);
  }
}
template <class D, class S>
static void cvt_fast(Warp& w, const Ins& i) {
  auto a = src<S>(w, i.a);
  put<D>(w, i.d, [=](int l) { return D(a(l)); });
}
template <class H>
static void cvt_pack(Warp& w, const Ins& i) { // cvt.rn.{f16x2,bf16x2}.f32 d, hi, lo
  auto a = src<f32>(w, i.a), b = src<f32>(w, i.b);
  bool relu = i.mod;
  put<u32>(w, i.d, [=](int l) {
    f32 h = a(l), o = b(l);
    if (relu) {
      h = std::max(h, 0.f);
      o = std::max(o, 0.f);
    }
    return u32(down<H>(h).x) << 16 | down<H>(o).x;
  });
}

// ---- memory -----------------------------------------------------------------------------------------------------
static inline void addresses(Warp& w, const Ins& i, u64* out) { // host addresses of all lanes
  u64 base = u64(i.imm);
  if (i.space == s_shared)
    base += u64(w.cta->smem);
  else if (i.space == s_kparam) { base += u64(w.cta->L->args); }
  if (i.acls == 8) {
    const u64* a = reinterpret_cast<const u64*>(w.r + i.a);
    LANES out[l] = base + a[l];
  } else {
    const u32* a = reinterpret_cast<const u32*>(w.r + i.a);
    LANES out[l] = base + a[l];
  }
  if (i.space == s_local) {
    u64 b = u64(w.local), n = w.local_n;
    LANES out[l] += b + u64(l) * n;
  }
  if (i.space == s_fparam) {
    u64 b = u64(w.fparam), n = w.fparam_n;
    LANES out[l] += b + u64(l) * n;
  }
}
static void report(Warp& w, u32 lanes, const u64* ad, size_t n, WarpAccess::Kind kind, bool strong, bool release) {
  WarpAccess a;
  a.block = &w.cta->blk;
  a.warp = u32(w.idx);
  a.lanes = lanes;
  a.address = ad;
  a.bytes = u32(n);
  a.kind = kind;
  a.strong = strong;
  a.release = release;
  a.pc = w.pc;
  monitor()->access(a);
}
static void check(Warp& w, const Ins& i, const u64* ad, size_t n, bool write, bool atomic) {
  if (i.space >= s_local) return;
  u64 lo = u64(w.local), hi = lo + 32ull * w.local_n;
  u32 lanes = 0;
  EACH(w.mask) {
    if (ad[l] - lo < hi - lo) continue; // local memory through a generic pointer
    lanes |= 1u << l;
  }
  using Kind = WarpAccess::Kind;
  if (lanes) report(w, lanes, ad, n, i.is_atom ? Kind::kAtomic : write ? Kind::kStore : Kind::kLoad, atomic, i.release);
}
// A strong vector access is one indivisible access (CUB's look-back depends on it).
static inline void one_load(void* d, u64 a, size_t n) {
  if (n == 16 && !(a & 15))
    _mm_storeu_si128(static_cast<__m128i*>(d), _mm_load_si128(reinterpret_cast<const __m128i*>(a)));
  else if (n == 8 && !(a & 7)) {
    u64 x = __atomic_load_n(reinterpret_cast<u64*>(a), __ATOMIC_ACQUIRE);
    memcpy(d, &x, 8);
  } else
    memcpy(d, reinterpret_cast<void*>(a), n);
}
static inline void one_store(u64 a, const void* s, size_t n) {
  if (n == 16 && !(a & 15))
    _mm_store_si128(reinterpret_cast<__m128i*>(a), _mm_loadu_si128(static_cast<const __m128i*>(s)));
  else if (n == 8 && !(a & 7)) {
    u64 x;
    memcpy(&x, s, 8);
    __atomic_store_n(reinterpret_cast<u64*>(a), x, __ATOMIC_RELEASE);
  } else
    memcpy(reinterpret_cast<void*>(a), s, n);
}
template <class M, class R>
static void ld(Warp& w, const Ins& i) {
  u64 ad[32];
  addresses(w, i, ad);
  if (monitor()) check(w, i, ad, sizeof(M) * i.n, false, i.strong);
  if (i.n == 1) {
    R* d = reinterpret_cast<R*>(w.r + i.v[0]);
    if (w.mask == ~0u && sizeof(M) == sizeof(R)) { // whole warp: contiguous or broadcast
      s64 st = s64(ad[1] - ad[0]);
      bool same = true;
      LANES same &= ad[l] == ad[0] + u64(l * st);
      if (same && st == sizeof(M)) {
        memcpy(d, reinterpret_cast<void*>(ad[0]), 32 * sizeof(M));
        return;
      }
      if (same && st == 0) {
        M m;
        memcpy(&m, reinterpret_cast<void*>(ad[0]), sizeof m);
        LANES d[l] = R(m);
        return;
      }
    }
    EACH(w.mask) {
      M m;
      memcpy(&m, reinterpret_cast<void*>(ad[l]), sizeof m);
      d[l] = R(m);
    }
    return;
  }
  if (i.strong) {
    EACH(w.mask) {
      M m[4];
      one_load(m, ad[l], sizeof(M) * i.n);
      for (int k = 0; k < i.n; ++k)
        if (i.v[k]) reinterpret_cast<R*>(w.r + i.v[k])[l] = R(m[k]);
    }
    return;
  }
  for (int k = 0; k < i.n; ++k) {
    if (!i.v[k]) continue;
    R* d = reinterpret_cast<R*>(w.r + i.v[k]);
    EACH(w.mask) {
      M m;
      memcpy(&m, reinterpret_cast<char*>(ad[l]) + k * sizeof(M), sizeof m);
      d[l] = R(m);
    }
  }
}
template <class M, class R>
static void st(Warp& w, const Ins& i) {
  u64 ad[32];
  addresses(w, i, ad);
  if (monitor()) check(w, i, ad, sizeof(M) * i.n, true, i.strong);
  if (i.strong) {
    EACH(w.mask) {
      M m[4];
      for (int k = 0; k < i.n; ++k) m[k] = M(reinterpret_cast<const R*>(w.r + i.v[k])[l]);
      one_store(ad[l], m, sizeof(M) * i.n);
    }
    return;
  }
  for (int k = 0; k < i.n; ++k) {
    const R* s = reinterpret_cast<const R*>(w.r + i.v[k]);
    EACH(w.mask) {
      M m = M(s[l]);
      memcpy(reinterpret_cast<char*>(ad[l]) + k * sizeof(M), &m, sizeof m);
    }
  }
}
enum Atom : u8 { a_add, a_min, a_max, a_and, a_or, a_xor, a_exch, a_cas, a_inc, a_dec };
template <class T>
static void atom(Warp& w, const Ins& i) {
  u64 ad[32];
  addresses(w, i, ad);
  if (monitor()) check(w, i, ad, sizeof(T), true, true);
  using B = std::conditional_t<sizeof(T) == 8, u64, std::conditional_t<sizeof(T) == 4, u32, u16>>;
  using R = Row<T>;
  const R* b = reinterpret_cast<const R*>(w.r + i.b);
  const R* c = reinterpret_cast<const R*>(w.r + i.c);
  R* d = i.d ? reinterpret_cast<R*>(w.r + i.d) : nullptr;
  EACH(w.mask) {
    B* p = reinterpret_cast<B*>(ad[l]);
    B old = __atomic_load_n(p, __ATOMIC_RELAXED), neu;
    do {
      T o, x;
      memcpy(&o, &old, sizeof o);
      memcpy(&x, &b[l], sizeof x);
      T r = x;
      if constexpr (std::is_class<T>::value) {
        if (i.mod == a_add) {
          if constexpr (sizeof(T) == 2)
            r = OnHalf<T, Add>::f(o, x);
          else {
            r.lo = OnHalf<decltype(r.lo), Add>::f(o.lo, x.lo);
            r.hi = OnHalf<decltype(r.hi), Add>::f(o.hi, x.hi);
          }
        }
      } else
        switch (i.mod) {
          case a_add: r = Add::f(o, x); break;
          case a_min: r = Min::f(o, x); break;
          case a_max: r = Max::f(o, x); break;
          case a_inc: r = o >= x ? T(0) : T(o + 1); break;
          case a_dec: r = o == T(0) || o > x ? x : T(o - 1); break;
          case a_cas: {
            T n;
            memcpy(&n, &c[l], sizeof n);
            r = o == x ? n : o;
            break;
          }
          default:
            if constexpr (std::is_integral<T>::value) {
              if (i.mod == a_and)
                r = T(o & x);
              else if (i.mod == a_or)
                r = T(o | x);
              else if (i.mod == a_xor)
                r = T(o ^ x);
            }
        }
      memcpy(&neu, &r, sizeof neu);
    } while (!__atomic_compare_exchange_n(p, &old, neu, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (d) d[l] = R(old);
  }
}
static void fence(Warp& w, const Ins&) {
  if (monitor()) monitor()->fence(w.cta->blk, u32(w.idx), w.mask);
}
static void nop(Warp&, const Ins&) {}
// cp.async: the copy happens as late as the program allows, so a missing wait shows
static void cp_async(Warp& w, const Ins& i) { // d: shared address row, a/imm: global, b: bytes row (optional), n: size
  u64 ad[32];
  addresses(w, i, ad);
  if (monitor()) check(w, i, ad, i.n, false, false);
  EACH(w.mask) {
    u64 s = i.dcls == 8 ? reinterpret_cast<u64*>(w.r + i.d)[l] : reinterpret_cast<u32*>(w.r + i.d)[l];
    u32 n = i.n;
    if (i.b) n = std::min<u32>(n, reinterpret_cast<u32*>(w.r + i.b)[l]);
    w.pend.push_back({u64(w.cta->smem) + s + u64(i.target), ad[l], n, u32(i.n) - n, l});
  }
}
static void flush(Warp& w, vector<Warp::Copy>& g) {
  for (auto& c : g) {
    if (monitor()) {
      u64 ad[32] = {};
      ad[c.lane] = c.dst;
      report(w, 1u << c.lane, ad, c.n + c.zero, WarpAccess::Kind::kStore, false, false);
    }
    memcpy(reinterpret_cast<void*>(c.dst), reinterpret_cast<void*>(c.src), c.n);
    memset(reinterpret_cast<char*>(c.dst) + c.n, 0, c.zero);
  }
  g.clear();
}
static void cp_commit(Warp& w, const Ins&) {
  w.groups.push_back(std::move(w.pend));
  w.pend.clear();
}
static void cp_wait(Warp& w, const Ins& i) {
  while (w.groups.size() > size_t(i.imm)) {
    flush(w, w.groups.front());
    w.groups.erase(w.groups.begin());
  }
  if (i.mod) flush(w, w.pend);
}

// ---- warp-wide -----------------------------------------------------------------------------------------------------
static void absent(Warp& w, int l, int j) {
  stop("shuffle", who(w, l) + " at " + where(tl_module, w.pc) + " reads lane " + std::to_string(j) +
                      ", which does not take part (undefined value)");
}
static void shfl(Warp& w, const Ins& i) {
  u32 a[32];
  memcpy(a, w.r + i.a, sizeof a);
  const u32* b = reinterpret_cast<u32*>(w.r + i.b);
  const u32* c = reinterpret_cast<u32*>(w.r + i.c);
  u32* d = reinterpret_cast<u32*>(w.r + i.d);
  u32 pv = 0;
  EACH(w.mask) {
    int bv = b[l] & 31, cv = c[l] & 31, seg = c[l] >> 8 & 31, lane = int(l), mx = (lane & seg) | (cv & ~seg),
        mn = lane & seg, j;
    bool p;
    switch (i.mod) {
      case 0:
        j = lane - bv;
        p = j >= mx;
        break;
      case 1:
        j = lane + bv;
        p = j <= mx;
        break;
      case 2:
        j = lane ^ bv;
        p = j <= mx;
        break;
      default: j = mn | (bv & ~seg); p = j <= mx;
    }
    if (!p) j = lane;
    if (!(w.mask >> j & 1)) absent(w, lane, j);
    d[l] = a[j];
    pv |= u32(p) << l;
  }
  if (i.e) put_pred(w, i.e, pv);
  w.k.shuffles++;
}
static void vote(Warp& w, const Ins& i) {
  u32 p = pred(w, i.a);
  if (i.neg) p = ~p;
  p &= w.mask;
  switch (i.mod) {
    case 0: put_pred(w, i.d, p == w.mask ? ~0u : 0); break;
    case 1: put_pred(w, i.d, p ? ~0u : 0); break;
    case 2: put_pred(w, i.d, p == w.mask || !p ? ~0u : 0); break;
    default: put<u32>(w, i.d, [=](int) { return p; });
  }
}
template <class T>
static void match(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  u32 r[32];
  bool all = true;
  EACH(w.mask) {
    r[l] = 0;
    for (int j = 0; j < 32; ++j)
      if (w.mask >> j & 1 && a(j) == a(l)) r[l] |= 1u << j;
    all &= r[l] == w.mask;
  }
  u32* d = reinterpret_cast<u32*>(w.r + i.d);
  EACH(w.mask) d[l] = i.mod ? (all ? w.mask : 0) : r[l];
  if (i.e) put_pred(w, i.e, all ? ~0u : 0);
}
template <class T, class O>
static void redux(Warp& w, const Ins& i) {
  auto a = src<T>(w, i.a);
  T r{};
  bool first = true;
  EACH(w.mask) {
    r = first ? a(l) : O::f(r, a(l));
    first = false;
  }
  put<T>(w, i.d, [=](int) { return r; });
}
static void activemask(Warp& w, const Ins& i) {
  u32 m = w.mask;
  put<u32>(w, i.d, [=](int) { return m; });
}
static void warp_bar(Warp& w, const Ins&) {
  if (monitor()) monitor()->warp_sync(w.cta->blk, u32(w.idx), w.mask);
}
static void elect(Warp& w, const Ins& i) {
  u32 first = __builtin_ctz(w.mask);
  if (i.d) put<u32>(w, i.d, [=](int) { return first; });
  put_pred(w, i.e, 1u << first);
}

// tensor cores: mma.sync m16n8k16 / m16n8k8 with the documented fragment layout, ldmatrix
template <class H>
static void mma16816(Warp& w, const Ins& i) { // v[0..3] d, a: table of rows
  const vector<u32>& t = *i.table;            // 4 d, 4 a, 2 b, 4 c
  f32 A[16][16], B[16][8], C[16][8];
  auto h = [&](u32 row, u32 l, int k) {
    u32 x = reinterpret_cast<u32*>(w.r + row)[l];
    return up(H{u16(x >> (16 * k))});
  };
  for (u32 l = 0; l < 32; ++l) {
    u32 g = l >> 2, q = l & 3;
    for (int k = 0; k < 2; ++k) {
      A[g][q * 2 + k] = h(t[4], l, k);
      A[g + 8][q * 2 + k] = h(t[5], l, k);
      A[g][q * 2 + 8 + k] = h(t[6], l, k);
      A[g + 8][q * 2 + 8 + k] = h(t[7], l, k);
      B[q * 2 + k][g] = h(t[8], l, k);
      B[q * 2 + 8 + k][g] = h(t[9], l, k);
      C[g][q * 2 + k] = reinterpret_cast<f32*>(w.r + t[10 + k])[l];
      C[g + 8][q * 2 + k] = reinterpret_cast<f32*>(w.r + t[12 + k])[l];
    }
  }
  for (int r = 0; r < 16; ++r)
    for (int c = 0; c < 8; ++c) {
      f64 s = C[r][c];
      for (int k = 0; k < 16; ++k) s += f64(A[r][k]) * B[k][c];
      C[r][c] = f32(s);
    }
  for (u32 l = 0; l < 32; ++l) {
    u32 g = l >> 2, q = l & 3;
    for (int k = 0; k < 2; ++k) {
      reinterpret_cast<f32*>(w.r + t[k])[l] = C[g][q * 2 + k];
      reinterpret_cast<f32*>(w.r + t[2 + k])[l] = C[g + 8][q * 2 + k];
    }
  }
  w.k.matrix_operations++;
}
static void ldmatrix(Warp& w, const Ins& i) { // n matrices of 8x8 b16; lane 8m+r gives the address of row r of matrix m
  u64 ad[32];
  addresses(w, i, ad);
  if (monitor()) {
    u32 full = w.mask;
    if (i.n < 4) set_mask(w, (1u << (8 * i.n)) - 1);
    check(w, i, ad, 16, false, false);
    set_mask(w, full);
  }
  for (int m = 0; m < i.n; ++m)
    for (u32 l = 0; l < 32; ++l) {
      u16 x[2];
      for (u32 k = 0; k < 2; ++k) {
        u32 row = i.mod ? (l & 3) * 2 + k : l >> 2, col = i.mod ? l >> 2 : (l & 3) * 2 + k;
        memcpy(&x[k], reinterpret_cast<char*>(ad[m * 8 + row]) + 2 * col, 2);
      }
      reinterpret_cast<u32*>(w.r + i.v[m])[l] = u32(x[1]) << 16 | x[0];
    }
}
// ---- operands that are addresses ----
static void to_generic(Warp& w, const Ins& i) {
  auto a = src<u64>(w, i.a);
  u64 b = u64(w.cta->smem);
  put<u64>(w, i.d, [=](int l) { return a(l) + b; });
}
static void from_generic(Warp& w, const Ins& i) {
  auto a = src<u64>(w, i.a);
  u64 b = u64(w.cta->smem);
  put<u64>(w, i.d, [=](int l) { return a(l) - b; });
}
static void to_generic_local(Warp& w, const Ins& i) {
  auto a = src<u64>(w, i.a);
  u64 b = u64(w.local), n = w.local_n;
  put<u64>(w, i.d, [=](int l) { return a(l) + b + u64(l) * n; });
}
static void from_generic_local(Warp& w, const Ins& i) {
  auto a = src<u64>(w, i.a);
  u64 b = u64(w.local), n = w.local_n;
  put<u64>(w, i.d, [=](int l) { return a(l) - b - u64(l) * n; });
}
static void param_address(Warp& w, const Ins& i) {
  u64 b = u64(w.cta->L->args) + u64(i.imm);
  put<u64>(w, i.d, [=](int) { return b; });
}
static void isspacep(Warp& w, const Ins& i) {
  auto a = src<u64>(w, i.a);
  u32 r = 0;
  u64 s = u64(w.cta->smem), lo = u64(w.local), n = 32 * w.local_n;
  for (int l = 0; l < 32; ++l) {
    bool sh = a(l) - s < 512 * 1024, lc = a(l) - lo < n;
    r |= u32(i.mod == 1 ? sh : i.mod == 2 ? lc : !sh && !lc) << l;
  }
  put_pred(w, i.d, r);
}
// ---- wmma m16n16k16: lane l holds elements 8l..8l+7 of the row-major 16x16 tile -----------------------------------
// load: v rows (n of them); a: address row, b: stride row; mod bit 0: column-major
template <class H>
static void wmma_load(Warp& w, const Ins& i) {
  u64 ad[32];
  addresses(w, i, ad);
  u32 stride = reinterpret_cast<u32*>(w.r + i.b)[0];
  const char* base = reinterpret_cast<const char*>(ad[0]);
  bool is_f32 = sizeof(H) == 4;
  for (u32 l = 0; l < 32; ++l)
    for (u32 k = 0; k < 8; ++k) {
      u32 e = l * 8 + k, r = e / 16, c = e % 16;
      const char* p = base + sizeof(H) * (i.mod ? c * stride + r : r * stride + c);
      if (monitor()) {
        u64 one[32] = {};
        one[l] = u64(p);
        report(w, 1u << l, one, sizeof(H), WarpAccess::Kind::kLoad, false, false);
      }
      if (is_f32)
        memcpy(&reinterpret_cast<u32*>(w.r + i.v[k])[l], p, 4);
      else {
        u16 x;
        memcpy(&x, p, 2);
        u32& d = reinterpret_cast<u32*>(w.r + i.v[k / 2])[l];
        d = k & 1 ? (d & 0xffff) | u32(x) << 16 : (d & 0xffff0000) | x;
      }
    }
}
static void wmma_store(Warp& w, const Ins& i) {
  u64 ad[32];
  addresses(w, i, ad);
  u32 stride = reinterpret_cast<u32*>(w.r + i.b)[0];
  char* base = reinterpret_cast<char*>(ad[0]);
  for (u32 l = 0; l < 32; ++l)
    for (u32 k = 0; k < 8; ++k) {
      u32 e = l * 8 + k, r = e / 16, c = e % 16;
      char* p = base + 4 * (i.mod ? c * stride + r : r * stride + c);
      if (monitor()) {
        u64 one[32] = {};
        one[l] = u64(p);
        report(w, 1u << l, one, 4, WarpAccess::Kind::kStore, false, false);
      }
      memcpy(p, &reinterpret_cast<u32*>(w.r + i.v[k])[l], 4);
    }
}
template <class H>
static void wmma_mma(Warp& w, const Ins& i) {
  const vector<u32>& t = *i.table; // 8 d, 8 a, 8 b, 8 c
  static thread_local f32 A[256], B[256], C[256];
  for (u32 l = 0; l < 32; ++l)
    for (u32 k = 0; k < 8; ++k) {
      auto h = [&](u32 row) { return up(H{u16(reinterpret_cast<u32*>(w.r + row)[l] >> (16 * (k & 1)))}); };
      A[l * 8 + k] = h(t[8 + k / 2]);
      B[l * 8 + k] = h(t[16 + k / 2]);
      C[l * 8 + k] = reinterpret_cast<f32*>(w.r + t[24 + k])[l];
    }
  for (int r = 0; r < 16; ++r)
    for (int c = 0; c < 16; ++c) {
      f64 s = C[r * 16 + c];
      for (int k = 0; k < 16; ++k) s += f64(A[r * 16 + k]) * B[k * 16 + c];
      reinterpret_cast<f32*>(w.r + t[(r * 16 + c) % 8])[(r * 16 + c) / 8] = f32(s);
    }
  w.k.matrix_operations++;
}
static void trap(Warp& w, const Ins&) { stop("trap", who(w, __builtin_ctz(w.mask)) + " at " + where(tl_module, w.pc)); }
static void device_printf(Warp& w, const Ins& i) { // args: two 8-byte params
  EACH(w.mask) {
    unsigned char* fp = w.fparam + size_t(l) * w.fparam_n;
    u64 f, a;
    memcpy(&f, fp + (*i.args)[0].first, 8);
    memcpy(&a, fp + (*i.args)[1].first, 8);
    const char* s = reinterpret_cast<const char*>(f);
    auto* p = reinterpret_cast<const unsigned char*>(a);
    size_t off = 0;
    for (; *s; ++s) {
      if (*s != '%' || s[1] == '%') {
        putchar(*s);
        if (*s == '%') ++s;
        continue;
      }
      string spec;
      do spec += *s;
      while (!strchr("diouxXeEfFgGaAcsp", *s++) && *s);
      --s;
      bool wide = spec.find('l') != string::npos || strchr("eEfFgGaAsp", *s);
      if (wide) off = (off + 7) & ~size_t(7);
      if (*s == 's') {
        u64 x;
        memcpy(&x, p + off, 8);
        printf(spec.c_str(), reinterpret_cast<const char*>(x));
      } else if (strchr("eEfFgGaA", *s)) {
        f64 x;
        memcpy(&x, p + off, 8);
        printf(spec.c_str(), x);
      } else if (wide) {
        u64 x;
        memcpy(&x, p + off, 8);
        printf(spec.c_str(), x);
      } else {
        u32 x;
        memcpy(&x, p + off, 4);
        printf(spec.c_str(), x);
      }
      off += wide ? 8 : 4;
    }
  }
}
#include "parse.inc"
#include "run.inc"
} // namespace simulated_gpu::ptx
