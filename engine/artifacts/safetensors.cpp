#include "engine/artifacts/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr uint64_t kHeaderLimit = 100'000'000;  // bytes; the limit of the format's reference reader

template <typename T>
constexpr const char* type_name() {
  if constexpr (std::is_same_v<T, float>) return "F32";
  if constexpr (std::is_same_v<T, double>) return "F64";
  if constexpr (std::is_same_v<T, int32_t>) return "I32";
  if constexpr (std::is_same_v<T, int64_t>) return "I64";
  if constexpr (std::is_same_v<T, uint8_t>) return "U8";
  if constexpr (std::is_same_v<T, uint64_t>) return "U64";
}

uint64_t width_of(std::string_view type) {
  if (type == "F64" || type == "I64" || type == "U64") return 8;
  if (type == "F32" || type == "I32") return 4;
  return type == "U8" ? 1 : 0;
}

uint64_t padded(uint64_t bytes) {
  return (bytes + 7) / 8 * 8;
}

std::string text_of(const std::vector<int64_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

[[noreturn]] void corrupt(const std::filesystem::path& path, const std::string& what) {
  fail(ErrorKind::kArtifact,
       "{}: not a valid safetensors file: {}. Publish an intact run (matinee rollback) or train again", path.string(),
       what);
}

// Number of elements, or nothing where it is negative or beyond 2^62.
std::optional<uint64_t> elements_of(const std::vector<int64_t>& shape) {
  uint64_t count = 1;
  for (const int64_t extent : shape) {
    if (extent < 0 || (extent > 0 && count > (uint64_t{1} << 62) / static_cast<uint64_t>(extent))) return std::nullopt;
    count *= static_cast<uint64_t>(extent);
  }
  return count;
}

}  // namespace

template <typename T>
void TensorWriter::add(std::string_view name, std::span<const T> values, std::vector<int64_t> shape) {
  if (elements_of(shape) != values.size()) {
    fail(ErrorKind::kArtifact, "tensor {}: {} values do not fill shape {}", name, values.size(), text_of(shape));
  }
  tensors_[std::string(name)] = {type_name<T>(), std::move(shape), values.data(), values.size_bytes()};
}

void TensorWriter::note(std::string_view key, std::string_view value) {
  notes_[std::string(key)] = value;
}

void TensorWriter::write(const std::filesystem::path& path) const {
  nlohmann::ordered_json header;
  if (!notes_.empty()) header["__metadata__"] = notes_;
  // The widest first: then every tensor is aligned to its width without gaps, which the format does not allow.
  std::vector<const std::pair<const std::string, Entry>*> order;
  for (const auto& tensor : tensors_) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(), [](const auto* left, const auto* right) {
    return width_of(left->second.type) > width_of(right->second.type);
  });
  uint64_t end = 0;
  for (const auto* tensor : order) {
    const uint64_t begin = end;
    end += tensor->second.bytes;
    header[tensor->first] = {
        {"dtype", tensor->second.type}, {"shape", tensor->second.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.is_null() ? "{}" : header.dump();
  text.resize(padded(text.size()), ' ');

  FileWriter file(path);
  const uint64_t length = text.size();
  file.write(&length, sizeof length);
  file.write(text);
  for (const auto* tensor : order) file.write(tensor->second.data, tensor->second.bytes);
  file.close();
}

TensorFile TensorFile::read(const std::filesystem::path& path) {
  TensorFile file;
  file.path_ = path;
  file.file_ = MappedFile(path);
  const std::string_view bytes = file.file_.bytes();
  uint64_t length = 0;
  if (bytes.size() < sizeof length) corrupt(path, fmt::format("{} bytes are too few", bytes.size()));
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > kHeaderLimit || length > bytes.size() - sizeof length)
    corrupt(path, fmt::format("a header of {} bytes in a file of {}", length, bytes.size()));
  const std::string_view text = bytes.substr(sizeof length, length);
  const std::string_view numbers = bytes.substr(sizeof length + length);
  const uint64_t data_bytes = numbers.size();

  const auto header = nlohmann::json::parse(text, nullptr, false);
  if (!header.is_object()) corrupt(path, "the header is not a JSON object");
  uint64_t covered = 0;
  for (const auto& [name, entry] : header.items()) {
    try {
      if (name == "__metadata__") {
        file.notes_ = entry.get<std::map<std::string, std::string, std::less<>>>();
        continue;
      }
      const auto offsets = entry.at("data_offsets").get<std::vector<uint64_t>>();
      if (offsets.size() != 2) corrupt(path, fmt::format("tensor {}: {} offsets, not 2", name, offsets.size()));
      Entry tensor{entry.at("dtype").get<std::string>(), entry.at("shape").get<std::vector<int64_t>>(), offsets[0], 0};
      const uint64_t width = width_of(tensor.type);
      const auto elements = elements_of(tensor.shape);
      if (width == 0) corrupt(path, fmt::format("tensor {}: type {} is not supported", name, tensor.type));
      if (!elements || offsets[1] > data_bytes || offsets[0] > offsets[1] ||
          offsets[1] - offsets[0] != *elements * width || offsets[0] % width != 0) {
        corrupt(path, fmt::format("tensor {}: offsets and shape {} do not agree with {} bytes of data", name,
                                  text_of(tensor.shape), data_bytes));
      }
      tensor.bytes = offsets[1] - offsets[0];
      covered += tensor.bytes;
      file.tensors_[name] = std::move(tensor);
    } catch (const nlohmann::json::exception&) {
      corrupt(path, fmt::format("header entry {}: expected {}", name,
                                name == "__metadata__" ? "texts" : "dtype, shape and data_offsets"));
    }
  }
  if (covered != data_bytes) corrupt(path, fmt::format("{} bytes of data, {} of them in tensors", data_bytes, covered));
  file.numbers_ = numbers.data();
  if (reinterpret_cast<uintptr_t>(numbers.data()) % sizeof(uint64_t) != 0) {
    file.copy_ = std::make_shared<std::vector<uint64_t>>(padded(data_bytes) / 8);
    if (data_bytes > 0) std::memcpy(file.copy_->data(), numbers.data(), data_bytes);
    file.numbers_ = reinterpret_cast<const char*>(file.copy_->data());
  }
  return file;
}

const TensorFile::Entry& TensorFile::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) corrupt(path_, fmt::format("tensor {} is missing", name));
  return found->second;
}

