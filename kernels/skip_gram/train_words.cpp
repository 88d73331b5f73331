#include "kernels/skip_gram/train_words.h"

#include "kernels/skip_gram/train_words_cuda.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::skip_gram {

Trained train_words(Context& context, const TrainingOperands& operands, const WordRange& range) {
  const int64_t size = operands.corpus().size();
  const bool whole =
      range.begin % operands.granule() == 0 && (range.end % operands.granule() == 0 || range.end == size);
  if (range.epoch < 0 || range.epoch >= operands.settings().epochs || range.begin < 0 || range.begin > range.end ||
      range.end > size || !whole) {
    fail(ErrorKind::kConfig, "words {} to {} of epoch {}, of {} words in granules of {} and {} epochs", range.begin,
         range.end, range.epoch, size, operands.granule(), operands.settings().epochs);
  }
  return MATINEE_DISPATCH(context, train_words, operands, range);
}

Trained train_words(Context& context, const CorpusView& corpus, const Settings& settings, const WordRange& range,
                    const VectorsView<float>& vectors) {
  const TrainingOperands operands(context, corpus, settings, vectors);
  const Trained trained = train_words(context, operands, range);
  operands.fetch(context);
  return trained;
}

}  // namespace matinee::skip_gram
