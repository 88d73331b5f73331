#include "kernels/support/cuda_graph.cuh"

namespace matinee {
namespace {

// What a stream records, until it is taken or given up.
class Recording {
 public:
  explicit Recording(cudaStream_t stream) : stream_(stream) {
    check_cuda(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  }
  ~Recording() {
    if (graph_ == nullptr) {  // the work threw
      cudaStreamEndCapture(stream_, &graph_);
      cudaGetLastError();
    }
    if (graph_ != nullptr) warn_cuda(cudaGraphDestroy(graph_), "cudaGraphDestroy");
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  cudaGraph_t end() {
    check_cuda(cudaStreamEndCapture(stream_, &graph_), "cudaStreamEndCapture");
    return graph_;
  }

 private:
  cudaStream_t stream_;
  cudaGraph_t graph_ = nullptr;
};

}  // namespace

CapturedWork::CapturedWork(CudaResources& cuda, const std::function<void()>& work) {
  Recording recording(cuda.stream());
  work();
  check_cuda(cudaGraphInstantiate(&graph_, recording.end(), 0), "cudaGraphInstantiate");
}

CapturedWork::~CapturedWork() {
  warn_cuda(cudaGraphExecDestroy(graph_), "cudaGraphExecDestroy");
}

void CapturedWork::launch(CudaResources& cuda) const {
  check_cuda(cudaGraphLaunch(graph_, cuda.stream()), "cudaGraphLaunch");
}

}  // namespace matinee