const std::vector<int64_t>& TensorFile::shape(std::string_view name) const {
  return find(name).shape;
}

template <typename T>
std::span<const T> TensorFile::get(std::string_view name, std::initializer_list<int64_t> shape) const {
  const Entry& entry = find(name);
  const bool same_shape = entry.shape.size() == shape.size() &&
                          std::equal(shape.begin(), shape.end(), entry.shape.begin(),
                                     [](int64_t wanted, int64_t extent) { return wanted == -1 || wanted == extent; });
  if (entry.type != type_name<T>() || !same_shape) {
    corrupt(path_, fmt::format("tensor {} is {} {}, where {} {} is needed", name, entry.type, text_of(entry.shape),
                               type_name<T>(), text_of(std::vector<int64_t>(shape))));
  }
  return {reinterpret_cast<const T*>(numbers_ + entry.begin), entry.bytes / sizeof(T)};
}

std::span<const float> TensorFile::finite(std::string_view name, std::initializer_list<int64_t> shape) const {
  const auto values = get<float>(name, shape);
  constexpr uint32_t kExponent = 0x7F800000;  // all ones: NaN or infinite
  uint32_t not_finite = 0;                    // no early end: the loop vectorizes
  for (const float value : values) {
    not_finite |= static_cast<uint32_t>((std::bit_cast<uint32_t>(value) & kExponent) == kExponent);
  }
  if (not_finite == 0) return values;
  fail(ErrorKind::kArtifact, "{}: {} holds NaN or infinite numbers: train the model again", path_.string(), name);
}

const std::string& TensorFile::note(std::string_view key) const {
  const auto found = notes_.find(key);
  if (found == notes_.end()) corrupt(path_, fmt::format("note {} is missing", key));
  return found->second;
}

#define MATINEE_TENSOR_TYPE(T)                                                                    \
  template void TensorWriter::add<T>(std::string_view, std::span<const T>, std::vector<int64_t>); \
  template std::span<const T> TensorFile::get<T>(std::string_view, std::initializer_list<int64_t>) const
MATINEE_TENSOR_TYPE(float);
MATINEE_TENSOR_TYPE(double);
MATINEE_TENSOR_TYPE(int32_t);
MATINEE_TENSOR_TYPE(int64_t);
MATINEE_TENSOR_TYPE(uint8_t);
MATINEE_TENSOR_TYPE(uint64_t);
#undef MATINEE_TENSOR_TYPE

}  // namespace matinee::engine
