#pragma once

// Marks what host and device both compile.
#ifdef __CUDACC__
#define MATINEE_HOST_DEVICE __host__ __device__
#define MATINEE_HOST_DEVICE_INLINE __host__ __device__ __forceinline__
#else
#define MATINEE_HOST_DEVICE
#define MATINEE_HOST_DEVICE_INLINE __attribute__((always_inline)) inline
#endif
