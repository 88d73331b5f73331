#pragma once

#include <driver_types.h>
#include <stddef.h>

// What the runtime's stand-in offers to the stand-ins of other libraries: their calls are work in a stream, like
// kernels.
#ifdef __cplusplus
extern "C" {
#endif

// Issues work to the stream. `run` and then `destroy` are called with `argument` when the schedule comes to it.
cudaError_t simulated_gpu_enqueue(cudaStream_t stream, const char* name, void (*run)(void*), void (*destroy)(void*),
                                  void* argument);

// Bytes from the address to the end of its allocation of device or pinned memory; 0: neither.
size_t simulated_gpu_room(const void* address);

// Inside `run`: a range is about to be read or has been written. Reading what was freed or (with checks on) never
// written stops the work.
void simulated_gpu_reads(const void* address, size_t bytes, const char* name);
void simulated_gpu_writes(void* address, size_t bytes, const char* name);

// Inside `run`: stops the work with a finding, like a fault in a kernel. Does not return.
void simulated_gpu_stop_work(const char* kind, const char* text);

void simulated_gpu_add_finding(const char* kind, const char* text);
int simulated_gpu_checks_leaks(void);

// Ends the process with the name of what is not supported.
void simulated_gpu_stop_unsupported(const char* what);

#ifdef __cplusplus
}
#endif
