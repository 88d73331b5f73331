#pragma once

#include <cstdint>
#include <fstream>
#include <vector>

#include "kernels/support/error.h"

// The next `count` numbers of a problem file. Error(kInput) where it ends before.
template <typename T>
std::vector<T> read_numbers(std::ifstream& file, int64_t count) {
  std::vector<T> numbers(static_cast<std::size_t>(count));
  file.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(numbers.size() * sizeof(T)));
  if (!file) matinee::fail(matinee::ErrorKind::kInput, "the problem ends too early");
  return numbers;
}
