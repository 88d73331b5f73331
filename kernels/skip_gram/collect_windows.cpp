#include "kernels/skip_gram/collect_windows.h"

#include <algorithm>

#include "kernels/support/grid.h"

namespace matinee::skip_gram {
namespace {

constexpr int64_t kPieceWords = 8192;

// Appends words first .. last-1 of `piece`, whose targets lie `shift` words after the start of `windows`.
void append(const Windows& piece, int64_t first, int64_t last, int64_t shift, Windows& windows) {
  const auto copy = [&](const auto& from, auto& to) { to.insert(to.end(), from.begin() + first, from.begin() + last); };
  copy(piece.words, windows.words);
  copy(piece.left, windows.left);
  copy(piece.right, windows.right);
  for (int64_t at = first; at < last; ++at) {
    windows.places.push_back(piece.places[static_cast<std::size_t>(at)] + static_cast<int32_t>(shift));
  }
}

}  // namespace

Windows collect_windows(Context& context, const TrainingOperands& operands, int64_t epoch, int64_t begin, int64_t end) {
  std::vector<Windows> found(static_cast<std::size_t>(pieces(end - begin, kPieceWords)));
  parallel_blocks(context, end - begin, kPieceWords, [&](int64_t first, int64_t last, int) {
    found[static_cast<std::size_t>(first / kPieceWords)].collect(operands.corpus(), operands.draws().view(), epoch,
                                                                 begin + first, begin + last);
  });
  Windows windows;
  windows.begin = begin;
  windows.end = end;
  if (found.empty()) return windows;
  append(found[0], 0, found[0].first, 0, windows);
  windows.first = found[0].first;
  for (const Windows& piece : found) append(piece, piece.first, piece.last, piece.begin - begin, windows);
  windows.last = static_cast<int64_t>(windows.words.size());
  const Windows& last = found.back();
  append(last, last.last, static_cast<int64_t>(last.words.size()), last.begin - begin, windows);
  return windows;
}

std::vector<int64_t> round_starts(const TrainingOperands& operands, const Windows& windows) {
  std::vector<int64_t> starts;
  int64_t target = windows.first;
  for (int64_t word = windows.begin; word < windows.end; word += operands.round_words()) {
    while (target < windows.last && windows.begin + windows.places[static_cast<std::size_t>(target)] < word) ++target;
    starts.push_back(target);
  }
  starts.push_back(windows.last);
  return starts;
}

}  // namespace matinee::skip_gram
