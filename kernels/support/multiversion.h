#pragma once

// Compiles a function for AVX2 and for the baseline; the loader picks at start. Integer arithmetic, or floating point
// whose order of additions is written out: both versions give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MATINEE_NO_MULTIVERSION)
#define MATINEE_MULTIVERSION __attribute__((target_clones("avx2", "default")))
#else
#define MATINEE_MULTIVERSION
#endif
