#pragma once

// Compiles a function for AVX2 and for the baseline; the loader picks at start. Integer arithmetic, or floating point
// whose order of additions is written out: both versions give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MATINEE_NO_MULTIVERSION)
#define MATINEE_MULTIVERSION __attribute__((target_clones("avx2", "default")))
#else
#define MATINEE_MULTIVERSION
#endif

// The same for a function that writes its fused multiply-adds out as fmaf: one rounding each, so that the baseline,
// which calls the library for them, is slow but gives the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MATINEE_NO_MULTIVERSION)
#define MATINEE_MULTIVERSION_FUSED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define MATINEE_MULTIVERSION_FUSED
#endif

// The same by hand, for functions whose source depends on the processor: one for each ProcessorLevel, chosen by
// by_level() (processor_level.h).
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(MATINEE_NO_MULTIVERSION)
#define MATINEE_LEVELS
#define MATINEE_V3 __attribute__((target("arch=x86-64-v3")))
#define MATINEE_V4 __attribute__((target("arch=x86-64-v4")))
#else
#define MATINEE_V3
#define MATINEE_V4
#endif

// A function that reads and writes numbers which other threads write at the same time, on purpose: lock-free updates
// whose result is right whichever of the written values is read. Its accesses are plain loads and stores of numbers
// that never become addresses, sizes or conditions of loops; relaxed atomic ones would be the same instructions, one
// number at a time. The thread sanitizer does not look at what is compiled into such a function: everything it calls on
// shared numbers must be MATINEE_HOST_DEVICE_INLINE.
#if defined(__GNUC__)
#define MATINEE_RACES_ON_PURPOSE __attribute__((no_sanitize("thread")))
#else
#define MATINEE_RACES_ON_PURPOSE
#endif
