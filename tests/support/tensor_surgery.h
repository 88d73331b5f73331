#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matinee::test {

// Safetensors bytes taken apart, so that tests can damage them in ways that leave the file well-formed.
struct TensorParts {
  struct Tensor {
    std::string name, type;
    std::vector<int64_t> shape;
    std::string data;
  };
  std::vector<Tensor> tensors;
  std::string notes;  // JSON object, empty where there are none

  static TensorParts of(const std::string& bytes);
  std::string bytes() const;
};

// Width of a tensor's element.
std::size_t element_bytes(const TensorParts::Tensor& tensor);

}  // namespace matinee::test
