#pragma once

#include "kernels/skip_gram/windows.h"
#include "kernels/support/transfer.cuh"

namespace matinee::skip_gram {

// Windows in device memory, as kernels read them.
struct WindowLists {
  int64_t begin;  // the corpus's word that places count from
  int64_t first, last;
  const int32_t* words;
  const int32_t* places;
  const uint8_t* left;
  const uint8_t* right;
};

// 10 bytes per kept word.
struct DeviceWindows {
  DeviceWindows(CudaResources& cuda, const Windows& from)
      : words(uploaded(cuda, std::span(from.words))),
        places(uploaded(cuda, std::span(from.places))),
        left(uploaded(cuda, std::span(from.left))),
        right(uploaded(cuda, std::span(from.right))),
        lists{from.begin, from.first, from.last, words.data(), places.data(), left.data(), right.data()} {}

  DeviceBuffer<int32_t> words, places;
  DeviceBuffer<uint8_t> left, right;
  WindowLists lists;
};

}  // namespace matinee::skip_gram
