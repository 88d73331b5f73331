#pragma once

// Marks what host and device both compile.
#ifdef __CUDACC__
#define MATINEE_HOST_DEVICE __host__ __device__
#else
#define MATINEE_HOST_DEVICE
#endif
