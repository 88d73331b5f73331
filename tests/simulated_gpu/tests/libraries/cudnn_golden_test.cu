// The cuDNN stand-in against LSTMs that PyTorch computed: golden/lstm.txt, written by golden/lstm.py.
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <cudnn.h>
#include <gtest/gtest.h>

#include "testing/lstm.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

using Values = std::vector<float>;

struct Golden {
  LstmShape shape;
  std::map<std::string, Values> values;
};

Values numbers(std::istream& file) {
  std::string line, word;
  std::getline(file, line);
  std::istringstream words(line);
  Values values;
  while (words >> word) values.push_back(std::stof(word));  // hexadecimal
  return values;
}

std::vector<Golden> golden_networks() {
  std::ifstream file(SIMULATED_GPU_GOLDEN "/lstm.txt");
  std::vector<Golden> networks;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream head(line);
    Golden golden;
    LstmShape& shape = golden.shape;
    head >> shape.layers >> shape.batch >> shape.steps >> shape.inputs >> shape.hidden;
    for (int length = 0; head >> length;) shape.lengths.push_back(length);
    for (const char* name :
         {"parameters", "x", "hx", "cx", "dy", "dhy", "dcy", "y", "hy", "cy", "dparameters", "dx", "dhx", "dcx"}) {
      golden.values[name] = numbers(file);
    }
    networks.push_back(std::move(golden));
  }
  return networks;
}

// PyTorch's order to that of LstmParameter.
Values part_by_part(const LstmShape& shape, const Values& values) {
  Values parts(count_lstm_parameters(shape));
  int64_t next = 0;
  const auto take = [&](size_t to, int count) {
    std::copy_n(values.begin() + next, count, parts.begin() + int64_t(to));
    next += count;
  };
  const std::vector<LstmParameter> all = lstm_parameters(shape);
  for (size_t layer = 0; layer < all.size(); layer += 8) {
    for (size_t part = layer; part < layer + 8; ++part) take(all[part].matrix, all[part].rows * all[part].columns);
    for (size_t part = layer; part < layer + 8; ++part) take(all[part].bias, all[part].rows);
  }
  return parts;
}

void expect_near(const Values& found, const Values& expected, double tolerance, const char* what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (size_t n = 0; n < found.size(); ++n) {
    EXPECT_NEAR(found[n], expected[n], tolerance * (1 + std::fabs(expected[n]))) << what << " " << n;
  }
}

TEST(CudnnGolden, IsWhatPyTorchComputed) {
  const std::vector<Golden> networks = golden_networks();
  ASSERT_EQ(networks.size(), 3U);
  for (Golden golden : networks) {
    const LstmShape& shape = golden.shape;
    std::map<std::string, Values>& values = golden.values;
    Lstm lstm(shape);
    lstm.set_parameters(part_by_part(shape, values["parameters"]));
    lstm.set_rows(lstm.x, values["x"], shape.inputs);
    lstm.set_rows(lstm.dy, values["dy"], shape.hidden);
    lstm.set_states(lstm.hx, values["hx"]);
    lstm.set_states(lstm.cx, values["cx"]);
    lstm.set_states(lstm.dhy, values["dhy"]);
    lstm.set_states(lstm.dcy, values["dcy"]);
    ASSERT_EQ(lstm.forward(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_data(), CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(lstm.backward_weights(), CUDNN_STATUS_SUCCESS);
    expect_near(lstm.rows(lstm.y, shape.hidden), values["y"], 2e-6, "y");
    expect_near(lstm.read_states(lstm.hy), values["hy"], 2e-6, "hy");
    expect_near(lstm.read_states(lstm.cy), values["cy"], 2e-6, "cy");
    expect_near(lstm.gradients(), part_by_part(shape, values["dparameters"]), 1e-5, "weights");
    expect_near(lstm.read_states(lstm.dhx), values["dhx"], 1e-5, "dhx");
    expect_near(lstm.read_states(lstm.dcx), values["dcx"], 1e-5, "dcx");
    Values dx = lstm.rows(lstm.dx, shape.inputs);
    for (float& value : dx) value = std::isnan(value) ? 0 : value;  // padding
    expect_near(dx, values["dx"], 1e-5, "dx");
  }
  EXPECT_EQ(take_finding(), "");
}

}  // namespace
}  // namespace simulated_gpu::test
